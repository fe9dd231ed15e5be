from odoo import api, fields, models
from odoo.tools import SQL

TOLERANCE = 0.005  # core rounds points to cents
LISTED = 1000  # mismatches listed of one company


class LoyaltyLedgerAudit(models.Model):
    """One comparison of all cards of a company with their ledgers."""

    _name = "loyalty.ledger.audit"
    _description = "Points Audit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="cascade")
    card_count = fields.Integer(string="Cards", readonly=True)
    mismatch_count = fields.Integer(string="Mismatches", readonly=True)
    line_ids = fields.One2many("loyalty.ledger.audit.line", "audit_id", string="Cards That Do Not Match")

    @api.depends("date", "company_id")
    def _compute_display_name(self):
        for audit in self:
            audit.display_name = self.env._("Audit of %s", fields.Datetime.to_string(audit.date))

    @api.model
    def _audit(self):
        """Compare every card with the sum of its entries, and the lots with the balance: one statement.

        :return: the new audits, one for each company with cards
        """
        self.env.flush_all()
        query = SQL(
            """
            WITH compared AS (
                SELECT card.id, card.code, card.company_id, COALESCE(card.points, 0)::float8 AS points,
                       COALESCE(ledger.points, 0)::float8 AS ledger
                  FROM loyalty_card card
             LEFT JOIN (SELECT card_id, sum(points) AS points FROM loyalty_ledger_entry GROUP BY card_id) ledger
                    ON ledger.card_id = card.id
            )
            SELECT company_id, count(*), count(*) FILTER (WHERE abs(points - ledger) > %(tolerance)s),
                   (array_agg(ARRAY[id, points, ledger] ORDER BY id)
                       FILTER (WHERE abs(points - ledger) > %(tolerance)s))[1:%(listed)s]
              FROM compared GROUP BY company_id ORDER BY company_id
            """,
            tolerance=TOLERANCE,
            listed=LISTED,
        )
        # sudo: those who may start an audit (manager or job) see the result as far as their companies go.
        audits = self.sudo().create(
            [
                {
                    "company_id": company_id,
                    "card_count": cards,
                    "mismatch_count": mismatches,
                    "line_ids": [
                        fields.Command.create({"card_id": int(card_id), "points": points, "ledger": ledger})
                        for card_id, points, ledger in listed or []
                    ],
                }
                for company_id, cards, mismatches, listed in self.env.execute_query(query)
            ]
        )
        for audit in audits.filtered("mismatch_count"):
            audit._alarm()
        return audits.with_env(self.env)

    def _alarm(self):
        """Give a club manager the task to look into it."""
        self.ensure_one()
        summary = self.env._("%s cards do not match the points ledger", self.mismatch_count)
        self.message_post(body=summary)
        managers = self.env.ref("crm_loyalty.group_club_manager").all_user_ids.filtered(
            lambda user: user.active and not user.share and (not self.company_id or self.company_id in user.company_ids)
        )
        self.activity_schedule(
            "mail.mail_activity_data_warning", summary=summary, user_id=(managers[:1] or self.env.user).id
        )

    @api.model
    def _cron_audit(self):
        self._audit()

    def action_audit_now(self):
        """Compare now and show the result.

        :raises AccessError: unless the user manages clubs
        """
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager starts an audit."))
        self.env["loyalty.ledger.audit"]._audit()
        return self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.loyalty_ledger_audit_action")


class LoyaltyLedgerAuditLine(models.Model):
    _name = "loyalty.ledger.audit.line"
    _description = "Card That Does Not Match Its Ledger"
    _order = "id"

    audit_id = fields.Many2one("loyalty.ledger.audit", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="audit_id.company_id")
    card_id = fields.Many2one("loyalty.card", readonly=True, index=True, ondelete="cascade")
    points = fields.Float(string="On the Card", readonly=True)
    ledger = fields.Float(string="In the Ledger", readonly=True)
    difference = fields.Float(compute="_compute_difference")

    @api.depends("points", "ledger")
    def _compute_difference(self):
        for line in self:
            line.difference = line.points - line.ledger
