from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# While core's engine prices a reward: a Limit, on the points it may take.
LIMIT = "points_choice_limit"


class Limit(NamedTuple):
    """A type of its own on purpose: a remote caller can send any context, but none of these."""

    card_id: int
    points: float


class SaleOrderPointsChoice(models.Model):
    """That a customer redeems so many points on an order, and not all that he could.

    Kept beside the order's lines: core's engine rewrites these whenever something on the order changes.
    """

    _name = "sale.order.points.choice"
    _description = "Points Chosen to Be Redeemed"
    _order = "id"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    reward_id = fields.Many2one("loyalty.reward", required=True, readonly=True, index=True, ondelete="cascade")
    coupon_id = fields.Many2one(
        "loyalty.card", string="Card", required=True, readonly=True, index=True, ondelete="cascade"
    )
    points = fields.Float(required=True, readonly=True)
    company_id = fields.Many2one(related="order_id.company_id")

    # Serves every pricing of a reward of points, and deleting the order.
    _once = models.UniqueIndex("(order_id, coupon_id, reward_id)", "The points of this order have been chosen already.")
    _points_positive = models.Constraint("CHECK (points > 0)", "Choose more than 0 points.")


class SaleOrder(models.Model):
    """Redeeming a chosen number of points: core's engine does it, with the number as its limit."""

    _inherit = "sale.order"

    points_choice_ids = fields.One2many(
        "sale.order.points.choice", "order_id", readonly=True, copy=False, groups="crm_loyalty.group_club_manager"
    )

    def _points_on_hand(self, card):
        """Points of ``card`` that this order may still spend: what is on the card, less what rewards of the order take.

        Not what the order itself earns: that is the customer's when the order is confirmed, or later.
        """
        self.ensure_one()
        taken = self.order_line.filtered(lambda line: line.coupon_id == card).mapped("points_cost")
        return card.points - (0.0 if self.state == "sale" else sum(taken))  # those of a confirmed one are off the card

    def _points_choice(self, reward, card):
        """The choice made for ``reward`` on this order, if any."""
        # sudo: the caller may work on the order, and what was chosen does not depend on who does.
        return self.sudo().points_choice_ids.filtered(
            lambda choice: choice.reward_id.id == reward.id and choice.coupon_id.id == card.id
        )

    def _choose_points(self, reward, card, points=None):
        """Keep how many points are to be redeemed by ``reward``; without ``points``: as many as core would take."""
        choice = self._points_choice(reward, card)
        if not points:
            choice.unlink()
        elif choice:
            choice.points = points
        else:
            choice.create({"order_id": self.id, "reward_id": reward.id, "coupon_id": card.id, "points": points})

    # ------------------------------------------------------------ core's engine

    def _apply_program_reward(self, reward, coupon, **kwargs):
        """As core's.

        :param points: redeem so many only; of a reward that is worth so much per point
        """
        points = kwargs.pop("points", None)
        if reward._is_per_point() and (points or reward not in self.order_line.reward_id):
            self._choose_points(reward, coupon, points)  # a choice of a reward taken off the order holds no longer
        return super()._apply_program_reward(reward, coupon, **kwargs)

    def _get_reward_values_discount(self, reward, coupon, **kwargs):
        if not reward._is_per_point():
            return super()._get_reward_values_discount(reward, coupon, **kwargs)
        usable = reward._whole_portions(self._points_usable(reward, coupon))
        if usable <= 0:
            raise UserError(self.env._("Card %s has no points left for this reward.", coupon.code))
        order = self.with_context(**{LIMIT: Limit(coupon.id, usable)})
        values = super(SaleOrder, order)._get_reward_values_discount(reward, coupon, **kwargs)
        for vals in values:
            if vals.get("points_cost"):
                vals["points_cost"] = self._exact_cost(reward, vals["points_cost"], usable)
        return values

    def _points_usable(self, reward, card):
        """As many points as the reward may take: as core, what the order itself earns included, or those chosen."""
        choice = self._points_choice(reward, card)
        if choice:
            return min(choice.points, self._points_on_hand(card))
        return self._get_real_points_for_coupon(card)

    def _get_real_points_for_coupon(self, coupon, post_confirm=False):
        points = super()._get_real_points_for_coupon(coupon, post_confirm=post_confirm)
        limit = self.env.context.get(LIMIT)
        if isinstance(limit, Limit) and limit.card_id == coupon.id:
            return min(points, limit.points)
        return points

    def _exact_cost(self, reward, cost, usable):
        """What core's cost should be: it is worked out backwards from the discount, which has been rounded to the
        smallest coin of the order, so it may be a little off the points that were used, or above them.
        """
        coin = self.currency_id._convert(
            self.currency_id.rounding, reward.currency_id, self.company_id, fields.Date.today(), round=False
        )
        slack = max(coin, reward.currency_id.rounding) / reward.discount
        return usable if cost > usable - slack else cost

    # ------------------------------------------------------------ when somebody else was faster

    def action_confirm(self):
        for order in self.filtered(lambda order: order.state != "sale"):
            order._check_points_suffice()
        return super().action_confirm()

    def _check_points_suffice(self):
        """Core refuses, too, but does not say what is wrong.

        :raises ValidationError: when a card no longer has the points that rewards of this order take
        """
        self.ensure_one()
        cards = self.order_line.filtered("points_cost").coupon_id.filtered(lambda card: card.program_id.is_nominative)
        # sudo: as in _points_choice
        chosen = self.sudo().points_choice_ids.coupon_id if cards else cards
        for card in cards:
            missing = card in chosen and self._points_on_hand(card) < -1e-6
            if missing or self._get_real_points_for_coupon(card) < 0:
                cost = sum(
                    self.order_line.filtered(lambda line, card=card: line.coupon_id == card).mapped("points_cost")
                )
                raise ValidationError(
                    self.env._(
                        "%(order)s redeems %(cost)s of card %(card)s, which has only %(balance)s now: the others were"
                        " spent elsewhere. Redeem fewer points, or delete the discount from the order.",
                        order=self.name,
                        cost=card._format_points(cost),
                        card=card.code,
                        balance=card.points_display,
                    )
                )


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    def _is_per_point(self):
        """Whether the reward is worth an amount per point, so that a number of points can be chosen."""
        self.ensure_one()
        return (
            self.reward_type == "discount"
            and self.discount_mode == "per_point"
            and not self.clear_wallet
            and not self.program_id.is_payment_program
        )

    def _whole_portions(self, points):
        """The most of ``points`` that the reward takes: it is given for whole portions only."""
        self.ensure_one()
        portions = int(max(points, 0.0) / self.required_points + 1e-6)
        return round(min(portions * self.required_points, max(points, 0.0)), 6)

    @api.model
    def _best_per_point(self, rewards):
        """Of ``rewards`` the one by which a number of points can be chosen, worth most per point."""
        return rewards.filtered(lambda reward: reward._is_per_point()).sorted("discount", reverse=True)[:1]
