from odoo import fields, models


class LoyaltyMembershipFee(models.Model):
    """That a line of an order has paid for a period of a membership: once for each line, whatever is repeated."""

    _name = "loyalty.membership.fee"
    _description = "Membership Bought"
    _order = "id desc"

    membership_id = fields.Many2one("loyalty.membership", required=True, readonly=True, index=True, ondelete="cascade")
    club_id = fields.Many2one(related="membership_id.club_id", store=True)
    company_id = fields.Many2one(related="membership_id.company_id", store=True)
    order_line_id = fields.Many2one("sale.order.line", readonly=True, index="btree_not_null", ondelete="set null")
    order_id = fields.Many2one(related="order_line_id.order_id", string="Order")
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_until = fields.Date(string="Until", readonly=True, help="Empty: for life.")
    cancelled_on = fields.Date(readonly=True, help="The order was cancelled, and the period taken back.")

    _once_per_line = models.UniqueIndex(
        "(order_line_id, club_id) WHERE cancelled_on IS NULL",
        "This line of the order has just made its customer a member. Reload the page.",
    )


class LoyaltyMembership(models.Model):
    _inherit = "loyalty.membership"

    fee_ids = fields.One2many("loyalty.membership.fee", "membership_id", string="Bought Periods")
