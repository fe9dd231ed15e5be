from odoo import fields, models


class MailingSubscription(models.Model):
    """Who is on a mailing list because a segment has put him there."""

    _inherit = "mailing.subscription"

    customer_segment_id = fields.Many2one(
        "customer.segment",
        string="From Segment",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",  # serves keeping the list of one segment in step
        help="Taken off the list when the segment does not hold him any more. Empty: put on the list by hand.",
    )
    # Kept beside the address: who unsubscribed stays unsubscribed, also under another address.
    segment_partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="set null", index="btree_not_null"
    )
