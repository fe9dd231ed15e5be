from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import rolls
from ..streaming import read_rows
from .retention_cohorts_country import MANY, other_countries


class RetentionDashboard(models.AbstractModel):
    """The triangle, whatever is filtered and no cells are stored of, from the rolls of who bought in a month and for how much."""

    _inherit = "retention.dashboard"

    @api.model
    def _cohort_rows_of_rolls(self, filters, period):
        """Who has changed since the rolls were made is left out of them, and counted from the months: a customer is in one
        cohort, so cells add up. Two or three statements; rolls come span by span, and only those of some are in memory.

        :returns: tuples for ``cohorts.build_matrix``; None where rolls are still to be made
        """
        told = self._told_besides_rolls(filters, period)
        if told is None:
            return None
        chosen, changed = told
        triangle = rolls.Triangle(period, filters.grain, later=filters.cohort_kind == "unbounded")
        self._add_rolls(filters, period, triangle, chosen)
        found = triangle.cells()
        for cohort, unit, customers, amount in changed or self._rows_of_changed(filters, period, chosen.changed):
            others = found.get((cohort, unit), (0, 0.0))
            found[cohort, unit] = others[0] + customers, others[1] + (amount or 0.0)
        asked = filters.cohort_metric == "revenue"
        return [(*cell, customers, amount if asked else None) for cell, (customers, amount) in found.items()]

    @api.model
    def _rows_of_changed(self, filters, period, changed):
        """:param changed: list of the ids of customers, who are all filtered
        :returns: tuples for ``cohorts.build_matrix``, counted from the months
        """
        if not changed or not filters.of_customers:
            return []
        among = SQL("SELECT UNNEST(%s::int4[])", f"{{{','.join(map(str, changed))}}}")
        theirs = filters._replace(among=among, segments=(), grade_ids=(), country_ids=())
        return self._cohort_rows_of_facts(theirs, period)

    @api.model
    def _told_besides_rolls(self, filters, period):
        """One statement. Sets of customers are put together here, not by PostgreSQL, which would join them. So it is known
        here only, who of some customers have changed; of all, they are counted in the same statement.

        :returns: rolls.Chosen, and tuples for ``cohorts.build_matrix`` of those who have changed, where customers are not
            filtered; None where rolls are still to be made
        """
        changed = SQL(
            "SELECT partner_id AS id FROM customer_purchase_change WHERE company_id = ANY(%s)", self.env.companies.ids
        )
        asked = [self._select_missing(), self._select_set("changed", changed), *self._select_wanted(filters)]
        if not filters.of_customers:
            asked.append(
                SQL(
                    "SELECT 'cell', NULL, cohort_month, month, customers, amount::float8 FROM (%s) cell",
                    self._select_from_facts(filters._replace(among=changed), period),
                )
            )
        sets, cells = defaultdict(list), []
        for what, ids, *cell in self.env.execute_query(SQL(" UNION ALL ").join(asked)):
            if what == "missing":
                return None
            if what == "cell":
                cells.append(cell)
            else:
                sets[what].append(ids or b"")
        return rolls.Chosen(sets["wanted"], sets["left_out"], *sets["changed"]), cells

    @api.model
    def _select_missing(self):
        """A company that was never counted in full has no need of rolls: each of its purchases is a change.

        :returns: SQL of a row where rolls are still to be made
        """
        return SQL(
            """
            SELECT 'missing' AS what, NULL::bytea AS ids, NULL::date AS cohort, NULL::date AS unit,
                   NULL::int8 AS customers, NULL::float8 AS amount
              FROM customer_purchase_build WHERE company_id = ANY(%s) AND rolled IS NOT TRUE
            """,
            self.env.companies.ids,
        )

    # -- customers ---------------------------------------------------------------------------------------------------

    @api.model
    def _select_set(self, what, customers, condition=None):
        """All ids in one value: of a million rows the client would take longest, and groups keep PostgreSQL from using more
        than one processor.

        :param SQL customers: of their ``id``
        :param SQL condition: whether there is the set
        """
        return SQL(
            "SELECT %s, STRING_AGG(INT4SEND(id), ''), NULL, NULL, NULL, NULL FROM (%s) customer HAVING %s",
            what,
            customers,
            condition or SQL("TRUE"),
        )

    @api.model
    def _select_wanted(self, filters):
        """:returns: list of SQL of sets, of which customers have to be in each that is *wanted* and none that is *left_out*"""
        found = []
        if filters.segments:
            found.append(self._select_set("wanted", self._select_of_segments(filters)))
        if filters.grade_ids:
            found.append(self._select_set("wanted", self._select_of_tiers(filters.grade_ids)))
        if filters.country_ids:
            found += self._select_of_countries(filters.country_ids)
        return found

    @api.model
    def _select_of_countries(self, country_ids):
        """Those of all others, where these are few; PostgreSQL leaves out the branch whose condition does not hold."""
        self.env["res.partner"].flush_model(["country_id"])
        # Which customers are meant is no secret to who sees their purchases, hence past the rules of contacts.
        others = SQL("SELECT id FROM res_partner WHERE %s LIMIT %s", other_countries(sorted(country_ids)), MANY + 1)
        few = SQL("(SELECT COUNT(*) <= %s FROM (%s) others)", MANY, others)
        theirs = SQL("SELECT id FROM res_partner WHERE country_id IN %s AND NOT %s", country_ids, few)
        return [self._select_set("left_out", others, few), self._select_set("wanted", theirs, SQL("NOT %s", few))]

    # -- rolls -------------------------------------------------------------------------------------------------------

    @api.model
    def _add_rolls(self, filters, period, triangle, chosen):
        """While a thread adds up a span, the next ones come from the database: three are in memory."""
        from concurrent.futures import ThreadPoolExecutor  # a worker that starts imports no library for us

        with ThreadPoolExecutor(1) as adding:
            spans = []

            def add(span, found):
                if len(spans) == 2:
                    spans.pop(0).result()
                spans.append(adding.submit(triangle.add, found, chosen.of_span(span)))

            self._read_rolls(filters, period, add)
            for span in spans:
                span.result()

    @api.model
    def _read_rolls(self, filters, period, take):
        """:param take: is called with each span and the list of its ``rolls.Roll``"""
        spans, of_span, months = [], [], {}

        def row(columns):
            span, customers, places, month, unit, amounts = columns
            if spans and spans[-1] != span:
                take(int.from_bytes(spans[-1], "big"), of_span[:])
                of_span.clear()
            spans[:] = [bytes(span)]
            if (told := bytes(month)) not in months:
                months[told] = fields.Date.to_date(told.decode())
            of_span.append(
                rolls.Roll(months[told], int.from_bytes(customers, "big"), places, amounts, float(bytes(unit)))
            )

        read_rows(self.env.cr, self._select_rolls(filters, period), row)
        if spans:
            take(int.from_bytes(spans[-1], "big"), of_span)

    @api.model
    def _select_rolls(self, filters, period):
        """:returns: SQL of the rolls of what is filtered, span by span: from the first purchase of all on, for who bought
        before the period is no new customer in it
        """
        domain = Domain("company_id", "in", self.env.companies.ids)
        domain &= Domain("categ_id", "in", self._categories(filters).ids if filters.category_ids else [False])
        if filters.team_ids or not filters.category_ids:  # what was bought of a category is told by team
            domain &= Domain("team_id", "in", filters.team_ids or [False])
        if not self._tells_later_cohorts(filters):
            domain &= Domain("month", "<=", period.last)
        query = self._query("customer.purchase.roll", domain)
        span, customers, places, month, amounts = (
            SQL.identifier(query.table, name) for name in ("span", "customers", "places", "month", "amounts")
        )
        query.order = span
        if filters.cohort_metric == "revenue":
            amounts = SQL("CASE WHEN %s BETWEEN %s AND %s THEN %s END", month, period.first, period.last, amounts)
        else:
            amounts = SQL("NULL::bytea")
        unit = self._converted(query, "unit")
        return query.select(span, customers, places, SQL("%s::text", month), SQL("(%s)::text", unit), amounts)

    @api.model
    def _tells_later_cohorts(self, filters):
        """Whether the facts tell the month of a first purchase that is after the period, too: of who was only given money
        back until then, see ``_select_from_facts``."""
        if self._stores_cohorts(filters):
            return True
        return filters.grain == "month" and filters.cohort_kind == "exact" and bool(self._category_months(filters))
