from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .test_ledger_lots import LotCase


@tagged("post_install", "-at_install")
class TestLiability(LotCase):
    def line(self, day=None):
        wizard = self.env["loyalty.liability.wizard"].with_user(self.manager).create({"date": day or self.today})
        wizard.action_compute()
        return wizard.line_ids.filtered(lambda line: line.program_id == self.club.program_id)

    def test_points_by_state_and_what_they_are_worth(self):
        self.club.expected_breakage = 20
        self.lot(100, 45), self.lot(50, 80), self.lot(30, 5), self.lot(200, 400)
        self.spend(20)
        line = self.line()
        self.assertEqual((line.available, line.balance, line.issued, line.redeemed), (360, 360, 380, 20))
        self.assertEqual((line.in_30, line.in_60, line.in_90), (10, 110, 160))
        self.assertEqual((line.point_value, line.gross_value, line.liability), (1, 360, 288))
        self.assertAlmostEqual(line.redemption_rate, 100 * 20 / 380, 2)

    def test_what_is_pending_is_owed_to_members_too(self):
        self.club.points_due = "delivered"
        self.confirmed()
        line = self.line()
        self.assertEqual((line.available, line.pending, line.liability), (0, 10, 10))

    def test_what_members_owe_is_no_asset(self):
        other = self.club._enrol(self.budi).card_id
        self.lot(10, 30)
        other._book(-4, "reverse", "note")
        line = self.line()
        self.assertEqual((line.available, line.owed, line.balance, line.liability), (10, 4, 6, 10))

    def test_the_report_of_an_earlier_day_does_not_know_what_came_later(self):
        with freeze_time(fields.Datetime.now() - timedelta(days=10)):
            self.lot(100, 45)
        with freeze_time(fields.Datetime.now() - timedelta(days=5)):
            self.spend(30)
        self.lot(7, 45)
        self.assertFalse(self.line(self.today - timedelta(days=12)))
        self.assertEqual(self.line(self.today - timedelta(days=7)).available, 100)
        self.assertEqual(self.line(self.today - timedelta(days=2)).available, 70)
        self.assertEqual(self.line().available, 77)

    def test_an_earlier_day_knows_neither_what_expired_nor_what_became_available_later(self):
        self.club.points_due = "delivered"
        self.siti._running_memberships().date_start = self.today - timedelta(days=30)
        with freeze_time(fields.Datetime.now() - timedelta(days=10)):
            self.lot(100, -4)  # good until four days ago
            order = self.confirmed()
            order.order_line.qty_delivered = 0
        self.env["loyalty.ledger.entry"]._expire_batch(self.company, self.today, (fields.Date.to_date("0001-01-01"), 0))
        order.order_line.qty_delivered = 1
        with self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_points_release").method_direct_trigger()
        self.env.invalidate_all()
        line = self.line(self.today - timedelta(days=7))
        self.assertEqual((line.available, line.pending, line.expired, line.in_30), (100, 10, 0, 100))

    def test_expired_and_taken_back_points_stand_apart(self):
        self.lot(10, -1)
        self.env["loyalty.ledger.entry"]._expire_batch(self.company, self.today, (fields.Date.to_date("0001-01-01"), 0))
        self.env.invalidate_all()
        self.confirmed()._action_cancel()
        line = self.line()
        self.assertEqual((line.expired, line.reversed, line.balance), (10, 10, 0))

    def test_only_a_manager_sees_it(self):
        with self.assertRaises(AccessError):
            self.env["loyalty.liability.wizard"].with_user(self.clerk).action_open()
