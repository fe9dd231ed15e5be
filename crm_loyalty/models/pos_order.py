import functools

from odoo import models

from .ledger_booking import BOOKING, Booking, Piece

OURS = "_tells_the_ledger"


class LoyaltyCard(models.Model):
    """The point of sale, where it is installed: this addon does not depend on it."""

    _inherit = "loyalty.card"

    def _register_hook(self):
        super()._register_hook()
        till = self.env.registry.get("pos.order")
        for name, told in (("confirm_coupon_programs", _confirmed), ("action_pos_order_paid", _paid)):
            origin = getattr(till, name, None)
            # The second only where the till knows points at all.
            if origin is not None and hasattr(till, "confirm_coupon_programs") and not hasattr(origin, OURS):
                setattr(till, name, _around(origin, told))


def _around(origin, told):
    """The method that calls ``told`` with core's method as its second argument."""

    @functools.wraps(origin)
    def method(order, *args, **kwargs):
        return told(order, origin, *args, **kwargs)

    setattr(method, OURS, True)
    return method


def _confirmed(order, origin, coupon_data):
    """Core's, which changes points; the ledger is told for which order, and what of it was spent."""
    piece = Piece(source=(order._name, order.id), reason=order.display_name, action="till")
    # sudo: what the order spent stands on its lines, whoever may see the cards.
    spent = order.sudo().lines.filtered("points_cost").grouped("coupon_id")
    pieces = {
        card.id: (piece._replace(points=-sum(lines.mapped("points_cost")), kind="redeem"),)
        for card, lines in spent.items()
        if card
    }
    return origin(order.with_context(**{BOOKING: Booking(piece, pieces)}), coupon_data)


def _paid(order, origin):
    """Core's; a refund takes back what the refunded order earned and gives back what it spent, in proportion. Core's till
    does nothing of it."""
    result = origin(order)
    # sudo: the right to pay out was checked by core; what follows for the card does not depend on the cashier.
    refunded = order.sudo().lines.refunded_orderline_id.order_id
    pieces = []
    for document_id, given in order.env["loyalty.ledger.entry"]._given_by(refunded).items():
        document = refunded.browse(document_id)
        share = _refunded_share(document)
        for card, of_card in given.items():
            pieces += [(card, piece) for piece in of_card.pieces_of_credit(share, functools.partial(_piece, document))]
    order.env["loyalty.card"].sudo()._book_many(pieces)  # sudo: as above
    return result


def _refunded_share(order):
    """How much of the goods of an order of the till was refunded, between 0 and 1, by their price."""
    goods = order.lines.filtered(lambda line: not line.is_reward_line and line.price_subtotal_incl > 0)
    refunds = goods.refund_orderline_ids.filtered(lambda line: line.order_id.state not in ("draft", "cancel"))
    whole = sum(goods.mapped("price_subtotal_incl"))
    return min(max(-sum(refunds.mapped("price_subtotal_incl")) / whole, 0.0), 1.0) if whole else 0.0


def _piece(order, points, kind, action, **values):
    source = (order._name, order.id)
    return Piece(points=points, kind=kind, action=action, source=source, reason=order.display_name, **values)
