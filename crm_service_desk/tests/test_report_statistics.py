"""The figures of the reports against published ones."""

import math
from datetime import datetime, timedelta

from odoo.addons.crm_service_desk.report.intervals import is_few, mean_interval, t_quantile, wilson
from odoo.addons.crm_service_desk.report.pareto import pareto
from odoo.addons.crm_service_desk.report.working_time import WorkingTime, middle_and_ninth
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestIntervals(TransactionCase):
    def test_wilson_as_in_newcombe_1998(self):
        """Table I, method 3."""
        for hits, number, low, high in (
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0000, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ):
            found = wilson(hits, number)
            self.assertAlmostEqual(found[0], low, 4)
            self.assertAlmostEqual(found[1], high, 4)

    def test_wilson_of_all_is_that_of_none_upside_down_and_of_nothing_says_nothing(self):
        low, high = wilson(20, 20)
        self.assertEqual(high, 1.0)
        self.assertAlmostEqual(low, 1 - wilson(0, 20)[1], 12)
        self.assertEqual(wilson(0, 0), (0.0, 1.0))
        with self.assertRaises(ValueError):
            wilson(3, 2)

    def test_students_t_as_in_his_tables(self):
        for degrees, value in ((1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (10, 2.228), (30, 2.042), (120, 1.980)):
            self.assertAlmostEqual(t_quantile(0.975, degrees), value, 3)
        self.assertAlmostEqual(t_quantile(0.95, 5), 2.015, 3)

    def test_a_mean_as_in_student_1908(self):
        """Hours of sleep gained by one drug more than by the other: 1.58, in R's t.test from 0.7001142 to 2.4598858."""
        gained = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
        middle, low, high = mean_interval(gained)
        self.assertAlmostEqual(middle, 1.58, 12)
        self.assertAlmostEqual(low, 0.7001142, 6)
        self.assertAlmostEqual(high, 2.4598858, 6)

    def test_a_mean_stays_on_its_scale_and_one_answer_has_no_interval(self):
        self.assertEqual(mean_interval([7, 7, 1, 7], lowest=1, highest=7)[2], 7)
        self.assertEqual(mean_interval([4]), (4.0, None, None))
        self.assertEqual(mean_interval([]), (None, None, None))
        self.assertTrue(is_few(9) and not is_few(10))


@tagged("post_install", "-at_install")
class TestPareto(TransactionCase):
    def test_a_chart_as_in_the_manual_of_qcc(self):
        """R package qcc (L. Scrucca, R News 4/1 (2004) 11-17), pareto.chart: defects of orders."""
        defects = {"price code": 80, "schedule date": 27, "supplier code": 66, "contact num.": 94, "part num.": 33}
        bars = pareto(defects.items())
        self.assertEqual(
            [(bar.key, bar.value, round(100 * bar.cumulative, 2)) for bar in bars],
            [
                ("contact num.", 94, 31.33),
                ("price code", 80, 58.0),
                ("supplier code", 66, 80.0),
                ("part num.", 33, 91.0),
                ("schedule date", 27, 100.0),
            ],
        )
        self.assertEqual([bar.is_vital for bar in bars], [True, True, True, False, False])

    def test_nothing_counted_gives_no_bars_and_less_than_nothing_is_refused(self):
        self.assertEqual(pareto([("a", 0)]), [])
        with self.assertRaises(ValueError):
            pareto([("a", -1), ("b", 2)])

    def test_one_cause_is_all(self):
        [bar] = pareto([("a", 3)])
        self.assertEqual((bar.share, bar.cumulative, bar.is_vital), (1, 1, True))


@tagged("post_install", "-at_install")
class TestWorkingTime(TransactionCase):
    def test_only_working_hours_count(self):
        monday = datetime(2026, 11, 2)
        days = [
            (monday + timedelta(days=day, hours=begin), monday + timedelta(days=day, hours=end))
            for day in range(5)
            for begin, end in ((8, 12), (13, 17))
        ]
        time = WorkingTime(days)
        at = lambda day, hour: monday + timedelta(days=day, hours=hour)  # noqa: E731
        self.assertEqual(time.between(at(0, 11), at(0, 14)), 2)
        self.assertEqual(time.between(at(0, 16), at(1, 9)), 2)
        self.assertEqual(time.between(at(4, 16), at(9, 16)), 1, "nothing is known of the week after")
        self.assertEqual(time.between(at(-3, 0), at(0, 9)), 1)
        self.assertEqual(WorkingTime([]).between(at(0, 0), at(1, 0)), 0)

    def test_median_and_ninth_tenth_are_those_of_the_database(self):
        for values in ([3], [1, 2], [5, 1, 4, 2, 9, 7, 3], [math.sqrt(n) for n in range(100)]):
            self.env.cr.execute(
                "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v), percentile_cont(0.9) WITHIN GROUP (ORDER BY v)"
                " FROM unnest(%s::float8[]) v",
                [values],
            )
            for found, expected in zip(middle_and_ninth(values), self.env.cr.fetchone(), strict=True):
                self.assertAlmostEqual(found, expected, 9)
        self.assertEqual(middle_and_ninth([]), (None, None))
