from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.tools import SQL

from .. import rolls

# The rolls of a span are made anew when so many of its customers have changed since, or one so long ago. Each who waits costs a
# triangle of several categories 20 µs; the rolls of a span, with all that 65,000 customers bought in three years, take 0.5 s.
MANY = 100
OLDEST = timedelta(hours=20)


class CustomerPurchaseRoll(models.Model):
    """When rolls are made: a span of customers per transaction, so a killed job goes on where it was."""

    _inherit = "customer.purchase.roll"

    @api.model
    def _make_next(self):
        """Make the rolls of one span of customers, in this transaction: of a company that was counted in full first, then of
        those among whom much has changed.

        To be called at the beginning of a transaction, see ``customer.purchase.queue._lock_counting``.

        :returns: whether there was one
        """
        self.env["customer.purchase.queue"]._lock_counting()
        build = self.env["customer.purchase.build"].search(
            [("rolled", "=", False), ("state", "=", "done")], order="company_id", limit=1
        )
        if build:
            build._roll_span()
            return True
        for company_id, span in self._outdated():
            self._make(company_id, span)
            return True
        return False

    @api.model
    def _outdated(self):
        """:returns: list of tuples (company id, span), of which the rolls are worth to be made anew"""
        return self.env.execute_query(
            SQL(
                """
                SELECT company_id, partner_id >> %s AS span FROM customer_purchase_change
                 GROUP BY company_id, span
                HAVING COUNT(*) >= %s OR MIN(changed_at) < %s
                 ORDER BY company_id, span
                """,
                rolls.SPAN_BITS,
                MANY,
                fields.Datetime.now() - OLDEST,
            )
        )

    @api.model
    def _cron_make(self):
        """Scheduled: make the rolls that are missing or old; what is not reached in time waits for the next time."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=1)  # how many are left nobody knows before they are looked at
        while patiently(self.env, self._make_next):
            if not cron._commit_progress(1, remaining=1):
                return
        cron._commit_progress(remaining=0)
