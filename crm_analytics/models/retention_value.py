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
        """One question, see ``_ask_together``.

        :returns: lists [number of the bar: how many of ``BOUNDS`` are not above it, customers, their value]
        """
        query = self._valued(filters)
        value = self._converted(query, "lifetime_value")
        bar = SQL("WIDTH_BUCKET(%s, %s)", SQL("(%s)::float8", value), SQL("%s::float8[]", BOUNDS))
        query.groupby = SQL("1")
        rows = yield query.select(
            SQL("%s AS bar", bar), SQL("COUNT(*) AS customers"), SQL("SUM(%s)::float AS value", value)
        )
        return [[row["bar"], row["customers"], row["value"]] for row in rows]

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
        """One question, see ``_ask_together``.

        :returns: the customers worth most: [partner's id, value, low, high, probability alive]
        """
        query = self._valued(filters)
        query.order = SQL("2 DESC, 1")
        query.limit = TOP
        rows = yield query.select(
            SQL("%s AS partner_id", SQL.identifier(query.table, "partner_id")),
            SQL("(%s)::float AS value", self._converted(query, "lifetime_value")),
            SQL("(%s)::float AS low", self._converted(query, "lifetime_value_low")),
            SQL("(%s)::float AS high", self._converted(query, "lifetime_value_high")),
            SQL("%s::float AS alive", SQL.identifier(query.table, "probability_alive")),
        )
        return [[row[name] for name in ("partner_id", "value", "low", "high", "alive")] for row in rows]

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
        """How the estimates of the present company were made: how the last attempt ended, and what the last good one was; one
        question, see ``_ask_together``.

        :returns: dict of state (fitted, too_little, failed, none), message, fitted_on, name, customers, horizon_months,
            discount, holdout (see ``statistics.holdout.compare``) or None
        """
        rows = yield SQL("(%s) UNION ALL (%s)", self._newest_fit(), self._newest_fit(Domain("state", "=", "fitted")))
        last = rows[0] if rows else {"state": "none", "message": None}
        good = next((fit for fit in rows if fit["state"] == "fitted"), {"customers": 0, "horizon_months": 0})
        return {
            "state": last["state"],
            "message": last["message"] or None,
            "fitted_on": good.get("fitted_on"),
            "name": good.get("name"),
            "customers": good["customers"],
            "horizon_months": good["horizon_months"],
            "discount": good.get("discount_rate") or 0.0,
            "holdout": good.get("holdout"),
        }

    @api.model
    def _newest_fit(self, domain=Domain.TRUE):
        """:returns: SQL of the newest of the attempts that are meant, of the present company"""
        query = self._query("retention.model", Domain("company_id", "=", self.env.company.id) & domain)
        query.order = self.env["retention.model"]._order_to_sql("fitted_on DESC, id DESC", query)
        query.limit = 1
        names = ("state", "message", "name", "customers", "horizon_months", "discount_rate", "holdout")
        return query.select(
            *(SQL("%s AS %s", SQL.identifier(query.table, name), SQL.identifier(name)) for name in names),
            SQL("%s::text AS fitted_on", SQL.identifier(query.table, "fitted_on")),
        )

    @api.model
    def _fit_told(self, fit):
        names = {choice["id"]: choice["name"] for choice in self._choices_of_selection("retention.model", "name")}
        return {**fit, "name": names.get(fit["name"])}

    @api.model
    def _open_model(self, _args, _filters):
        """How the estimates of the present company were made: each attempt."""
        domain = [("company_id", "=", self.env.company.id)]
        return self._window(self.env._("How Estimates Are Made"), "retention.model", domain, ("list", "kanban", "form"))

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
