from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from .ledger_booking import BOOKING, Booking, Piece, booking_of
from .loyalty_ledger_given import Given


class SaleOrder(models.Model):
    """Orders tell the ledger what they change points for."""

    _inherit = "sale.order"

    def _get_point_changes(self):
        """Core adds these when an order is confirmed and takes them back when it is cancelled.

        The cards that are returned carry the reason in their context, where the one who writes them finds it. What is
        taken back is what was booked, less what credit notes have taken back already.
        """
        cancelled = self.filtered(lambda order: order.state == "cancel")
        given = cancelled._given_by_order()
        core = {order: order._on_living_cards(super(SaleOrder, order)._get_point_changes()) for order in self}
        # sudo: when points become available does not depend on who confirms.
        programs = self.env["loyalty.card"].sudo().union(*(card for of_order in core.values() for card in of_order))
        clubs = programs.program_id._clubs_by_points_program()
        pieces, changes = {}, {}
        for order in self:
            if order in cancelled:
                of_order = order._pieces_to_cancel(core[order], given.get(order.id, {}))
            else:
                of_order = self.env["loyalty.card"]._hold_back(order._pieces_to_confirm(core[order]), clubs)
            for card, piece in of_order:
                pieces.setdefault(card.id, []).append(piece)
                sign = -1 if order in cancelled else 1  # core subtracts what it gets for cancelled ones
                changes[card] = changes.get(card, 0.0) + sign * piece.points
        booking = Booking(pieces={card_id: tuple(of_card) for card_id, of_card in pieces.items()})
        return {card.with_context(**{BOOKING: booking}): change for card, change in changes.items()}

    def _on_living_cards(self, points):
        """The same for the cards on which the points are now: contacts may have been merged since the quotation.

        :param points: ``{loyalty.card: points}``
        """
        found = {}
        for card, of_card in points.items():
            living = card._where_points_are()
            found[living] = found.get(living, 0.0) + of_card
        return found

    def _pieces_to_confirm(self, changes):
        """What this order gives and takes, apart: a customer wants to see both.

        :param changes: core's ``{loyalty.card: change}``
        :return: list of (card, :class:`~.ledger_booking.Piece`), with a piece of 0 for a card that does not change
        """
        self.ensure_one()
        earned = self._on_living_cards({entry.coupon_id: entry.points for entry in self.coupon_point_ids})
        pieces = []
        for card, change in changes.items():
            gain = earned.get(card, 0.0) if card.program_id.is_nominative else max(change, 0.0)
            for points, kind in ((gain, "earn"), (change - gain, "redeem")):
                pieces.append((card, self._piece(points, kind, "confirm")))
        return pieces

    def _pieces_to_cancel(self, changes, given):
        """What is taken back of what this order gave, and given back of what it took.

        :param changes: core's ``{loyalty.card: change}``, used for orders that were confirmed before there was a ledger
        :param given: ``{loyalty.card: Given}``
        """
        self.ensure_one()
        pieces = []
        for card in self.env["loyalty.card"].union(*changes, *given):
            booked = given.get(card) or Given()
            if not booked.confirmed:
                points = -changes.get(card, 0.0) - booked.taken_back - booked.given_back
                pieces.append((card, self._piece(points, "cancel", "cancel")))
                continue
            kept, spent = booked.kept, booked.redeemed + booked.given_back
            pieces.append((card, self._piece(booked.pending - kept, "cancel", "cancel", pending=-booked.pending)))
            pieces.append((card, self._piece(-spent, "cancel", "cancel", expires_on="as spent")))
        return pieces

    def _piece(self, points, kind, action, **values):
        return Piece(points=points, kind=kind, action=action, source=(self._name, self.id), reason=self.name, **values)

    def _given_by_core(self):
        """What core's own records of this order say that it gave and took: ``{loyalty.card: Given}``."""
        self.ensure_one()
        given = {}
        # sudo: as in _given_by_order
        for entry in self.sudo().coupon_point_ids:
            given.setdefault(entry.coupon_id._where_points_are(), Given()).earned += entry.points
        for line in self.sudo().order_line.filtered("coupon_id"):
            given.setdefault(line.coupon_id._where_points_are(), Given()).redeemed -= line.points_cost
        return {card.with_env(self.env): of_card for card, of_card in given.items()}

    def _given_by_order(self):
        """What these orders have done to cards, as the ledger has it. Queries: the same for one and for many.

        :return: ``{order id: {loyalty.card: Given}}``
        """
        return self.env["loyalty.ledger.entry"]._given_by(self)

    def action_confirm(self):
        with self.env["loyalty.card"]._book_together():
            return super().action_confirm()

    def _action_cancel(self):
        with self.env["loyalty.card"]._book_together():
            return super()._action_cancel()

    # ------------------------------------------------------------ an order that is worked on when confirmed

    def _add_points_for_coupon(self, coupon_points):
        if self.state == "sale":
            coupon_points = {
                card.with_context(**{BOOKING: self._edit_booking("earn")}): points
                for card, points in coupon_points.items()
            }
        return super()._add_points_for_coupon(coupon_points)

    def _edit_booking(self, kind=None):
        """How changes by work on a confirmed order are booked."""
        self.ensure_one()
        return Booking(self._piece(None, kind, "edit"))

    def _update_programs_and_rewards(self):
        return super(SaleOrder, self._for_ledger())._update_programs_and_rewards()

    def _apply_program_reward(self, reward, coupon, **kwargs):
        return super(SaleOrder, self._for_ledger())._apply_program_reward(reward, coupon, **kwargs)

    def _for_ledger(self):
        """This order, so that what core's engine changes on a confirmed one is booked for it."""
        if self.state != "sale" or booking_of(self):
            return self
        return self.with_context(**{BOOKING: self._edit_booking()})


class SaleOrderLine(models.Model):
    """Core gives and takes points when reward lines of a confirmed order change. It is told for which order."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        if not any(vals.get("points_cost") for vals in vals_list):
            return super().create(vals_list)
        orders = self.env["sale.order"].browse({vals.get("order_id") for vals in vals_list})
        if len(orders) > 1:
            by_order = {}
            for vals in vals_list:
                by_order.setdefault(vals.get("order_id"), []).append(vals)
            made = {order_id: iter(self.create(of_order)) for order_id, of_order in by_order.items()}
            return self.union(*(next(made[vals.get("order_id")]) for vals in vals_list))
        self._check_points_cost(orders, vals_list)
        return super(SaleOrderLine, self._for_ledger(orders)).create(vals_list).with_env(self.env)

    def write(self, vals):
        if "points_cost" not in vals:
            return super().write(vals)
        self._check_points_cost(self.order_id, [vals])
        for order, lines in self.grouped("order_id").items():
            super(SaleOrderLine, lines._for_ledger(order)).write(vals)
        return True

    def unlink(self):
        orders = self.filtered(lambda line: line.state == "sale" and line.coupon_id).order_id
        if not orders:
            return super().unlink()
        for order, lines in self.grouped("order_id").items():
            super(SaleOrderLine, lines._for_ledger(order)).unlink()
        return True

    def _for_ledger(self, order):
        return self.with_context(**{BOOKING: order._edit_booking("redeem")}) if order else self

    def _check_points_cost(self, orders, vals_list):
        """:raises AccessError: when somebody writes what a line of a confirmed order costs: core's engine does that
        :raises ValidationError: when a line would bring points: a line costs some, or none
        """
        if any((vals.get("points_cost") or 0) < 0 for vals in vals_list):
            raise ValidationError(self.env._("A line of an order costs points or none; it cannot bring any."))
        if not (self.env.su or booking_of(self)) and "sale" in orders.mapped("state"):
            raise AccessError(
                self.env._(
                    "Points of a confirmed order change by its rewards only: press “Reward”, or cancel the order."
                )
            )
