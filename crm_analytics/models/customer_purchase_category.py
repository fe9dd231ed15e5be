from odoo import api, fields, models
from odoo.tools import SQL


class CustomerPurchaseCategory(models.Model):
    """What a customer bought in a month, by product category: one row per customer, company, month, team and category.

    The category is the product's own, not those above it, and it is the product's category of today: when a product is
    moved to another category, its past purchases move with it, as in core's sales analysis. Lines without a product have
    none. An order counts once in each category that it has a line of.
    """

    _name = "customer.purchase.category"
    _description = "Purchases of a Customer per Month and Product Category"
    _order = "month DESC, id DESC"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="restrict", readonly=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True, help="First day of the month of purchase.")
    team_id = fields.Many2one("crm.team", "Sales Team", ondelete="restrict", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Category", ondelete="restrict", readonly=True)
    cohort_month = fields.Date(
        "Cohort", readonly=True, help="First day of the month of the customer's first purchase, of whatever category."
    )
    orders = fields.Integer(readonly=True, help="0 where money was only given back.")
    amount = fields.Monetary("Amount without Taxes", readonly=True)

    # Serves the recount of a customer's months.
    _partner_company_month_uidx = models.UniqueIndex(
        "(partner_id, company_id, month, COALESCE(team_id, 0), COALESCE(categ_id, 0))"
    )
    # Serves the dashboard filtered by product category: cohorts and months of some categories.
    _category_idx = models.Index("(company_id, categ_id, cohort_month, month) INCLUDE (partner_id)")

    @api.model
    def _recompute_months(self, keys):
        """Count some months of some customers anew.

        :param keys: collection of tuples (customer's partner id, company id, first day of a month)
        """
        if not keys:
            return
        partners, companies, months = map(list, zip(*keys, strict=True))
        lists = SQL("%s::int4[], %s::int4[], %s::date[]", partners, companies, months)
        wanted = SQL("UNNEST(%s) AS wanted(partner_id, company_id, month)", lists)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM customer_purchase_category fact USING %s
                 WHERE (fact.partner_id, fact.company_id, fact.month)
                     = (wanted.partner_id, wanted.company_id, wanted.month)
                """,
                wanted,
            )
        )
        self._insert_categories(
            SQL(
                "JOIN %s ON wanted.partner_id = contact.commercial_partner_id AND wanted.company_id = company.id",
                wanted,
            ),
            lambda part: part.between(SQL("wanted.month"), SQL("(wanted.month + interval '1 month')::date")),
        )
        self.invalidate_model()

    @api.model
    def _insert_categories(self, join, condition):
        """Insert the months in which documents lie. Their customers' months must have been counted: they tell the cohort.

        :param join, condition: see ``customer.purchase._insert_days``
        """
        parts = self.env["customer.purchase"]._purchase_parts()
        purchases = [part.purchases_by_category(join, condition(part)) for part in parts]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_purchase_category
                            (partner_id, company_id, month, team_id, categ_id, cohort_month, orders, amount)
                SELECT bought.partner_id, bought.company_id, bought.month, team_id, categ_id, whole.cohort_month,
                       bought.orders, bought.amount
                  FROM (
                        SELECT partner_id, company_id, month, team_id, categ_id, SUM(orders) AS orders,
                               SUM(amount) AS amount
                          FROM (%s) purchase
                         GROUP BY partner_id, company_id, month, team_id, categ_id
                       ) bought
             LEFT JOIN customer_purchase_month whole
                    ON (whole.partner_id, whole.company_id, whole.month)
                     = (bought.partner_id, bought.company_id, bought.month)
                """,
                SQL(" UNION ALL ").join(purchases),
            )
        )

    @api.model
    def _follow_cohorts(self, customers):
        """The rows of customers whose first purchase moved get their new cohort.

        :param customers: collection of tuples (customer's partner id, company id)
        """
        if not customers:
            return
        partners, companies = map(list, zip(*customers, strict=True))
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_purchase_category fact SET cohort_month = whole.cohort_month
                  FROM UNNEST(%s::int4[], %s::int4[]) AS wanted(partner_id, company_id)
                  JOIN customer_purchase_month whole USING (partner_id, company_id)
                 WHERE (fact.partner_id, fact.company_id, fact.month)
                     = (whole.partner_id, whole.company_id, whole.month)
                   AND fact.cohort_month IS DISTINCT FROM whole.cohort_month
                """,
                partners,
                companies,
            )
        )
        self.invalidate_model()
