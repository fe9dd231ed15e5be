from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LoyaltyReward(models.Model):
    """A reward may be for members of some tiers only."""

    _inherit = "loyalty.reward"

    # As on programs: a tier in use is not deleted, and archiving it does not open the reward to everybody.
    tier_ids = fields.Many2many(
        "res.partner.grade",
        relation="loyalty_reward_tier_rel",
        column1="reward_id",
        column2="tier_id",
        string="Members' Tiers",
        ondelete="restrict",
        context={"active_test": False},
        domain="[('club_id', '!=', False)]",
        help="Only members of these tiers are offered the reward. Empty: everybody who may use the program.",
    )

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
