from datetime import date

from odoo.tests import tagged

from .test_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestAfterMerge(LedgerCase):
    """Orders of a contact who was merged go on on the card of the one who stayed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.merged = cls.club._enrol(cls.budi).card_id

    def merge(self, source=None, target=None):
        source, target = source or self.budi, target or self.siti
        self.env["base.partner.merge.automatic.wizard"]._merge((source | target).ids, target)
        self.env.invalidate_all()

    def balance(self, card=None):
        card = card or self.card
        return card.points, card.points_pending

    def test_a_cancelled_order_takes_back_from_the_card_that_has_the_points(self):
        order = self.confirmed(self.budi)
        self.merge()
        self.assertEqual(self.card.points, 10)
        order._action_cancel()
        self.assertEqual((self.card.points, self.merged.points), (0, 0))

    def test_points_spent_come_back_to_it_with_the_last_day_that_they_had(self):
        self.merged._book(30, "gift", "test/gift", expires_on=date(2031, 3, 31))
        order = self.quotation(self.budi)
        order._apply_program_reward(self.club.program_id.reward_ids, self.merged)
        order.action_confirm()
        self.merge()
        order._action_cancel()
        self.assertEqual((self.card.points, self.merged.points), (30, 0))
        [lot] = self.card._open_lots()[self.card]
        self.assertEqual(lot.expires_on, date(2031, 3, 31))

    def test_a_promise_is_kept_on_it(self):
        self.club.points_due = "paid"
        self.confirmed(self.budi)
        self.merge()
        self.assertEqual((self.balance(), self.balance(self.merged)), ((0, 10), (0, 0)))
        self.club.points_due = "confirmed"
        self.env["loyalty.card"]._release_after((0, 0))
        self.env.invalidate_all()
        self.assertEqual((self.balance(), self.balance(self.merged)), ((10, 0), (0, 0)))

    def test_a_promise_is_taken_back_from_it(self):
        self.club.points_due = "paid"
        order = self.confirmed(self.budi)
        self.merge()
        order._action_cancel()
        self.env.invalidate_all()
        self.assertEqual((self.balance(), self.balance(self.merged)), ((0, 0), (0, 0)))

    def test_after_a_second_merge_too(self):
        order = self.confirmed(self.budi)
        third = self.env["res.partner"].create({"name": "Siti R."})
        card = self.club._enrol(third).card_id
        self.merge()
        self.merge(self.siti, third)
        self.assertEqual((self.merged | self.card).merged_into_id, card)
        order._action_cancel()
        self.assertEqual((card.points, self.card.points, self.merged.points), (0, 0, 0))

    def test_a_quotation_made_before_is_booked_on_it(self):
        order = self.quotation(self.budi)
        self.merge()
        order.action_confirm()
        self.assertEqual((self.card.points, self.merged.points), (10, 0))

    def test_a_quotation_that_spends_can_be_confirmed_when_the_points_are_there(self):
        self.merged._book(30, "gift", "test/gift")
        order = self.quotation(self.budi)
        order._apply_program_reward(self.club.program_id.reward_ids, self.merged)
        self.merge()
        order.action_confirm()
        self.assertEqual(self.merged.points, 0)
        self.assertBalanced()
