from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .front_desk_common import FrontDeskCase


@tagged("post_install", "-at_install")
class TestFrontDesk(FrontDeskCase):
    def card(self, partner, user=None):
        return partner.with_user(user or self.agus).front_desk_card()

    def section(self, key, partner=None, user=None):
        sections = self.card(partner or self.siti, user)["sections"]
        return next((section["rows"] for section in sections if section["key"] == key), [])

    def test_the_card_says_who_he_is_and_how_to_reach_him(self):
        card = self.card(self.siti)
        self.assertEqual(
            (card["name"], card["phone"], card["email"]), (self.siti.name, self.siti.phone, self.siti.email)
        )
        self.assertEqual(self.card(self.rina)["company"], {"id": self.mill.id, "name": self.mill.display_name})
        self.assertTrue(self.card(self.mill)["has_contacts"])

    def test_the_card_says_who_does_not_want_to_be_called_or_mailed(self):
        card = self.card(self.siti)
        self.assertFalse(card["phone_refused"] or card["email_refused"])
        self.env["mail.blacklist"]._add(self.siti.email)
        self.env["phone.blacklist"]._add([self.siti.phone_sanitized])
        self.env.invalidate_all()
        card = self.card(self.siti)
        self.assertTrue(card["phone_refused"] and card["email_refused"])

    def test_the_card_tells_a_time_zone_that_differs_from_the_readers(self):
        self.agus.tz = "Asia/Jakarta"
        self.siti.tz = "Asia/Jakarta"
        self.assertIs(self.card(self.siti)["timezone"], False)
        self.siti.tz = "Europe/Amsterdam"
        self.assertEqual(self.card(self.siti)["timezone"], "Europe/Amsterdam")

    def test_the_card_lists_open_quotations_he_may_read(self):
        mine = self.order(user_id=self.agus.id)
        self.order(user_id=self.chief.id)
        lost = self.order(user_id=self.agus.id)
        lost._action_cancel()
        self.assertEqual([row["id"] for row in self.section("quotations")], [mine.id])

    def test_a_company_lists_what_is_open_with_its_people_and_a_person_his_own(self):
        order = self.order(self.rina, user_id=self.agus.id)
        self.order(self.mill, user_id=self.agus.id)
        self.assertEqual(len(self.section("quotations", self.mill)), 2)
        self.assertEqual([row["id"] for row in self.section("quotations", self.rina)], [order.id])

    def test_an_order_stays_on_the_card_until_it_is_invoiced(self):
        self.coffee.invoice_policy = "order"
        order = self.order(user_id=self.agus.id)
        order.action_confirm()
        [row] = self.section("orders")
        self.assertEqual(row["id"], order.id)
        self.assertIn("To Invoice", [state["label"] for state in row["states"]])
        order._create_invoices()
        self.assertEqual(self.section("orders"), [])

    def test_open_invoices_say_what_is_overdue_to_those_who_may_read_them(self):
        invoice = self.invoice(self.siti, due=-3)
        self.invoice(self.siti, due=10)
        rows = self.section("invoices", user=self.bookkeeper)
        self.assertEqual(rows[0]["id"], invoice.id)
        self.assertEqual([[state["label"] for state in row["states"]] for row in rows], [["Overdue"], []])
        self.assertEqual(self.section("invoices", user=self.clerk), [])

    def test_what_to_do_next_names_activities_of_his_documents_and_meetings(self):
        order = self.order(user_id=self.agus.id)
        yesterday = fields.Date.today() - timedelta(days=1)
        order.activity_schedule("mail.mail_activity_data_call", yesterday, "Ask", user_id=self.agus.id)
        meeting = {"name": "Tasting", "partner_ids": [(4, self.siti.id)], "user_id": self.agus.id}
        start = fields.Datetime.now() + timedelta(days=2)
        self.env["calendar.event"].create({**meeting, "start": start, "stop": start + timedelta(hours=1)})
        call, tasting = self.card(self.siti)["todo"]
        self.assertEqual((call["title"], call["is_overdue"], call["document"]), ("Ask", True, order.name))
        self.assertEqual((tasting["title"], tasting["model"]), ("Tasting", "calendar.event"))

    def test_what_others_have_to_do_on_documents_i_may_not_read_is_not_shown(self):
        order = self.order(user_id=self.chief.id)
        order.activity_schedule("mail.mail_activity_data_call", summary="Secret", user_id=self.chief.id)
        self.assertEqual(self.card(self.siti)["todo"], [])
        self.assertEqual([row["title"] for row in self.card(self.siti, self.chief)["todo"]], ["Secret"])

    def test_the_card_says_when_we_last_were_in_touch(self):
        order = self.order(user_id=self.agus.id)
        self.mail_to(self.siti, order)
        self.mail_from(self.siti, order)
        [last] = self.card(self.siti)["last_contacts"]
        self.assertEqual((last["channel"], last["label"], last["direction"]), ("email", "E-mail", "in"))

    def test_the_last_contact_i_may_not_read_is_not_told(self):
        self.mail_from(self.siti, self.order(user_id=self.chief.id))
        self.assertEqual(self.card(self.siti)["last_contacts"], [])
        self.assertTrue(self.card(self.siti, self.chief)["last_contacts"])

    def test_a_plain_employee_gets_a_card_without_orders_and_without_a_quotation_button(self):
        self.order()
        card = self.card(self.siti, self.clerk)
        self.assertEqual(card["sections"], [])
        methods = [button["method"] for button in card["buttons"]]
        self.assertIn("action_front_desk_open_contact", methods)
        self.assertNotIn("action_front_desk_new_quotation", methods)
        self.assertNotIn("action_front_desk_new_mail", methods)

    def test_every_button_answers_with_an_action(self):
        for button in self.card(self.siti)["buttons"]:
            action = getattr(self.siti.with_user(self.agus), button["method"])()
            self.assertEqual(action["type"], "ir.actions.act_window")

    def test_the_mail_button_writes_to_the_customer(self):
        action = self.siti.with_user(self.agus).action_front_desk_new_mail()
        composer = self.env["mail.compose.message"].with_user(self.agus).with_context(**action["context"])
        composer.create({"subject": "Hello", "body": "<p>Your coffee is ready</p>"})._action_send_mail()
        self.assertEqual([entry["title"] for entry in self.history(self.siti)], ["Hello"])

    def test_a_contact_who_is_gone_or_not_for_him_is_no_card(self):
        gone = self.env["res.partner"].create({"name": "Gone"})
        gone.unlink()
        self.assertIs(self.card(gone), False)
        self.siti.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaises(AccessError):
            self.card(self.siti)

    def test_the_customer_himself_gets_no_card_of_what_we_think_of_him(self):
        portal = new_test_user(self.env, "portal-history", "base.group_portal", email=self.siti.email)
        with self.assertRaises(AccessError):
            self.card(portal.partner_id, portal)

    def test_salespeople_are_front_desk_people(self):
        self.assertTrue(self.agus.has_group("crm_contact_history.group_front_desk"))
        self.assertFalse(self.clerk.has_group("crm_contact_history.group_front_desk"))

    def test_a_card_with_little_and_with_much_on_it_cost_the_same_queries(self):
        few, many = self.env["res.partner"].create([{"name": "Few"}, {"name": "Many"}])
        self.coffee.invoice_policy = "order"
        for partner, count in ((few, 1), (many, 5)):
            for number in range(count):
                quotation, order = self.order(partner), self.order(partner)
                order.action_confirm()
                quotation.activity_schedule("mail.mail_activity_data_call", user_id=self.chief.id)
                self.invoice(partner, due=number)
                self.mail_to(partner, partner)
        self.env["crm.touchpoint.channel"].search([])
        self.count_queries(lambda: self.card(few, self.chief))
        one = self.count_queries(lambda: self.card(few, self.chief))
        five = self.count_queries(lambda: self.card(many, self.chief))
        card = self.card(many, self.chief)
        self.assertEqual({section["key"]: len(section["rows"]) for section in card["sections"]}["quotations"], 5)
        self.assertEqual(five, one)
