from collections import Counter, defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import rolls
from ..periods import unit_of


class Told(NamedTuple):
    """What is told of a triangle at once.

    :param rolls: tuples (span, roll as it is stored, month)
    :param changed: {span: packed ids, as of ``rolls.of_ids``, of who has changed since the rolls were made}
    :param wanted: {span: packed ids of the customers filtered}; only where customers are filtered
    :param cells: of those who have changed: {(cohort, unit): (customers, amount or None)}
    """

    rolls: list
    changed: dict
    wanted: dict
    cells: dict


class RetentionDashboard(models.AbstractModel):
    """The triangle of customers, whatever is filtered and no cells are stored of, from the rolls of who bought in a month."""

    _inherit = "retention.dashboard"

    @api.model
    def _cohort_rows_of_rolls(self, filters, period):
        """:returns: tuples for ``cohorts.build_matrix``, without amounts; None where rolls are still to be made"""
        told = self._told_of_rolls(filters, period, self._select_rolls(filters, period))
        if told is None:
            return None
        units = defaultdict(lambda: defaultdict(int))
        for span, roll, month in told.rolls:
            units[span][unit_of(month, filters.grain)] |= rolls.read(roll)
        found = Counter({cell: customers for cell, (customers, _amount) in told.cells.items()})
        for span, bought in units.items():
            mask = ~_roll(told.changed, span) & (_roll(told.wanted, span) if filters.of_customers else -1)
            theirs = {unit: roll & mask for unit, roll in bought.items()}
            found.update(rolls.triangle(theirs, period.first, later=filters.cohort_kind == "unbounded"))
        return [(cohort, unit, customers, None) for (cohort, unit), customers in found.items()]

    @api.model
    def _told_of_rolls(self, filters, period, *selects):
        """Who has changed since the rolls were made is left out of them, and counted from the months: a customer is in one
        cohort, so cells add up. One statement.

        :param selects: SQL of rolls, as of ``_select_rolls``
        :returns: Told; None where rolls are still to be made
        """
        changed = SQL(
            "SELECT partner_id AS id FROM customer_purchase_change WHERE company_id = ANY(%s)", self.env.companies.ids
        )
        asked = [
            self._select_missing(),
            *selects,
            self._select_as_rolls("changed", changed),
            SQL(
                "SELECT 'cell', NULL, NULL, cohort_month, month, customers, amount::float8 FROM (%s) cell",
                self._select_from_facts(filters._replace(among=changed), period),
            ),
        ]
        if filters.of_customers:
            asked.append(self._select_as_rolls("wanted", self._select_customers(filters)))
        told = Told([], {}, {}, {})
        for what, span, ids, month, unit, customers, amount in self.env.execute_query(SQL(" UNION ALL ").join(asked)):
            if what == "missing":
                return None
            if what == "roll":
                told.rolls.append((span, ids, month))
            elif what == "cell":
                told.cells[month, unit] = customers, amount
            else:
                getattr(told, what)[span] = ids
        return told

    @api.model
    def _select_missing(self):
        """A company that was never counted in full has no need of rolls: each of its purchases is a change.

        :returns: SQL of a row where rolls are still to be made
        """
        return SQL(
            """
            SELECT 'missing' AS what, NULL::int4 AS span, NULL::bytea AS ids, NULL::date AS month, NULL::date AS unit,
                   NULL::int8 AS customers, NULL::float8 AS amount
              FROM customer_purchase_build WHERE company_id = ANY(%s) AND rolled IS NOT TRUE
            """,
            self.env.companies.ids,
        )

    @api.model
    def _select_rolls(self, filters, period):
        """:returns: SQL of the rolls of what is filtered: from the first purchase of all on, for who bought before the period
        is no new customer in it
        """
        query = self._query("customer.purchase.roll", self._rolls_domain(filters) & Domain("month", "<=", period.last))
        columns = (SQL.identifier(query.table, name) for name in ("span", "buyers", "month"))
        return query.select(SQL("'roll'"), *columns, SQL("NULL"), SQL("NULL"), SQL("NULL"))

    @api.model
    def _rolls_domain(self, filters):
        """:returns: Domain on customer.purchase.roll: of the purchases that are filtered"""
        domain = Domain("company_id", "in", self.env.companies.ids)
        domain &= Domain("categ_id", "in", self._categories(filters).ids if filters.category_ids else [False])
        if filters.team_ids or not filters.category_ids:  # what was bought of a category is told by team
            domain &= Domain("team_id", "in", filters.team_ids or [False])
        return domain

    @api.model
    def _select_as_rolls(self, what, customers):
        """:param SQL customers: of their ``id``
        :returns: SQL of the ids of each span
        """
        return SQL(
            "SELECT %s, id >> %s, STRING_AGG(INT4SEND(id), ''), NULL, NULL, NULL, NULL FROM (%s) customer GROUP BY 2",
            what,
            rolls.SPAN_BITS,
            customers,
        )

    @api.model
    def _select_customers(self, filters):
        """:returns: SQL of the ids of the customers who are filtered"""
        if filters.segments and not (filters.grade_ids or filters.country_ids):
            return self._select_of_segments(filters)
        # sudo: which customers are meant is no secret to who sees their purchases, see _facts_domain.
        query = self.env["res.partner"].sudo()._search(self._customers_domain(filters), active_test=False)
        return query.select(SQL("%s AS id", SQL.identifier(query.table, "id")))


def _roll(packed, span):
    return rolls.of_ids(packed[span]) if span in packed else 0
