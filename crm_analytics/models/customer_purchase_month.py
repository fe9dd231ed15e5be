from odoo import api, fields, models
from odoo.tools import SQL


class CustomerPurchaseMonth(models.Model):
    """What a customer bought in a month: one row per customer, company and month in which he bought.

    Each row carries its customer's *cohort*, the month of his first purchase from the company. This one column, stored,
    is what makes retention fast: the matrix is a single grouping by (cohort, month). Who counts customers asks for
    ``orders > 0``: a month may hold nothing but money given back.
    """

    _name = "customer.purchase.month"
    _description = "Purchases of a Customer per Month"
    _order = "month DESC, id DESC"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="restrict", readonly=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True, help="First day of the month of purchase.")
    cohort_month = fields.Date(
        "Cohort", required=True, readonly=True, help="First day of the month of the customer's first purchase."
    )
    age = fields.Integer(
        "Months since First Purchase",
        readonly=True,
        aggregator=None,
        help="0 in the month of the first purchase; negative where money was given back before it.",
    )
    orders = fields.Integer(readonly=True, help="0 where money was only given back.")
    amount = fields.Monetary("Amount without Taxes", readonly=True)

    # Serves the recount of a customer, and his months in a search on res.partner.purchase_month_ids.
    _partner_company_month_uidx = models.UniqueIndex("(partner_id, company_id, month)")
    # Serves the cohort matrix (grouping by cohort and month) and the customers of one of its cells.
    _cohort_idx = models.Index("(company_id, cohort_month, month) INCLUDE (partner_id)")
    # Serves the newest month (where the dashboard's period ends) and lists of one period.
    _month_idx = models.Index("(company_id, month)")

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
                "WITH gone AS (DELETE FROM customer_purchase_month WHERE %s RETURNING *) %s",
                where,
                self.env["customer.purchase.cell"]._add(SQL("gone"), -1),
            )
        )

    @api.model
    def _insert_months(self, where):
        """Insert the months of the customers whose days are given by an SQL condition, which must name whole customers.

        The cohort is the month of the first purchase. Who never bought, but has been given money, is of the month of
        that, and no customer of it.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH came AS (
                INSERT INTO customer_purchase_month (partner_id, company_id, month, cohort_month, age, orders, amount)
                SELECT partner_id, company_id, month, cohort,
                       (EXTRACT(YEAR FROM month) - EXTRACT(YEAR FROM cohort)) * 12
                           + EXTRACT(MONTH FROM month) - EXTRACT(MONTH FROM cohort),
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
                RETURNING company_id, cohort_month, month, orders, amount)
                %s
                """,
                where,
                self.env["customer.purchase.cell"]._add(SQL("came"), 1),
            )
        )
