from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .sale_order import OPEN_STATES


class SaleOrder(models.Model):
    """Paying a part of an order with points, as many as the customer wants."""

    _inherit = "sale.order"

    def action_open_redeem(self):
        """Ask how many points are redeemed."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in OPEN_STATES:
            raise UserError(self.env._("Points are redeemed on quotations; %s is none any more.", self.name))
        self._follow_member_benefits()
        if not self._memberships_with_points():
            raise UserError(
                self.env._(
                    "%s has no points that could pay a part of this order. Points of an order can be redeemed on later"
                    " orders, when they are available.",
                    self.partner_id.name,
                )
            )
        wizard = self.env["loyalty.redeem.wizard"].create({"order_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Redeem Points"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [[False, "form"]],
            "target": "new",
        }

    def _memberships_with_points(self):
        """Memberships of the customer whose cards have points that are worth an amount, on this order or spent by it.

        :return: ``loyalty.membership`` records as superuser, best first
        """
        self.ensure_one()
        Reward = self.env["loyalty.reward"].sudo()  # as the memberships: what a point is worth is the same for all
        return self._entitling_memberships().filtered(
            lambda m: Reward._best_per_point(m.card_id.program_id.reward_ids)
            and m.card_id.program_id.filtered_domain(self._get_program_domain())
            and m.card_id.points > 0
        )

    def _points_reserved_elsewhere(self, card):
        """Points of ``card`` that other open quotations want to redeem: whoever is confirmed first gets them."""
        if not card:
            return 0.0
        # sudo: a sum only, of a card that the caller serves; whose quotations these are is not told.
        lines = self.env["sale.order.line"].sudo()
        domain = Domain("coupon_id", "=", card.id) & Domain("state", "in", OPEN_STATES) & Domain("points_cost", ">", 0)
        [(points,)] = lines._read_group(domain & Domain("order_id", "!=", self.id), [], ["points_cost:sum"])
        return points or 0.0

    def _redeem_points(self, reward, card, points):
        """Redeem ``points`` of ``card`` on this quotation, in place of those it redeems now; 0: none.

        :raises UserError: when core's engine refuses it
        """
        self.ensure_one()
        with self._benefits_later():
            old = self.order_line.filtered(lambda line: line.reward_id.id == reward.id and line.coupon_id.id == card.id)
            if points and old:
                self._choose_points(reward, card, points)
            elif points:
                if card not in self.coupon_point_ids.coupon_id:
                    self.applied_coupon_ids |= card.with_env(self.env)
                result = self._apply_program_reward(reward, card, points=points)
                if result.get("error"):
                    raise UserError(result["error"])
            else:
                self._choose_points(reward, card)
                old.unlink()
        self._update_programs_and_rewards()


class LoyaltyMembership(models.Model):
    _inherit = "loyalty.membership"

    def _richest_first(self):
        """The membership whose points are worth most comes first."""
        return self.sorted(lambda m: -m.card_id.points * m.card_id.program_id._point_value())
