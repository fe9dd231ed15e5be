from odoo import models


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _value_of_points(self, points):
        """What points of this program are worth to the customer, by its rewards, as far as the program itself tells.

        A coupon is worth its best reward. Points that are collected are worth what they are worth in the best reward. A discount
        in per cent without a maximum is worth what the next order makes of it: such a program's points have no known value.

        :return: amount in the program's currency; None when it is not known
        """
        self.ensure_one()
        # sudo: rewards say what is given to customers; called for programs that the desk may give
        rewards = self.sudo().reward_ids
        collected = self.program_type == "loyalty"
        if not collected:
            rewards = rewards.filtered(lambda reward: reward.required_points <= points)
        values = [reward._value_for(points if collected else reward.required_points) for reward in rewards]
        return max(values) if values and None not in values else None


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    def _value_for(self, points):
        """What this reward gives for ``points``, in proportion to what it takes. None: not known beforehand."""
        self.ensure_one()
        share = points / self.required_points
        if self.reward_type == "product":
            price = max(self.reward_product_ids.mapped("lst_price"), default=0.0)
            return price * self.reward_product_qty * share if price else None
        if self.reward_type == "discount" and self.discount_mode == "per_point":
            return self.discount * points
        if self.reward_type == "discount" and self.discount_mode == "per_order":
            return self.discount * share
        return self.discount_max_amount * share or None
