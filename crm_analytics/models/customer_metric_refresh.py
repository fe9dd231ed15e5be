from odoo import models
from odoo.exceptions import AccessError


class CustomerMetric(models.Model):
    """The button that brings the figures up to date now."""

    _inherit = "customer.metric"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    def action_refresh(self):
        """Have the figures of the chosen companies worked out anew, by the scheduled job, right away.

        :raises AccessError: to who is no administrator of the figures
        """
        if not self.env.user.has_group("crm_analytics.group_analytics_manager"):
            raise AccessError(
                self.env._(
                    "Only administrators of Customer Analytics have the figures worked out anew. Ask one of them."
                )
            )
        # sudo: right checked above; nobody has rights to write figures, and the companies are the reader's own.
        self.env["customer.metric.run"].sudo()._do_again(self.env.companies)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("The figures are being worked out anew. Come back in a few minutes."),
                "type": "info",
            },
        }
