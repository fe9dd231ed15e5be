from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .. import cohorts
from ..periods import GRAINS, unit_of


class RetentionDashboard(models.AbstractModel):
    """Cohorts: who first bought in a month, quarter or year, and which of them came back."""

    _inherit = "retention.dashboard"

    @api.model
    @api.readonly
    def cohorts(self, filters=None):
        """The triangle alone; one statement, whatever the number of customers.

        :param filters: see ``load``
        :returns: dict of ``cohorts`` (see ``cohorts.build_matrix``), ``all_cohorts`` (see ``cohorts.all_cohorts``) and
            ``cohort_period`` (``date_from``, ``date_to``: whole quarters or years, where these are the cells)
        :raises UserError: when a filter makes no sense
        :raises AccessError: to who may not read the figures
        """
        self._check_reader()
        dashboard, filters = self._read_filters(filters)
        return dashboard._cohorts(filters)

    @api.model
    def _cohorts(self, filters):
        """:returns: see ``cohorts``; of what JSON knows, made so from the beginning: there are hundreds of cells"""
        period = filters.period.whole(filters.grain)
        last = unit_of(period.last, filters.grain)
        found = cohorts.build_matrix(
            self._cohort_rows(filters, period),
            last,
            self._running_month(),
            GRAINS[filters.grain],
            later=filters.cohort_kind == "unbounded",
            told=fields.Date.to_string,
        )
        return {
            "cohorts": found,
            "all_cohorts": cohorts.all_cohorts(found),
            "cohort_period": self._plain({"date_from": period.first, "date_to": period.end}),
        }

    @api.model
    def _cohort_rows(self, filters, period):
        """:returns: tuples for ``cohorts.build_matrix``"""
        if filters.grain == "month" and filters.cohort_kind == "exact":
            category = self._category_months(filters)
            if category or self._stores_cohorts(filters):
                if not filters.of_customers:
                    return self._matrix_rows(filters, self._select_cells(filters, period, category))
                if self._is_of_countries(filters):
                    return self._cohort_rows_of_countries(filters, period, category)
        rows = self._cohort_rows_of_rolls(filters, period)
        return self._cohort_rows_of_facts(filters, period) if rows is None else rows

    @api.model
    def _cohort_rows_of_facts(self, filters, period):
        """The same, whatever is filtered, counted from the months of each customer."""
        return self._matrix_rows(filters, self._select_from_facts(filters, period))

    @api.model
    def _select_from_facts(self, filters, period):
        """:returns: SQL of ``cohort_month``, ``month``, ``customers``, ``amount``"""
        if filters.grain == "month" and filters.cohort_kind == "exact":
            category = self._category_months(filters)
            # One row a customer and month, its cohort stored: nothing to tell apart.
            told = category or self._stores_cohorts(filters)
            facts = self._select_told(filters, period, category) if told else self._months_of_customers(filters, period)
            amount = SQL("SUM(amount)") if filters.cohort_metric == "revenue" else SQL("NULL::float8")
            return self._select_cohorts(period, facts, amount)
        bought = SQL("orders > 0")
        if filters.cohort_kind == "unbounded":
            bought = SQL("orders > 0 AND month = last_month")
        # Each customer once in each cell first: sorting all of a cell to tell them apart takes longer.
        return SQL(
            """
            SELECT cohort AS cohort_month, unit AS month, COUNT(*) FILTER (WHERE bought) AS customers,
                   SUM(amount) AS amount
              FROM (
                    SELECT %(cohort)s AS cohort, %(unit)s AS unit,
                           BOOL_OR(%(bought)s) AS bought, SUM(amount) AS amount
                      FROM (%(facts)s) fact
                     WHERE cohort_month BETWEEN %(first)s AND %(last)s AND month >= cohort_month
                     GROUP BY 1, 2, partner_id
                   ) customer
             GROUP BY cohort, unit
            """,
            cohort=self._unit("cohort_month", filters.grain),
            unit=self._unit("month", filters.grain),
            bought=bought,
            facts=self._facts_with_cohorts(filters, period),
            first=period.first,
            last=period.last,
        )

    @api.model
    def _unit(self, month, grain):
        """SQL: the month, quarter or year of a column that holds months."""
        if grain == "month":
            return SQL.identifier(month)
        # Of a timestamp: of a date it would be asked in which time zone.
        return SQL("DATE_TRUNC(%s, %s::timestamp)::date", grain, SQL.identifier(month))

    @api.model
    def _matrix_rows(self, filters, select):
        """:param SQL select: of ``cohort_month``, ``month``, ``customers``, ``amount``
        :returns: tuples for ``cohorts.build_matrix``
        """
        amount = SQL("amount::float") if filters.cohort_metric == "revenue" else SQL("NULL")
        return self.env.execute_query(SQL("SELECT cohort_month, month, customers, %s FROM (%s) cell", amount, select))

    @api.model
    def _select_cells(self, filters, period, category):
        """:param category: see ``_category_months``
        :returns: SQL of ``cohort_month``, ``month``, ``customers``, ``amount`` from ``customer.purchase.cell``, of which
        there may be several to one cell"""
        domain = Domain("company_id", "=", self.env.company.id)
        domain &= Domain("team_id", "=", filters.team_ids[0] if filters.team_ids else False)
        domain &= Domain("categ_id", "=", filters.category_ids[0] if filters.category_ids else False)
        domain &= Domain("with_below", "=", category == "customer.purchase.branch")
        domain &= Domain("cohort_month", ">=", period.first) & Domain("cohort_month", "<=", period.last)
        query = self._query("customer.purchase.cell", domain & Domain("month", "<=", period.last))
        names = ("cohort_month", "month", "customers", "amount")
        cohort, month, customers, amount = (SQL.identifier(query.table, name) for name in names)
        query.groupby = SQL("%s, %s", cohort, month)
        query.having = SQL("%s >= %s", month, cohort)  # money may be given back before anything is bought
        return query.select(cohort, month, SQL("SUM(%s) AS customers", customers), SQL("SUM(%s) AS amount", amount))

    @api.model
    def _select_told(self, filters, period, category):
        """:param category: see ``_category_months``
        :returns: SQL of the facts with the ``cohort_month`` that is stored with them; ``orders`` is above 0 in one row of a
            month in which the customer bought
        """
        if not category:
            return self._facts(filters, period.first, period.last)
        domain = self._facts_domain(filters, period.first, period.last)
        query = self._query(category, domain & Domain("categ_id", "=", filters.category_ids[0]))
        bought = "customers" if category == "customer.purchase.category" else "orders"
        return query.select(
            *(SQL.identifier(query.table, name) for name in ("partner_id", "month", "cohort_month", "amount")),
            SQL("%s AS orders", SQL.identifier(query.table, bought)),
        )

    @api.model
    def _select_cohorts(self, period, facts, amount, condition=None):
        """:param SQL facts: relation of one row a customer and month, with its ``cohort_month``
        :param SQL amount: sum of amounts, or null where it is not asked for: there are millions to add up
        :param SQL condition: on its columns
        :returns: SQL of ``cohort_month``, ``month``, ``customers``, ``amount``
        """
        return SQL(
            """
            SELECT cohort_month, month, COUNT(*) FILTER (WHERE orders > 0) AS customers, %(amount)s AS amount
              FROM (%(facts)s) fact
             WHERE cohort_month BETWEEN %(first)s AND %(last)s AND month >= cohort_month AND %(condition)s
             GROUP BY cohort_month, month
            """,
            amount=amount,
            facts=facts,
            first=period.first,
            last=period.last,
            condition=condition or SQL("TRUE"),
        )

    @api.model
    def _months_of_customers(self, filters, period):
        """:returns: SQL of one row a customer and month, with the ``cohort_month`` that these facts together make"""
        return SQL(
            """
            SELECT month, SUM(orders) AS orders, SUM(amount) AS amount,
                   COALESCE(MIN(CASE WHEN SUM(orders) > 0 THEN month END) OVER customer, MIN(month) OVER customer)
                       AS cohort_month
              FROM (%s) purchase
             GROUP BY partner_id, month
            WINDOW customer AS (PARTITION BY partner_id)
            """,
            self._facts(filters, last=period.last),
        )

    @api.model
    def _facts_with_cohorts(self, filters, period):
        """:returns: SQL of the facts with ``cohort_month`` and ``last_month``, the customer's last purchase until the
        period's end"""
        stored = self._stores_cohorts(filters)
        facts = self._facts(filters, period.first if stored else None, period.last)
        return SQL(
            """
            SELECT partner_id, month, orders, amount, %s AS cohort_month,
                   MAX(month) FILTER (WHERE orders > 0) OVER customer AS last_month
              FROM (%s) purchase
            WINDOW customer AS (PARTITION BY partner_id)
            """,
            SQL("cohort_month")
            if stored
            # As it is stored: who never bought, but has been given money, is of the month of that.
            else SQL("COALESCE(MIN(month) FILTER (WHERE orders > 0) OVER customer, MIN(month) OVER customer)"),
            facts,
        )

    @api.model
    def _open_cohort(self, args, filters):
        cohort, month = self._read_cell(args, filters)
        names = {name: self._unit_name(day, filters.grain) for name, day in (("first", cohort), ("month", month))}
        if cohort == month:
            name = self.env._("First bought in %(first)s", **names)
        elif filters.cohort_kind == "unbounded":
            name = self.env._("First bought in %(first)s, bought in %(month)s or later", **names)
        else:
            name = self.env._("First bought in %(first)s, bought in %(month)s", **names)
        return self._open_customers(name, "cohort", {"cohort": cohort, "month": month}, filters)

    @api.model
    def _counted_in_cohort(self, args, filters):
        """:returns: SQL of the ids of the customers who first bought in one unit and bought in another (or later)"""
        cohort, month = self._read_cell(args, filters)
        period = filters.period.whole(filters.grain)
        later = filters.cohort_kind == "unbounded"
        return SQL(
            """
            SELECT partner_id FROM (%(facts)s) fact
             WHERE orders > 0 AND DATE_TRUNC(%(unit)s, cohort_month) = %(cohort)s::date AND %(month_found)s
            """,
            facts=self._facts_with_cohorts(filters, period),
            unit=filters.grain,
            cohort=cohort,
            month_found=SQL("month >= %s", month)
            if later
            else SQL("DATE_TRUNC(%s, month) = %s::date", filters.grain, month),
        )

    @api.model
    def _read_cell(self, args, filters):
        """:returns: (first day of the cohort's unit, that of the cell's)
        :raises UserError: when they are no cell of the triangle
        """
        cohort, month = (unit_of(self._to_month(args.get(name)), filters.grain) for name in ("cohort", "month"))
        period = filters.period.whole(filters.grain)
        if not period.first <= cohort <= month <= period.last:
            raise UserError(
                self.env._(
                    "There is no cell of %(month)s for those who first bought in %(cohort)s. Choose one of the period.",
                    month=self._month_name(month),
                    cohort=self._month_name(cohort),
                )
            )
        return cohort, month

    @api.model
    def _unit_name(self, month, grain):
        pattern = {"month": "LLLL yyyy", "quarter": "QQQ yyyy", "year": "yyyy"}[grain]
        # Without the language given, core would read the user, his company and its contact to find it out.
        return format_date(self.env, month, lang_code=self.env.lang or "en_US", date_format=pattern)

    @api.model
    def _month_name(self, month):
        return self._unit_name(month, "month")
