"""Structural checks of menus and of what they open: actions, reports, jobs, templates."""

import contextlib
import re
from pathlib import Path

from lxml import etree
from odoo.modules.module import get_module_path
from odoo.tools import mute_logger
from odoo.tools.safe_eval import test_python_expr

from .record_factory import CannotMake
from .structure_base import ANSWERS, StructureBase


class ActionStructure(StructureBase):
    __test__ = False

    # --- menus --------------------------------------------------------------------------------------------------------

    def test_every_menu_opens_for_those_who_see_it(self):
        menus = self.own("ir.ui.menu").filtered("active")
        for who, user in {"the administrator": self.admin, **self.viewers}.items():
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            for menu in (menu for menu in menus if menu.id in visible and menu.action):
                with self.trying(f"menu {self.xmlid(menu)} for {who}"):
                    self.open(menu.action.with_user(user))
        self.assert_no_findings()

    def test_every_menu_is_seen_by_each_role_it_names(self):
        """A role that may not read the model behind a menu, or not see a menu above it, sees nothing of it."""
        everybody = {"the administrator": self.admin, **self.viewers}
        visible = {
            who: self.env["ir.ui.menu"].with_user(user)._visible_menu_ids(True) for who, user in everybody.items()
        }
        menus = self.own("ir.ui.menu").filtered("active")
        for menu in menus:
            seen_by = {who for who in everybody if self._seen(menu, visible[who])}
            self.expect(seen_by, f"menu {self.xmlid(menu)} is seen by nobody")
            # Roles have a privilege; groups without one switch a feature on for everybody or for the curious.
            for role in menu.group_ids.filtered("privilege_id"):
                xmlid = self.xmlid(role)
                self.expect(
                    xmlid in seen_by or xmlid not in self.viewers,
                    f"menu {self.xmlid(menu)} names {xmlid}, whose members do not see it",
                )
        self.assert_no_findings()

    @staticmethod
    def _seen(menu, visible):
        while menu:
            if menu.id not in visible:
                return False
            menu = menu.parent_id
        return True

    # --- actions ------------------------------------------------------------------------------------------------------

    @property
    def own_actions(self):
        for model_name in ("ir.actions.act_window", "ir.actions.server", "ir.actions.client", "ir.actions.report"):
            for action in self.own(model_name):
                # A scheduled job is a server action too; it has a check of its own.
                if not (model_name == "ir.actions.server" and action.usage == "ir_cron"):
                    yield action

    def test_every_action_opens(self):
        actions = list(self.own_actions)
        for action in actions:
            with self.trying(f"action {self.xmlid(action)}", answers=(CannotMake,)):
                self.open(action.with_user(self.admin))
        self.assert_no_findings()

    def open(self, action):
        """What the web client does with an action, up to drawing the page, as the user of the action's environment."""
        match action._name:
            case "ir.actions.act_window":
                self._open_window(action)
            case "ir.actions.client":
                self._open_client(action.sudo())
            case "ir.actions.server":
                self._open_server(action)
            case "ir.actions.report":
                self._open_report(action.sudo())

    def _open_window(self, action):
        told = action.sudo()._get_action_dict()
        model = self.env[told["res_model"]].with_user(action.env.user)
        views = [(view, kind) for view, kind in told["views"]]
        if told["target"] != "new":
            views.append((told["search_view_id"] and told["search_view_id"][0], "search"))
        loaded = model.get_views(views, {"action_id": action.id, "toolbar": True, "load_filters": True})
        context = self.evaluate(told["context"] or "{}")
        model = model.with_context(**context)
        domain = self.evaluate(told["domain"] or "[]")
        self._check_default_filters(context, loaded["views"].get("search"))
        if told["target"] == "new" or told["res_id"]:
            return
        for _view, kind in views:
            arch = etree.fromstring(loaded["views"][kind]["arch"])
            if kind in ("list", "kanban"):
                model.web_search_read(domain, self._specification(model, arch), limit=1)
            elif kind in ("graph", "pivot"):
                self._read_as_chart(model, domain, arch)

    def _check_default_filters(self, context, search):
        wanted = {key.removeprefix("search_default_") for key in context if key.startswith("search_default_")}
        if wanted and search:
            names = {node.get("name") for node in etree.fromstring(search["arch"]).iter("filter", "field")}
            assert wanted <= names, (
                f"the context turns on {sorted(wanted - names)}, which the search view does not have"
            )

    @staticmethod
    def _specification(model, arch):
        names = {
            node.get("name") for node in arch.iter("field") if not any(a.tag == "field" for a in node.iterancestors())
        }
        relational = ("many2one", "reference", "many2one_reference")
        return {
            name: {"fields": {"display_name": {}}} if model._fields[name].type in relational else {} for name in names
        }

    @staticmethod
    def _read_as_chart(model, domain, arch):
        groups, measures = [], ["__count"]
        for node in arch.iter("field"):
            field = model._fields[node.get("name")]
            if node.get("type") == "measure":
                if field.aggregator:
                    measures.append(f"{field.name}:{field.aggregator}")
            elif node.get("invisible") not in ("1", "True"):
                groups.append(
                    f"{field.name}:{node.get('interval') or 'month'}"
                    if field.type in ("date", "datetime")
                    else field.name
                )
        model.formatted_read_group(domain, groups, measures, limit=1)

    def _open_client(self, action):
        """Its tag is registered by some script; a tag of this addon's by a script of this addon's."""
        if action.tag.startswith(self.addon):
            scripts = Path(get_module_path(self.addon), "static", "src").rglob("*.js")
            registered = re.compile(rf"""\.add\(\s*["'`]{re.escape(action.tag)}["'`]""")
            assert any(registered.search(script.read_text()) for script in scripts), f"no script registers {action.tag}"
        self.evaluate(action.context or "{}")

    def _open_server(self, action):
        told = action.sudo()
        if told.state == "code":
            problem = test_python_expr(expr=(told.code or "").strip(), mode="exec")
            assert not problem, problem
        record = self.factory.make(told.model_id.model)
        with contextlib.suppress(*ANSWERS):
            action.with_context(active_model=record._name, active_id=record.id, active_ids=record.ids).run()

    def _open_report(self, action):
        html, _kind = action._render_qweb_html(action.report_name, self.factory.make(action.model).ids)
        assert html, "is empty"

    # --- jobs and texts -----------------------------------------------------------------------------------------------

    def test_every_scheduled_job_runs(self):
        jobs = self.own("ir.cron")
        if jobs:
            with self.enter_registry_test_mode():
                for job in jobs:
                    with self.trying(f"job {self.xmlid(job)}"), mute_logger("odoo.addons.base.models.ir_cron"):
                        told = job.method_direct_trigger()  # True, or an action that shows the exception
                        assert told is True, told["params"]["data"]["debug"][-600:]
        self.assert_no_findings()

    def test_every_mail_template_renders(self):
        templates = self.own("mail.template")
        for template in templates:
            with (
                self.trying(f"template {self.xmlid(template)}", answers=(CannotMake,)),
                mute_logger("odoo.addons.mail.models.mail_render_mixin"),
            ):
                record = self.factory.make(template.model)
                template._generate_template(
                    record.ids, ["subject", "body_html", "email_from", "email_to", "partner_to"]
                )
        self.assert_no_findings()
