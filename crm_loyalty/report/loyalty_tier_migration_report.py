from odoo import fields, models
from odoo.tools import SQL


class LoyaltyTierMigrationReport(models.Model):
    """From which tier to which: every change in the memberships' logs, as a matrix of any period."""

    _name = "loyalty.tier.migration.report"
    _description = "Tier Migration"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "loyalty.membership": ["partner_id", "club_id", "company_id"],
        "loyalty.membership.log": ["membership_id", "date", "event", "old_tier_id", "new_tier_id", "reason"],
        "res.partner.grade": ["sequence"],
    }

    date = fields.Datetime(readonly=True)
    membership_id = fields.Many2one("loyalty.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    club_id = fields.Many2one("loyalty.club", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    old_tier_id = fields.Many2one("res.partner.grade", string="From Tier", readonly=True)
    new_tier_id = fields.Many2one("res.partner.grade", string="To Tier", readonly=True)
    direction = fields.Selection([("up", "Up"), ("down", "Down")], readonly=True)
    reason = fields.Char(readonly=True)
    changes = fields.Integer(readonly=True, help="A member who changes twice in the period counts twice.")

    @property
    def _table_query(self):
        # The best tier has the lowest sequence; no tier is below all.
        return SQL(
            """
            SELECT change.id, change.date, change.membership_id, membership.partner_id, membership.club_id,
                   membership.company_id, change.old_tier_id, change.new_tier_id, change.reason, 1 AS changes,
                   CASE WHEN change.old_tier_id IS NULL OR new_tier.sequence < old_tier.sequence THEN 'up'
                        ELSE 'down' END AS direction
              FROM loyalty_membership_log change
              JOIN loyalty_membership membership ON membership.id = change.membership_id
         LEFT JOIN res_partner_grade old_tier ON old_tier.id = change.old_tier_id
         LEFT JOIN res_partner_grade new_tier ON new_tier.id = change.new_tier_id
             WHERE change.event = 'tier' AND change.old_tier_id IS DISTINCT FROM change.new_tier_id
            """
        )

    def action_open_membership(self):
        """The membership behind this line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "loyalty.membership",
            "res_id": self.membership_id.id,
            "views": [[False, "form"]],
        }
