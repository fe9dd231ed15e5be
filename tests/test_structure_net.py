"""The structural test case finds what it is for: a defect is planted in a small core addon and the check must name it.

That core addon passes as it is, so the checks raise no false alarm either.
"""

from odoo.addons.crm_contact_history.tests.structure_case import AddonStructureCase


class TestStructureNet(AddonStructureCase):
    addon = "partnership"
    names_allowed = {}

    def assert_finds(self, check, *words):
        with self.assertRaises(AssertionError) as caught:
            check()
        for word in words:
            self.assertIn(word, str(caught.exception))

    def plant(self, model_name, **values):
        """A record as if the addon's data files defined it."""
        record = self.env[model_name].create(values)
        self.env["ir.model.data"].create(
            {
                "module": self.addon,
                "name": f"planted_{record._table}_{record.id}",
                "model": model_name,
                "res_id": record.id,
            }
        )
        return record

    def plant_view(self, arch, kind="search", **values):
        empty = {"form": "<form/>", "search": "<search/>", "qweb": "<t/>"}[kind]
        values = {"name": "planted", "model": "res.partner.grade", "type": kind, "arch": empty, **values}
        view = self.plant("ir.ui.view", **values)
        # Around Odoo's own check at writing, as a later change of the model would.
        self.env.cr.execute(
            "UPDATE ir_ui_view SET arch_db = jsonb_build_object('en_US', %s::text) WHERE id = %s", [arch, view.id]
        )
        view.invalidate_recordset()
        self.registry.clear_cache("templates")
        return view

    def plant_method(self, name, method):
        model = self.registry["res.partner.grade"]
        setattr(model, name, method)
        self.addCleanup(delattr, model, name)

    def test_a_filter_on_a_field_that_is_gone_is_found(self):
        self.plant_view("""<search><filter name="odd" string="Odd" domain="[('gone', '=', 1)]"/></search>""")
        self.assert_finds(self.test_every_filter_and_grouping_works, "filter odd", "gone")
        self.assert_finds(self.test_every_view_is_valid, "gone")

    def test_a_grouping_by_a_field_that_is_gone_is_found(self):
        self.plant_view("""<search><filter name="odd" string="Odd" context="{'group_by': 'gone'}"/></search>""")
        self.assert_finds(self.test_every_filter_and_grouping_works, "filter odd", "gone")

    def test_a_search_field_that_crashes_is_found(self):
        self.plant_view("""<search><field name="name" filter_domain="[('name', 'ilike', nobody)]"/></search>""")
        self.assert_finds(self.test_every_search_field_searches, "search for name", "nobody")

    def test_a_field_that_the_model_lacks_is_found(self):
        self.plant_view("<form><field name='gone'/></form>", "form")
        self.assert_finds(self.test_every_view_renders_for_every_group, "gone")

    def test_a_button_that_calls_nothing_is_found(self):
        self.plant_view("<form><button name='action_gone' type='object'/></form>", "form")
        self.assert_finds(self.test_every_button_calls_a_public_method, "action_gone")

    def test_a_button_that_crashes_on_no_record_is_found(self):
        def action_crash(grades):
            return {"type": "ir.actions.act_window", "res_model": "res.partner.grade", "res_id": grades.ids[0]}

        self.plant_method("action_crash", action_crash)
        self.plant_view("<form><button name='action_crash' type='object'/></form>", "form")
        self.assert_finds(self.test_every_button_answers_on_no_record, "action_crash", "IndexError")

    def test_a_button_that_crashes_on_a_record_is_found(self):
        def action_crash(grades):
            grades.ensure_one()
            return 1 / 0

        self.plant_method("action_crash", action_crash)
        self.plant_view("<form><button name='action_crash' type='object'/></form>", "form")
        self.assert_finds(self.test_every_button_answers_on_no_record, "on a new", "ZeroDivisionError")

    def test_a_template_that_does_not_compile_is_found(self):
        view = self.plant_view("<t><t t-out='1 +'/></t>", "qweb", model=False, key="partnership.planted")
        self.assert_finds(self.test_every_template_compiles, self.xmlid(view))

    def _plant_menu(self, **action):
        action = {"name": "Planted", "res_model": "res.partner.grade", "view_mode": "list", **action}
        return self.plant(
            "ir.ui.menu",
            name="Planted",
            action=f"ir.actions.act_window,{self.plant('ir.actions.act_window', **action).id}",
        )

    def test_a_menu_whose_domain_crashes_is_found(self):
        self._plant_menu(domain="[('gone', '=', 1)]")
        self.assert_finds(self.test_every_menu_opens_for_those_who_see_it, "gone", "the administrator")
        self.assert_finds(self.test_every_action_opens, "gone")

    def test_a_menu_that_turns_on_a_filter_that_is_gone_is_found(self):
        self._plant_menu(context="{'search_default_gone': 1}")
        self.assert_finds(self.test_every_menu_opens_for_those_who_see_it, "gone")

    def test_a_menu_whose_role_may_not_read_its_model_is_found(self):
        role = self.env.ref("sales_team.group_sale_salesman")
        menu = self._plant_menu(res_model="ir.actions.server")
        menu.group_ids = role
        viewer = self._make_viewer("base.group_user,sales_team.group_sale_salesman", "planted salesman")
        self.patch(type(self), "viewers", self.viewers | {self.xmlid(role): viewer})
        self.assert_finds(self.test_every_menu_is_seen_by_each_role_it_names, self.xmlid(menu), self.xmlid(role))

    def test_a_job_that_crashes_is_found(self):
        self.plant(
            "ir.cron",
            name="Planted",
            model_id=self.env["ir.model"]._get_id("res.partner.grade"),
            state="code",
            code="1 / 0",
        )
        self.assert_finds(self.test_every_scheduled_job_runs, "ZeroDivisionError")

    def test_a_compute_that_wants_one_record_is_found(self):
        field = next(field for _model, field in self.own_fields if field.compute and not field.related)
        self.patch(self.registry[field.model_name], field.compute, lambda records: records.ensure_one())
        self.assert_finds(self.test_every_compute_works_on_no_record_and_on_a_new_one, field.name, "singleton")

    def test_defaults_that_crash_are_found(self):
        self.patch(self.registry["res.partner.grade"], "default_get", lambda model, names: 1 / 0)
        self.assert_finds(self.test_every_model_gives_defaults_to_those_who_may_create, "ZeroDivisionError")

    def test_a_model_without_a_description_is_found(self):
        self.patch(self.registry["res.partner.grade"], "_description", "res.partner.grade")
        self.assert_finds(self.test_every_model_says_what_it_is, "res.partner.grade")

    def test_an_odd_field_name_is_found(self):
        field = self.registry["res.partner.grade"]._fields["name"]
        self.patch(field, "type", "many2one")
        self.assert_finds(self.test_every_field_has_a_label_and_a_name_that_tells_its_kind, "res.partner.grade.name")
