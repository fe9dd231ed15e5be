from odoo import api, fields, models
from odoo.exceptions import UserError


class LoyaltyMembershipWizard(models.TransientModel):
    """A change of memberships with its reason."""

    _name = "loyalty.membership.wizard"
    _description = "Change Memberships"

    membership_ids = fields.Many2many("loyalty.membership", required=True)
    club_ids = fields.Many2many("loyalty.club", compute="_compute_club_ids")
    change = fields.Selection(
        [
            ("tier", "Change tier"),
            ("renew", "Renew"),
            ("freeze", "Freeze"),
            ("unfreeze", "Unfreeze"),
            ("end", "End membership"),
        ],
        required=True,
    )
    tier_id = fields.Many2one("res.partner.grade", string="New Tier", domain="[('club_id', 'in', club_ids)]")
    until = fields.Date(
        help="Last day of the tier; afterwards it is what the member has earned. Empty: until changed by hand.",
    )
    tiers_are_earned = fields.Boolean(compute="_compute_club_ids")
    new_end = fields.Date(string="Valid Until", compute="_compute_new_end")
    periods = fields.Integer(default=1)
    seen_ends = fields.Json(help="The last day of each membership when the question was asked.")
    date_from = fields.Date(string="First Frozen Day", default=fields.Date.context_today)
    date_until = fields.Date(string="Last Frozen Day")
    date = fields.Date(string="First Day Without", help="Empty: today.")
    leave_reason_id = fields.Many2one("loyalty.leave.reason", string="Reason for Leaving")
    reason = fields.Char(string="Note", help="Stands in the membership's log.")

    @api.depends("membership_ids")
    def _compute_club_ids(self):
        for wizard in self:
            wizard.club_ids = wizard.membership_ids.club_id
            wizard.tiers_are_earned = all(wizard.club_ids.mapped("qualification_metric"))

    @api.depends("membership_ids", "periods", "change")
    def _compute_new_end(self):
        """The last day of the new period, when there is one for all."""
        for wizard in self:
            memberships = wizard.membership_ids._origin
            wizard.new_end = False
            if wizard.change == "renew" and len(memberships) == 1 and memberships.date_end and wizard.periods > 0:
                try:
                    wizard.new_end = memberships._next_period(wizard.periods)[1]
                except UserError:
                    continue  # told when the button is pressed

    def action_apply(self):
        """Make the change.

        :raises UserError: when what it needs is missing
        """
        self.ensure_one()
        if not self.reason and not self.leave_reason_id:
            raise UserError(self.env._("Enter why: it stands in the membership's log."))
        getattr(self, f"_apply_{self.change}")()
        return {"type": "ir.actions.act_window_close"}

    def _apply_tier(self):
        self.membership_ids._change_tier(self.tier_id, self.reason, until=self.until or None)

    def _apply_renew(self):
        if self.periods < 1:
            raise UserError(self.env._("Enter for how many periods: 1 or more."))
        self.membership_ids._renew(self.reason, self.periods, self.seen_ends)

    def _apply_freeze(self):
        self.membership_ids._freeze(self.date_from, self.date_until, self.reason)

    def _apply_unfreeze(self):
        self.membership_ids._unfreeze(self.reason)

    def _apply_end(self):
        self.membership_ids._end(self.reason, self.date or None, self.leave_reason_id)
