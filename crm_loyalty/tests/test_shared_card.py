from odoo.tests import tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestSharedCard(ClubCase):
    """A company and its contacts are one member with one card."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.membership = cls.club._enrol(cls.textile, tier=cls.silver)
        cls.card = cls.membership.card_id

    def test_a_contact_has_the_discount_of_the_company(self):
        self.assertPrice(self.quotation(self.rina), 90)

    def test_the_points_of_a_contact_go_to_the_card_of_the_company(self):
        order = self.quotation(self.rina)
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual(self.card.points, 9)
        self.assertFalse(self.env["loyalty.card"].search([("partner_id", "=", self.rina.id)]))
        self.assertEqual(self.env["loyalty.card"].search([("program_id", "=", self.club.program_id.id)]), self.card)
        self.assertEqual(self.card.history_ids.issued, 9)

    def test_a_salesperson_confirms_it_too(self):
        order = self.quotation(self.rina, user_id=self.seller.id).with_user(self.seller)
        order.order_line[0].product_uom_qty = 2
        order.action_confirm()
        self.assertEqual(self.card.points, 18)

    def test_a_contact_spends_the_points_of_the_company(self):
        self.card.points = 30
        order = self.quotation(self.rina)
        self.assertIn(self.card, order._get_claimable_rewards())
        order._apply_program_reward(self.club.program_id.reward_ids, self.card)
        order._update_programs_and_rewards()
        self.assertPrice(order, 60)
        order.action_confirm()
        self.assertPrice(order, 60)
        self.assertEqual(self.card.points, 9)  # thirty spent; nine earned: core earns on what is paid in points, too

    def test_cancelling_takes_the_points_back(self):
        order = self.quotation(self.rina)
        order.action_confirm()
        order._action_cancel()
        self.assertEqual(self.card.points, 0)

    def test_working_on_a_confirmed_order_books_nothing_twice(self):
        order = self.quotation(self.rina)
        order.action_confirm()
        order._update_programs_and_rewards()
        self.assertEqual(self.card.points, 9)
        self.assertEqual(
            order.coupon_point_ids.coupon_id.filtered(lambda c: c.program_id == self.club.program_id), self.card
        )

    def test_a_club_of_persons_does_not_share(self):
        self.membership._end("changed")
        self.club.member_level = "person"
        self.club._enrol(self.textile, tier=self.silver)
        self.assertPrice(self.quotation(self.textile), 90)
        self.assertPrice(self.quotation(self.rina), 100)

    def test_a_contact_that_leaves_the_company_loses_it(self):
        order = self.quotation(self.rina)
        self.rina.parent_id = False
        order.action_confirm()
        self.assertPrice(order, 100)
        self.assertEqual(self.card.points, 0)
