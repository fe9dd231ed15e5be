from odoo import Command
from odoo.tests import Form, tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestOrderBanner(ClubCase):
    """Issue 4: who the member is, his points, what he can have for them, at the head of the order."""

    def facts(self, order):
        [facts] = order.member_banner
        return facts

    def test_it_tells_member_club_tier_card_and_points(self):
        membership = self.club._enrol(self.siti, tier=self.gold)
        membership.card_id._book(60, "gift", "test/a")
        facts = self.facts(self.quotation(self.siti))
        told = [facts[name] for name in ("member", "club", "tier", "card", "points", "pending", "redeemed")]
        self.assertEqual(told, ["Siti", "Kopi Braga Club", "Gold", membership.card_code, "60 Points", False, False])

    def test_a_draft_tells_it_as_soon_as_the_customer_is_chosen(self):
        self.club._enrol(self.siti)
        form = Form(self.env["sale.order"].with_user(self.seller))
        self.assertFalse(form.member_banner)
        form.partner_id = self.siti
        self.assertEqual(form.member_banner[0]["club"], "Kopi Braga Club")

    def test_somebody_else_has_none(self):
        self.club._enrol(self.siti)
        self.assertFalse(self.quotation(self.budi).member_banner)

    def test_pending_points_stand_apart(self):
        self.club.points_due = "paid"
        self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti)
        order.action_confirm()
        order.invalidate_recordset()
        facts = self.facts(order)
        self.assertEqual((facts["points"], facts["pending"]), ("0 Points", "8.50 Points"))

    def test_the_best_reward_is_the_one_that_saves_most(self):
        self.club._enrol(self.siti, tier=self.gold).card_id._book(60, "gift", "test/a")
        order = self.quotation(self.siti)
        self.assertIn("60 Points are worth", self.facts(order)["reward"])
        self.assertIn("60.00", self.facts(order)["reward"])
        cake = self.env["product.product"].create({"name": "Cake", "list_price": 70})
        self.club.program_id.reward_ids = [
            Command.create({"reward_type": "product", "reward_product_id": cake.id, "required_points": 50})
        ]
        order.invalidate_recordset()
        self.assertIn("Cake", self.facts(order)["reward"])
        self.assertIn("50 Points", self.facts(order)["reward"])

    def test_a_reward_that_he_cannot_have_yet_is_not_told(self):
        self.club._enrol(self.siti).card_id._book(60, "gift", "test/a")
        self.club.program_id.reward_ids.required_points = 100
        self.assertFalse(self.facts(self.quotation(self.siti))["reward"])

    def test_it_is_worth_no_more_than_the_order(self):
        self.club._enrol(self.siti).card_id._book(500, "gift", "test/a")
        reward = self.facts(self.quotation(self.siti))["reward"]
        self.assertIn("95.00", reward)
        self.assertIn("95 Points", reward)

    def test_what_is_redeemed_here_is_told_and_offered_no_more(self):
        card = self.club._enrol(self.siti).card_id
        card._book(60, "gift", "test/a")
        order = self.quotation(self.siti)
        order._redeem_points(self.club.program_id.reward_ids, card, 40)
        order.invalidate_recordset()
        self.assertEqual((self.facts(order)["redeemed"], self.facts(order)["reward"]), ("40 Points", False))

    def test_of_two_clubs_the_best_comes_first(self):
        self.club._enrol(self.siti)
        other = self.make_club("Klub Teh", tiers=(("Leaf", 20),))
        other.tier_ids.sequence = 0
        other._enrol(self.siti)
        banner = self.quotation(self.siti).member_banner
        self.assertEqual([facts["club"] for facts in banner], ["Klub Teh", "Kopi Braga Club"])

    def test_what_is_missing_to_the_next_tier_is_told(self):
        self.club.write({"qualification_metric": "spend", "qualification_period": "rolling"})
        self.silver.threshold, self.gold.threshold = 500, 1000
        self.club._enrol(self.siti)
        self.assertRegex(self.facts(self.quotation(self.siti))["progress"], "500.* to Silver")
