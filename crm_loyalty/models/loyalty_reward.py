from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .tiers_field import tiers_field


class LoyaltyReward(models.Model):
    """A reward may be for members of some tiers only."""

    _inherit = "loyalty.reward"

    tier_ids = tiers_field(
        "loyalty_reward_tier_rel",
        "reward_id",
        "Only members of these tiers are offered the reward. Empty: everybody who may use the program.",
    )
    is_for_tiers = fields.Boolean(compute="_compute_is_for_tiers", store=True)

    @api.depends("tier_ids")
    def _compute_is_for_tiers(self):
        for reward in self:
            reward.is_for_tiers = bool(reward.tier_ids)

    @api.constrains("tier_ids")
    def _check_tiers_company(self):
        for reward in self:
            if reward.tier_ids.company_id - reward.program_id.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(reward)s” is for tiers of %(companies)s: its program must be of that company.",
                        reward=reward.description or reward.program_id.name,
                        companies=", ".join(reward.tier_ids.company_id.mapped("name")),
                    )
                )
