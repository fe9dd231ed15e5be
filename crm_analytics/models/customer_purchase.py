from odoo import api, fields, models
from odoo.tools import SQL

# Customers per statement of a full build: bounds the memory that sorting takes, not the time.
REBUILD_BATCH = 250_000


class CustomerPurchase(models.Model):
    """What a customer bought on a day: one row per customer (commercial partner), company and day.

    A *fact*: it is derived from the documents (see ``customer.purchase.source``) and may be thrown away and built
    anew. Nobody writes it but the methods below. Days are of the company's time zone, that of the company's contact
    (UTC where it has none). Amounts are without taxes, in the company's currency.
    """

    _name = "customer.purchase"
    _description = "Purchases of a Customer per Day"
    _order = "day DESC, id DESC"
    _rec_name = "partner_id"
    _log_access = False  # millions of narrow rows, written by SQL only

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="restrict", readonly=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(required=True, readonly=True)
    orders = fields.Integer(readonly=True)
    amount = fields.Monetary("Amount without Taxes", readonly=True)

    # Serves the recount of a customer's days and months, and the first day of each customer.
    _partner_company_day_uidx = models.UniqueIndex("(partner_id, company_id, day)")

    @api.model
    def _purchase_sources(self):
        """:returns: the models whose documents are purchases"""
        names = self.pool.descendants(["customer.purchase.source"], "_inherit")
        return [self.env[name] for name in names if not self.pool[name]._abstract]

    @api.model
    def _recompute_days(self, keys):
        """Count the purchases of some customers and days anew, and the months of these customers.

        Counting is a pure function of the documents: done twice it gives the same.

        :param keys: collection of tuples (customer's partner id, company id, date)
        """
        if not keys:
            return
        partners, companies, days = map(list, zip(*set(keys), strict=True))
        lists = SQL("%s::int4[], %s::int4[], %s::date[]", partners, companies, days)
        wanted = SQL("UNNEST(%s) AS wanted(partner_id, company_id, day)", lists)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM customer_purchase fact USING %s
                 WHERE (fact.partner_id, fact.company_id, fact.day) = (wanted.partner_id, wanted.company_id, wanted.day)
                """,
                wanted,
            )
        )
        self._insert_days(
            join=SQL(
                "JOIN %s ON wanted.partner_id = contact.commercial_partner_id AND wanted.company_id = company.id",
                wanted,
            ),
            # A day of any time zone lies within these three of UTC: a range that the index on the date can find.
            condition=lambda source: SQL(
                "%(date)s >= wanted.day - 1 AND %(date)s < wanted.day + 2 AND %(day)s = wanted.day",
                date=source._purchase_date(),
                day=source._purchase_day(),
            ),
        )
        self.env["customer.purchase.month"]._recompute_customers(set(zip(partners, companies, strict=True)))
        self.invalidate_model()

    @api.model
    def _rebuild(self):
        """Count all purchases of all companies anew. What waits in the queue is thereby done."""
        self.env.flush_all()
        self.env["customer.purchase.queue"]._lock_counting()
        self.env.cr.execute(SQL("DELETE FROM customer_purchase_queue"))
        self.env.cr.execute(SQL("DELETE FROM customer_purchase_month"))
        self.env.cr.execute(SQL("DELETE FROM customer_purchase"))
        [[last]] = self.env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM res_partner"))
        for first in range(1, last + 1, REBUILD_BATCH):
            within = SQL("BETWEEN %s AND %s", first, first + REBUILD_BATCH - 1)
            self._insert_days(SQL(), lambda _source, within=within: SQL("contact.commercial_partner_id %s", within))
            self.env["customer.purchase.month"]._insert_months(SQL("WHERE partner_id %s", within))
        self.env.cr.execute(SQL("ANALYZE customer_purchase, customer_purchase_month"))  # millions of rows may be new
        self.invalidate_model()
        self.env["customer.purchase.month"].invalidate_model()

    @api.model
    def _insert_days(self, join, condition):
        """Insert the days on which documents lie.

        :param SQL join: see ``_select_purchases``
        :param condition: function of a source model giving an SQL condition on its documents
        """
        purchases = [source._select_purchases(join, condition(source)) for source in self._purchase_sources()]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_purchase (partner_id, company_id, day, orders, amount)
                SELECT partner_id, company_id, day, COUNT(*), SUM(amount)
                  FROM (%s) purchase
                 GROUP BY partner_id, company_id, day
                """,
                SQL(" UNION ALL ").join(purchases),
            )
        )
