from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import sums
from ..streaming import read_rows


class RetentionDashboard(models.AbstractModel):
    """The triangle of revenue, whatever is filtered and no cells are stored of, from the sums beside the rolls."""

    _inherit = "retention.dashboard"

    @api.model
    def _cohort_rows_of_sums(self, filters, period):
        """Two statements; sums come span by span, and only those of one are in memory.

        :returns: tuples for ``cohorts.build_matrix``; None where rolls are still to be made
        """
        told = self._told_of_rolls(filters, period)
        if told is None:
            return None
        triangle = sums.Triangle(period, filters.grain, later=filters.cohort_kind == "unbounded")

        def add(span, of_span):
            wanted = told.wanted.get(span, b"") if filters.of_customers else None
            triangle.add(of_span, triangle.chosen(wanted, told.changed.get(span)))

        self._read_sums(filters, period, add)
        found = triangle.cells()
        for cell, (customers, amount) in told.cells.items():
            others = found.get(cell, (0, 0.0))
            found[cell] = others[0] + customers, others[1] + (amount or 0.0)
        return [(cohort, unit, customers, amount) for (cohort, unit), (customers, amount) in found.items()]

    @api.model
    def _read_sums(self, filters, period, take):
        """:param take: is called with each span and the list of its ``sums.Sums``"""
        of_span, spans = [], []

        def row(columns):
            span, customers = (int.from_bytes(column, "big") for column in columns[:2])
            if spans and spans[-1] != span:
                take(spans[-1], of_span[:])
                of_span.clear()
            month, unit = fields.Date.to_date(bytes(columns[2]).decode()), float(bytes(columns[3]))
            spans[:] = [span]
            of_span.append(sums.Sums(month, customers, columns[4], columns[5], unit))

        read_rows(self.env.cr, self._select_sums(filters, period), row)
        if spans:
            take(spans[-1], of_span)

    @api.model
    def _select_sums(self, filters, period):
        """:returns: SQL of the sums of what is filtered, span by span; amounts of the period only"""
        domain = self._rolls_domain(filters)
        if not self._tells_later_cohorts(filters):
            domain &= Domain("month", "<=", period.last)
        query = self._query("customer.purchase.roll", domain)
        span, customers, month, places, amounts = (
            SQL.identifier(query.table, name) for name in ("span", "customers", "month", "places", "amounts")
        )
        query.order = SQL("%s", span)
        return query.select(
            span,
            customers,
            SQL("%s::text", month),
            SQL("(%s)::text", self._converted(query, "unit")),
            places,
            SQL("CASE WHEN %s BETWEEN %s AND %s THEN %s END", month, period.first, period.last, amounts),
        )

    @api.model
    def _tells_later_cohorts(self, filters):
        """Whether the facts tell the month of a first purchase that is after the period, too: of who was only given money
        back until then, see ``_select_from_facts``."""
        if self._stores_cohorts(filters):
            return True
        return filters.grain == "month" and filters.cohort_kind == "exact" and bool(self._category_months(filters))
