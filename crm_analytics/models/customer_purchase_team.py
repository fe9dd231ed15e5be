from odoo import api, fields, models
from odoo.tools import SQL


class CustomerPurchaseTeam(models.Model):
    """What a customer bought in a month through a sales team: one row per customer, company, team and month.

    Like ``customer.purchase.month``, each row carries its customer's *cohort*, here that within the team: the month of
    his first purchase through it, as if there were no other teams. So one team's triangle costs what that of all does.
    Purchases without a team have no row.
    """

    _name = "customer.purchase.team"
    _description = "Purchases of a Customer per Month and Sales Team"
    _order = "month DESC, id DESC"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="restrict", readonly=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    team_id = fields.Many2one("crm.team", "Sales Team", required=True, ondelete="restrict", readonly=True)
    month = fields.Date(required=True, readonly=True, help="First day of the month of purchase.")
    cohort_month = fields.Date(
        "Cohort",
        required=True,
        readonly=True,
        help="First day of the month of the customer's first purchase through this team.",
    )
    orders = fields.Integer(readonly=True, help="0 where money was only given back.")
    amount = fields.Monetary("Amount without Taxes", readonly=True)

    # Serves the recount of a customer, and the cohort matrix of several teams: customer by customer, nothing to be sorted.
    _partner_company_month_team_uidx = models.UniqueIndex(
        "(partner_id, company_id, month, team_id) INCLUDE (orders, amount)"
    )
    # Serves the dashboard filtered by sales team: its cohort matrix, and the customers of one of its cells.
    _cohort_idx = models.Index("(company_id, team_id, cohort_month, month) INCLUDE (partner_id)")

    @api.model
    def _recompute_customers(self, customers):
        """Sum up all months of some customers anew; a first purchase that moved moves the whole customer's cohort.

        :param customers: collection of tuples (customer's partner id, company id)
        """
        if not customers:
            return
        partners, companies = map(list, zip(*customers, strict=True))
        wanted = SQL("(partner_id, company_id) IN (SELECT * FROM UNNEST(%s::int4[], %s::int4[]))", partners, companies)
        self._delete_months(wanted)
        self._insert_months(wanted)
        self.invalidate_model()

    @api.model
    def _delete_months(self, where):
        """Delete the months given by an SQL condition, out of the cells of the cohort triangle, too."""
        self.env.cr.execute(
            SQL(
                "WITH gone AS (DELETE FROM customer_purchase_team WHERE %s RETURNING *) %s",
                where,
                self.env["customer.purchase.cell"]._add(SQL("gone"), -1, team=SQL("team_id")),
            )
        )

    @api.model
    def _insert_months(self, where):
        """Insert the months of the customers whose days are given by an SQL condition, which must name whole customers.

        The cohort is found as in ``customer.purchase.month``, team by team.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH came AS (
                INSERT INTO customer_purchase_team
                            (partner_id, company_id, team_id, month, cohort_month, orders, amount)
                SELECT partner_id, company_id, team_id, DATE_TRUNC('month', day)::date,
                       COALESCE(
                           MIN(CASE WHEN SUM(orders) > 0 THEN DATE_TRUNC('month', day)::date END) OVER customer,
                           MIN(DATE_TRUNC('month', day)::date) OVER customer
                       ),
                       SUM(orders), SUM(amount)
                  FROM customer_purchase
                 WHERE team_id IS NOT NULL AND %s
                 GROUP BY partner_id, company_id, team_id, DATE_TRUNC('month', day)::date
                WINDOW customer AS (PARTITION BY partner_id, company_id, team_id)
                RETURNING company_id, team_id, cohort_month, month, orders, amount)
                %s
                """,
                where,
                self.env["customer.purchase.cell"]._add(SQL("came"), 1, team=SQL("team_id")),
            )
        )
