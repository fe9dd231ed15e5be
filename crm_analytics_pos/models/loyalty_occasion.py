from odoo import models


class LoyaltyOccasion(models.Model):
    """Sales at the till on which gifts of an occasion were used."""

    _inherit = "loyalty.occasion"

    def action_open_till_orders(self):
        """Paid sales at the till with one of the coupons, as far as the reader may see them."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sales at the Till: %s", self.name),
            "res_model": "pos.order",
            "views": [[False, "list"], [False, "form"]],
            "domain": [
                ("state", "in", ("paid", "done")),
                ("is_refund", "!=", True),
                ("amount_total", ">=", 0),
                ("lines.coupon_id.greeting_ids.occasion_id", "=", self.id),
            ],
            "context": {"create": False},
        }
