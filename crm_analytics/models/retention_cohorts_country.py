from itertools import pairwise

from odoo import api, models
from odoo.tools import SQL

MANY = 100_000  # contacts; more than that are not counted to learn which side is the smaller


class RetentionDashboard(models.AbstractModel):
    """The triangle of the customers of some countries.

    Most shops sell in one country above all: its triangle is that of all customers, which is stored, less that of the few
    others. So the smaller side is counted, whichever it is, and nothing is stored that a contact's move would make wrong.
    """

    _inherit = "retention.dashboard"

    @api.model
    def _is_of_countries(self, filters):
        """Whether customers are filtered by their country and nothing else."""
        return bool(filters.country_ids) and not (filters.grade_ids or filters.segments)

    @api.model
    def _cohort_rows_of_countries(self, filters, period, category):
        """One statement; PostgreSQL leaves out the branch whose condition does not hold.

        :param category: see ``_category_months``
        :returns: tuples for ``cohorts.build_matrix``
        """
        everywhere = filters._replace(country_ids=())
        facts = self._select_told(everywhere, period, category)
        self.env["res.partner"].flush_model(["country_id"])
        # Which customers are meant is no secret to who sees their purchases, hence past the rules of contacts.
        theirs = SQL("country_id IN %s", filters.country_ids)
        amount = SQL("SUM(amount)") if filters.cohort_metric == "revenue" else SQL("NULL")
        by_theirs = SQL(
            "partner_id IN (SELECT id FROM res_partner WHERE %s) AND NOT (SELECT is_others FROM smaller)", theirs
        )
        by_others = SQL("partner_id IN (SELECT id FROM others) AND (SELECT is_others FROM smaller)")
        return self._matrix_rows(
            filters,
            SQL(
                """
                WITH theirs AS MATERIALIZED (SELECT id FROM res_partner WHERE %(theirs)s LIMIT %(many)s),
                     others AS MATERIALIZED (SELECT id FROM res_partner WHERE %(others)s LIMIT %(many)s),
                     smaller AS MATERIALIZED (
                         SELECT (SELECT COUNT(*) FROM others) < (SELECT COUNT(*) FROM theirs) AS is_others)
                SELECT cohort_month, month, SUM(customers) AS customers, SUM(amount) AS amount
                  FROM (
                        SELECT * FROM (%(stored)s) stored
                         UNION ALL
                        SELECT cohort_month, month, -customers, -amount FROM (%(of_others)s) of_others
                       ) without_others
                 WHERE (SELECT is_others FROM smaller)
                 GROUP BY cohort_month, month
                HAVING SUM(customers) <> 0 OR SUM(amount) <> 0
                 UNION ALL
                %(of_theirs)s
                """,
                many=MANY + 1,
                theirs=theirs,
                others=other_countries(sorted(filters.country_ids)),
                stored=self._select_cells(everywhere, period, category),
                # With amounts in any case: a cell without them may be one of nobody.
                of_others=self._select_cohorts(period, facts, SQL("SUM(amount)"), by_others),
                of_theirs=self._select_cohorts(period, facts, amount, by_theirs),
            ),
        )


def other_countries(ids):
    """:returns: SQL: all but these countries, or none, as ranges, which an index can find"""
    ranges = [SQL("country_id IS NULL"), SQL("country_id < %s", ids[0]), SQL("country_id > %s", ids[-1])]
    ranges += [SQL("country_id > %s AND country_id < %s", *two) for two in pairwise(ids)]
    return SQL("(%s)", SQL(" OR ").join(ranges))
