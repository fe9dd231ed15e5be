"""Structural checks of views: they render, their buttons answer, their filters filter."""

from lxml import etree
from odoo.tools import mute_logger

from .record_factory import CannotMake
from .structure_base import ANSWERS, StructureBase

QUIET = ("odoo.sql_db", "odoo.models.unlink")


class ViewStructure(StructureBase):
    __test__ = False

    @property
    def backend_views(self):
        return self.own("ir.ui.view").filtered(lambda view: view.model and view.type != "qweb")

    @staticmethod
    def root_of(view):
        """The view that an extension ends up in."""
        while view.inherit_id and view.mode == "extension":
            view = view.inherit_id
        return view

    @property
    def root_views(self):
        roots = self.env["ir.ui.view"]
        for view in self.backend_views.filtered("active"):
            roots |= self.root_of(view)
        return roots

    def combined(self, view, user):
        """What the web client gets: the arch as a tree, and the fields by model."""
        loaded = self.env[view.model].with_user(user).get_views([(view.id, view.type)])
        return etree.fromstring(loaded["views"][view.type]["arch"]), loaded["models"]

    def test_every_view_is_valid(self):
        """Odoo checks this at installation with the modules of then; here all are loaded, and a warning counts."""
        for view in self.backend_views:
            warns_not = self.assertNoLogs("odoo.addons.base.models.ir_ui_view", level="WARNING")
            with self.trying(f"view {self.xmlid(view)}"), warns_not:
                view.with_context(load_all_views=True)._check_xml()
        self.assert_no_findings()

    def test_every_template_compiles(self):
        templates = self.own("ir.ui.view").filtered(lambda view: view.type == "qweb")
        for view in templates:
            with self.trying(f"template {self.xmlid(view)}"):
                self.env["ir.qweb"]._compile(self.root_of(view).id)
        self.assert_no_findings()

    def test_every_view_renders_for_every_group(self):
        for view in self.root_views:
            for who, user in {"the administrator": self.admin, **self.viewers}.items():
                if self.env[view.model].with_user(user).has_access("read"):
                    with self.trying(f"view {self.xmlid(view)} for {who}"):
                        self._check_fields_are_known(view, *self.combined(view, user))
        self.assert_no_findings()

    def _check_fields_are_known(self, view, arch, models):
        """A field in the arch that the client is told nothing about breaks the page."""
        for node, model_name in self.nodes(arch, view.model):
            if node.tag == "field" and node.getparent() is not None and not self._is_inside_field(node, arch):
                known = models.get(model_name, {}).get("fields", {})
                assert node.get("name") in known, f"the field {model_name}.{node.get('name')} is not told to the client"

    @staticmethod
    def _is_inside_field(node, arch):
        """Fields of a subview are told under the subview's model; the client loads some of them later."""
        return any(parent.tag == "field" for parent in node.iterancestors())

    # --- buttons ------------------------------------------------------------------------------------------------------

    @property
    def buttons(self):
        """(model, method) of each button that the addon's views bring, with the views they are in."""
        found = {}
        for view in self.backend_views.filtered("active"):
            mine = {button.get("name") for button in etree.fromstring(view.arch).iter("button", "a", "widget")}
            arch, _models = self.combined(self.root_of(view), self.admin)
            for node, model_name in self.nodes(arch, view.model):
                if node.tag in ("button", "a") and node.get("type") == "object" and node.get("name") in mine:
                    found.setdefault((model_name, node.get("name")), self.xmlid(view))
        return found

    def test_every_button_calls_a_public_method(self):
        for (model_name, name), view in self.buttons.items():
            method = getattr(type(self.env[model_name]), name, None)  # not of the instance: fields have values
            self.expect(callable(method), f"{view}: the button {name} calls nothing: {model_name} has no such method")
            private = name.startswith("_") or getattr(method, "_api_private", False)
            self.expect(not private, f"{view}: the button {name} calls a private method of {model_name}")
        self.assert_no_findings()

    def test_every_button_answers_on_no_record(self):
        """On none it may say that it wants exactly one; then it is tried on a record just made."""
        for (model_name, name), view in self.buttons.items():
            wants_one = []
            with self.trying(f"{view}: button {name} on no {model_name}", answers=ANSWERS):
                try:
                    self._check_answer(getattr(self.env[model_name].with_user(self.admin), name)())
                except ValueError as error:
                    if "Expected singleton" not in str(error):
                        raise
                    wants_one.append(error)
            if wants_one:
                with self.trying(f"{view}: button {name} on a new {model_name}", answers=(*ANSWERS, CannotMake)):
                    record = self.factory.make(model_name).with_user(self.admin)
                    with mute_logger(*QUIET):
                        self._check_answer(getattr(record, name)())
        self.assert_no_findings()

    def _check_answer(self, answer):
        """An action must be one that the client can show; anything else it ignores."""
        if isinstance(answer, dict) and answer.get("type") == "ir.actions.act_window":
            model = self.env[answer["res_model"]]
            views = answer.get("views") or [
                (answer.get("view_id") or False, mode) for mode in answer.get("view_mode", "form").split(",")
            ]
            model.with_user(self.admin).get_views(
                [(view[0] if isinstance(view, tuple) else view, kind) for view, kind in views]
            )

    # --- searching ----------------------------------------------------------------------------------------------------

    def test_every_filter_and_grouping_works(self):
        for view, model, node in self._search_nodes("filter"):
            with self.trying(f"view {self.xmlid(view)}, filter {node.get('name')}"):
                self._try_filter(model, node)
        self.assert_no_findings()

    def test_every_search_field_searches(self):
        for view, model, node in self._search_nodes("field"):
            # A search may ask for more letters; it may not crash.
            with self.trying(f"view {self.xmlid(view)}, search for {node.get('name')}", answers=ANSWERS):
                if any(parent.tag == "searchpanel" for parent in node.iterancestors()):
                    self._try_panel(model, node)
                else:
                    self._try_search_field(model, node)
        self.assert_no_findings()

    def _search_nodes(self, tag):
        """The filters or fields that the addon's views bring to a search, as the combined view has them."""
        for view in self.backend_views.filtered(lambda view: view.type == "search" and view.active):
            mine = {node.get("name") for node in etree.fromstring(view.arch).iter(tag)}
            arch, _models = self.combined(self.root_of(view), self.admin)
            for node in arch.iter(tag):
                if node.get("name") in mine:
                    yield view, self.env[view.model].with_user(self.admin), node

    def _try_filter(self, model, node):
        assert node.get("name"), "has no name: no favourite and no context can call it"
        if domain := node.get("domain"):
            model.search(self.evaluate(domain), limit=1)
        if date := node.get("date"):
            assert model._fields[date].type in ("date", "datetime"), f"{date} is no date"
            self._group(model, date)
        if context := node.get("context"):
            grouping = self.evaluate(context).get("group_by") or []
            for name in [grouping] if isinstance(grouping, str) else grouping:
                self._group(model, name)
        assert domain or date or context, "filters nothing and groups by nothing"

    def _group(self, model, name):
        field = model._fields[name.split(":")[0].split(".")[0]]
        if field.type != "properties":  # grouped by one property, which the user names
            by = f"{name}:month" if field.type in ("date", "datetime") and ":" not in name else name
            model.formatted_read_group([], [by], ["__count"], limit=1)

    def _try_search_field(self, model, node):
        field = model._fields[node.get("name")]
        samples = {"boolean": True, "date": "2026-01-01", "datetime": "2026-01-01 00:00:00"}
        if field.type == "selection":
            value = field.get_values(self.env)[0]
        elif field.type in ("integer", "float", "monetary"):
            value = 1
        else:
            value = samples.get(field.type, "text to look for")
        if domain := node.get("filter_domain"):
            model.search(self.evaluate(domain, self=value, raw_value=value), limit=1)
        elif field.type != "properties":
            usual = "ilike" if field.relational or field.type in ("char", "text", "html") else "="
            model.search([(field.name, node.get("operator") or usual, value)], limit=1)

    def _try_panel(self, model, node):
        select = "search_panel_select_multi_range" if node.get("select") == "multi" else "search_panel_select_range"
        getattr(model, select)(node.get("name"))
