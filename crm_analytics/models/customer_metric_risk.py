from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerMetric(models.Model):
    """What is done about customers who may leave."""

    _inherit = "customer.metric"

    is_at_risk = fields.Boolean(
        "At Risk of Leaving",
        compute="_compute_is_at_risk",
        search="_search_is_at_risk",
        help="At medium or high risk of leaving. Who has left already is lost, and not at risk any more.",
    )

    risk_reasons = fields.Text("Why", compute="_compute_risk_reasons", help="What speaks for it that he leaves.")

    @api.model
    def _at_risk_domain(self):
        """Who may leave, and can still be kept: the one definition of the risk list, of its part on the dashboard, of the
        digest and of the segment that is made from the list.

        :returns: Domain on the figures of customers
        """
        return Domain("churn_risk", "in", ["medium", "high"]) & Domain("lifecycle", "!=", "lost")

    @api.depends("churn_risk", "lifecycle")
    def _compute_is_at_risk(self):
        at_risk = self.filtered_domain(self._at_risk_domain())
        for metric in self:
            metric.is_at_risk = metric in at_risk

    @api.depends(
        "orders", "lifecycle", "first_day", "frequency", "interval_days", "recency_days", "open_complaints", "csat",
        "csat_count", "churn_risk", "retention_model_id", "probability_alive",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_risk_reasons(self):
        reasons = self._risk_reasons()
        for metric in self:
            metric.risk_reasons = "; ".join(reasons[metric.id])

    @api.model
    def _search_is_at_risk(self, operator, _value):
        return self._at_risk_domain() if operator == "in" else NotImplemented

    def action_plan_calls(self):
        """Plan an activity with each of these customers: who does it, when, of which type, with a note."""
        return self._chosen_customers().action_plan_calls()

    def action_send_offer(self):
        """Write a mailing to these customers.

        By core's mailing: it keeps from writing to those on the blacklist, is looked at before it is sent, and counts who
        opened it. A coupon of a core program is named in its text, or generated for the customers of a segment.
        """
        return self._chosen_customers()._action_write_mailing(self.env._("An offer"))

    def action_open_card(self):
        """The customer's card at the front desk."""
        self.ensure_one()
        return self.partner_id.action_front_desk_open_card()

    def action_make_segment(self):
        """A new segment of those at risk, to be named and saved."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New segment"),
            "res_model": "customer.segment",
            "views": [(False, "form")],
            "context": {
                "default_name": self.env._("Customers at risk"),
                "default_metric_domain": repr([("is_at_risk", "=", True)]),
            },
        }

    def _chosen_customers(self):
        """The customers of these figures whom the user may read.

        :raises UserError: when none is chosen
        """
        self.check_access("read")
        customers = self.partner_id._filtered_access("read")
        if not customers:
            raise UserError(self.env._("Choose the customers first."))
        return customers
