"""What all structural checks share: what belongs to the addon, who looks at it, and how findings are collected."""

import contextlib
import re

from odoo.exceptions import RedirectWarning, UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import datetime as safe_datetime
from odoo.tools.safe_eval import dateutil as safe_dateutil
from odoo.tools.safe_eval import safe_eval
from odoo.tools.safe_eval import time as safe_time

from .record_factory import CannotMake, RecordFactory

# Odoo's way to tell a user that something cannot be done now: an answer, not a crash.
ANSWERS = (UserError, RedirectWarning)


@tagged("post_install", "-at_install", "structure")
class StructureBase(TransactionCase):
    """Set `addon` in a subclass; nothing runs without it."""

    addon = None
    __test__ = False  # the base itself is no test: of a subclass that names its addon only

    def __init_subclass__(cls):
        cls.__test__ = bool(cls.addon)
        return super().__init_subclass__()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        installed = cls.env["ir.module.module"].search([("name", "=", cls.addon), ("state", "=", "installed")])
        assert installed, f"{cls.addon} is not installed in the database of this test"
        cls.admin = cls.env.ref("base.user_admin")
        cls.factory = RecordFactory(cls.env)
        cls.viewers = cls._make_viewers()

    def setUp(self):
        super().setUp()
        self.findings = []

    # --- findings -----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def trying(self, what, answers=()):
        """One thing of many: what it raises becomes a finding, what it wrote is undone, and the next one is tried.

        :param answers: exceptions that are a fine answer
        """
        savepoint = self.env.cr.savepoint()
        try:
            with mute_logger("odoo.sql_db"), contextlib.suppress(*answers):
                yield
        except Exception as error:  # noqa: BLE001  whatever it is, it is told with the others
            self.findings.append(f"{what}: {type(error).__name__}: {str(error).strip()[:600]}")
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def expect(self, condition, finding):
        if not condition:
            self.findings.append(finding)

    def assert_no_findings(self):
        self.assertFalse(self.findings, "\n" + "\n".join(f"* {finding}" for finding in self.findings))

    # --- what is the addon's ------------------------------------------------------------------------------------------

    @classmethod
    def own(cls, model_name):
        """The records of a model that the addon's data files define."""
        query = "SELECT DISTINCT res_id FROM ir_model_data WHERE module = %s AND model = %s ORDER BY res_id"
        cls.env.cr.execute(query, [cls.addon, model_name])
        ids = [res_id for (res_id,) in cls.env.cr.fetchall()]
        return cls.env[model_name].with_context(active_test=False).browse(ids).exists()

    @staticmethod
    def xmlid(record):
        return record.get_external_id().get(record.id) or str(record)

    @property
    def own_models(self):
        """The models that the addon brings (not those that it extends)."""
        return [self.env[name] for name, cls in sorted(self.registry.items()) if cls._original_module == self.addon]

    @property
    def own_concrete_models(self):
        return [model for model in self.own_models if not model._abstract]

    @property
    def own_fields(self):
        """The fields that the addon defines or changes, on models of its own and of others; mixins where they land."""
        for _name, cls in sorted(self.registry.items()):
            if not cls._abstract:
                for field in cls._fields.values():
                    if self.addon in field._modules and field.name not in MAGIC_COLUMNS:
                        yield self.env[cls._name], field

    @property
    def own_new_fields(self):
        """Of these, the ones that the addon was the first to define: their names are its choice."""
        return ((model, field) for model, field in self.own_fields if field._modules[0] == self.addon)

    # --- who looks ----------------------------------------------------------------------------------------------------

    @classmethod
    def _make_viewers(cls):
        """One employee for each group that the addon's menus, actions, views or access rights name, with it alone."""
        groups = cls.own("res.groups") | cls.own("ir.model.access").group_id
        for model_name in (
            "ir.ui.menu",
            "ir.ui.view",
            "ir.actions.act_window",
            "ir.actions.server",
            "ir.actions.report",
        ):
            groups |= cls.own(model_name).group_ids
        outside = cls.env.ref("base.group_portal") | cls.env.ref("base.group_public")
        viewers = {"nobody special": cls._make_viewer("base.group_user")}
        for group in groups - cls.env.ref("base.group_user"):
            if not outside & (group | group.all_implied_ids):
                xmlid = cls.xmlid(group)
                viewers[xmlid] = cls._make_viewer(f"base.group_user,{xmlid}")
        # Some menus need a role and a feature that is switched on by a group of its own.
        everything = ",".join(["base.group_user", *list(viewers)[1:]])
        return viewers | {"a holder of all these groups": cls._make_viewer(everything, "structure all of them")}

    @classmethod
    def _make_viewer(cls, groups, login=None):
        login = login or "structure " + re.sub(r"\W+", " ", groups)
        return new_test_user(cls.env, login, groups, context={"no_reset_password": True, "tracking_disable": True})

    # --- what the web client would do ---------------------------------------------------------------------------------

    def evaluate(self, expression, /, **names):
        """An expression of a view or an action, with the names that the web client knows."""
        client = {
            "uid": self.env.uid,
            "user": self.env.user,
            "time": safe_time,
            "datetime": safe_datetime,
            "relativedelta": safe_dateutil.relativedelta.relativedelta,
            "context_today": safe_datetime.date.today,
            "current_date": safe_datetime.date.today().isoformat(),
            "today": safe_datetime.date.today().isoformat(),
            "now": safe_datetime.datetime.now().isoformat(" ", "seconds"),
            "allowed_company_ids": self.env.companies.ids,
            "current_company_id": self.env.company.id,
            "companies": safe_companies(self.env),
            "context": {"uid": self.env.uid},
            "active_id": 0,
            "active_ids": [],
            "active_model": "",
            "true": True,
            "false": False,
        }
        # Only the client's dates know to_utc(); here days are enough.
        text = (expression or "").replace(".to_utc()", "").strip()
        return safe_eval(text, client | names)

    def nodes(self, arch, model_name):
        """Each node of a combined view with the model it speaks of; lists and forms inside of a field included."""
        yield arch, model_name
        for child in arch:
            if not isinstance(child.tag, str):
                continue
            inner = model_name
            if arch.tag == "field" and child.tag in (
                "form",
                "list",
                "kanban",
                "graph",
                "pivot",
                "calendar",
                "search",
                "activity",
            ):
                field = self.env[model_name]._fields.get(arch.get("name"))
                inner = field.comodel_name if field is not None and field.relational else None
            if inner in self.env:
                yield from self.nodes(child, inner)

    def sample(self, model_name):
        """A record to try things on, or an empty one where none can be made."""
        try:
            return self.factory.make(model_name)
        except CannotMake:
            return self.env[model_name]


def safe_companies(env):
    """`companies` as views know it: a thing with active ids and a test for a field's value."""
    return {"active_ids": env.companies.ids, "active_id": env.company.id}
