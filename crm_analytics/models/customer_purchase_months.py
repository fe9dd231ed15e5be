from odoo import api, fields, models
from odoo.tools import SQL


class CustomerPurchaseMonths(models.AbstractModel):
    """Inherited by what sums up the days by months: each row carries its customer's *cohort*, the month of his first
    purchase. This one column, stored, is what makes retention fast: the matrix is a single grouping by (cohort, month).

    Who counts customers asks for ``orders > 0``: a month may hold nothing but money given back. Each change of rows
    changes the cells of the cohort triangle (``customer.purchase.cell``) with it.
    """

    _name = "customer.purchase.months"
    _description = "Purchases of Customers by Months"
    _log_access = False

    # The columns by which rows are told apart, under a unique index, and those that are counted.
    _MONTHS_KEY = ()
    _MONTHS_COUNTED = ("cohort_month", "orders", "amount")

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="restrict", readonly=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True, help="First day of the month of purchase.")
    cohort_month = fields.Date(
        "Cohort", required=True, readonly=True, help="First day of the month of the customer's first purchase."
    )
    orders = fields.Integer(readonly=True, help="0 where money was only given back.")
    amount = fields.Monetary("Amount without Taxes", readonly=True)

    @api.model
    def _select_months(self, where):
        """SQL of the key's and the counted columns, from the days.

        :param SQL where: condition on ``customer_purchase``, which must name whole customers
        """
        raise NotImplementedError

    @api.model
    def _cells_of(self):
        """:returns: dict of SQL: of which triangle a row is, see ``customer.purchase.cell._add``; empty: of that of all"""
        return {}

    @api.model
    def _recompute_customers(self, customers):
        """Sum up all months of some customers anew; a first purchase that moved moves the whole customer's cohort.

        Only rows that come out differently are written: of one who has bought in thirty months, mostly one.

        :param customers: collection of tuples (customer's partner id, company id)
        """
        if not customers:
            return
        partners, companies = map(list, zip(*customers, strict=True))
        wanted = SQL("(partner_id, company_id) IN (SELECT * FROM UNNEST(%s::int4[], %s::int4[]))", partners, companies)
        key, counted = map(_columns, (self._MONTHS_KEY, self._MONTHS_COUNTED))
        # All parts see the rows as they were before: old ones are taken out of the cells, new ones added.
        self.env.cr.execute(
            SQL(
                """
                WITH counted AS MATERIALIZED (%(select)s),
                     old AS MATERIALIZED (SELECT * FROM %(table)s WHERE %(wanted)s),
                     stale AS MATERIALIZED (
                         SELECT * FROM old WHERE NOT EXISTS (SELECT FROM counted WHERE (%(as_counted)s) = (%(as_old)s))),
                     fresh AS MATERIALIZED (
                         SELECT * FROM counted WHERE NOT EXISTS (SELECT FROM old WHERE (%(as_counted)s) = (%(as_old)s))),
                     gone AS (
                         DELETE FROM %(table)s WHERE id IN (
                                SELECT id FROM stale WHERE (%(key)s) NOT IN (SELECT %(key)s FROM fresh))),
                     came AS (
                         INSERT INTO %(table)s (%(key)s, %(counted)s) SELECT %(key)s, %(counted)s FROM fresh
                             ON CONFLICT (%(key)s) DO UPDATE SET %(values)s),
                     taken AS (%(taken)s)
                %(added)s
                """,
                select=self._select_months(wanted),
                table=SQL.identifier(self._table),
                wanted=wanted,
                key=key,
                counted=counted,
                as_counted=_columns(self._MONTHS_KEY + self._MONTHS_COUNTED, "counted"),
                as_old=_columns(self._MONTHS_KEY + self._MONTHS_COUNTED, "old"),
                values=SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name)) for name in self._MONTHS_COUNTED
                ),
                taken=self._to_cells(SQL("stale"), -1),
                added=self._to_cells(SQL("fresh"), 1),
            )
        )
        self.invalidate_model()

    @api.model
    def _delete_months(self, where):
        """Delete the months given by an SQL condition, out of the cells of the cohort triangle, too."""
        self.env.cr.execute(
            SQL(
                "WITH gone AS (DELETE FROM %s WHERE %s RETURNING *) %s",
                SQL.identifier(self._table),
                where,
                self._to_cells(SQL("gone"), -1),
            )
        )

    @api.model
    def _insert_months(self, where):
        """Insert the months of the customers whose days are given by an SQL condition, which must name whole customers."""
        self._insert_counted(self._select_months(where))

    @api.model
    def _insert_counted(self, select):
        """:param SQL select: see ``_select_months``"""
        columns = _columns(self._MONTHS_KEY + self._MONTHS_COUNTED)
        self.env.cr.execute(
            SQL(
                "WITH came AS (INSERT INTO %s (%s) SELECT %s FROM (%s) counted RETURNING *) %s",
                SQL.identifier(self._table),
                columns,
                columns,
                select,
                self._to_cells(SQL("came"), 1),
            )
        )

    @api.model
    def _to_cells(self, months, sign):
        return self.env["customer.purchase.cell"]._add(months, sign, **self._cells_of())


def _columns(names, table=None):
    return SQL(", ").join(SQL.identifier(table, name) if table else SQL.identifier(name) for name in names)
