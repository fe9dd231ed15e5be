from odoo import api, fields, models
from odoo.tools import SQL


class CustomerPurchaseTeam(models.Model):
    """What a customer bought in a month through a sales team: one row per customer, company, team and month.

    Like ``customer.purchase.month``, each row carries its customer's *cohort*, here that within the team: the month of
    his first purchase through it, as if there were no other teams. So one team's triangle costs what that of all does.
    Purchases without a team have no row.
    """

    _name = "customer.purchase.team"
    _inherit = "customer.purchase.months"
    _description = "Purchases of a Customer per Month and Sales Team"
    _order = "month DESC, id DESC"
    _rec_name = "partner_id"
    _log_access = False

    _MONTHS_KEY = ("partner_id", "company_id", "team_id", "month")

    team_id = fields.Many2one("crm.team", "Sales Team", required=True, ondelete="restrict", readonly=True)
    cohort_month = fields.Date(help="First day of the month of the customer's first purchase through this team.")

    # Serves the recount of a customer, and the cohort matrix of several teams: customer by customer, nothing to be sorted.
    _partner_company_month_team_uidx = models.UniqueIndex(
        "(partner_id, company_id, month, team_id) INCLUDE (orders, amount)"
    )
    # Serves the dashboard filtered by sales team: its cohort matrix, and the customers of one of its cells.
    _cohort_idx = models.Index("(company_id, team_id, cohort_month, month) INCLUDE (partner_id)")

    @api.model
    def _cells_of(self):
        return {"team": SQL("team_id")}

    @api.model
    def _select_months(self, where):
        """The cohort is found as in ``customer.purchase.month``, team by team."""
        return SQL(
            """
            SELECT partner_id, company_id, team_id, DATE_TRUNC('month', day)::date AS month,
                   COALESCE(
                       MIN(CASE WHEN SUM(orders) > 0 THEN DATE_TRUNC('month', day)::date END) OVER customer,
                       MIN(DATE_TRUNC('month', day)::date) OVER customer
                   ) AS cohort_month,
                   SUM(orders) AS orders, SUM(amount) AS amount
              FROM customer_purchase
             WHERE team_id IS NOT NULL AND %s
             GROUP BY partner_id, company_id, team_id, DATE_TRUNC('month', day)::date
            WINDOW customer AS (PARTITION BY partner_id, company_id, team_id)
            """,
            where,
        )
