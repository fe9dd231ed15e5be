from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import ContactHistoryCase

NAME = "Zulfikar Qadir"
EMAIL = "zulfikar@qadir.example"
PHONE = "+62 813-7777-1234"
PLATE = "D 7771 ZQ"
PERSONAL = (NAME, "Zulfikar", EMAIL, PHONE, "7777-1234", PLATE, "D7771ZQ")


@tagged("post_install", "-at_install")
class TestAnonymise(ContactHistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root = cls.env.ref("base.user_admin")
        cls.person = cls.env["res.partner"].create(
            {
                "name": NAME,
                "email": EMAIL,
                "phone": PHONE,
                "street": f"House of {NAME}",
                "vat": "ID7771",
                "ref": f"{NAME} 1",
                "comment": f"<p>{NAME}</p>",
                "country_id": cls.env.ref("base.id").id,
            }
        )
        text = f"{NAME}, {EMAIL}, {PHONE}, {PLATE}"
        cls.call = cls.env["crm.touchpoint"].create(
            {"partner_id": cls.person.id, "subject": text, "summary": text, "phone": PHONE, "call_ref": f"pbx {NAME}"}
        )
        cls.call.message_post(body=text)
        cls.unknown = cls.env["crm.touchpoint"].create({"phone": "0813 7777 1234", "subject": f"{NAME} rang"})
        cls.note = cls.env["customer.note"].create({"partner_id": cls.person.id, "text": text})
        cls.car = cls.env["customer.asset"].create({"identifier": PLATE, "partner_id": cls.person.id})
        cls.car.properties = {"engine": text}
        cls.service = cls.env["customer.asset.service"].create({"asset_id": cls.car.id, "work": text, "remark": text})
        cls.attachment = cls.env["ir.attachment"].create(
            {"name": NAME, "raw": b"x", "res_model": "crm.touchpoint", "res_id": cls.call.id}
        )
        cls.env.flush_all()

    def anonymise(self, partner=None, user=None, is_sure=True):
        partner = (partner or self.person).with_user(user or self.root)
        context = partner.action_anonymise()["context"]
        wizard = self.env["contact.anonymise"].with_user(user or self.root).with_context(**context)
        wizard.create({"is_sure": is_sure}).action_anonymise()
        self.env.flush_all()

    def our_text_columns(self):
        """(table, column) of every column of ours that can hold text."""
        tables = [
            model._table
            for model in map(self.env.get, self.env.registry)
            if model._original_module == "crm_contact_history" and model._auto and not model._abstract
        ]
        return self.env.execute_query(
            SQL(
                """SELECT table_name, column_name FROM information_schema.columns
                    WHERE table_name = ANY(%s) AND data_type IN ('character varying', 'text', 'jsonb')""",
                tables,
            )
        )

    def found(self, columns):
        """Where any personal value of his is left."""
        patterns = [f"%{value}%" for value in PERSONAL]
        return [
            f"{table}.{column}"
            for table, column in columns
            if self.env.execute_query(
                SQL(
                    "SELECT 1 FROM %s WHERE %s::text ILIKE ANY(%s) LIMIT 1",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    patterns,
                )
            )
        ]

    def test_nothing_of_him_is_left_in_any_text_of_our_tables(self):
        columns = self.our_text_columns()
        self.assertGreater(len(self.found(columns)), 8, "the search finds what is there before")
        self.anonymise()
        self.assertEqual(self.found(columns), [])

    def test_nothing_of_him_is_left_on_his_contact_and_its_chatter_tells_no_old_value(self):
        self.anonymise()
        columns = self.env.execute_query(
            SQL(
                """SELECT table_name, column_name FROM information_schema.columns
                    WHERE table_name IN ('res_partner', 'mail_tracking_value', 'mail_activity', 'ir_attachment')
                      AND data_type IN ('character varying', 'text', 'jsonb')"""
            )
        )
        self.assertEqual(self.found(columns), [])
        self.assertFalse(self.person.active)
        self.assertEqual(self.person.name, f"Anonymised contact {self.person.id}")

    def test_that_there_was_a_contact_stays(self):
        self.anonymise()
        self.assertEqual(self.call.partner_id, self.person)
        self.assertEqual((self.call.channel_id.code, self.call.user_id), ("phone", self.env.user))
        self.assertEqual(sorted(self.kinds(self.person)), ["service", "touchpoint"])
        self.assertEqual(
            [len(gone.exists()) for gone in (self.note, self.attachment, self.call.message_ids)], [0, 0, 0]
        )

    def test_a_car_that_he_sold_keeps_its_plate_for_the_new_owner(self):
        self.service.date = "2026-01-12 10:00:00"
        self.car.partner_id = self.siti
        self.anonymise()
        self.assertEqual((self.car.identifier, self.car.partner_id), (PLATE, self.siti))
        self.assertEqual(self.service.remark, False)

    def test_his_portal_login_goes(self):
        user = new_test_user(self.env, EMAIL, "base.group_portal", partner_id=self.person.id)
        self.anonymise()
        self.assertEqual((user.active, user.login), (False, f"anonymised-{user.id}"))

    def test_his_addresses_go_with_him_and_nobody_else_is_touched(self):
        home = self.env["res.partner"].create({"name": NAME, "type": "delivery", "parent_id": self.person.id})
        self.anonymise()
        self.assertEqual(home.name, f"Anonymised contact {home.id}")
        self.assertEqual((self.siti.name, self.siti.phone), ("Siti Rahmawati", "+62 812-2345-6701"))

    def test_what_he_was_called_before_goes_from_his_chatter(self):
        self.env.cr.flush()
        self.person.with_context(tracking_disable=False).email = "later@qadir.example"
        self.env.cr.flush()
        values = self.env["mail.tracking.value"].search([("old_value_char", "=", EMAIL)])
        self.assertTrue(values, "core keeps the old address")
        self.anonymise()
        self.assertFalse(values.exists())

    def test_his_bank_account_stays_for_the_invoices_without_number_and_name(self):
        account = self.env["res.partner.bank"].create({"partner_id": self.person.id, "acc_number": "NL91 ABNA 0417"})
        self.assertEqual(account.acc_holder_name, NAME)
        self.anonymise()
        self.assertEqual((account.acc_number, account.acc_holder_name), (f"anonymised {account.id}", False))
        self.assertFalse(account.active or "ABNA" in account.sanitized_acc_number)

    def test_orders_stay(self):
        order = self.order(self.person)
        self.anonymise()
        self.assertEqual(order.partner_id, self.person)

    def test_only_an_administrator_who_is_sure_does_it(self):
        manager = new_test_user(self.env, "boss-anonymise", "crm_contact_history.group_front_desk_manager")
        for user in (self.agus, manager, self.clerk):
            with self.assertRaises(AccessError):
                self.anonymise(user=user)
        with self.assertRaisesRegex(UserError, "cannot be undone"):
            self.anonymise(is_sure=False)
        self.assertEqual(self.person.name, NAME)

    def test_our_own_people_and_companies_cannot_be_anonymised(self):
        with self.assertRaisesRegex(UserError, "one of our own people"):
            self.anonymise(self.agus.partner_id)
        with self.assertRaisesRegex(UserError, "one of our own companies"):
            self.anonymise(self.env["res.company"].create({"name": "Elsewhere"}).partner_id)

    def test_the_privacy_look_up_finds_every_row_of_his(self):
        wizard = self.env["privacy.lookup.wizard"].create({"name": NAME, "email": EMAIL})
        wizard.action_lookup()
        listed = {(line.res_model, line.res_id) for line in wizard.line_ids}
        owner = self.car.owner_ids
        for record in (self.call, self.note, self.car, owner, self.service):
            self.assertIn((record._name, record.id), listed)

    def test_many_at_once(self):
        twin = self.env["res.partner"].create(
            {"name": NAME, "phone": PHONE, "category_id": [Command.create({"name": "x"})]}
        )
        self.anonymise(self.person | twin)
        self.assertFalse(twin.category_id or twin.phone or self.person.phone)
