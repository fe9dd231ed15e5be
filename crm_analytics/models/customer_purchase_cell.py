from odoo import api, fields, models
from odoo.tools import SQL

COLUMNS = SQL("company_id, team_id, cohort_month, month, customers, amount")
ALL_PURCHASES = SQL("NULL::int4")  # the team of cells that count with and without a team


class CustomerPurchaseCell(models.Model):
    """The cells of the cohort triangle: how many customers of a cohort bought in a month, and for how much.

    Always the sum of ``customer.purchase.month`` (cells without a team: all purchases) and of ``customer.purchase.team``
    (a team's own triangle): each change of months adds what changed, in its own transaction. Two may change the same cell
    at once (one who merges contacts, and the scheduled count), so changes are rows of their own until the next count sums
    them up. **Who reads, says which team, or none, and sums**: there may be several rows of a cell.
    """

    _name = "customer.purchase.cell"
    _description = "Purchases of a Cohort per Month"
    _order = "company_id, cohort_month, month, id"
    _rec_name = "cohort_month"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        ondelete="cascade",
        readonly=True,
        help="Whose triangle it is a cell of; none: that of all purchases, with and without a team.",
    )
    cohort_month = fields.Date("Cohort", required=True, readonly=True)
    month = fields.Date(required=True, readonly=True)
    customers = fields.Integer(readonly=True, help="Who bought in the month. Money given back makes no customer.")
    amount = fields.Monetary("Amount without Taxes", readonly=True)

    # Serves the cohort triangle of a company, or of one of its teams, and the summing up of changes.
    _company_cohort_month_idx = models.Index("(company_id, team_id, cohort_month, month)")
    # Serves the deletion of a team, whose cells go with it.
    _team_idx = models.Index("(team_id) WHERE team_id IS NOT NULL")

    @api.model
    def _add(self, months, sign, team=ALL_PURCHASES):
        """SQL: add months of customers to the cells, or take them away.

        :param SQL months: name of a set of rows of ``customer_purchase_month`` or ``customer_purchase_team``
        :param int sign: 1 or -1
        :param SQL team: the column with the team of these rows
        """
        return SQL(
            """
            INSERT INTO customer_purchase_cell (%s)
            SELECT company_id, %s, cohort_month, month, %s * COUNT(*) FILTER (WHERE orders > 0), %s * SUM(amount)
              FROM %s GROUP BY 1, 2, 3, 4
            """,
            COLUMNS,
            team,
            sign,
            sign,
            months,
        )

    @api.model
    def _sum_up(self):
        """Make one row of the several rows of a cell. Only for the one who counts, see ``_lock_counting``."""
        self.env.cr.execute(
            SQL(
                """
                WITH gone AS (
                    DELETE FROM customer_purchase_cell
                     WHERE id IN (
                           SELECT UNNEST(ARRAY_AGG(id)) FROM customer_purchase_cell
                            GROUP BY company_id, team_id, cohort_month, month
                           HAVING COUNT(*) > 1 OR (SUM(customers) = 0 AND SUM(amount) = 0))
                 RETURNING %(columns)s
                )
                INSERT INTO customer_purchase_cell (%(columns)s)
                SELECT company_id, team_id, cohort_month, month, SUM(customers), SUM(amount) FROM gone
                 GROUP BY company_id, team_id, cohort_month, month
                HAVING SUM(customers) <> 0 OR SUM(amount) <> 0
                """,
                columns=COLUMNS,
            )
        )
        self.invalidate_model()

    @api.model
    def _sum_all(self):
        """Make all cells anew from the months."""
        self.env.cr.execute(SQL("DELETE FROM customer_purchase_cell"))
        self.env.cr.execute(self._add(SQL("customer_purchase_month"), 1))
        self.env.cr.execute(self._add(SQL("customer_purchase_team"), 1, team=SQL("team_id")))
        self._sum_up()
