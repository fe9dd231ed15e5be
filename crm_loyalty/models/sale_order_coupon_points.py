from odoo import models


class SaleOrderCouponPoints(models.Model):
    _inherit = "sale.order.coupon.points"

    # Core's unique key begins with the order. This one serves the check of the foreign key when a card is deleted,
    # which happens at every confirmation that leaves a promotion unclaimed.
    _coupon_id_idx = models.Index("(coupon_id)")
