from odoo import models
from odoo.exceptions import UserError

# Who may leave. Who has left is lost, not at risk.
AT_RISK_DOMAIN = [("churn_risk", "in", ["medium", "high"]), ("lifecycle", "!=", "lost")]


class CustomerMetric(models.Model):
    """What is done about customers who may leave."""

    _inherit = "customer.metric"

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
                "default_metric_domain": repr(AT_RISK_DOMAIN),
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
