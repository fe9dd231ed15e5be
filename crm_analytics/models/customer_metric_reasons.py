from odoo import models
from odoo.tools import format_date

# A mean mark up to this one is a reason to worry.
LOW_CSAT = 2.5


class CustomerMetric(models.Model):
    """Why a customer may leave, in words."""

    _inherit = "customer.metric"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    def _risk_reasons(self):
        """What speaks for it that a customer leaves, the weightiest first. No query but that which reads the rows.

        :returns: dict of lists of sentences by the id of the row; empty lists for who gives no reason to worry
        """
        return {metric.id: metric._reasons() for metric in self}

    def _reasons(self):
        """Hook: why this customer may leave, the weightiest first. Extend with ``super()``, by what is in the row: it is asked
        of each line of a list.

        :returns: list of sentences
        """
        self.ensure_one()
        reasons = []
        if self.orders and self.lifecycle in ("at_risk", "lost"):
            reasons.append(self._reason_of_time())
        if self.open_complaints == 1:
            reasons.append(self.env._("1 open complaint"))
        elif self.open_complaints:
            reasons.append(self.env._("%s open complaints", self.open_complaints))
        if self.csat_count and self.csat <= LOW_CSAT:
            reasons.append(self.env._("satisfaction %(mark).1f of 5", mark=self.csat))
        if self.retention_model_id and self.churn_risk in ("medium", "high"):
            reasons.append(self.env._("chance to buy again %s %%", round(100 * self.probability_alive)))
        return reasons

    def _reason_of_time(self):
        if self.frequency:
            return self.env._(
                "usually buys every %(usual)s days, last %(ago)s days ago",
                usual=max(1, round(self.interval_days)),
                ago=self.recency_days,
            )
        return self.env._("bought once, on %(day)s", day=format_date(self.env, self.first_day))
