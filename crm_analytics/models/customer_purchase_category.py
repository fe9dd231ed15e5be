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
    orders = fields.Integer(readonly=True, help="0 where money was only given back.")
    amount = fields.Monetary("Amount without Taxes", readonly=True)

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
        """Insert the months in which documents lie.

        :param join, condition: see ``customer.purchase._insert_days``
        """
        parts = self.env["customer.purchase"]._purchase_parts()
        purchases = [part.purchases_by_category(join, condition(part)) for part in parts]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_purchase_category
                            (partner_id, company_id, month, team_id, categ_id, orders, amount)
                SELECT partner_id, company_id, month, team_id, categ_id, SUM(orders), SUM(amount)
                  FROM (%s) purchase
                 GROUP BY partner_id, company_id, month, team_id, categ_id
                """,
                SQL(" UNION ALL ").join(purchases),
            )
        )
