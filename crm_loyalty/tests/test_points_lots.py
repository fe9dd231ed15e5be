import random
from datetime import date

from odoo.addons.crm_loyalty.models.points_lots import Open, expiry_date, faults, settle
from odoo.tests import BaseCase, tagged


@tagged("post_install", "-at_install")
class TestPointsLots(BaseCase):
    def test_points_last_whole_months(self):
        for day, months, last in (
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2028, 1, 31), 1, date(2028, 2, 29)),
            (date(2026, 11, 30), 3, date(2027, 2, 28)),
            (date(2026, 5, 15), 24, date(2028, 5, 15)),
        ):
            self.assertEqual(expiry_date(day, months), last)

    def test_or_to_the_end_of_month_quarter_or_year(self):
        for rounding, last in (
            ("none", date(2027, 2, 10)),
            ("month", date(2027, 2, 28)),
            ("quarter", date(2027, 3, 31)),
            ("year", date(2027, 12, 31)),
        ):
            self.assertEqual(expiry_date(date(2026, 2, 10), 12, rounding), last)
        self.assertEqual(expiry_date(date(2026, 6, 30), 3, "quarter"), date(2026, 9, 30))

    def test_without_months_they_last_for_ever(self):
        self.assertIsNone(expiry_date(date(2026, 1, 31), 0, "year"))

    def test_nearest_expiry_is_spent_first_and_what_never_expires_last(self):
        lots = [Open(1, 5), Open(2, 5, date(2027, 1, 1)), Open(3, 5, date(2026, 1, 1))]
        self.assertEqual(settle([Open(9, 12)], lots), [(9, 3, 5), (9, 2, 5), (9, 1, 2)])

    def test_a_cancelled_order_takes_back_the_points_it_gave(self):
        lots = [Open(1, 5, date(2026, 1, 1)), Open(2, 5, date(2027, 1, 1), ("sale.order", 7))]
        self.assertEqual(settle([Open(9, 6, None, ("sale.order", 7))], lots), [(9, 2, 5), (9, 1, 1)])

    def test_what_is_owed_waits_for_the_next_credit(self):
        self.assertEqual(settle([Open(9, 6)], [Open(1, 4)]), [(9, 1, 4)])
        self.assertEqual(settle([Open(9, 2), Open(10, 3)], [Open(2, 4)]), [(9, 2, 2), (10, 2, 2)])

    def test_any_sequence_of_credits_and_debits_leaves_a_ledger_without_fault(self):
        chance = random.Random(4)
        for _ in range(50):
            entries, rows = [], []
            for number in range(1, 40):
                points = round(chance.uniform(-100, 100), 2) or 1.0
                entries.append((number, points))
                used = {one: sum(taken for *ends, taken in rows if one in ends) for one, _points in entries}
                left = [Open(one, round(abs(p) - used[one], 6), date(2027, 1, 1 + one % 28)) for one, p in entries]
                lots = [one for one, (_id, p) in zip(left, entries, strict=True) if p > 0 and one.points > 0]
                debts = [one for one, (_id, p) in zip(left, entries, strict=True) if p < 0 and one.points > 0]
                rows += settle(debts, lots)
                self.assertFalse(faults(entries, rows))

    def test_the_check_finds_faults(self):
        entries = [(1, 5), (2, -5), (3, -5)]
        self.assertFalse(faults(entries, [(2, 1, 5)]))
        self.assertIn("more than its points", faults(entries, [(2, 1, 5), (3, 1, 2)])[0])
        self.assertIn("are owed while", faults(entries, [(2, 1, 3)])[0])
        self.assertIn("takes", faults(entries, [(1, 2, 3)])[0])
