from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ContactHistoryCase


@tagged("post_install", "-at_install")
class TestFrontDesk(ContactHistoryCase):
    def card(self, partner, user=None):
        return partner.with_user(user or self.agus).front_desk_card()

    def test_the_card_says_who_he_is_and_how_to_reach_him(self):
        card = self.card(self.siti)
        self.assertEqual(
            (card["name"], card["phone"], card["email"]), (self.siti.name, self.siti.phone, self.siti.email)
        )
        self.assertEqual(self.card(self.rina)["company"], {"id": self.mill.id, "name": self.mill.display_name})
        self.assertTrue(self.card(self.mill)["has_contacts"])

    def test_the_card_lists_open_quotations_and_orders_he_may_read(self):
        mine = self.order(user_id=self.agus.id)
        self.order(user_id=self.chief.id)
        lost = self.order(user_id=self.agus.id)
        lost._action_cancel()
        [section] = self.card(self.siti)["sections"]
        self.assertEqual([row["id"] for row in section["rows"]], [mine.id])

    def test_a_plain_employee_gets_a_card_without_orders_and_without_a_quotation_button(self):
        self.order()
        card = self.card(self.siti, self.clerk)
        self.assertEqual(card["sections"], [])
        self.assertEqual([button["method"] for button in card["buttons"]], ["action_front_desk_open_contact"])

    def test_every_button_answers_with_an_action(self):
        for button in self.card(self.siti)["buttons"]:
            action = getattr(self.siti.with_user(self.agus), button["method"])()
            self.assertEqual(action["type"], "ir.actions.act_window")

    def test_a_contact_who_is_gone_or_not_for_him_is_no_card(self):
        gone = self.env["res.partner"].create({"name": "Gone"})
        gone.unlink()
        self.assertIs(self.card(gone), False)
        self.siti.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaises(AccessError):
            self.card(self.siti)

    def test_salespeople_are_front_desk_people(self):
        self.assertTrue(self.agus.has_group("crm_contact_history.group_front_desk"))
        self.assertFalse(self.clerk.has_group("crm_contact_history.group_front_desk"))
