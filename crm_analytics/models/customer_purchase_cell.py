from odoo import api, fields, models
from odoo.tools import SQL

KEY = SQL("company_id, team_id, categ_id, with_below, cohort_month, month")
NO, NONE = SQL("NULL::bool"), SQL("NULL::int4")  # the team or category of cells that count with and without one
BOUGHT = SQL("COUNT(*) FILTER (WHERE orders > 0)")  # of rows of which a customer has one a month


class CustomerPurchaseCell(models.Model):
    """The cells of the cohort triangle: how many customers of a cohort bought in a month, and for how much.

    Always the sum of ``customer.purchase.month`` (cells without team and category: all purchases), of
    ``customer.purchase.team`` (a team's own triangle), of ``customer.purchase.category`` (that of a category) and of
    ``customer.purchase.branch`` (that of a category with those below it): each change of months adds what changed, in its
    own transaction. Two may change the same cell at once (one who merges
    contacts, and the scheduled count), so changes are rows of their own until the next count sums them up. **Who reads,
    says which team and which category, or none, and sums**: there may be several rows of a cell.
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
    categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        ondelete="cascade",
        readonly=True,
        help="Whose triangle it is a cell of; none: that of all categories.",
    )
    with_below = fields.Boolean(readonly=True, help="The triangle is that of the category and of all those below it.")
    cohort_month = fields.Date("Cohort", required=True, readonly=True)
    month = fields.Date(required=True, readonly=True)
    customers = fields.Integer(readonly=True, help="Who bought in the month. Money given back makes no customer.")
    amount = fields.Monetary("Amount without Taxes", readonly=True)

    # Serves the cohort triangle of a company, or of one of its teams or categories.
    _company_cohort_month_idx = models.Index("(company_id, team_id, categ_id, cohort_month, month)")
    # Serves the deletion of a team, whose cells go with it.
    _team_idx = models.Index("(team_id) WHERE team_id IS NOT NULL")
    # Serves the deletion of a category, likewise.
    _categ_idx = models.Index("(categ_id) WHERE categ_id IS NOT NULL")

    @api.model
    def _add(self, months, sign, team=NONE, categ=NONE, with_below=NO, customers=BOUGHT):
        """SQL: add months of customers to the cells, or take them away.

        :param SQL months: name of a set of rows of ``customer_purchase_month`` or another table of customers' months
        :param int sign: 1 or -1
        :param SQL team, categ: the columns with the team or the category of these rows
        :param SQL with_below: whether they are of the categories below, too
        :param SQL customers: of how many customers they are
        """
        return SQL(
            """
            INSERT INTO customer_purchase_cell (%(key)s, customers, amount)
            SELECT company_id, %(team)s, %(categ)s, %(with_below)s, cohort_month, month,
                   %(sign)s * %(customers)s, %(sign)s * SUM(amount)
              FROM %(months)s GROUP BY 1, 2, 3, 4, 5, 6
            """,
            key=KEY,
            team=team,
            categ=categ,
            with_below=with_below,
            sign=sign,
            customers=customers,
            months=months,
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
                            GROUP BY %(key)s
                           HAVING COUNT(*) > 1 OR (SUM(customers) = 0 AND SUM(amount) = 0))
                 RETURNING %(key)s, customers, amount
                )
                INSERT INTO customer_purchase_cell (%(key)s, customers, amount)
                SELECT %(key)s, SUM(customers), SUM(amount) FROM gone
                 GROUP BY %(key)s
                HAVING SUM(customers) <> 0 OR SUM(amount) <> 0
                """,
                key=KEY,
            )
        )
        self.invalidate_model()

    @api.model
    def _sum_all(self):
        """Make all cells anew from the months."""
        self.env.cr.execute(SQL("DELETE FROM customer_purchase_cell"))
        self.env.cr.execute(self._add(SQL("customer_purchase_month"), 1))
        self.env.cr.execute(self._add(SQL("customer_purchase_team"), 1, team=SQL("team_id")))
        for model in ("customer.purchase.category", "customer.purchase.branch"):
            self.env.cr.execute(self.env[model]._to_cells(SQL.identifier(self.env[model]._table), 1))
        self._sum_up()
