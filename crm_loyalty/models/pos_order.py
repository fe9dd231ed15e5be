import functools

from odoo import models

from .ledger_booking import BOOKING, Booking, Piece


class LoyaltyCard(models.Model):
    """The point of sale, where it is installed: this addon does not depend on it."""

    _inherit = "loyalty.card"

    def _register_hook(self):
        super()._register_hook()
        till = self.env.registry.get("pos.order")
        origin = getattr(till, "confirm_coupon_programs", None)
        if origin is None or hasattr(origin, "_tells_the_ledger"):
            return

        @functools.wraps(origin)
        def confirm_coupon_programs(order, coupon_data):
            """Core's, which changes points; the ledger is told for which order."""
            piece = Piece(source=(order._name, order.id), reason=order.display_name, action="till")
            return origin(order.with_context(**{BOOKING: Booking(piece)}), coupon_data)

        confirm_coupon_programs._tells_the_ledger = True
        till.confirm_coupon_programs = confirm_coupon_programs
