from odoo import api, fields, models
from odoo.tools import SQL


class CustomerPurchaseChange(models.Model):
    """Whose purchases were counted anew since the rolls were made (``customer.purchase.roll``): who reads these counts them
    from the months.

    Rows are only ever appended by who counts, in the transaction in which he does, and deleted by who makes rolls, like those
    of ``customer.purchase.queue``. Plain numbers of contacts: a row may outlive its contact, who then has no purchases.
    """

    _name = "customer.purchase.change"
    _description = "Customers Counted Anew since the Rolls"
    _order = "id"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Integer("Number of the Contact", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    changed_at = fields.Datetime(required=True, readonly=True)

    # Serves the triangle, which leaves these customers out of the rolls, and whoever makes the rolls of a span.
    _company_partner_idx = models.Index("(company_id, partner_id)")

    @api.model
    def _note(self, customers):
        """:param customers: collection of tuples (customer's partner id, company id)"""
        if not customers:
            return
        partners, companies = map(list, zip(*set(customers), strict=True))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_purchase_change (partner_id, company_id, changed_at)
                SELECT *, NOW() AT TIME ZONE 'UTC' FROM UNNEST(%s::int4[], %s::int4[])
                """,
                partners,
                companies,
            )
        )
        self.invalidate_model()

    @api.model
    def _note_all_of(self, partner_ids):
        """Note contacts that are merged into another, of each company from which they bought."""
        found = self.env.execute_query(
            SQL(
                "SELECT DISTINCT partner_id, company_id FROM customer_purchase_month WHERE partner_id = ANY(%s)",
                partner_ids,
            )
        )
        self._note(found)
