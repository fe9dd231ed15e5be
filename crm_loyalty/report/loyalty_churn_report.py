from odoo import fields, models
from odoo.tools import SQL


class LoyaltyChurnReport(models.Model):
    """Members who left and did not come back, with the reason: one line for each last membership of a member."""

    _name = "loyalty.churn.report"
    _description = "Members Who Left"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "loyalty.membership": [
            "partner_id", "club_id", "company_id", "tier_id", "state", "way_in", "date_start", "date_end", "ended_on",
            "has_left", "leave_reason_id",
        ],
        "loyalty.membership.log": ["membership_id", "date", "event", "reason", "user_id"],
    }  # fmt: skip

    date = fields.Date(string="Left On", readonly=True, help="The first day without the membership.")
    membership_id = fields.Many2one("loyalty.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    club_id = fields.Many2one("loyalty.club", readonly=True)
    tier_id = fields.Many2one("res.partner.grade", string="Last Tier", readonly=True)
    way_in = fields.Selection(
        lambda self: self.env["loyalty.membership"]._fields["way_in"]._description_selection(self.env),
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    how = fields.Selection(
        [("expired", "Validity was over"), ("left", "Was ended")], string="How It Ended", readonly=True
    )
    leave_reason_id = fields.Many2one("loyalty.leave.reason", string="Reason", readonly=True)
    reason = fields.Char(string="In Words", readonly=True)
    members = fields.Integer(readonly=True)
    months = fields.Float(
        string="Months as a Member", readonly=True, aggregator="avg", help="From the first day of this membership."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT m.id, m.id AS membership_id, m.partner_id, m.club_id, m.company_id, m.tier_id, m.way_in,
                   m.gone_on AS date, last.reason, 1 AS members, (m.gone_on - m.date_start) / 30.4375 AS months,
                   m.leave_reason_id, CASE WHEN m.has_left THEN 'left' ELSE 'expired' END AS how
              FROM (SELECT *, COALESCE(ended_on, date_end + 1) AS gone_on FROM loyalty_membership
                     WHERE state = 'ended') m
         LEFT JOIN LATERAL (SELECT event, reason FROM loyalty_membership_log
                             WHERE membership_id = m.id AND event IN ('ended', 'merged')
                          ORDER BY date DESC, id DESC LIMIT 1) last ON true
             WHERE m.gone_on > m.date_start AND last.event IS DISTINCT FROM 'merged'
               AND NOT EXISTS (SELECT 1 FROM loyalty_membership later
                                WHERE later.partner_id = m.partner_id AND later.club_id = m.club_id
                                  AND (later.state <> 'ended' OR (later.date_start, later.id) > (m.date_start, m.id)))
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
