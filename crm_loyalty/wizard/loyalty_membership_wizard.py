from odoo import api, fields, models


class LoyaltyMembershipWizard(models.TransientModel):
    """A change of memberships with its reason."""

    _name = "loyalty.membership.wizard"
    _description = "Change Memberships"

    membership_ids = fields.Many2many("loyalty.membership", required=True)
    club_ids = fields.Many2many("loyalty.club", compute="_compute_club_ids")
    change = fields.Selection([("tier", "Change tier"), ("end", "End membership")], required=True)
    tier_id = fields.Many2one("res.partner.grade", string="New Tier", domain="[('club_id', 'in', club_ids)]")
    until = fields.Date(
        string="Until", help="Last day of the tier; afterwards it is what the member has earned. Empty: until changed by hand."
    )
    tiers_are_earned = fields.Boolean(compute="_compute_club_ids")
    date = fields.Date(string="First Day Without", help="Empty: today.")
    reason = fields.Char(required=True)

    @api.depends("membership_ids")
    def _compute_club_ids(self):
        for wizard in self:
            wizard.club_ids = wizard.membership_ids.club_id
            wizard.tiers_are_earned = all(wizard.club_ids.mapped("qualification_metric"))

    def action_apply(self):
        """Make the change."""
        self.ensure_one()
        if self.change == "tier":
            self.membership_ids._change_tier(self.tier_id, self.reason, until=self.until or None)
        else:
            self.membership_ids._end(self.reason, self.date or None)
        return {"type": "ir.actions.act_window_close"}
