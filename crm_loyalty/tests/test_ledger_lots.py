from datetime import date, timedelta

from odoo.addons.crm_loyalty.models import loyalty_ledger_expiry
from odoo.addons.crm_loyalty.models.points_lots import faults
from odoo.tests import tagged
from odoo.tools import SQL

from .test_ledger import LedgerCase


class LotCase(LedgerCase):
    def lot(self, points, days, card=None):
        """A credit whose last day is so many days from now."""
        card = card or self.card
        return card._book(
            points, "gift", f"lot/{card.id}/{points}/{days}", expires_on=self.today + timedelta(days=days)
        )

    def spend(self, points):
        return self.card._book(-points, "redeem", f"spend/{points}/{len(self.entries())}")

    def left(self, card=None):
        return [(lot.points, lot.expires_on and (lot.expires_on - self.today).days) for lot in (
            (card or self.card)._open_lots()[card or self.card])]  # fmt: skip

    def tearDown(self):
        for card in self.env["loyalty.card"].search([("program_id", "=", self.club.program_id.id)]):
            entries = self.entries(card)
            rows = self.env["loyalty.ledger.allocation"].search([("lot_id", "in", entries.ids)])
            self.assertFalse(
                faults(
                    [(entry.id, entry.points) for entry in entries if entry.points],
                    [(row.entry_id.id, row.lot_id.id, row.points) for row in rows],
                )
            )
        super().tearDown()


@tagged("post_install", "-at_install")
class TestLots(LotCase):
    def test_what_is_earned_lasts_as_long_as_the_club_says(self):
        self.club.write({"points_months": 12, "points_rounding": "year"})
        self.confirmed()
        self.assertEqual(self.entries().expires_on, date(self.today.year + 1, 12, 31))

    def test_a_debit_names_its_lots_nearest_expiry_first(self):
        later, soon = self.lot(10, 90), self.lot(5, 30)
        self.spend(7)
        self.assertEqual(self.left(), [(8, 90)])
        rows = self.env["loyalty.ledger.allocation"].search([("lot_id", "in", (later | soon).ids)], order="id")
        self.assertEqual([(row.lot_id, row.points) for row in rows], [(soon, 5), (later, 2)])

    def test_an_entry_tells_what_is_left_of_it(self):
        lot = self.lot(10, 90)
        self.spend(7)
        self.assertEqual(lot.remaining, 3)

    def test_what_is_owed_is_cleared_by_the_next_credit(self):
        self.lot(5, 30)
        self.card._book(-8, "reverse", "note")
        self.assertEqual((self.card.points, self.left()), (-3, []))
        self.lot(10, 90)
        self.assertEqual((self.card.points, self.left()), (7, [(7, 90)]))

    def test_points_given_back_are_good_for_as_long_as_those_spent(self):
        self.lot(30, 40), self.lot(5, 80)
        order = self.quotation(self.siti)
        order._apply_program_reward(self.club.program_id.reward_ids, self.card)
        order.action_confirm()
        self.assertEqual(self.left(), [])
        order._action_cancel()
        self.assertEqual(self.left(), [(30, 40), (5, 80)])

    def test_spending_and_giving_back_again_and_again_makes_no_point_last_longer(self):
        self.lot(30, 40), self.lot(5, 80)
        order = self.quotation(self.siti)
        for _time in range(3):
            order._apply_program_reward(self.club.program_id.reward_ids, self.card)
            order.action_confirm()
            order._action_cancel()
            order.action_draft()
        self.assertEqual(self.left(), [(30, 40), (5, 80)])


@tagged("post_install", "-at_install")
class TestExpiry(LotCase):
    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_points_expire").method_direct_trigger()
        self.env.invalidate_all()

    def test_what_is_left_of_a_lot_expires_after_its_last_day(self):
        over = self.lot(10, -1)
        self.lot(5, 0)
        self.spend(4)
        self.run_cron()
        self.assertEqual((self.card.points, self.left()), (5, [(5, 0)]))
        entry = self.entries()[-1]
        self.assertEqual((entry.kind, entry.points, entry.source_key), ("expire", -6, f"expire/{over.id}"))

    def test_a_second_run_takes_nothing(self):
        self.lot(10, -1)
        self.run_cron()
        self.run_cron()
        self.assertEqual([kind for kind, _points in self.booked()], ["gift", "expire"])

    def test_a_lot_that_was_spent_does_not_expire(self):
        self.lot(10, -1)
        self.spend(10)
        self.run_cron()
        self.assertEqual(self.card.points, 0)
        self.assertEqual(len(self.entries()), 2)

    def test_several_lots_of_several_cards_expire_at_once(self):
        other = self.club._enrol(self.budi).card_id
        self.lot(10, -1), self.lot(20, -2), self.lot(5, -3, other), self.lot(7, 3, other)
        self.run_cron()
        self.assertEqual((self.card.points, other.points), (0, 7))

    def test_a_stopped_run_is_continued_by_the_next(self):
        cards = self.club._enrol(self.env["res.partner"].create([{"name": f"M{n}"} for n in range(5)])).card_id
        for card in cards:
            self.lot(10, -1, card)
        self.patch(loyalty_ledger_expiry, "EXPIRY_BATCH", 2)
        Cron = type(self.env["ir.cron"])
        self.patch(Cron, "_commit_progress", lambda cron, *args, **kwargs: 0)  # no time left after the first batch
        self.env["loyalty.ledger.entry"]._cron_expire()
        self.assertEqual(cards.mapped("points").count(0), 2)
        self.patch(Cron, "_commit_progress", lambda cron, *args, **kwargs: 60)
        self.env["loyalty.ledger.entry"]._cron_expire()
        self.assertEqual(cards.mapped("points"), [0] * 5)

    def test_one_lot_and_a_hundred_cost_the_same(self):
        def queries(count):
            partners = self.env["res.partner"].create([{"name": f"M{n}"} for n in range(count)])
            for card in self.club._enrol(partners).card_id:
                self.lot(10, -1, card)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["loyalty.ledger.entry"]._expire_batch(self.company, self.today, (date.min, 0))
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(1), queries(100))

    def test_a_batch_is_never_worked_off_by_comparing_each_lot_with_each(self):
        lots = [(number, number, 1.0) for number in range(1, loyalty_ledger_expiry.EXPIRY_BATCH + 1)]
        plan = self.env.execute_query(SQL("EXPLAIN %s", self.env["loyalty.ledger.entry"]._expire_query(lots)))
        self.assertFalse([line for (line,) in plan if "Join Filter" in line])


@tagged("post_install", "-at_install")
class TestReminder(LotCase):
    def setUp(self):
        super().setUp()
        self.siti.email = "siti@rahmawati.example"
        self.club.write({"points_months": 12, "reminder_days": 30})

    def remind(self):
        before = self.env["mail.mail"].search([])
        with self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_points_remind").method_direct_trigger()
        self.env.invalidate_all()
        return self.env["mail.mail"].search([]) - before

    def test_a_member_is_told_once_of_what_expires_soon(self):
        self.lot(10, 30), self.lot(5, 31), self.lot(3, 10)
        mail = self.remind()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.siti)
        self.assertIn("10 Points", mail.body_html)
        self.assertNotIn("5 Points<", mail.body_html)
        self.assertFalse(self.remind())

    def test_of_a_new_lot_he_is_told_again(self):
        self.lot(10, 30)
        self.remind()
        self.lot(4, 20)
        self.assertEqual(len(self.remind()), 1)

    def test_nobody_is_told_of_spent_points_or_without_an_address(self):
        self.lot(10, 30)
        self.spend(10)
        self.assertFalse(self.remind())
        self.siti.email = False
        self.lot(10, 29)
        self.assertFalse(self.remind())
