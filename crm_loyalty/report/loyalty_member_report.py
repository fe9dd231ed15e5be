from odoo import api, fields, models
from odoo.tools import SQL


class LoyaltyMemberReport(models.Model):
    """Members that came, went and changed their tier: the sum of all movements until a day are the members on that day."""

    _name = "loyalty.member.report"
    _description = "Members by Month"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "loyalty.membership": [
            "partner_id", "club_id", "company_id", "tier_id", "state", "way_in", "date_start", "date_end", "ended_on",
        ],
        "loyalty.membership.log": ["membership_id", "date", "event", "old_tier_id", "new_tier_id"],
    }  # fmt: skip

    date = fields.Date(readonly=True)
    movement = fields.Selection(
        [("joined", "Joined"), ("tier", "Changed Tier"), ("merged", "Contacts Merged"), ("left", "Left")], readonly=True
    )
    membership_id = fields.Many2one("loyalty.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    club_id = fields.Many2one("loyalty.club", readonly=True)
    tier_id = fields.Many2one("res.partner.grade", readonly=True, help="The tier at that time.")
    way_in = fields.Selection(
        lambda self: self.env["loyalty.membership"]._fields["way_in"]._description_selection(self.env),
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    members = fields.Integer(
        readonly=True, help="One more or one less. The sum from the beginning until a month are the members at its end."
    )
    joined = fields.Integer(readonly=True)
    left_count = fields.Integer(
        string="Left", readonly=True, help="Memberships that ended; not those merged into another."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH membership AS (%(memberships)s), change AS (%(changes)s)
            SELECT 4 * id AS id, id AS membership_id, partner_id, club_id, company_id, way_in, date_start AS date,
                   'joined' AS movement, first_tier_id AS tier_id, 1 AS members, 1 AS joined,
                   0 AS left_count
              FROM membership
         UNION ALL
            SELECT 4 * id + 1, id, partner_id, club_id, company_id, way_in, gone_on,
                   CASE WHEN is_merged THEN 'merged' ELSE 'left' END, tier_id, -1, 0, CASE WHEN is_merged THEN 0 ELSE 1 END
              FROM membership WHERE gone_on IS NOT NULL
         UNION ALL
            SELECT 4 * change.id + 2, membership.id, partner_id, club_id, company_id, way_in, change.date, 'tier',
                   change.old_tier_id, -1, 0, 0
              FROM change JOIN membership ON membership.id = change.membership_id
         UNION ALL
            SELECT 4 * change.id + 3, membership.id, partner_id, club_id, company_id, way_in, change.date, 'tier',
                   change.new_tier_id, 1, 0, 0
              FROM change JOIN membership ON membership.id = change.membership_id
            """,
            memberships=self._memberships(),
            changes=self._tier_changes(),
        )

    @api.model
    def _memberships(self):
        """Memberships that began, with their first tier and the first day without them.

        One that was cancelled before its first day never was.
        """
        return SQL(
            """
            SELECT m.id, m.partner_id, m.club_id, m.company_id, m.way_in, m.date_start, m.tier_id,
                   CASE WHEN first.membership_id IS NULL THEN m.tier_id ELSE first.old_tier_id END AS first_tier_id,
                   CASE WHEN m.state = 'ended' THEN COALESCE(m.ended_on, m.date_end + 1) END AS gone_on,
                   m.state = 'ended' AND EXISTS (SELECT 1 FROM loyalty_membership_log merged
                        WHERE merged.membership_id = m.id AND merged.event = 'merged') AS is_merged
              FROM loyalty_membership m
         LEFT JOIN (SELECT DISTINCT ON (membership_id) membership_id, old_tier_id FROM loyalty_membership_log
                     WHERE event = 'tier' ORDER BY membership_id, date, id) first ON first.membership_id = m.id
             WHERE m.date_start <= CURRENT_DATE AND (m.ended_on IS NULL OR m.ended_on > m.date_start)
            """
        )

    @api.model
    def _tier_changes(self):
        return SQL(
            """
            SELECT id, membership_id, date::date AS date, old_tier_id, new_tier_id FROM loyalty_membership_log
             WHERE event = 'tier' AND old_tier_id IS DISTINCT FROM new_tier_id
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
