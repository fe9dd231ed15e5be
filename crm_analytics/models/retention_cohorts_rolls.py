from collections import Counter, defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import rolls
from ..periods import unit_of


class RetentionDashboard(models.AbstractModel):
    """The triangle of customers, whatever is filtered and no cells are stored of, from the rolls of who bought in a month."""

    _inherit = "retention.dashboard"

    @api.model
    def _cohort_rows_of_rolls(self, filters, period):
        """Who has changed since the rolls were made is left out of them, and counted from the months: a customer is in one
        cohort, so cells add up.

        :returns: tuples for ``cohorts.build_matrix``, without amounts; None where rolls are missing
        """
        companies = self.env.companies.ids
        changed = SQL("SELECT partner_id AS id FROM customer_purchase_change WHERE company_id = ANY(%s)", companies)
        questions = {"changed": changed}
        if filters.of_customers:
            questions["wanted"] = self._select_customers(filters)
        who = self._as_rolls(questions)
        if who is None:
            return None
        found = Counter()
        for span, units in self._units_of_spans(filters, period).items():
            mask = ~who["changed"][span] & (who["wanted"][span] if filters.of_customers else -1)
            told = {unit: roll & mask for unit, roll in units.items()}
            found.update(rolls.triangle(told, period.first, later=filters.cohort_kind == "unbounded"))
        if who["changed"]:
            for cohort, unit, customers, _amount in self._cohort_rows_of_facts(filters._replace(among=changed), period):
                found[cohort, unit] += customers
        return [(cohort, unit, customers, None) for (cohort, unit), customers in found.items()]

    @api.model
    def _units_of_spans(self, filters, period):
        """:returns: {span of customers: {month, quarter or year: roll of who bought in it what is filtered}}; from the first
        purchase of all on, for who bought before the period is no new customer in it
        """
        domain = Domain("company_id", "in", self.env.companies.ids) & Domain("month", "<=", period.last)
        domain &= Domain("categ_id", "in", self._categories(filters).ids if filters.category_ids else [False])
        if filters.team_ids or not filters.category_ids:  # what was bought of a category is told by team
            domain &= Domain("team_id", "in", filters.team_ids or [False])
        query = self._query("customer.purchase.roll", domain)
        names = (SQL.identifier(query.table, name) for name in ("span", "month", "buyers"))
        spans = defaultdict(lambda: defaultdict(int))
        for span, month, buyers in self.env.execute_query(query.select(*names)):
            spans[span][unit_of(month, filters.grain)] |= rolls.read(buyers)
        return spans

    @api.model
    def _as_rolls(self, questions):
        """One statement for all of them, and for whether rolls are there: a company that was never counted in full has no need
        of any, for each of its purchases is a change.

        :param questions: {name: SQL of the ``id`` of customers}
        :returns: {name: {span: their roll, 0 where there is none}}; None where rolls are still to be made
        """
        selects = [
            SQL(
                "SELECT %s AS name, id >> %s AS span, STRING_AGG(INT4SEND(id), '') FROM (%s) customer GROUP BY 1, 2",
                name,
                rolls.SPAN_BITS,
                select,
            )
            for name, select in questions.items()
        ]
        missing = SQL(
            "SELECT NULL, NULL, NULL FROM customer_purchase_build WHERE company_id = ANY(%s) AND rolled IS NOT TRUE",
            self.env.companies.ids,
        )
        found = {name: defaultdict(int) for name in questions}
        for name, span, ids in self.env.execute_query(SQL(" UNION ALL ").join([*selects, missing])):
            if name is None:
                return None
            found[name][span] = rolls.of_ids(ids)
        return found

    @api.model
    def _select_customers(self, filters):
        """:returns: SQL of the ids of the customers who are filtered"""
        if filters.segments and not (filters.grade_ids or filters.country_ids):
            return self._select_of_segments(filters)
        # sudo: which customers are meant is no secret to who sees their purchases, see _facts_domain.
        query = self.env["res.partner"].sudo()._search(self._customers_domain(filters), active_test=False)
        return query.select(SQL("%s AS id", SQL.identifier(query.table, "id")))
