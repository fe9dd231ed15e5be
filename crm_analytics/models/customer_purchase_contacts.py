from odoo import api, models
from odoo.tools import SQL


class CustomerPurchase(models.Model):
    """What happens to the figures of contacts that are merged or deleted."""

    _inherit = "customer.purchase"

    @api.model
    def _forget_before_merge(self, partners):
        """Drop the figures of contacts about to be merged into another, noting what is to be counted anew.

        :returns: ids of the contacts whose documents may go to another customer
        """
        self.env.flush_all()
        contacts = [
            contact_id
            for (contact_id,) in self.env.execute_query(
                SQL(
                    "SELECT id FROM res_partner WHERE id = ANY(%(ids)s) OR commercial_partner_id = ANY(%(ids)s)",
                    ids=partners.ids,
                )
            )
        ]
        self.env["customer.purchase.queue"]._enqueue_contacts(contacts)
        self.env["customer.purchase.change"]._note_all_of(partners.ids)
        theirs = SQL("partner_id = ANY(%s)", partners.ids)
        self.env.cr.execute(SQL("DELETE FROM customer_purchase WHERE %s", theirs))
        self.env["customer.purchase.category"]._delete_categories(theirs)
        for months in (*self._cohort_tables(), self.env["customer.purchase.branch"]):
            months._delete_months(theirs)
        return contacts

    @api.model
    def _count_after_merge(self, contact_ids, partner):
        """Count anew, at once, all that a merge into ``partner`` may have moved.

        The queue keeps its rows: this transaction may not see what others have just changed, the next count does.
        """
        contact_ids = [*contact_ids, partner.id]
        queue = self.env["customer.purchase.queue"]
        queue._enqueue_contacts(contact_ids)
        self._recompute_days(
            self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT partner_id, company_id, day
                      FROM customer_purchase_queue
                     WHERE queued_at = NOW() AT TIME ZONE 'UTC'
                        OR partner_id IN (SELECT commercial_partner_id FROM res_partner WHERE id = ANY(%s))
                    """,
                    contact_ids,
                )
            )
        )

    @api.model
    def _settle_before_unlink(self, partners):
        """Count what waits for contacts about to be deleted, so that no stale figure holds on to them."""
        self.env.flush_all()
        keys = self.env.execute_query(
            SQL(
                "DELETE FROM customer_purchase_queue WHERE partner_id = ANY(%s) RETURNING partner_id, company_id, day",
                partners.ids,
            )
        )
        self._recompute_days(keys)
