import math

from odoo import api, fields, models
from odoo.tools import format_amount

from .sale_order import OPEN_STATES


class SaleOrder(models.Model):
    """What a salesperson must know of the member in front of him, at the head of the order."""

    _inherit = "sale.order"

    member_banner = fields.Json(compute="_compute_member_banner", compute_sudo=True)

    @api.depends("partner_id", "company_id", "state", "date_order", "amount_total", "order_line.points_cost")
    def _compute_member_banner(self):
        """One dict for each membership of the customer, best first: see :meth:`_member_facts`.

        compute_sudo: who may read the order may know this of its customer, as far as he sees the field at all. Queries:
        the same for one order and for many.
        """
        by_order = self._memberships_by_order()
        cards = self.env["loyalty.membership"].union(*by_order.values()).card_id
        best = BestReward(cards.program_id.reward_ids)
        for order in self:
            order.member_banner = [order._member_facts(membership, best) for membership in by_order[order]] or False

    def _member_facts(self, membership, best):
        """:return: dict with ``id`` (of the membership), ``club``, ``tier``, ``member``, ``card``, ``points``, and, each a
        text or False: ``pending``, ``redeemed`` (on this order), ``reward`` (the best one he can have now) and
        ``progress`` (what is missing to the next tier)
        """
        card = membership.card_id
        redeemed = sum(self.order_line.filtered(lambda line: line.coupon_id == card).mapped("points_cost"))
        reward = best.text(self, card, self._points_on_hand(card)) if self.state in OPEN_STATES else False
        return {
            "id": membership.id,
            "club": membership.club_id.name,
            "tier": membership.tier_id.name,
            "member": membership.partner_id.name,
            "card": card.code,
            "points": card.points_display,
            "pending": card._format_points(card.points_pending) if card.points_pending else False,
            "redeemed": card._format_points(redeemed) if redeemed else False,
            "reward": reward,
            "progress": membership._tier_progress().get("missing_text", False),
        }


class BestReward:
    """Which of a card's rewards is worth most on an order. What the rewards themselves say is read once."""

    def __init__(self, rewards):
        self.rewards = rewards
        self.rates = {}

    def text(self, order, card, points):
        """The best reward that ``points`` of ``card`` buy on ``order``, with what it is worth; False: none yet."""
        worths = {
            reward: self.worth(order, reward, points)
            for reward in card.program_id.reward_ids
            if reward.required_points <= points
            and not (reward.reward_type == "discount" and reward in order.order_line.reward_id)
        }
        if not worths:
            return False
        reward = max(worths, key=lambda one: (worths[one], -one.required_points))
        if not reward._is_per_point():
            return f"{reward.description} ({card._format_points(reward.required_points)})"
        return order.env._(
            "%(points)s are worth %(amount)s",
            points=card._format_points(self.useful(order, reward, points)),
            amount=format_amount(order.env, worths[reward], order.currency_id),
        )

    def useful(self, order, reward, points):
        """How many of ``points`` the reward per point takes: those that pay the order are enough."""
        most = reward._whole_portions(points)
        worth = self.convert(reward.discount * most, order, reward)
        if not 0 < order.amount_total < worth:
            return most
        return math.ceil(most * order.amount_total / worth / reward.required_points - 1e-6) * reward.required_points

    def worth(self, order, reward, points):
        """What the customer saves by it, in the order's currency; of an order without lines yet: on any."""
        if reward.reward_type == "product":
            portions = int(points / reward.required_points + 1e-6)
            return self.convert(
                reward.reward_product_id.lst_price * reward.reward_product_qty * portions, order, reward
            )
        if reward.reward_type != "discount":
            return 0.0
        if reward.discount_mode == "percent":
            worth = order.amount_total * reward.discount / 100
        elif reward.discount_mode == "per_point":
            worth = self.convert(reward.discount * reward._whole_portions(points), order, reward)
        else:
            worth = self.convert(reward.discount, order, reward)
        return min(worth, order.amount_total) if order.amount_total > 0 else worth

    def convert(self, amount, order, reward):
        key = (reward.currency_id, order.currency_id, order.company_id)
        if key not in self.rates:
            source, target, company = key
            self.rates[key] = source._get_conversion_rate(source, target, company, fields.Date.today())
        return order.currency_id.round(amount * self.rates[key])
