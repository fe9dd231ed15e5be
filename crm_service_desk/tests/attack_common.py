"""What every attack needs: a ticket full of a word that stands nowhere else, and people whom it does not concern."""

import contextlib
import inspect

from odoo.addons.crm_contact_history.tests.record_factory import CannotMake, RecordFactory
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import SQL, mute_logger

from .common import PIXEL, ServiceDeskCase

ADDON = "crm_service_desk"
# Stands in every text of the ticket attacked, and in no answer to a stranger.
SECRET = "Zwetschgenknoedel"
# A way from a record to the ticket it is about has at most so many steps.
LONGEST_WAY = 2
# Models that name a ticket and are not about it: they have rules of their own, tried with the setup.
OWN_LIFE = {
    "service.article": "knowledge for the whole desk, made from a ticket by its author's decision",
    "service.article.version": "as its article",
    "service.article.vote": "as its article",
}


class AttackCase(ServiceDeskCase):
    """Siti's ticket belongs to a private team. Nobody of the strangers may learn or change anything of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factory = RecordFactory(cls.env)
        cls.board = cls.env["service.team"].create(
            {"name": "Board", "private": True, "member_ids": cls.manager.ids, "acknowledgement_template_id": False}
        )
        # Clocks are made by promises only: a clock without events is none.
        cls.env["service.sla.policy"].create(
            {"name": "Board", "sequence": 0, "target_ids": [Command.create({"metric": "resolve", "hours": 16})]}
        )
        cls.ticket = cls.new_ticket(
            name=f"Subject {SECRET}",
            description=f"<p>{SECRET}</p>",
            team_id=cls.board.id,
            email_cc=f"{SECRET}@x.example",
        )
        cls.file = cls.env["ir.attachment"].create(
            {"name": f"{SECRET}.png", "raw": PIXEL, "res_model": "service.ticket", "res_id": cls.ticket.id}
        )
        cls.ticket.attachment_ids = cls.file
        cls.message = cls.say(cls.ticket, cls.siti_user, SECRET)
        cls.note = cls.ticket.message_post(body=SECRET, subtype_xmlid="mail.mt_note")
        cls.activity = cls.ticket.activity_schedule("mail.mail_activity_data_todo", summary=SECRET)
        cls.budis = cls.new_ticket(cls.budi, name="Wrong bill")
        cls.other_company = cls.env["res.company"].create({"name": "Kopi Dago"})
        cls.elsewhere = new_test_user(
            cls.env, "dago", groups=f"{ADDON}.group_service_manager", company_id=cls.other_company.id,
            company_ids=cls.other_company.ids, name="Dago",
        )  # fmt: skip
        cls.public = cls.env.ref("base.public_user")
        # Agus and Lina are of the desk, but not of the private team.
        cls.strangers = [cls.budi_user, cls.employee, cls.public, cls.elsewhere, cls.agent, cls.leader]
        cls.samples = cls._samples()
        cls.env.flush_all()

    @classmethod
    def own_models(cls):
        """The concrete models that the addon brings."""
        return [
            cls.env[name]
            for name, model in sorted(cls.registry.items())
            if model._original_module == ADDON and not model._abstract
        ]

    @classmethod
    def way_to_ticket(cls, model, length=LONGEST_WAY):
        """Names of stored many2one from a model to the ticket; None for what is about no ticket."""
        if model._name == "service.ticket":
            return []
        if model._name in OWN_LIFE:
            return None
        steps = [field for field in model._fields.values() if field.type == "many2one" and field.store]
        for field in sorted(steps, key=lambda field: field.name != "ticket_id"):
            if field.comodel_name == "service.ticket":
                return [field.name]
        for field in steps if length > 1 else ():
            comodel = cls.env[field.comodel_name]
            if comodel._original_module == ADDON and comodel._name != model._name:
                way = cls.way_to_ticket(comodel, length - 1)
                if way:
                    return [field.name, *way]
        return None

    @classmethod
    def _samples(cls):
        """A record of each model, about Siti's ticket where it can be: {model name: record}."""
        clock = cls.ticket.clock_ids[:1]
        samples = {"service.ticket": cls.ticket, "service.sla.clock": clock, "service.sla.event": clock.event_ids[:1]}
        for model in sorted(cls.own_models(), key=lambda model: len(cls.way_to_ticket(model) or "...")):
            if model._name not in samples:
                if not model._auto:
                    samples[model._name] = model.search([("id", "=", cls.ticket.id)])
                    continue
                with contextlib.suppress(CannotMake), mute_logger("odoo.sql_db"):
                    samples[model._name] = cls.factory.make(model._name, **cls._values_about_ticket(model, samples))
        return samples

    @classmethod
    def _values_about_ticket(cls, model, samples):
        values = {
            name: samples[field.comodel_name].id
            for name, field in model._fields.items()
            if field.type == "many2one"
            and field.store
            and not field.related
            and field.comodel_name in samples
            and field.comodel_name != model._name
            and (field.comodel_name == "service.ticket" or not model._transient)
            and name in (cls.way_to_ticket(model) or ())
        }
        partner = model._fields.get("partner_id")
        if partner and partner.store and not partner.related and not partner.compute:
            values["partner_id"] = cls.siti.id
        for name, field in model._fields.items():
            if field.type in ("text", "html") and field.store and not field.compute and not field.related:
                values[name] = SECRET
        return values

    def snapshot(self):
        """What stands in our tables and on our tickets: {table: digest}."""
        self.env.flush_all()
        tables = {model._table: SQL("TRUE") for model in self.own_models() if model._auto}
        tables |= {
            "mail_message": SQL("model LIKE 'service.%%'"),
            "ir_attachment": SQL("res_model LIKE 'service.%%'"),
            "mail_activity": SQL("res_model LIKE 'service.%%'"),
            "mail_followers": SQL("res_model LIKE 'service.%%'"),
            "rating_rating": SQL("res_model LIKE 'service.%%'"),
        }
        # One statement for all: it is asked before and after thousands of attacks.
        digests = SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s, count(*), md5(COALESCE(string_agg(t::text, '' ORDER BY id), '')) FROM %s t WHERE %s",
                table,
                SQL.identifier(table),
                which,
            )
            for table, which in tables.items()
        )
        return {table: digest for table, *digest in self.env.execute_query(digests)}

    def changed_since(self, before):
        now = self.snapshot()
        return sorted(table for table in before if now[table] != before[table])

    @staticmethod
    def parameters(function):
        """The names that a function takes besides ``self``, without *args and **kwargs."""
        kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
        return [
            parameter for parameter in inspect.signature(function).parameters.values()
            if parameter.kind in kinds and parameter.name != "self"
        ]  # fmt: skip
