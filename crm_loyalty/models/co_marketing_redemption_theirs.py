from odoo import fields, models
from odoo.exceptions import UserError

from .co_marketing_benefit_theirs import DIRECTIONS


class CoMarketingRedemption(models.Model):
    """A customer of the partner used a benefit on an order of ours: booked when the order is confirmed.

    It is taken back by cancelling or crediting the order, and in no other way: else the order would show a discount that
    was not counted.
    """

    _inherit = "co.marketing.redemption"

    direction = fields.Selection(DIRECTIONS, string="Who", required=True, readonly=True, default="ours")
    sale_order_id = fields.Many2one("sale.order", string="Order", readonly=True, ondelete="restrict")
    customer_card_id = fields.Many2one(
        "co.marketing.customer.card",
        string="Partner's Card",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Of the number only the last four characters are kept.",
    )
    is_new_customer = fields.Boolean(
        string="New Customer", readonly=True, help="It was the first confirmed order of this customer."
    )

    # An order uses a benefit once; serves the redemptions of an order, too, and its foreign key.
    _order_once = models.UniqueIndex(
        "(sale_order_id, counted_benefit_id) WHERE state = 'done' AND sale_order_id IS NOT NULL",
        "This order has just been booked. Reload the page.",
    )
    _order_idx = models.Index("(sale_order_id) WHERE sale_order_id IS NOT NULL")
    _member_or_order = models.Constraint(
        "CHECK ((direction = 'ours' AND membership_id IS NOT NULL AND card_id IS NOT NULL AND outlet_id IS NOT NULL)"
        " OR (direction = 'theirs' AND sale_order_id IS NOT NULL AND customer_card_id IS NOT NULL))",
        "A redemption is a member's at an outlet, or stands on an order of ours.",
    )

    def _member_key(self):
        return -self.customer_card_id.id if self.customer_card_id else super()._member_key()

    def _may_void(self, user, people):
        return self.direction == "ours" and super()._may_void(user, people)

    def action_void(self):
        self._check_not_of_order()
        return super().action_void()

    def _check_not_of_order(self):
        """:raises UserError: when one of these stands on an order of ours"""
        for redemption in self:
            if redemption.sale_order_id:
                raise UserError(
                    self.env._(
                        "Receipt %(receipt)s stands on order %(order)s: cancel the order or credit it, and the receipt is voided"
                        " with it.",
                        receipt=redemption.name,
                        order=redemption.sudo().sale_order_id.name,  # sudo: only the number of the order
                    )
                )

    def _contact_history_render(self):
        rows = super()._contact_history_render()
        # sudo: the redemption is the reader's; these are the names on it.
        for row in self.sudo().filtered("sale_order_id"):
            rows[row.id]["title"] = " · ".join([row.benefit_id.name, row.sale_order_id.name])
        return rows
