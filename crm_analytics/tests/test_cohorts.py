from datetime import date

from odoo.tests import BaseCase, tagged

from ..cohorts import add_months, all_cohorts, build_matrix, months_between

JAN, FEB, MAR, APR = (date(2025, month, 1) for month in range(1, 5))


@tagged("post_install", "-at_install")
class TestCohorts(BaseCase):
    """The arithmetic of cohorts, without a database."""

    def test_months_are_counted_across_years(self):
        self.assertEqual(months_between(date(2024, 11, 30), date(2025, 2, 1)), 3)
        self.assertEqual(add_months(date(2024, 11, 30), 3), FEB)
        self.assertEqual(add_months(JAN, -1), date(2024, 12, 1))

    def test_retention_is_the_share_of_the_cohort_who_bought(self):
        [cohort] = build_matrix([(JAN, JAN, 8, None), (JAN, FEB, 2, None)], last_month=FEB, running_month=APR)
        self.assertEqual(cohort["size"], 8)
        self.assertEqual([cell["retention"] for cell in cohort["cells"]], [1.0, 0.25])

    def test_a_month_in_which_nobody_came_back_is_a_cell_with_zero(self):
        [cohort] = build_matrix([(JAN, JAN, 8, None), (JAN, MAR, 4, None)], last_month=MAR, running_month=APR)
        self.assertEqual([cell["customers"] for cell in cohort["cells"]], [8, 0, 4])

    def test_the_month_of_today_is_marked_as_incomplete(self):
        [cohort] = build_matrix([(JAN, JAN, 8, None)], last_month=MAR, running_month=MAR)
        self.assertEqual([cell["incomplete"] for cell in cohort["cells"]], [False, False, True])

    def test_a_cohort_that_begins_later_has_fewer_months(self):
        first, second = build_matrix([(MAR, APR, 1, None), (MAR, MAR, 2, None), (JAN, JAN, 8, None)], APR, APR)
        self.assertEqual([cell["month"] for cell in first["cells"]], [JAN, FEB, MAR, APR])
        self.assertEqual([(cell["month"], cell["customers"]) for cell in second["cells"]], [(MAR, 2), (APR, 1)])
        self.assertEqual(build_matrix([], APR, APR), [])

    def test_months_are_named_as_one_wants(self):
        [cohort] = build_matrix([(MAR, MAR, 8, None)], last_month=APR, running_month=APR, told=str)
        self.assertEqual((cohort["month"], cohort["cells"][1]["month"]), ("2025-03-01", "2025-04-01"))

    def test_all_cohorts_together_weigh_by_size_and_leave_out_incomplete_months(self):
        rows = [(JAN, JAN, 30, None), (JAN, FEB, 6, None), (FEB, FEB, 10, None), (FEB, MAR, 9, None)]
        cohorts = build_matrix(rows, last_month=MAR, running_month=MAR)
        self.assertEqual(
            [(cell["age"], cell["size"], cell["customers"]) for cell in all_cohorts(cohorts)],
            [(0, 40, 40), (1, 30, 6)],
        )

    def test_quarters_are_cells_of_three_months(self):
        rows = [(JAN, JAN, 8, 10.0), (JAN, APR, 4, 5.0)]
        [cohort] = build_matrix(rows, last_month=APR, running_month=APR, step=3)
        self.assertEqual(
            [(cell["month"], cell["age"], cell["customers"]) for cell in cohort["cells"]], [(JAN, 0, 8), (APR, 1, 4)]
        )
        self.assertEqual([cell["incomplete"] for cell in cohort["cells"]], [False, True])

    def test_a_month_or_any_later_one_counts_who_bought_last_then_or_later(self):
        rows = [(JAN, JAN, 3, 10.0), (JAN, APR, 5, 4.0)]
        [cohort] = build_matrix(rows, last_month=APR, running_month=date(2025, 5, 1), later=True)
        self.assertEqual(
            [(cell["customers"], cell["amount"]) for cell in cohort["cells"]], [(8, 14.0), (5, 4.0), (5, 4.0), (5, 4.0)]
        )
