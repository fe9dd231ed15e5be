"""Merging contacts by core's wizard loses nothing of ours, and the privacy look-up finds all of it.

Every many-to-one of ours to a contact takes part, found by introspection.
"""

import contextlib

from odoo.addons.crm_contact_history.tests.record_factory import GIVEN, CannotMake, RecordFactory
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from tests import ours

# Rows that are *about* a contact and are computed from others: merging joins them. {"model": "why nothing is lost"}.
JOINED = {
    "contact.history.entry": "an entry is computed from its source, which is moved",
    "customer.metric": "a customer's figures are worked out from his purchases",
    "customer.metric.snapshot": "the months of two who are one are added up",
    "customer.segment.member": "who are one are once in a segment",
    "customer.purchase": "a customer's day is the sum of its orders, which are moved",
    "customer.purchase.month": "a customer's month is the sum of its days",
    "customer.purchase.team": "as a customer's months, by sales team",
    "customer.purchase.branch": "as a customer's months, by category and those below it",
    "customer.purchase.category": "as a customer's days, by month and product category",
}


@tagged("post_install", "-at_install")
class TestContactMerge(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factory = RecordFactory(cls.env)

    def contacts(self, number, field=None):
        values = [{"name": f"Merged {at}", "email": "merged@kopi.example"} for at in range(number)]
        return self.factory.contacts_for(field, values)

    def merge(self, contacts):
        """The first of them stays."""
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge(contacts.ids, contacts[0])
        self.env.invalidate_all()

    def records_of(self, model, field, contacts):
        """A record for each contact, alike in all else: unique keys with a contact in them meet when merged."""
        first = self.factory.make(model._name, **{field.name: contacts[0].id})
        alike = {
            name: first[name].id
            for name, other in model._fields.items()
            if other.type == "many2one" and other.store and ours.is_given(other) and first[name] and name != field.name
            and other.comodel_name not in ("res.partner", "res.users")
        }  # fmt: skip
        records = first
        for contact in contacts[1:]:
            records |= self.another(model, alike, **{field.name: contact.id})
        return records

    @mute_logger("odoo.sql_db")
    def another(self, model, alike, **given):
        """As alike as it may be: with a key without the contact in it, two such records cannot be."""
        with contextlib.suppress(CannotMake):
            return self.factory.make(model._name, **alike, **given)
        with contextlib.suppress(CannotMake):
            return self.factory.make(model._name, **given)
        others = {
            name: self.factory.make(model._fields[name].comodel_name).id
            for name in alike
            if model._fields[name].required and model._fields[name].comodel_name not in GIVEN
        }
        return self.factory.make(model._name, **others, **given)

    def losses(self, model, field, number):
        """What is lost when contacts with a record each are merged: sentences."""
        contacts = self.contacts(number, field)
        records = self.records_of(model, field, contacts)
        ids = records.ids
        with mute_logger("odoo.sql_db"):
            self.merge(contacts)
        left = model.with_context(active_test=False).browse(ids).exists()
        if len(left) < number:
            yield f"{field}: of {number} records of {number} contacts, {number - len(left)} are lost by merging these"
        for record in left:
            if record[field.name] != contacts[0]:
                yield f"{field}: points to {record[field.name]} instead of the contact that stays"
        # Core moves the columns by SQL: what the model itself asks of the field has to hold for the one who stays.
        left._validate_fields([field.name])

    def all_losses(self, found, number):
        for model, field in found:
            if ours.is_given(field) and model._name not in JOINED:
                savepoint = self.env.cr.savepoint()
                try:
                    yield from self.losses(model, field, number)
                except CannotMake as cause:
                    yield f"{field}: no record can be made to try it: {cause}"
                except Exception as error:  # noqa: BLE001  merging itself fails: told with the others
                    yield f"{field}: contacts with such records cannot be merged: {type(error).__name__}: {error}"
                finally:
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    def assert_none(self, sentences):
        sentences = list(sentences)
        self.assertFalse(sentences, "\n" + "\n".join(sentences))

    def test_merging_two_contacts_loses_no_row(self):
        self.assert_none(self.all_losses(ours.columns_to(self.env, "res.partner"), 2))

    def test_merging_three_contacts_at_once_loses_no_row(self):
        self.assert_none(self.all_losses(ours.columns_to(self.env, "res.partner"), 3))

    def test_merging_moves_the_contacts_of_a_list(self):
        """Many-to-many: who was linked through a merged contact is linked through the one that stays."""
        for model, field in ours.fields(self.env):
            if (
                field.type == "many2many"
                and field.comodel_name == "res.partner"
                and field.store
                and not model._transient
            ):
                with self.subTest(field=str(field)):
                    contacts = self.contacts(2)
                    record = self.factory.make(model._name, **{field.name: [(6, 0, contacts[1].ids)]})
                    self.merge(contacts)
                    self.assertEqual(record[field.name], contacts[0])

    def test_what_is_computed_of_merged_contacts_is_that_of_the_one_who_stays(self):
        """The models of JOINED: no row is left with a merged contact, and what is joined adds up as before."""
        contacts = self.contacts(3)
        for contact in contacts:
            order = self.env["sale.order"].create({"partner_id": contact.id})
            order.order_line = [(0, 0, {"product_id": self.factory.one("product.product").id, "price_unit": 5})]
            order.action_confirm()
            order.message_post(
                body="A word.", author_id=contact.id, message_type="email", subtype_xmlid="mail.mt_comment"
            )
        before = self.computed_of(contacts)
        self.merge(contacts)
        after = self.computed_of(contacts[0])
        self.assertGreaterEqual(before["contact.history.entry"], 6)
        self.assertEqual(before, after)
        for model_name in JOINED:
            if model_name in self.env:
                strays = self.env[model_name].search_count(
                    [("partner_id", "not in", self.env["res.partner"].search([]).ids)]
                )
                self.assertEqual(strays, 0)

    def computed_of(self, contacts):
        """Entries in the history; orders and amounts in the facts: what merging must conserve."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        if "customer.purchase.queue" in self.env:
            self.env["customer.purchase.queue"]._drain_batch()
        found = {
            "contact.history.entry": self.env["contact.history.entry"].search_count(
                [("partner_id", "in", contacts.ids)]
            )
        }
        kinds = ("", ".month", ".team", ".category")
        for model_name in (f"customer.purchase{kind}" for kind in kinds):
            if model_name in self.env:
                found[model_name] = self.env[model_name]._read_group(
                    [("partner_id", "in", contacts.ids)], [], ["orders:sum", "amount:sum"]
                )
        return found

    def test_the_net_finds_a_loss(self):
        """Core's followers have a unique key with the contact in it: those of the merged contact are deleted."""
        followers = self.env["mail.followers"]
        followed = self.contacts(1)
        values = {"res_model": "res.partner", "res_id": followed.id}
        self.patch(self.factory, "values_for", lambda name, **given: {**values, **given})
        self.assertIn("1 are lost", " ".join(self.losses(followers, followers._fields["partner_id"], 2)))


@tagged("post_install", "-at_install")
class TestPrivacyLookup(TransactionCase):
    """The look-up that answers "what do you know of me?" lists every row of ours that points to the person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factory = RecordFactory(cls.env)
        cls.values = {"name": "Lookedup Person", "email": "lookedup@kopi.example"}
        cls.person = cls.env["res.partner"].create(cls.values)

    def not_listed(self, records):
        self.env.flush_all()
        wizard = self.env["privacy.lookup.wizard"].create({"name": self.person.name, "email": self.person.email})
        wizard.action_lookup()
        listed = {(line.res_model, line.res_id) for line in wizard.line_ids}
        return [f"{field}: not listed" for field, record in records if (record._name, record.id) not in listed]

    def test_every_row_of_a_person_is_listed(self):
        records, problems = [], []
        for model, field in ours.columns_to(self.env, "res.partner"):
            if ours.is_given(field):
                person = self.factory.contacts_for(field, [self.values])
                try:
                    records.append((field, self.factory.make(model._name, **{field.name: person.id})))
                except CannotMake as cause:
                    problems.append(f"{field}: no record can be made to try it: {cause}")
        self.assertFalse(problems + self.not_listed(records))

    def test_the_net_finds_a_row_that_is_not_listed(self):
        """Core's followers point to a contact by a cascade, which the look-up leaves out."""
        follower = self.env["mail.followers"].create(
            {"res_model": "res.partner", "res_id": self.person.id, "partner_id": self.person.id}
        )
        self.assertTrue(self.not_listed([("mail.followers.partner_id", follower)]))
