from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestAdjust(LedgerCase):
    def adjust(self, change, reason="Coffee was cold", user=None):
        wizard = self.env["loyalty.points.wizard"].with_user(user or self.manager)
        return wizard.create({"card_id": self.card.id, "change": change, "reason": reason}).action_apply()

    def update_balance(self, balance, reason="Coffee was cold", user=None):
        wizard = self.env["loyalty.card.update.balance"].with_user(user or self.sales_manager)
        return wizard.create(
            {"card_id": self.card.id, "new_balance": balance, "description": reason}
        ).action_update_card_point()

    def test_a_manager_adjusts_with_a_reason(self):
        self.adjust(25)
        entry = self.entries()
        self.assertEqual((entry.kind, entry.points, entry.reason, entry.user_id), (
            "adjust", 25, "Coffee was cold", self.manager))  # fmt: skip

    def test_without_a_reason_it_is_refused(self):
        for reason in ("", "   ", None, 5):
            with self.assertRaisesRegex(UserError, "reason"):
                self.card.with_user(self.manager).adjust_points(5, reason)
        with self.assertRaisesRegex(UserError, "reason"):
            self.update_balance(25, reason="  ")

    def test_no_more_is_taken_than_there_is(self):
        self.adjust(10)
        with self.assertRaisesRegex(UserError, "only"):
            self.adjust(-11)

    def test_a_salesperson_or_clerk_does_not_adjust(self):
        for user in (self.seller, self.clerk, self.employee):
            with self.assertRaises(AccessError):
                self.card.with_user(user).adjust_points(5, "I like him")
        with self.assertRaisesRegex(AccessError, "club manager"):
            self.update_balance(1000, user=self.seller)
        self.assertEqual(self.card.points, 0)

    def test_cores_own_wizard_goes_the_same_way(self):
        self.update_balance(25)
        self.assertEqual(self.booked(), [("adjust", 25)])
        self.assertEqual(self.entries().reason, "Coffee was cold")
        self.assertEqual(self.card.history_ids.issued, 25)

    def test_the_cap_holds_for_a_person_and_a_day_whichever_way_he_takes(self):
        self.club.adjustment_cap = 100
        self.adjust(60)
        self.adjust(-20)
        with self.assertRaisesRegex(UserError, "20 more points.*limit is 100"):
            self.adjust(21)
        self.adjust(20)
        with self.assertRaisesRegex(UserError, "0 more points"):
            self.adjust(1)
        self.adjust(30, user=self.sales_manager)
        with self.assertRaisesRegex(UserError, "70 more points"):
            self.update_balance(1000)

    def test_giving_cards_away_counts_too(self):
        self.club.adjustment_cap = 100
        wizard = self.env["loyalty.generate.wizard"].with_user(self.sales_manager)
        values = {"program_id": self.club.program_id.id, "coupon_qty": 5, "points_granted": 30}
        with self.assertRaisesRegex(UserError, "limit is 100"):
            wizard.create(values).generate_coupons()
        wizard.create({**values, "coupon_qty": 3}).generate_coupons()
        with self.assertRaisesRegex(UserError, "10 more points"):
            self.adjust(11, user=self.sales_manager)

    def test_the_same_key_adjusts_once(self):
        card = self.card.with_user(self.manager)
        first = card.adjust_points(5, "Import", idempotency_key="import-0001")
        self.assertEqual(card.adjust_points(5, "Import", idempotency_key="import-0001"), first)
        self.assertEqual(self.card.points, 5)

    def test_a_key_that_is_none_is_refused_with_a_sentence(self):
        for key in ("", "short", ["x"], 12345678, True, "x" * 65):
            with self.assertRaisesRegex(UserError, "key of its own"):
                self.card.with_user(self.manager).adjust_points(5, "Import", idempotency_key=key)
