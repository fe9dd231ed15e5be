"""Anonymising a contact leaves no word about him in any text of ours, found by introspection.

A word that stands nowhere else is planted into every text of every record of ours that leads to a person: a model or
field that is added tomorrow is planted too, and its addon has to extend `res.partner._anonymise_records()`.
"""

import itertools

from odoo.addons.crm_contact_history.tests.record_factory import BRANCHES, CannotMake, RecordFactory
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from tests import ours

WORD = "Xylophonist"
TEXTS = ("char", "text", "html", "json", "properties")
# Steps from a record of ours to the contact it is about, such as log > membership > contact.
LONGEST_WAY = 3
# Steps that lead to no person: an article is our own text, looked through by an editor before others read it. A draft
# that nobody looked through goes: see test_article_ticket of crm_service_desk.
NOT_ABOUT_HIM = BRANCHES | {"service.article.ticket_id"}
# What hangs on records of any model: {table: column that names the model}.
ON_RECORDS = {
    "mail_message": "model",
    "mail_activity": "res_model",
    "ir_attachment": "res_model",
    "rating_rating": "res_model",
}
# Texts that nobody writes: they stay. {"table.column": why it tells not who he was or what he said}.
STAYS = {
    "co_marketing_agreement.card_prefix": "how the numbers of all cards of a company begin",
    "co_marketing_agreement.name": "we give the number, one after the other",
    "co_marketing_benefit.how_to_use": "what a company tells all members",
    "co_marketing_benefit.terms": "what a company tells all members",
    "co_marketing_customer_card.number_end": "the last four characters of a number, kept for talking about a receipt",
    "co_marketing_customer_card.number_key": "a keyed hash that nobody turns back",
    "co_marketing_outlet_key.key_hash": "a hash of a random key",
    "co_marketing_outlet_key.name": "which till of an outlet has the key",
    "co_marketing_outlet_key.prefix": "the first characters of a random key",
    "co_marketing_redemption.idempotency_key": "a random number of a request",
    "co_marketing_redemption.name": "we give the number, one after the other",
    "co_marketing_statement.name": "we give the number, one after the other",
    "co_marketing_version.access_token": "a random secret, drawn anew for each proposal of terms",
    "co_marketing_version.terms": "the words of a contract of two companies, kept as it was signed",
    "contact_history_entry.channel": "the code of a way of contact",
    "customer_metric.rfm": "three digits of a score",
    "res_company.service_external_route": "what a company tells all its customers",
    "service_filing_request.lang": "the code of a language",
    "service_remedy.request_key": "a random number of a dialog",
    "service_ticket.external_route": "what a company told all its customers at that time",
    "service_ticket.number": "we give it, one after the other",
    "loyalty_ledger_entry.card_code": "the number of a card without a name; the ledger is told by it",
    "loyalty_ledger_entry.source_key": "made of the ids of documents",
    "loyalty_ledger_entry.idempotency_key": "another program's number of a request",
    "loyalty_join_request.card_number": "the number of a card without a name, as in the ledger",
    "loyalty_join_request.lang": "the code of a language",
    "loyalty_tier_queue.reason": "said by programs; the row goes when the tier was looked at",
}


@tagged("post_install", "-at_install")
class TestAnonymiseNet(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factory = RecordFactory(cls.env)
        cls.numbers = itertools.count(1)
        cls.person = cls.env["res.partner"].create({"name": WORD, "email": "xylophonist@kopi.example"})
        cls.person.write({"name": f"{WORD} the Second"})
        cls.env["res.partner.bank"].create({"partner_id": cls.person.id, "acc_number": f"{WORD} 4711", "note": WORD})

    # -- planting ------------------------------------------------------------------------------------------------

    def ways(self, model, length=LONGEST_WAY):
        """The shortest way from a record of a model to a contact: names of stored many2one; None where there is none."""
        steps = [
            (name, field)
            for name, field in model._fields.items()
            if field.type == "many2one" and field.store and ours.is_given(field) and str(field) not in NOT_ABOUT_HIM
        ]
        for name, field in sorted(steps, key=lambda step: (step[0] != "partner_id", step[0])):
            if field.comodel_name == "res.partner":
                return [name]
        if length > 1:
            for name, field in steps:
                comodel = self.env[field.comodel_name]
                is_ours = field.comodel_name != model._name and comodel._original_module in ours.ADDONS
                if is_ours and (way := self.ways(comodel, length - 1)):
                    return [name, *way]
        return None

    def texts(self, model):
        """The columns of a table of ours, or of ours in a table of core's, that hold what somebody wrote."""
        for field in model._fields.values():
            is_ours = model._original_module in ours.ADDONS or (field._modules and field._modules[0] in ours.ADDONS)
            names_model = field.name in ("res_model", "model") or (field.type == "char" and field.translate)
            is_text = field.store and field.type in TEXTS and field.column_type and not names_model
            if is_ours and is_text and f"{model._table}.{field.name}" not in STAYS:
                yield field

    def record_of(self, model, way):
        """A record that leads to the person. What is checked or can never be changed is given at its creation."""
        name, *rest = way
        target = self.person
        if rest:
            comodel = self.env[model._fields[name].comodel_name]
            planted = comodel.with_context(active_test=False).search([(".".join(rest), "=", self.person.id)], limit=1)
            target = planted or self.record_of(comodel, rest)
        values = {field.name: self.word() for field in self.texts(model) if field.type in ("char", "text")}
        try:
            with mute_logger("odoo.sql_db"):
                return self.factory.make(model._name, **{**values, name: target.id})
        except CannotMake:  # a text that has to look like something else, such as a telephone number
            return self.factory.make(model._name, **{name: target.id})

    def word(self):
        return f"{WORD} {next(self.numbers)}"

    def plant(self, record):
        """The word in every text of a record, and in what is written on it."""
        self.env.flush_all()
        for field in self.texts(record):
            column = SQL.identifier(field.name)
            value = (
                SQL("to_jsonb(%s::text)", self.word()) if field.column_type[0] == "jsonb" else SQL("%s", self.word())
            )
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s AND COALESCE(%s::text, '') NOT ILIKE %s",
                    SQL.identifier(record._table),
                    column,
                    value,
                    record.id,
                    column,
                    f"%{WORD}%",
                )
            )
        record.invalidate_recordset()
        if hasattr(record, "message_post"):
            file = {"name": WORD, "raw": WORD.encode(), "res_model": record._name, "res_id": record.id}
            self.env["ir.attachment"].create(file)
            record.message_post(body=WORD, subject=WORD, message_type="comment", subtype_xmlid="mail.mt_comment")
        if hasattr(record, "activity_schedule"):
            record.activity_schedule("mail.mail_activity_data_todo", summary=WORD)
        if "rating_last_value" in record._fields:
            values = {"res_model_id": self.env["ir.model"]._get_id(record._name), "res_id": record.id}
            self.env["rating.rating"].create({**values, "partner_id": self.person.id, "feedback": WORD, "rating": 1})

    def plant_everywhere(self):
        """:return: the models of which a record was planted, and sentences on those of which none could be made"""
        planted, problems = set(), []
        for model in ours.models(self.env):
            way = self.ways(model) if model._auto and not model._transient else None
            if way:
                try:
                    self.plant(self.record_of(model, way))
                    planted.add(model._name)
                except CannotMake as cause:
                    problems.append(f"{model._name}: no record can be made to try it: {cause}")
        for model_name in {model._name for model, __ in ours.fields(self.env)} - {
            one._name for one in ours.models(self.env)
        }:
            model = self.env[model_name]
            way = self.ways(model, 1) if model._auto and not model._transient else None
            if way and any(self.texts(model)):
                self.plant(self.record_of(model, way))
                planted.add(model_name)
        return planted, problems

    # -- looking -------------------------------------------------------------------------------------------------

    def left(self):
        """Where the word stands: "table.column"."""
        self.env.flush_all()
        tables = [model._table for model in ours.models(self.env) if model._auto]
        relations = {field.relation for __, field in ours.fields(self.env) if field.type == "many2many" and field.store}
        columns = self.env.execute_query(
            SQL(
                """SELECT table_name, column_name FROM information_schema.columns
                    WHERE table_schema = 'public' AND table_name = ANY(%s)
                      AND data_type IN ('character varying', 'text', 'jsonb')""",
                [*tables, *sorted(relations), "res_partner", "res_partner_bank", *ON_RECORDS],
            )
        )
        columns += [
            (model._table, field.name)
            for model, field in ours.fields(self.env)
            if model._auto and field in self.texts(model)
        ]
        names = [model._name for model in ours.models(self.env)] + ["res.partner", "res.partner.bank"]
        for table, column in sorted(set(columns)):
            held = SQL("TRUE")
            if table in ON_RECORDS:
                held = SQL("%s = ANY(%s)", SQL.identifier(ON_RECORDS[table]), names)
            found = SQL(
                "SELECT 1 FROM %s WHERE %s::text ILIKE %s AND %s LIMIT 1",
                SQL.identifier(table),
                SQL.identifier(column),
                f"%{WORD}%",
                held,
            )
            if self.env.execute_query(found):
                yield f"{table}.{column}"
        if self.env.execute_query(
            SQL(
                "SELECT 1 FROM mail_tracking_value WHERE concat(old_value_char, old_value_text, new_value_char) ILIKE %s",
                f"%{WORD}%",
            )
        ):
            yield "mail_tracking_value"

    def anonymise(self):
        everybody = self.person.with_user(self.env.ref("base.user_admin"))
        everybody._check_anonymise()
        everybody._anonymise()

    # -- the promise ---------------------------------------------------------------------------------------------

    def test_no_word_about_an_anonymised_contact_is_left_in_any_text_of_ours(self):
        planted, problems = self.plant_everywhere()
        self.assertFalse(problems, "\n".join(problems))
        self.assertLessEqual({"crm.touchpoint", "customer.asset.service", "service.ticket"}, planted)
        before = set(self.left())
        self.anonymise()
        left = set(self.left())
        self.assertFalse(left, "\n".join(sorted(left)))
        self.assertGreater(len(before), 25, "the word stood there before")

    def test_what_stays_is_still_there(self):
        columns = {f"{model._table}.{field.name}" for model, field in ours.fields(self.env) if field.store}
        self.assertLessEqual(set(STAYS), columns)

    def test_the_net_finds_an_addon_that_forgets_its_texts(self):
        self.plant_everywhere()
        self.patch(type(self.env["res.partner"]), "_anonymise_records", lambda partners: None)
        self.anonymise()
        left = set(self.left())
        for text in ("customer_note.text", "service_ticket.description", "mail_message.body", "ir_attachment.name"):
            self.assertIn(text, left)
