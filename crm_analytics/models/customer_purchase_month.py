from odoo import api, fields, models
from odoo.tools import SQL


class CustomerPurchaseMonth(models.Model):
    """What a customer bought in a month: one row per customer, company and month in which he bought.

    Its cohort is the month of his first purchase from the company.
    """

    _name = "customer.purchase.month"
    _inherit = "customer.purchase.months"
    _description = "Purchases of a Customer per Month"
    _order = "month DESC, id DESC"
    _rec_name = "partner_id"
    _log_access = False

    _MONTHS_KEY = ("partner_id", "company_id", "month")
    _MONTHS_COUNTED = ("cohort_month", "age", "orders", "amount")

    age = fields.Integer(
        "Months since First Purchase",
        readonly=True,
        aggregator=None,
        help="0 in the month of the first purchase; negative where money was given back before it.",
    )

    # Serves the recount of a customer, and his months in a search on res.partner.purchase_month_ids.
    _partner_company_month_uidx = models.UniqueIndex("(partner_id, company_id, month)")
    # Serves the cohort matrix (grouping by cohort and month) and the customers of one of its cells.
    _cohort_idx = models.Index("(company_id, cohort_month, month) INCLUDE (partner_id)")
    # Serves the newest month (where the dashboard's period ends) and lists of one period.
    _month_idx = models.Index("(company_id, month)")

    @api.model
    def _select_months(self, where):
        """Who never bought, but has been given money, is of the month of that, and no customer of it."""
        return SQL(
            """
            SELECT partner_id, company_id, month, cohort AS cohort_month,
                   ((EXTRACT(YEAR FROM month) - EXTRACT(YEAR FROM cohort)) * 12
                       + EXTRACT(MONTH FROM month) - EXTRACT(MONTH FROM cohort))::int4 AS age,
                   orders, amount
              FROM (
                    SELECT partner_id, company_id, DATE_TRUNC('month', day)::date AS month,
                           COALESCE(
                               MIN(CASE WHEN SUM(orders) > 0 THEN DATE_TRUNC('month', day)::date END) OVER customer,
                               MIN(DATE_TRUNC('month', day)::date) OVER customer
                           ) AS cohort,
                           SUM(orders) AS orders, SUM(amount) AS amount
                      FROM customer_purchase
                     WHERE %s
                     GROUP BY partner_id, company_id, DATE_TRUNC('month', day)::date
                    WINDOW customer AS (PARTITION BY partner_id, company_id)
                   ) months
            """,
            where,
        )
