from odoo import api, models
from odoo.tools import SQL

from ..cohorts import add_months


class RetentionDashboard(models.AbstractModel):
    """The triangle of customers of purchases whose first month is told nowhere: of several product categories, teams or
    companies together, of a category and a team.

    The months in which a customer bought are the bits of one number. So each customer is one row after one grouping, in
    whatever order his purchases are found, and customers who bought in the same months are one row after the next. A period
    by month has at most 60 of them (``LONGEST_PERIOD``), and the number has 63.
    """

    _inherit = "retention.dashboard"

    @api.model
    def _cohort_rows_of_bits(self, filters, period):
        """:returns: tuples for ``cohorts.build_matrix``, without amounts: those are no bits"""
        months = [add_months(period.first, number) for number in range(period.months)]
        calendar = SQL(", ").join(SQL("(%s::date, %s::int8)", month, 1 << bit) for bit, month in enumerate(months))
        return self.env.execute_query(
            SQL(
                """
                WITH calendar (month, bit) AS (VALUES %(calendar)s),
                     customer AS (
                         SELECT BIT_OR(calendar.bit) AS bits
                           FROM (%(facts)s) fact
                           LEFT JOIN calendar USING (month)
                          WHERE orders > 0
                          GROUP BY partner_id
                         HAVING MIN(month) >= %(first)s),
                     alike AS MATERIALIZED (SELECT bits, COUNT(*) AS customers FROM customer GROUP BY bits)
                SELECT cohort.month, calendar.month, SUM(customers)::int, NULL
                  FROM alike
                  JOIN calendar cohort ON cohort.bit = bits & -bits
                  JOIN calendar ON bits & calendar.bit <> 0
                 GROUP BY cohort.month, calendar.month
                """,
                calendar=calendar,
                facts=self._facts(filters, last=period.last),
                first=period.first,
            )
        )
