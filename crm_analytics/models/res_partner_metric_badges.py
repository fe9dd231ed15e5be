from odoo import models
from odoo.tools import format_amount, format_date

RISK_SEVERITY = {"high": "danger", "medium": "warning"}


class ResPartner(models.Model):
    """Risk and value at the head of the customer's card, for those who may read figures.

    A salesperson without that right sees neither: from them he would learn what colleagues sold, and other companies.
    """

    _inherit = "res.partner"

    def _customer_badges(self):
        badges = super()._customer_badges()
        metrics = self.env["customer.metric"]
        if not metrics.has_access("read"):
            return badges
        domain = [
            ("partner_id", "in", self.commercial_partner_id.ids),
            ("company_id", "=", self.env.company.id),
            ("orders", ">", 0),
        ]
        of_customer = {metric.partner_id: metric for metric in metrics.search(domain)}
        for partner in self:
            if metric := of_customer.get(partner.commercial_partner_id):
                badges[partner.id] += metric._badges()
        return badges


class CustomerMetric(models.Model):
    """What the badges say."""

    _inherit = "customer.metric"

    def _badges(self):
        """Risk, where there is one, and what he is worth, with how sure that is."""
        self.ensure_one()
        badges = [self._value_badge()]
        if self.churn_risk in RISK_SEVERITY:
            badges.insert(0, self._risk_badge())
        return badges

    def _risk_badge(self):
        """The risk, and why: among the reasons is the chance that was estimated, where there is one."""
        risk = dict(self._fields["churn_risk"]._description_selection(self.env))[self.churn_risk]
        reasons = ", ".join(self._reasons())
        return {
            "label": self.env._("Risk of leaving"),
            "value": self.env._("%(risk)s (%(reasons)s)", risk=risk, reasons=reasons) if reasons else risk,
            "severity": RISK_SEVERITY[self.churn_risk],
            "action": self._action_figures(),
            "sequence": 15,
        }

    def _value_badge(self):
        """What he is expected to buy for; where there is no estimate, what he bought for."""
        estimated = bool(self.retention_model_id)
        if not estimated:
            value = format_amount(self.env, self.amount, self.currency_id)
            label = self.env._("Bought for so far")
        else:
            label = self.env._("Expected value (estimate)")
            value = format_amount(self.env, self.lifetime_value, self.currency_id)
            if self.lifetime_value_high:
                value = self.env._(
                    "%(value)s (95 %%: %(low)s to %(high)s)",
                    value=value,
                    low=format_amount(self.env, self.lifetime_value_low, self.currency_id),
                    high=format_amount(self.env, self.lifetime_value_high, self.currency_id),
                )
            if self.estimated_on:  # it stands until the next fit
                value = self.env._(
                    "%(value)s, as of %(day)s", value=value, day=format_date(self.env, self.estimated_on)
                )
        return {
            "label": label,
            "value": value,
            "severity": "info",
            "action": self._action_figures(),
            "sequence": 60,
        }

    def _action_figures(self):
        """The row of figures behind a badge."""
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_analytics.customer_metric_action")
        return {
            **action,
            "display_name": self.env._(
                "Figures of %(customer)s on %(day)s",
                customer=self.partner_id.display_name,
                day=format_date(self.env, self.as_of),
            ),
            "path": False,
            "domain": [("partner_id", "=", self.partner_id.id)],
            "context": {},
        }
