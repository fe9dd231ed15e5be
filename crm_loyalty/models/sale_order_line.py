from odoo import api, models

# What a change of which may change what a member gets.
PRICING_FIELDS = {"product_id", "product_uom_id", "product_uom_qty", "price_unit", "discount", "tax_ids"}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # Core has no index on these restricting foreign keys. Confirming an order deletes the cards of its unclaimed
    # promotions, and PostgreSQL then looks for lines of that card: all lines of the database without the first
    # index (1.4 s at 10 million lines). The second serves deleting a reward and the program's count of orders.
    # Partial: few lines have any.
    _coupon_id_idx = models.Index("(coupon_id) WHERE coupon_id IS NOT NULL")
    _reward_id_idx = models.Index("(reward_id) WHERE reward_id IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._follow_member_benefits()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if PRICING_FIELDS & vals.keys():
            self.order_id._follow_member_benefits()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders._follow_member_benefits()
        return result
