from odoo import api, fields, models
from odoo.addons.crm_contact_history.specs import HistorySpec
from odoo.exceptions import UserError


class LoyaltyMembershipLog(models.Model):
    """What happened to a membership, when, by whom and why. Rows are added, never changed or deleted.

    Each row is an event in the customer's history.
    """

    _name = "loyalty.membership.log"
    _description = "Club Membership Log"
    _inherit = ["contact.history.mixin"]
    _order = "date desc, id desc"

    membership_id = fields.Many2one("loyalty.membership", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(related="membership_id.partner_id")
    club_id = fields.Many2one(related="membership_id.club_id")
    company_id = fields.Many2one(related="membership_id.company_id", store=True, precompute=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", string="By", default=lambda self: self.env.user, ondelete="set null")
    event = fields.Selection(
        [
            ("enrolled", "Enrolled"),
            ("returned", "Came back"),
            ("started", "Begun"),
            ("tier", "Tier changed"),
            ("validity", "Validity changed"),
            ("renewed", "Renewed"),
            ("taken_back", "Renewal taken back"),
            ("reminded", "Reminded of the end"),
            ("grace", "In grace"),
            ("freeze_planned", "Freeze planned"),
            ("frozen", "Frozen"),
            ("unfrozen", "Freeze over"),
            ("ended", "Ended"),
            ("merged", "Contacts merged"),
        ],
        required=True,
    )
    old_tier_id = fields.Many2one("res.partner.grade", string="From Tier", ondelete="restrict")
    new_tier_id = fields.Many2one("res.partner.grade", string="To Tier", ondelete="restrict")
    reason = fields.Char()

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("The log of a membership is never changed. Change the membership: a new line is added.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The log of a membership is never deleted."))

    @api.model
    def _contact_history_specs(self):
        events = HistorySpec(kind="membership", partner="membership_id.partner_id", date="date")
        return [*super()._contact_history_specs(), events]

    def _contact_history_render(self):
        events = dict(self._fields["event"]._description_selection(self.env))
        rendered = {}
        for row in self:
            tiers = " → ".join(filter(None, [row.old_tier_id.name, row.new_tier_id.name]))
            rendered[row.id] = {
                "title": " · ".join(filter(None, [row.club_id.name, events[row.event], tiers])),
                "text": row.reason or "",
                "amount": False,
                "document": ("loyalty.membership", row.membership_id.id),
            }
        return rendered
