from odoo import api, models
from odoo.tools import SQL

SHOWN = 20


class RetentionDashboard(models.AbstractModel):
    """Who is about to leave, and why."""

    _inherit = "retention.dashboard"

    @api.model
    def _risk_ids(self, filters):
        """One question, see ``_ask_together``.

        :returns: the customers at risk (``customer.metric._at_risk_domain``), worth most first: [id of his figures, his id]
        """
        query = self._metrics(filters, domain=self.env["customer.metric"]._at_risk_domain())
        query.order = SQL(
            "%s DESC NULLS LAST, %s", SQL.identifier(query.table, "lifetime_value"), SQL.identifier(query.table, "id")
        )
        query.limit = SHOWN
        rows = yield query.select(
            SQL("%s AS id", SQL.identifier(query.table, "id")),
            SQL("%s AS partner_id", SQL.identifier(query.table, "partner_id")),
        )
        return [[row["id"], row["partner_id"]] for row in rows]

    @api.model
    def _risk(self, metrics, names):
        """:param metrics: customer.metric records, as the reader may see them"""
        if not metrics:
            return []
        rates, reasons = self._rates(), metrics._risk_reasons()
        return [
            {
                "id": metric.id,
                "partner_id": metric.partner_id.id,
                "name": names[metric.partner_id.id],
                "reasons": reasons[metric.id],
                "value": metric.lifetime_value * rates[metric.company_id] if metric.retention_model_id else None,
                "days_since": metric.recency_days,
                "usual_interval": metric.interval_days or None,
                "open_complaints": metric.open_complaints,
                "company": metric.company_id.name if len(self.env.companies) > 1 else None,
            }
            for metric in metrics
            if metric.partner_id.id in names
        ]

    @api.model
    def _open_risk(self, _args, filters):
        """The risk list itself, with all that can be done from it."""
        name = self.env._("Customers at Risk")
        action = self._open_metrics(name, [("is_at_risk", "=", True)], filters)
        ours = {kind: self.env.ref(f"crm_analytics.customer_metric_view_{kind}_risk").id for kind in ("list", "kanban")}
        views = [(ours.get(kind, view), kind) for view, kind in action["views"]]
        return {**action, "views": views}
