from odoo.tests import HttpCase, new_test_user, tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestTour(ClubCase, HttpCase):
    def test_a_salesperson_enrols_a_customer_and_quotes_with_the_discount(self):
        self.siti.name = "Siti of the tour"
        self.coffee.name = "Coffee of the tour"
        self.start_tour(f"/odoo/contacts/{self.siti.id}", "crm_loyalty_enrol_and_quote", login="seller")
        order = self.env["sale.order"].search([("partner_id", "=", self.siti.id)])
        self.assertEqual(order.order_line.reward_id, self.green.program_id.reward_ids)
        self.assertEqual(order.member_card_code, self.siti._running_memberships().card_code)

    def test_a_salesperson_identifies_by_card_and_redeems_points(self):
        self.green.discount = 0
        self.siti.name = "Siti of the tour"
        self.coffee.name = "Coffee of the tour"
        for customer, number in ((self.siti, "0440000000016"), (self.budi, "0440000000024")):
            card = self.club._enrol(customer).card_id
            card.code = number
            card._book(60, "gift", f"tour/{number}")
        self.start_tour("/odoo/orders", "crm_loyalty_redeem_points", login="seller")
        order = self.env["sale.order"].search([("partner_id", "=", self.siti.id)])
        self.assertPrice(order, 75)
        self.assertEqual(sum(order.order_line.mapped("points_cost")), 25)

    def test_the_manager_reads_the_tiers_club_by_club(self):
        self.make_club("Teh Dago Club", tiers=(("Leaf", 4), ("Bud", 2)))
        self.start_tour("/odoo/tiers", "crm_loyalty_tiers_by_club", login=self.manager.login)


@tagged("post_install", "-at_install")
class TestPhoneTour(ClubCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_customer_shows_the_card_and_looks_at_his_points(self):
        new_test_user(self.env, "siti", "base.group_portal", partner_id=self.siti.id)
        card = self.club._enrol(self.siti, tier=self.gold).card_id
        for number in range(25):
            card._book(number + 1, "gift", f"tour/{number}")
        self.start_tour("/my/clubs", "crm_loyalty_portal_card", login="siti")
