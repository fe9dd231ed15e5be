from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

SHOWN = 20


class RetentionDashboard(models.AbstractModel):
    """Who is about to leave, and why."""

    _inherit = "retention.dashboard"

    @api.model
    def _risk_ids(self, filters):
        """:returns: ids of the figures of the customers at high risk, worth most first"""
        query = self._metrics(filters, domain=Domain("churn_risk", "=", "high"))
        query.order = SQL(
            "%s DESC NULLS LAST, %s", SQL.identifier(query.table, "lifetime_value"), SQL.identifier(query.table, "id")
        )
        query.limit = SHOWN
        return [id_ for [id_] in self.env.execute_query(query.select())]

    @api.model
    def _risk(self, metrics, names):
        """:param metrics: customer.metric records, as the reader may see them"""
        if not metrics:
            return []
        rates, reasons = self._rates(), metrics._risk_reasons()
        return [
            {
                "partner_id": metric.partner_id.id,
                "name": names[metric.partner_id.id],
                "reasons": reasons[metric.id],
                "value": metric.lifetime_value * rates[metric.company_id] if metric.retention_model_id else None,
                "days_since": metric.recency_days,
                "usual_interval": metric.interval_days or None,
                "open_complaints": metric.open_complaints,
            }
            for metric in metrics
            if metric.partner_id.id in names
        ]

    @api.model
    def _open_risk(self, _args, filters):
        return self._open_metrics(self.env._("At risk of leaving"), [("churn_risk", "=", "high")], filters)
