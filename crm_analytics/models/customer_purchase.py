from odoo import api, fields, models
from odoo.tools import SQL


class CustomerPurchase(models.Model):
    """What a customer bought on a day: one row per customer (commercial partner), company, day and sales team.

    A *fact*: it is derived from the documents (see ``customer.purchase.source``) and may be thrown away and built
    anew. Nobody writes it but the methods below. Days are of the company's time zone, that of the company's contact
    (UTC where it has none). Amounts are without taxes, in the company's currency.

    Money given back has a day of its own, with a negative amount and no order. So who counts customers asks for
    ``orders > 0``.
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
    team_id = fields.Many2one("crm.team", "Sales Team", ondelete="restrict", readonly=True)
    orders = fields.Integer(readonly=True, help="0 where money was only given back.")
    amount = fields.Monetary("Amount without Taxes", readonly=True)

    # Serves the recount of a customer's days and months, and the first day of each customer.
    _partner_company_day_uidx = models.UniqueIndex("(partner_id, company_id, day, COALESCE(team_id, 0))")

    @api.model
    def _purchase_sources(self):
        """:returns: the models whose documents are purchases"""
        names = self.pool.descendants(["customer.purchase.source"], "_inherit")
        return [self.env[name] for name in names if not self.pool[name]._abstract]

    @api.model
    def _purchase_parts(self):
        """:returns: list of PurchasePart: all kinds of purchases"""
        return [part for source in self._purchase_sources() for part in source._purchase_parts()]

    @api.model
    def _cohort_tables(self):
        """:returns: list of the models that sum up the days by months and store cohorts"""
        return [self.env["customer.purchase.month"], self.env["customer.purchase.team"]]

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
            self._join_contacts(wanted), lambda part: part.between(SQL("wanted.day"), SQL("wanted.day + 1"))
        )
        for months in self._cohort_tables():
            months._recompute_customers(set(zip(partners, companies, strict=True)))
        self.env["customer.purchase.category"]._recompute_months(
            {(partner, company, day.replace(day=1)) for partner, company, day in keys}
        )
        self.env["customer.purchase.branch"]._recompute_customers(set(zip(partners, companies, strict=True)))
        self.env["customer.purchase.change"]._note(zip(partners, companies, strict=True))
        self.invalidate_model()

    @api.model
    def _join_contacts(self, wanted):
        """What is to be joined to purchases to have those of some customers, see ``_insert_days``.

        One relation names both contact and day (OFFSET keeps PostgreSQL from taking it apart): only then does it ask the
        index of a contact's documents for these days, and not for all that a contact ever bought.

        :param SQL wanted: a relation ``wanted`` with ``partner_id`` (the customer), ``company_id`` and a date
        """
        return SQL(
            """
            JOIN (SELECT member.id AS contact_id, wanted.*
                    FROM %s
                    JOIN res_partner member ON member.commercial_partner_id = wanted.partner_id
                  OFFSET 0) wanted ON wanted.contact_id = contact.id AND wanted.company_id = company.id
            """,
            wanted,
        )

    @api.model
    def _recount_customers(self, companies, first, last):
        """Count all that some customers ever bought anew.

        :param companies: ids of companies; what was bought from others stays as it is
        :param first, last: customers by their ids: those after ``first``, up to and with ``last`` (None: all after)
        """
        self.env.flush_all()
        company_ids = list(companies)

        def theirs(partner, company):
            until = SQL("AND %s <= %s", partner, last) if last is not None else SQL()
            return SQL("%s > %s %s AND %s = ANY(%s)", partner, first, until, company, company_ids)

        where = theirs(SQL("partner_id"), SQL("company_id"))
        cohort_tables, categories = self._cohort_tables(), self.env["customer.purchase.category"]
        branches = self.env["customer.purchase.branch"]
        branches._delete_months(where)
        categories._delete_categories(where)
        for months in cohort_tables:
            months._delete_months(where)
        self.env.cr.execute(SQL("DELETE FROM customer_purchase WHERE %s", where))

        def condition(_part):
            return theirs(SQL("contact.commercial_partner_id"), SQL("company.id"))

        self._insert_days(SQL(), condition)
        for months in cohort_tables:
            months._insert_months(where)
        categories._insert_customers(SQL(), condition)
        branches._insert_months(where)
        self.env["customer.purchase.roll"]._forget(company_ids)
        for model in (self, *cohort_tables, categories, branches):
            model.invalidate_model()

    @api.model
    def _forget_column(self, column, ids):
        """Something by which purchases are told apart is about to be deleted: what it counts waits to be counted anew.

        :param str column: ``team_id`` or ``categ_id``
        :param ids: of what is deleted
        """
        self.env.flush_all()
        if column == "team_id":
            # What its days are counted to when they are counted anew. Its cells go with the team.
            self.env.cr.execute(SQL("DELETE FROM customer_purchase_team WHERE team_id = ANY(%s)", list(ids)))
        for model, day in ((self, "day"), (self.env["customer.purchase.category"], "month")):
            if column in model._fields:
                self.env.cr.execute(
                    SQL(
                        """
                        WITH gone AS (DELETE FROM %(table)s WHERE %(column)s = ANY(%(ids)s) RETURNING *) %(taken)s
                        INSERT INTO customer_purchase_queue (partner_id, company_id, day, queued_at)
                        SELECT DISTINCT partner_id, company_id, %(day)s, NOW() AT TIME ZONE 'UTC' FROM gone
                        """,
                        table=SQL.identifier(model._table),
                        column=SQL.identifier(column),
                        ids=list(ids),
                        day=SQL.identifier(day),
                        taken=SQL() if model == self else SQL(", taken AS (%s)", model._to_cells(SQL("gone"), -1)),
                    )
                )

    @api.model
    def _rebuild(self):
        """Count all purchases of all companies anew, in this transaction. What waits in the queue is thereby done."""
        builds = self.env["customer.purchase.build"]
        builds._request(self.env["res.company"].search([("active", "in", (True, False))]))
        while builds._build_batch():
            pass

    @api.model
    def _insert_days(self, join, condition):
        """Insert the days on which documents lie.

        :param SQL join: see ``PurchasePart.purchases``
        :param condition: function of a PurchasePart giving an SQL condition on its documents
        """
        purchases = [part.purchases(join, condition(part)) for part in self._purchase_parts()]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_purchase (partner_id, company_id, day, team_id, orders, amount)
                SELECT partner_id, company_id, day, team_id, SUM(orders), SUM(amount)
                  FROM (%s) purchase
                 GROUP BY partner_id, company_id, day, team_id
                """,
                SQL(" UNION ALL ").join(purchases),
            )
        )
