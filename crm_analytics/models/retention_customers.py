from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class RetentionDashboard(models.AbstractModel):
    """Customers by lifecycle stage, segment and RFM score, as ``customer.metric`` has them today.

    With several companies chosen, a customer is counted once for each from which he bought: he may be loyal to one and
    lost to another.
    """

    _inherit = "retention.dashboard"

    @api.model
    def _metrics(self, filters, model="customer.metric", domain=Domain.TRUE):
        """:returns: Query of the figures (or snapshots) of the customers that are filtered"""
        domain &= Domain("company_id", "in", self.env.companies.ids)
        if filters.segments:
            domain &= Domain("segment", "in", filters.segments)
        if filters.of_customers or filters.of_purchases:
            domain &= Domain("partner_id", "any!", self._filtered_customers(filters))
        return self._query(model, domain)

    @api.model
    def _customer_groups(self, filters):
        """What there is of each stage, segment and score, and what they bought for in the period; one question, see
        ``_ask_together``.

        :returns: dict of ``lifecycle`` and ``segments``: {key: [customers, revenue]}, ``rfm``: list of [r, f, customers,
            revenue], ``at_risk``: how many may leave,
            ``expected``: [sum of the expected values or None, of the lower and of the upper ends of their
            intervals, of how many customers], ``as_of``
        """
        period = filters.period
        query = self._metrics(filters)
        metrics = self.env["customer.metric"]
        at_risk = metrics._at_risk_domain().optimize_full(metrics)
        names = ("partner_id", "company_id", "lifecycle", "segment", "r_score", "f_score")
        as_of = metrics._field_to_sql(query.table, "as_of", query)
        rows = yield SQL(
            """
            SELECT GROUPING(lifecycle, segment, r_score) AS over, lifecycle, segment, r_score, f_score,
                   COUNT(*) AS customers, COALESCE(SUM(revenue), 0)::float AS revenue,
                   SUM(value)::float AS value, SUM(low)::float AS low, SUM(high)::float AS high,
                   COUNT(value) AS valued, COUNT(*) FILTER (WHERE at_risk) AS at_risk, MIN(as_of) AS as_of
              FROM (%(metrics)s) metric
         LEFT JOIN (SELECT partner_id, company_id, SUM(amount) AS revenue FROM (%(facts)s) fact
                     GROUP BY partner_id, company_id) bought
             USING (partner_id, company_id)
             GROUP BY GROUPING SETS ((), (lifecycle), (segment), (r_score, f_score))
            """,
            metrics=query.select(
                *(SQL.identifier(query.table, name) for name in names),
                SQL("%s AS as_of", as_of),
                SQL("%s AS value", self._converted(query, "lifetime_value")),
                SQL("%s AS low", self._converted(query, "lifetime_value_low")),
                SQL("%s AS high", self._converted(query, "lifetime_value_high")),
                SQL("%s AS at_risk", at_risk._to_sql(metrics, query.table, query)),
            ),
            facts=self._facts(filters, period.first, period.last),
        )
        of = {over: [row for row in rows if row["over"] == over] for over in (0b111, 0b011, 0b101, 0b110)}
        [everybody] = of[0b111]
        return {
            "lifecycle": {row["lifecycle"]: [row["customers"], row["revenue"]] for row in of[0b011]},
            "segments": {row["segment"]: [row["customers"], row["revenue"]] for row in of[0b101] if row["segment"]},
            "rfm": [
                [row["r_score"], row["f_score"], row["customers"], row["revenue"]]
                for row in of[0b110]
                if row["r_score"]
            ],
            "expected": [everybody[name] for name in ("value", "low", "high", "valued")],
            "at_risk": everybody["at_risk"],
            "as_of": everybody["as_of"],
        }

    @api.model
    def _past_groups(self, filters):
        """The same at the end of the period compared with, as far as it was written down then; one question.

        :returns: dict of ``lifecycle`` and ``segments``: {key: customers}, ``expected``: sum; empty where there is none
        """
        if not filters.compared:
            return {}
        query = self._metrics(filters, "customer.metric.snapshot", Domain("month", "=", filters.compared.last))
        lifecycle, segment = (SQL.identifier(query.table, name) for name in ("lifecycle", "segment"))
        value = self._converted(query, "lifetime_value")
        query.groupby = SQL("GROUPING SETS ((), (%s), (%s))", lifecycle, segment)
        rows = yield query.select(
            SQL("GROUPING(%s, %s) AS over", lifecycle, segment),
            SQL("%s AS lifecycle", lifecycle),
            SQL("%s AS segment", segment),
            SQL("COUNT(*) AS customers"),
            SQL("SUM(%s)::float AS value", value),
        )
        if len(rows) == 1:
            return {}
        of = {over: [row for row in rows if row["over"] == over] for over in (0b01, 0b10, 0b11)}
        return {
            "lifecycle": {row["lifecycle"]: row["customers"] for row in of[0b01]},
            "segments": {row["segment"]: row["customers"] for row in of[0b10] if row["segment"]},
            "expected": of[0b11][0]["value"],
        }

    @api.model
    def _groups_told(self, field, groups, past):
        """:param groups: {key: [customers, revenue]}
        :param past: {key: customers} or None
        :returns: [{key, label, customers, revenue, previous_customers}], in the order of the selection, empty ones too
        """
        if not groups:
            return []
        return [
            {
                "key": choice["id"],
                "label": choice["name"],
                "customers": groups.get(choice["id"], [0, 0.0])[0],
                "revenue": groups.get(choice["id"], [0, 0.0])[1],
                "previous_customers": None if past is None else past.get(choice["id"], 0),
            }
            for choice in self._choices_of_selection("customer.metric", field)
        ]

    # -- what they open ------------------------------------------------------------------------------------------------

    @api.model
    def _open_lifecycle(self, args, filters):
        return self._open_group("lifecycle", args, filters)

    @api.model
    def _open_segment(self, args, filters):
        return self._open_group("segment", args, filters)

    @api.model
    def _open_group(self, field, args, filters):
        key, of = args.get("key"), args.get("of")
        label = self._check_key(key, self._choices_of_selection("customer.metric", field))
        if of is None:
            return self._open_metrics(label, [(field, "=", key)], filters)
        if of != "revenue":
            raise UserError(self.env._("A group has no “%s”. Choose revenue, or nothing for its customers.", of))
        # A customer may be loyal to one company and lost to another: what he bought counts in the group of its company.
        whose = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(
                "partner_id.retention_figure",
                "=",
                self._figure("group", {"field": field, "key": key, "company_id": company.id}, filters),
            )
            for company in self.env.companies
        )
        return self._open_purchases(self.env._("Revenue: %s", label), filters, list(whose))

    @api.model
    def _counted_in_group(self, args, filters):
        """:returns: SQL of the ids of the customers of a stage or a segment with one of the companies"""
        field, key, company_id = (args.get(name) for name in ("field", "key", "company_id"))
        if field not in ("lifecycle", "segment") or company_id not in self.env.companies.ids:
            raise UserError(self.env._("There is no such group of customers. Open it from the dashboard."))
        self._check_key(key, self._choices_of_selection("customer.metric", field))
        query = self._metrics(filters, domain=Domain(field, "=", key) & Domain("company_id", "=", company_id))
        return query.select(SQL.identifier(query.table, "partner_id"))

    @api.model
    def _open_customer(self, args, filters):
        """The figures of one customer, with each of the companies."""
        partner_id = args.get("partner_id")
        names = self._names([partner_id] if type(partner_id) is int else [])
        names = self._ask_together({"names": names})["names"]
        if not names:
            raise UserError(self.env._("There is no customer “%s” whom you may see.", partner_id))
        [name] = names.values()
        return self._open_metrics(name, [("partner_id", "=", partner_id)], filters)

    @api.model
    def _check_key(self, key, choices):
        """:param choices: [{id, name}]
        :returns: the name of the one that is asked for
        :raises UserError: when there is none
        """
        names = {choice["id"]: choice["name"] for choice in choices}
        if not isinstance(key, str) or key not in names:
            raise UserError(self.env._("There is no “%(key)s”. Choose from: %(keys)s.", key=key, keys=", ".join(names)))
        return names[key]

    @api.model
    def _open_rfm(self, args, filters):
        scores = {name: args.get(name) for name in ("r", "f")}
        if any(type(score) is not int or not 1 <= score <= 5 for score in scores.values()):
            raise UserError(self.env._("Scores of recency (r) and frequency (f) go from 1 to 5."))
        name = self.env._("Recency %(r)s, frequency %(f)s", **scores)
        return self._open_metrics(name, [("r_score", "=", scores["r"]), ("f_score", "=", scores["f"])], filters)
