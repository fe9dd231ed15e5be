from odoo import api, fields, models
from odoo.tools import SQL

# What is told of a row by the others of its customer and category. Who never bought of it, but has been given money, is of
# the month of that. A month with several teams has one row that counts the customer: that of the lowest team with an order.
COHORT = SQL(
    """
    CASE WHEN categ_id IS NOT NULL
         THEN COALESCE(MIN(CASE WHEN orders > 0 THEN month END) OVER of_category, MIN(month) OVER of_category) END
    """
)
CUSTOMERS = SQL(
    "(orders > 0 AND COALESCE(team_id, 0) = MIN(CASE WHEN orders > 0 THEN COALESCE(team_id, 0) END) OVER of_month)::int4"
)
WINDOWS = SQL(
    """
    of_category AS (PARTITION BY partner_id, company_id, categ_id),
    of_month AS (PARTITION BY partner_id, company_id, categ_id, month)
    """
)


class CustomerPurchaseCategory(models.Model):
    """What a customer bought in a month, by product category: one row per customer, company, month, team and category.

    The category is the product's own, not those above it, and it is the product's category of today: when a product is
    moved to another category, its past purchases move with it, as in core's sales analysis. Lines without a product have
    none. An order counts once in each category that it has a line of.

    Each row carries its customer's *cohort*: the month of his first purchase of this very category, through whatever
    team. So a category's own triangle is a sum of rows, and is kept in ``customer.purchase.cell``.
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
    orders = fields.Integer(readonly=True, help="0 where money was only given back.")
    amount = fields.Monetary("Amount without Taxes", readonly=True)
    cohort_month = fields.Date(
        "Cohort",
        readonly=True,
        help="First day of the month of the customer's first purchase of this category; empty without a category.",
    )
    customers = fields.Integer(
        readonly=True,
        aggregator=None,
        help="1 in one row of a month in which he bought of the category, whatever the teams: the rows of a month add up"
        " to its customers.",
    )

    # Serves the recount of a customer's months.
    _partner_company_month_uidx = models.UniqueIndex(
        "(partner_id, company_id, month, COALESCE(team_id, 0), COALESCE(categ_id, 0))"
    )
    # Serves the dashboard filtered by product category: customer by customer, to find the first month of each.
    _category_partner_idx = models.Index("(company_id, categ_id, partner_id, month) INCLUDE (orders, amount)")

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
        self._delete_categories(
            SQL("(partner_id, company_id, month) IN (SELECT wanted.partner_id, company_id, month FROM %s)", wanted)
        )
        self._insert_categories(
            self.env["customer.purchase"]._join_contacts(wanted),
            lambda part: part.between(SQL("wanted.month"), SQL("(wanted.month + interval '1 month')::date")),
        )
        self._set_cohorts(
            SQL("(partner_id, company_id) IN (SELECT * FROM UNNEST(%s::int4[], %s::int4[]))", partners, companies)
        )
        self.invalidate_model()

    @api.model
    def _delete_categories(self, where):
        """Delete the rows given by an SQL condition, out of the cells of the cohort triangle, too."""
        self.env.cr.execute(
            SQL(
                "WITH gone AS (DELETE FROM customer_purchase_category WHERE %s RETURNING *) %s",
                where,
                self._to_cells(SQL("gone"), -1),
            )
        )

    @api.model
    def _insert_categories(self, join, condition):
        """Insert the months in which documents lie. Cohorts are told afterwards, see ``_set_cohorts``.

        :param join, condition: see ``customer.purchase._insert_days``
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_purchase_category
                            (partner_id, company_id, month, team_id, categ_id, orders, amount)
                %s
                """,
                self._select_categories(join, condition),
            )
        )

    @api.model
    def _insert_customers(self, join, condition):
        """The same of all months of some customers, with their cohorts."""
        self.env.cr.execute(
            SQL(
                """
                WITH came AS (
                    INSERT INTO customer_purchase_category
                                (partner_id, company_id, month, team_id, categ_id, orders, amount, cohort_month, customers)
                    SELECT partner_id, company_id, month, team_id, categ_id, orders, amount, %(cohort)s, %(customers)s
                      FROM (%(select)s) counted
                    WINDOW %(windows)s
                 RETURNING *)
                %(added)s
                """,
                cohort=COHORT,
                customers=CUSTOMERS,
                select=self._select_categories(join, condition),
                windows=WINDOWS,
                added=self._to_cells(SQL("came"), 1),
            )
        )

    @api.model
    def _select_categories(self, join, condition):
        parts = self.env["customer.purchase"]._purchase_parts()
        purchases = [part.purchases_by_category(join, condition(part)) for part in parts]
        return SQL(
            """
            SELECT partner_id, company_id, month, team_id, categ_id, SUM(orders) AS orders, SUM(amount) AS amount
              FROM (%s) purchase
             GROUP BY partner_id, company_id, month, team_id, categ_id
            """,
            SQL(" UNION ALL ").join(purchases),
        )

    @api.model
    def _set_cohorts(self, where):
        """Tell the cohorts of rows anew, where they come out differently, and add what differs to the cells.

        :param SQL where: condition on rows, naming whole customers
        """
        self.env.cr.execute(
            SQL(
                """
                WITH told AS MATERIALIZED (
                         SELECT fact.*, %(cohort)s AS cohort, %(customers)s AS customers_told
                           FROM customer_purchase_category fact WHERE %(where)s WINDOW %(windows)s),
                     stale AS MATERIALIZED (
                         SELECT * FROM told WHERE (cohort, customers_told) IS DISTINCT FROM (cohort_month, customers)),
                     written AS (
                         UPDATE customer_purchase_category fact
                            SET cohort_month = stale.cohort, customers = stale.customers_told
                           FROM stale WHERE stale.id = fact.id
                      RETURNING fact.*),
                     taken AS (%(taken)s)
                %(added)s
                """,
                cohort=COHORT,
                customers=CUSTOMERS,
                where=where,
                windows=WINDOWS,
                taken=self._to_cells(SQL("stale"), -1),
                added=self._to_cells(SQL("written"), 1),
            )
        )

    @api.model
    def _to_cells(self, rows, sign):
        """SQL: see ``customer.purchase.cell._add``. Rows without a category, or not told a cohort yet, are in no cell."""
        return self.env["customer.purchase.cell"]._add(
            SQL("%s WHERE cohort_month IS NOT NULL", rows), sign, categ=SQL("categ_id"), customers=SQL("SUM(customers)")
        )
