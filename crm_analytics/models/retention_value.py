from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

TOP = 10
# Bounds of the bars: 1, 2, 5, 10, 20, 50 … What customers are worth is spread over powers of ten.
BOUNDS = [digit * 10**power for power in range(-2, 13) for digit in (1, 2, 5)]
MOST_BARS = 10


class RetentionDashboard(models.AbstractModel):
    """What customers are expected to buy for, and how far the estimate can be trusted."""

    _inherit = "retention.dashboard"

    @api.model
    def _valued(self, filters, domain=Domain.TRUE):
        """:returns: Query of the customers that have an estimate"""
        query = self._metrics(filters, domain=domain)
        query.add_where(SQL("%s IS NOT NULL", SQL.identifier(query.table, "lifetime_value")))
        return query

    @api.model
    def _histogram_rows(self, filters):
        """:returns: tuples (number of the bar: how many of ``BOUNDS`` are not above it, customers, their value)"""
        query = self._valued(filters)
        value = self._converted(query, "lifetime_value")
        bar = SQL("WIDTH_BUCKET(%s, %s)", SQL("(%s)::float8", value), SQL("%s::float8[]", BOUNDS))
        query.groupby = SQL("1")
        return self.env.execute_query(
            query.select(SQL("%s AS bar", bar), SQL("COUNT(*)"), SQL("SUM(%s)::float", value))
        )

    @api.model
    def _histogram(self, rows):
        """:returns: bars [{low, high, customers, revenue}]; the lowest ones together, so that there are few enough"""
        if not rows:
            return []
        highest = max(number for number, _customers, _value in rows)
        lowest = max(min(number for number, _customers, _value in rows), highest - MOST_BARS + 1)
        bars = {number: [0, 0.0] for number in range(lowest, highest + 1)}
        for number, customers, value in rows:
            bar = bars[max(number, lowest)]
            bar[0] += customers
            bar[1] += value
        return [
            {
                "low": BOUNDS[number - 1] if number > lowest else None,
                "high": BOUNDS[number] if number < len(BOUNDS) else None,
                "customers": customers,
                "revenue": value,
            }
            for number, (customers, value) in bars.items()
        ]

    @api.model
    def _top_rows(self, filters):
        """:returns: the customers worth most: [partner's id, value, low, high, probability alive]"""
        query = self._valued(filters)
        amounts = [
            self._converted(query, name) for name in ("lifetime_value", "lifetime_value_low", "lifetime_value_high")
        ]
        query.order = SQL("2 DESC, 1")
        query.limit = TOP
        return self.env.execute_query(
            query.select(
                SQL.identifier(query.table, "partner_id"),
                *(SQL("(%s)::float", amount) for amount in amounts),
                SQL("%s::float", SQL.identifier(query.table, "probability_alive")),
            )
        )

    @api.model
    def _top(self, rows, names):
        """Customers whom the reader may not see are left out."""
        return [
            {
                "partner_id": partner_id,
                "name": names[partner_id],
                "value": value,
                "low": low,
                "high": high,
                "probability_alive": alive,
            }
            for partner_id, value, low, high, alive in rows
            if partner_id in names
        ]

    @api.model
    def _fit(self):
        """How the estimates of the present company were made: how the last attempt ended, and what the last good one was.

        :returns: dict of state (fitted, too_little, failed, none), message, fitted_on, name, customers, horizon_months,
            discount, holdout (see ``statistics.holdout.compare``) or None
        """
        fits = self.env["retention.model"]
        companies = [("company_id", "=", self.env.company.id)]
        last = fits.search(companies, limit=1)
        good = last if last.state == "fitted" else fits.search([*companies, ("state", "=", "fitted")], limit=1)
        return {
            "state": last.state or "none",
            "message": last.message or None,
            "fitted_on": good.fitted_on or None,
            "name": good.name or None,
            "customers": good.customers,
            "horizon_months": good.horizon_months,
            "discount": good.discount_rate,
            "holdout": good.holdout or None,
        }

    @api.model
    def _fit_told(self, fit):
        names = {choice["id"]: choice["name"] for choice in self._choices_of_selection("retention.model", "name")}
        return {**fit, "name": names.get(fit["name"])}

    @api.model
    def _open_value(self, args, filters):
        bounds = {name: args.get(name) for name in ("low", "high")}
        if any(bound is not None and type(bound) not in (int, float) for bound in bounds.values()):
            raise UserError(self.env._("The bounds of a value (low, high) are numbers, or empty."))
        return self._open_metrics(self.env._("Lifetime value"), self._value_domain(**bounds), filters)

    @api.model
    def _value_domain(self, low, high):
        """:returns: list: the customers whose value lies within bounds in the present company's currency"""
        domain = Domain.FALSE
        for company, rate in self._rates().items():
            within = Domain("company_id", "=", company.id) & Domain("retention_model_id", "!=", False)
            if low is not None:
                within &= Domain("lifetime_value", ">=", low / rate)
            if high is not None:
                within &= Domain("lifetime_value", "<", high / rate)
            domain |= within
        return list(domain)
