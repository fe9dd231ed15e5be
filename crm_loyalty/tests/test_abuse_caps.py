from odoo.tests import new_test_user, tagged

from .test_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestCaps(LedgerCase):
    """Orders of 100 earn 10 points, up to the limits of the club."""

    def order_of(self, user, partner=None, price=100):
        order = self.quotation(partner or self.siti, price=price, user_id=user.id).with_user(user)
        order.action_confirm()
        return order

    def test_an_order_earns_no_more_than_the_limit(self):
        self.club.points_cap_order = 8
        order = self.confirmed()
        self.assertEqual((self.booked(), self.card.points), ([("earn", 8)], 8))
        self.assertEqual(order.coupon_point_ids.points, 8)  # what core tells the customer
        self.assertEqual(self.card.history_ids.issued, 8)

    def test_nobody_says_from_outside_that_the_limit_does_not_hold(self):
        self.club.points_cap_order = 8
        order = self.quotation(self.siti).with_context(loyalty_points_uncapped=True)
        order.action_confirm()
        self.assertEqual(self.card.points, 8)

    def test_a_tier_that_collects_more_keeps_to_the_limit_too(self):
        self.gold.points_multiplier = 3
        self.club.points_cap_order = 25
        self.confirmed()
        self.assertEqual(self.card.points, 25)
        self.assertIn("5 Points above the limit", self.entries().reason)

    def test_what_exceeds_is_said_in_the_ledger_and_on_the_order(self):
        self.club.points_cap_order = 8
        order = self.confirmed()
        self.assertIn("2 Points above the limit of Kopi Braga Club not credited", self.entries().reason)
        self.assertIn("2 Points above the limit", order.message_ids[0].body + order.message_ids[1].body)

    def test_an_order_within_the_limit_says_nothing(self):
        self.club.points_cap_order = 10
        order = self.confirmed()
        self.assertEqual(self.entries().reason, order.name)
        self.assertFalse(order.message_ids.filtered(lambda message: "limit" in (message.body or "")))

    def test_a_card_earns_no_more_on_a_day(self):
        self.club.points_cap_day = 25
        for _order in range(4):
            self.confirmed()
        self.assertEqual([points for _kind, points in self.booked()], [10, 10, 5])
        other = self.club._enrol(self.budi).card_id
        self.confirmed(self.budi)
        self.assertEqual(other.points, 10)

    def test_a_cancelled_order_uses_up_nothing_of_the_day(self):
        self.club.points_cap_day = 10
        self.confirmed()._action_cancel()
        self.confirmed()
        self.assertEqual(self.card.points, 10)

    def test_pending_points_count_too(self):
        self.club.write({"points_cap_day": 15, "points_due": "paid"})
        self.confirmed(), self.confirmed()
        self.env.invalidate_all()
        self.assertEqual((self.card.points, self.card.points_pending), (0, 15))

    def test_the_contacts_of_a_company_share_the_limit_of_its_card(self):
        self.club.points_cap_day = 15
        card = self.club._enrol(self.textile).card_id
        self.confirmed(self.textile), self.confirmed(self.rina)
        self.assertEqual(card.points, 15)

    def test_a_colleague_credits_no_more_on_a_day_whoever_the_customers_are(self):
        self.club.points_cap_staff = 15
        other = self.club._enrol(self.budi).card_id
        second = new_test_user(self.env, "second", "sales_team.group_sale_salesman")
        self.order_of(self.seller), self.order_of(self.seller, self.budi)
        self.assertEqual((self.card.points, other.points), (10, 5))
        self.order_of(second, self.budi)
        self.assertEqual(other.points, 15)

    def test_what_the_website_or_a_job_confirms_is_nobodys(self):
        self.club.points_cap_staff = 15
        self.confirmed(), self.confirmed()
        self.assertEqual(self.card.points, 20)

    def test_confirming_again_and_working_on_the_order_gives_no_more(self):
        self.club.points_cap_order = 8
        order = self.confirmed()
        order._update_programs_and_rewards()
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.card.points, 8)

    def test_a_credit_note_takes_back_of_what_was_given(self):
        self.club.points_cap_order = 8
        order = self.confirmed()
        given = order._given_by_order()[order.id][self.card]
        self.assertEqual([piece.points for piece in given.pieces_of_credit(0.5, order._piece)], [-4])

    def test_without_limits_nothing_is_asked_of_the_ledger(self):
        order = self.quotation(self.siti)
        with self.assertLogs("odoo.sql_db", "DEBUG") as log:
            order.action_confirm()
            self.env.flush_all()
        self.assertFalse([line for line in log.output if "points + pending" in line or "SET id = id" in line])
