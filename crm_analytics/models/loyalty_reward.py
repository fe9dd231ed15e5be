from odoo import api, fields, models

from .loyalty_program import segments_field


class LoyaltyReward(models.Model):
    """A reward may be for customers of some segments only."""

    _inherit = "loyalty.reward"

    segment_ids = segments_field(
        "loyalty_reward_customer_segment_rel",
        "reward_id",
        "Only customers of these segments are offered the reward. Empty: everybody who may use the program.",
    )
    is_for_segments = fields.Boolean(compute="_compute_is_for_segments", compute_sudo=True, store=True)

    @api.depends("segment_ids")
    def _compute_is_for_segments(self):
        for reward in self:
            reward.is_for_segments = bool(reward.segment_ids)

    @api.constrains("segment_ids")
    def _check_segments_company(self):
        self.program_id._check_segments_company()

    @api.model_create_multi
    def create(self, vals_list):
        rewards = super().create(vals_list)
        if rewards.sudo().segment_ids:  # sudo: as in LoyaltyProgram._follow_segments
            rewards.program_id._follow_segments()
        return rewards

    def write(self, vals):
        result = super().write(vals)
        if "segment_ids" in vals:
            self.program_id._follow_segments()
        return result
