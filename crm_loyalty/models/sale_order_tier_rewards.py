from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_round


class SaleOrder(models.Model):
    """Rewards and points by tier, on the order."""

    _inherit = "sale.order"

    def _is_reward_for_customer(self, reward):
        """Whether the customer of this order may have the reward, as far as tiers go."""
        # sudo: which tiers a reward is for does not depend on who works on the order.
        reward = reward.sudo()
        return not reward.is_for_tiers or bool(reward.tier_ids & self._entitling_memberships().tier_id)

    def _get_claimable_rewards(self, forced_coupons=None):
        claimable = super()._get_claimable_rewards(forced_coupons=forced_coupons)
        for coupon in list(claimable):
            rewards = claimable[coupon].filtered(self._is_reward_for_customer)
            if rewards:
                claimable[coupon] = rewards
            else:
                del claimable[coupon]
        return claimable

    def _apply_program_reward(self, reward, coupon, **kwargs):
        if not self._is_reward_for_customer(reward):
            return {"error": self._not_for_customer(reward)}
        return super()._apply_program_reward(reward, coupon, **kwargs)

    def _get_reward_line_values(self, reward, coupon, **kwargs):
        """Core drops the lines of a reward for which this raises: that is what becomes of it when the tier is lost."""
        if not self._is_reward_for_customer(reward):
            raise UserError(self._not_for_customer(reward))
        return super()._get_reward_line_values(reward, coupon, **kwargs)

    def _not_for_customer(self, reward):
        return self.env._(
            "“%(reward)s” is for members of these tiers: %(tiers)s.",
            reward=reward.description,
            tiers=", ".join(reward.sudo().tier_ids.mapped("name")),  # as in _is_reward_for_customer
        )

    def _program_check_compute_points(self, programs):
        """Members of some tiers collect more points. As core does with points for money, they are rounded down to two
        decimals, whatever the currency: points have decimals where rupiah have none."""
        result = super()._program_check_compute_points(programs)
        for program, memberships in self._entitling_memberships().grouped(lambda m: m.club_id.program_id).items():
            status = result.get(program, {})
            times = max((tier.points_multiplier for tier in memberships.tier_id), default=1.0)
            if times != 1 and status.get("points"):
                status["points"] = [
                    float_round(points * times, precision_digits=2, rounding_method="DOWN")
                    for points in status["points"]
                ]
        return result
