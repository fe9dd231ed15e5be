from odoo import api, fields, models
from odoo.exceptions import UserError


class LoyaltyClubConsent(models.Model):
    """A wording of what members of a club agree to. A changed text is a new version; what was agreed to stays."""

    _name = "loyalty.club.consent"
    _description = "Wording of a Club's Consent"
    _order = "club_id, version desc"

    club_id = fields.Many2one("loyalty.club", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="club_id.company_id", store=True, index=True)
    version = fields.Integer(required=True, readonly=True)
    text = fields.Text(required=True, readonly=True)

    _version_unique = models.UniqueIndex("(club_id, version)", "The text was changed just now. Reload the page.")

    @api.depends("club_id", "version")
    def _compute_display_name(self):
        for consent in self:
            consent.display_name = self.env._(
                "%(club)s, version %(version)s", club=consent.club_id.name, version=consent.version
            )

    def write(self, vals):
        if "text" in vals or "version" in vals:
            raise UserError(self.env._("What people have agreed to is never changed. Change the text of the club."))
        return super().write(vals)
