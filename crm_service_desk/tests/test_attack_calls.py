"""Every public method of every model of the addon, found by introspection, called by everybody whom it does not concern."""

import inspect

from odoo.exceptions import AccessDenied, MissingError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .attack_common import ADDON, SECRET, AttackCase

# How one is refused. AccessError is a UserError.
REFUSALS = (UserError, AccessDenied, MissingError)
# Methods of Odoo's that any client may call on any model.
STANDARD = {
    "read": ([], {}),
    "web_read": ([], {"specification": {"display_name": {}}}),
    "search": ([[]], {}),
    "search_read": ([[]], {}),
    "search_count": ([[]], {}),
    "web_search_read": ([[], {"display_name": {}}], {}),
    "formatted_read_group": ([[], [], ["__count"]], {}),
    "name_search": ([SECRET], {}),
    "export_data": ([["display_name"]], {}),
    "copy": ([], {}),
    "write": (["{text}"], {}),
    "web_save": ([{}, {"display_name": {}}], {}),
    "unlink": ([], {}),
    "web_unlink": ([], {}),
    "get_formview_action": ([], {}),
    "message_post": ([], {"body": "Intruder"}),
    "message_subscribe": ([[1]], {}),
    "message_unsubscribe": ([[1]], {}),
    "activity_schedule": ([], {"summary": "Intruder"}),
    "action_archive": ([], {}),
}
# Take an object that cannot be sent from outside.
OF_THE_GATEWAY = {"message_route"}
# Dialogs of which the factory makes no record: what they open with is chosen on a ticket. Their rules are looked at.
NOT_MADE = {"service.ticket.split", "service.ticket.split.line"}
ON_THE_MODEL = {"search", "search_read", "search_count", "web_search_read", "formatted_read_group", "name_search"}
# What is given for a parameter of this name, where False would say nothing.
GIVEN = {
    "msg_dict": {"subject": "Intruder", "body": "Intruder", "from": "x@x.example", "author_id": False},
    "domain": [],
    "values": {},
    "vals": {},
    "vals_list": [{}],
    "fields": ["display_name"],
    "query": SECRET,
}
# A public method that a stranger may call: {"model.method": why}.
HARMLESS = {}
# What agents and leaders may do to the setup: {"model.operation": why}. The records tried are nobody's own.
THEIR_WORK = {
    "service.article.create": "agents write articles",
    "service.article.write": "leaders edit articles",
    "service.article.miss.unlink": "leaders clear the list of searches without result",
}


@tagged("post_install", "-at_install")
class TestAttackCalls(AttackCase):
    def own_methods(self, model):
        """The names of public methods that the addon defines on a model."""
        names = set()
        for cls in type(model).__mro__:
            if cls.__module__.startswith(f"odoo.addons.{ADDON}.") and getattr(cls, "_name", None) is not None:
                names |= {
                    name
                    for name, member in cls.__dict__.items()
                    if not name.startswith("_") and inspect.isfunction(member)
                }
        return sorted(
            names - {"create", "write", "unlink", "read", "init", "copy", "default_get", "message_new", *OF_THE_GATEWAY}
        )

    def arguments(self, model, name):
        wanted = [
            parameter for parameter in self.parameters(getattr(type(model), name))
            if parameter.default is inspect.Parameter.empty
        ]  # fmt: skip
        return [GIVEN.get(parameter.name, False) for parameter in wanted]

    @staticmethod
    def new_text(model):
        """Another text for any field that has one."""
        texts = (f.name for f in model._fields.values() if f.type in ("char", "text") and f.store and not f.groups)
        return {name: "Intruder" for name in [next(texts, None)] if name}

    def attacks(self, model, record):
        """(method, arguments, keywords) of all that can be called on a record, or on its model."""
        for name in self.own_methods(model):
            of_model = getattr(getattr(type(model), name), "_api_model", False)
            yield name, [*([] if of_model else [record.ids]), *self.arguments(model, name)], {}
        for name, (arguments, keywords) in STANDARD.items():
            if hasattr(type(model), name) and (name != "action_archive" or "active" in model._fields):
                given = [self.new_text(model) if one == "{text}" else one for one in arguments]
                yield name, [*([] if name in ON_THE_MODEL else [record.ids]), *given], keywords

    def attacked(self, user, record):
        """What a user gets out of a record, or does to it: sentences."""
        model = self.env[record._name].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        before = self.snapshot()  # each attack is undone
        for name, arguments, keywords in self.attacks(model, record):
            if f"{record._name}.{name}" in HARMLESS:
                continue
            savepoint = self.env.cr.savepoint()
            try:
                result = call_kw(model, name, arguments, {**keywords, "context": {"ticket_deletion_reason": "x"}})
                if SECRET in str(result):
                    yield f"{record._name}.{name} tells {user.login}"
                if changed := self.changed_since(before):
                    yield f"{record._name}.{name} by {user.login} changes {changed}"
            except REFUSALS as refusal:
                if SECRET in str(refusal):
                    yield f"{record._name}.{name} tells {user.login} by refusing"
            except Exception as error:  # noqa: BLE001  what breaks is told with the others
                yield f"{record._name}.{name} breaks for {user.login}: {type(error).__name__}: {error}"
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def about_the_ticket(self):
        for name, record in self.samples.items():
            if record and self.way_to_ticket(self.env[name]) is not None and not self.env[name]._transient:
                yield record

    def test_there_is_a_record_of_every_model_to_attack(self):
        missing = {model._name for model in self.own_models() if not self.samples.get(model._name) and model._auto}
        self.assertLessEqual(missing, NOT_MADE)

    def test_every_dialog_has_a_rule_for_its_owner(self):
        for model in self.own_models():
            if model._transient:
                rules = self.env["ir.rule"].search([("model_id.model", "=", model._name), ("groups", "=", False)])
                self.assertIn("create_uid", " ".join(rules.mapped("domain_force")), model._name)

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.models")
    def test_no_method_tells_a_stranger_of_the_ticket_or_lets_him_change_it(self):
        found = [
            sentence
            for record in self.about_the_ticket()
            for user in self.strangers
            for sentence in self.attacked(user, record)
        ]
        self.assertFalse(found, "\n" + "\n".join(found))

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.models")
    def test_customers_passers_by_and_plain_employees_reach_nothing_of_the_setup(self):
        found = []
        for record in self.samples.values():
            if record and self.way_to_ticket(record) is None:
                for user in (self.budi_user, self.public, self.employee):
                    found += self.attacked(user, record)
                    mine = record.with_user(user)
                    found += [
                        f"{user.login} may {mode} {record._name}"
                        for mode in ("read", "write", "unlink")
                        if mine.has_access(mode)
                    ]
        self.assertFalse(found, "\n" + "\n".join(found))

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.models")
    def test_agents_and_leaders_change_nothing_of_the_setup(self):
        found = [
            f"{user.login} may {mode} {record._name}"
            for record in self.samples.values()
            if record and self.way_to_ticket(record) is None and not record._transient
            for user in (self.agent, self.leader)
            for mode in ("write", "unlink", "create")
            if record.with_user(user).has_access(mode) and f"{record._name}.{mode}" not in THEIR_WORK
        ]
        self.assertFalse(found, "\n" + "\n".join(found))

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.models")
    def test_wizards_are_their_owners_only(self):
        found = []
        for name, record in self.samples.items():
            if record and self.env[name]._transient:
                for user in self.strangers:
                    found += [
                        f"{user.login} may {mode} {name}"
                        for mode in ("read", "write", "unlink")
                        if record.with_user(user).has_access(mode)
                    ]
        self.assertFalse(found, "\n" + "\n".join(found))

    def test_the_net_finds_what_tells_and_what_changes(self):
        """The manager is of the private team: all that is kept from strangers he may."""
        found = "\n".join(self.attacked(self.manager, self.ticket))
        self.assertIn("service.ticket.search_read tells", found)
        self.assertIn("service.ticket.write by maya changes", found)
        self.assertIn("service.ticket.unlink by maya changes", found)
        self.assertIn("service.ticket.action_assign_to_me by maya changes", found)
