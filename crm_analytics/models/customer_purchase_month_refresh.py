import functools
import time

from odoo import api, models
from odoo.addons.crm_contact_history.patience import patiently

REFRESH_SECONDS = 5
REFRESH_CUSTOMERS = 20_000  # of a full count: as many as fit into these seconds
REFRESH_DAYS = 5_000  # of changes, likewise


class CustomerPurchaseMonth(models.Model):
    """The button that has changes counted."""

    _inherit = "customer.purchase.month"

    @api.model
    def refresh_figures(self):
        """Count purchases that changed since the figures were made, for a few seconds; then make the stored figures anew.

        Anyone who may read the figures may have them counted: that shows nothing, and the scheduled jobs do the same.

        :returns: dict of ``queued``, ``as_of``, ``building``, see ``retention.dashboard.load``; when changes are left,
            call again
        :raises AccessError: to who may not read the figures
        """
        self.browse().check_access("read")
        # Checked above. Counting is the system's own work: nobody has rights to write figures.
        queue = self.env["customer.purchase.queue"].sudo()
        builds = self.env["customer.purchase.build"].sudo()  # as above
        cron, end = self.env["ir.cron"], time.monotonic() + REFRESH_SECONDS
        cron._commit_progress()  # begin a transaction, see _lock_counting
        while builds._build_batch(REFRESH_CUSTOMERS) or queue._drain_batch(REFRESH_DAYS):
            cron._commit_progress()
            if time.monotonic() > end:
                break
        else:
            summaries = self.env["retention.summary"].sudo()  # as above
            for company in summaries._to_refresh() & self.env.companies:
                patiently(self.env, functools.partial(summaries._refresh, company))
                cron._commit_progress()
        freshness = self.env["retention.dashboard"]._freshness()
        return {name: freshness[name] for name in ("queued", "as_of", "building")}
