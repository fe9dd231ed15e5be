import functools
from dataclasses import replace

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
            """Core's, which changes points; the ledger is told for which order, and what of it was spent."""
            piece = Piece(source=(order._name, order.id), reason=order.display_name, action="till")
            # sudo: what the order spent stands on its lines, whoever may see the cards.
            spent = order.sudo().lines.filtered("points_cost").grouped("coupon_id")
            pieces = {
                card.id: (replace(piece, points=-sum(lines.mapped("points_cost")), kind="redeem"),)
                for card, lines in spent.items()
                if card
            }
            return origin(order.with_context(**{BOOKING: Booking(piece, pieces)}), coupon_data)

        confirm_coupon_programs._tells_the_ledger = True
        till.confirm_coupon_programs = confirm_coupon_programs
