import math

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.sale_order import OPEN_STATES


class LoyaltyRedeemWizard(models.TransientModel):
    """A member pays a part of an order with points: how many, what they are worth, what is left to pay."""

    _name = "loyalty.redeem.wizard"
    _description = "Redeem Points"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    membership_ids = fields.Many2many("loyalty.membership", compute="_compute_membership_ids", compute_sudo=True)
    membership_id = fields.Many2one(
        "loyalty.membership",
        string="Member",
        compute="_compute_membership_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', membership_ids)]",
        ondelete="cascade",
    )
    available = fields.Float(string="Available Points", compute="_compute_available", compute_sudo=True)
    available_text = fields.Char(string="Available", compute="_compute_available", compute_sudo=True)
    reserved_text = fields.Char(compute="_compute_available", compute_sudo=True)
    points = fields.Float(
        string="Points to Redeem", compute="_compute_points", store=True, readonly=False, compute_sudo=True
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount_before = fields.Monetary(string="To Pay Without Points", compute="_compute_amounts", compute_sudo=True)
    amount_points = fields.Monetary(string="Worth", compute="_compute_amounts", compute_sudo=True)
    amount_left = fields.Monetary(string="Left to Pay", compute="_compute_amounts", compute_sudo=True)

    @api.depends("order_id")
    def _compute_membership_ids(self):
        for wizard in self:
            wizard.membership_ids = wizard.order_id._memberships_with_points() if wizard.order_id else False

    @api.depends("order_id")
    def _compute_membership_id(self):
        for wizard in self:
            wizard.membership_id = (
                wizard._quotation()._memberships_with_points()._richest_first()[:1] if wizard.order_id else False
            )

    @api.depends("membership_id")
    def _compute_available(self):
        for wizard in self:
            card = wizard.membership_id.card_id
            wizard.available = wizard._redeemable()
            wizard.available_text = card._format_points(wizard.available) if card else ""
            reserved = wizard.order_id._points_reserved_elsewhere(card)
            wizard.reserved_text = card._format_points(reserved) if reserved else False

    @api.depends("membership_id")
    def _compute_points(self):
        for wizard in self:
            wizard.points = wizard._most_useful()

    @api.depends("membership_id", "points")
    def _compute_amounts(self):
        for wizard in self:
            wizard.amount_before = wizard._amount_before()
            wizard.amount_points = min(wizard._worth(wizard._taken(wizard.points)), wizard._amount_payable())
            wizard.amount_left = wizard.amount_before - wizard.amount_points

    # ------------------------------------------------------------ rules

    def _quotation(self):
        """The order as superuser, to reckon with: changing it checks the right of the user."""
        return self.order_id.sudo()  # action_open_redeem, which makes the wizard, has checked the right to write it

    def _card(self):
        """The member's card as superuser: whose it is, is checked by :meth:`_check_choice`."""
        return self.membership_id.sudo().card_id  # the number and points of a membership that its user may read

    def _reward(self):
        card = self._card()
        return card.env["loyalty.reward"]._best_per_point(card.program_id.reward_ids)

    def _own_lines(self):
        """Lines by which this order redeems points of the card already: they are replaced."""
        reward, card = self._reward(), self._card()
        return self._quotation().order_line.filtered(lambda line: line.reward_id == reward and line.coupon_id == card)

    def _redeemable(self):
        """As many points as the order may take from the card, those it takes now included."""
        if not self.membership_id:
            return 0.0
        on_hand = self._quotation()._points_on_hand(self._card())
        return self._reward()._whole_portions(on_hand + sum(self._own_lines().mapped("points_cost")))

    def _amount_before(self):
        return self.order_id.amount_total - sum(self._own_lines().mapped("price_total"))

    def _amount_payable(self):
        """What of the order can be paid in points, in its currency: core leaves out delivery and fixed taxes."""
        reward, order = self._reward(), self._quotation()
        discountable = {
            "order": order._discountable_order,
            "specific": order._discountable_specific,
            "cheapest": order._discountable_cheapest,
        }
        if not reward:
            return 0.0
        amount, _by_tax = discountable[reward.discount_applicability](reward)
        return max(min((amount or 0.0) - sum(self._own_lines().mapped("price_total")), self._amount_before()), 0.0)

    def _taken(self, points):
        """What of ``points`` the reward takes."""
        reward = self._reward()
        return reward._whole_portions(min(points, self._redeemable())) if reward else 0.0

    def _worth(self, points):
        """What ``points`` take off the order, in its currency, however small the order is."""
        reward, order = self._reward(), self.order_id
        if not points:
            return 0.0
        worth = reward.currency_id._convert(
            reward.discount * points, order.currency_id, order.company_id, fields.Date.today()
        )
        most = reward.currency_id._convert(
            reward.discount_max_amount, order.currency_id, order.company_id, fields.Date.today()
        )
        return min(worth, most) if most else worth

    def _most_useful(self):
        """Enough to pay the order, or all that there is: not a point more than is of use."""
        return min(self._redeemable(), self._enough())

    def _enough(self):
        """The points that pay all that can be paid in points."""
        reward, order = self._reward(), self.order_id
        if not reward:
            return 0.0
        needed = order.currency_id._convert(
            self._amount_payable(), reward.currency_id, order.company_id, fields.Date.today(), round=False
        )
        portions = math.ceil(needed / reward.discount / reward.required_points - 1e-6)
        return max(portions, 0) * reward.required_points

    def _check_choice(self):
        """:raises UserError: when this number of points cannot be redeemed here, with what to do instead"""
        card, reward, order = self._card(), self._reward(), self.order_id
        if order.state not in OPEN_STATES:
            raise UserError(self.env._("%s is no quotation any more: its points stay as they are.", order.name))
        if self.membership_id not in order._memberships_with_points():
            raise UserError(self.env._("Choose a membership of the customer of %s.", order.name))
        if self.points <= 0:
            raise UserError(self.env._("Enter how many points are redeemed: more than 0."))
        available = self._redeemable()
        if self.points > available + 1e-6:
            raise UserError(
                self.env._(
                    "Card %(card)s can redeem %(available)s here, not %(points)s.",
                    card=card.code,
                    available=card._format_points(available),
                    points=card._format_points(self.points),
                )
            )
        if abs(reward._whole_portions(self.points) - self.points) > 1e-6:
            raise UserError(
                self.env._(
                    "Points are redeemed by %(portion)g: choose %(fewer)g.",
                    portion=reward.required_points,
                    fewer=reward._whole_portions(self.points),
                )
            )
        if order.currency_id.is_zero(self._worth(self.points)):
            raise UserError(self.env._("So few points are worth nothing on this order: redeem more."))
        most = self._enough()
        if self.points > most + 1e-6:
            raise UserError(
                self.env._(
                    "%(most)g points pay all of %(order)s. Redeem no more than that.", most=most, order=order.name
                )
            )

    # ------------------------------------------------------------ buttons

    def action_redeem(self):
        """Take the points off the order, in place of those it has taken before."""
        self.ensure_one()
        self.order_id.check_access("write")
        self._check_choice()
        self.order_id._redeem_points(self._reward(), self._card(), self.points)
        return {"type": "ir.actions.act_window_close"}

    def action_take_back(self):
        """Redeem no points on this order after all."""
        self.ensure_one()
        self.order_id.check_access("write")
        if self.order_id.state not in OPEN_STATES:
            raise UserError(self.env._("%s is no quotation any more: its points stay as they are.", self.order_id.name))
        self.order_id._redeem_points(self._reward(), self._card(), 0)
        return {"type": "ir.actions.act_window_close"}
