import time

from odoo import api, models
from odoo.exceptions import AccessError

REFRESH_SECONDS = 8


class CustomerMetric(models.Model):
    """The button that brings the figures up to date now."""

    _inherit = "customer.metric"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    def action_refresh(self):
        """Work out the figures of the chosen companies anew: for some seconds at once, the rest in the background.

        :returns: an action that tells how far it has come
        :raises AccessError: to who is no administrator of the figures
        """
        if not self.env.user.has_group("crm_analytics.group_analytics_manager"):
            raise AccessError(
                self.env._("Only administrators of Customer Analytics have the figures worked out anew. Ask one of them.")
            )
        # sudo: right checked above; nobody has rights to write figures, and the companies are the reader's own.
        runs = self.env["customer.metric.run"].sudo()
        end = time.monotonic() + REFRESH_SECONDS

        def commit():
            self.env["ir.cron"]._commit_progress()
            return time.monotonic() < end

        if all(runs._work_on(company, commit, again=True) for company in self.env.companies):
            return self._tell(self.env._("The figures are up to date."), "success")
        # sudo: the same check; the job goes on with what has been begun
        self.env.ref("crm_analytics.ir_cron_customer_metrics").sudo()._trigger()
        return self._tell(self.env._("The figures are being worked out; come back in a few minutes."), "info")

    @api.model
    def _tell(self, message, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": kind, "next": {"type": "ir.actions.client", "tag": "soft_reload"}},
        }
