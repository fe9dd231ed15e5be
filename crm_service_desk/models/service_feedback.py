import secrets

from odoo import api, fields, models

CSAT_RANGE = range(1, 6)
CES_RANGE = range(1, 8)
# Up to these marks an answer is low, and the leader is told.
LOW_CSAT, LOW_CES = 2, 3


class ServiceFeedback(models.Model):
    """What the customer thinks of how his ticket was handled: one per ticket and closing.

    Figures count the answered ones: ``answered_on`` is set. The mark for the answer (``csat``) is a rating of core too, so that core's
    screens and statistics know it.
    """

    _name = "service.feedback"
    _description = "Feedback on a Ticket"
    _rec_name = "ticket_id"
    _order = "answered_on desc, id desc"

    ticket_id = fields.Many2one("service.ticket", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    team_id = fields.Many2one("service.team", readonly=True, index=True, ondelete="set null", help="When it was done.")
    user_id = fields.Many2one(
        "res.users",
        string="Agent",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="When it was done.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null", ondelete="set null"
    )
    closed_on = fields.Datetime(required=True, readonly=True, help="The closing that it is about.")
    sent_on = fields.Datetime(string="Asked on", readonly=True, help="Empty: he rated by himself.")
    answered_on = fields.Datetime(readonly=True, help="His first answer; he may change it for some days.")
    csat = fields.Integer(string="The Answer", readonly=True, aggregator="avg", help="1 (bad) to 5 (very good).")
    csat_handling = fields.Integer(
        string="The Handling", readonly=True, aggregator="avg", help="1 (bad) to 5 (very good)."
    )
    ces = fields.Integer(
        string="How Easy", readonly=True, aggregator="avg", help="1 (very hard) to 7 (very easy) for the customer."
    )
    comment = fields.Text(readonly=True)
    is_low = fields.Boolean(string="Low", compute="_compute_is_low", store=True, help="One of the marks is low.")
    leader_told = fields.Boolean(readonly=True, help="An activity was made for a low answer; only once.")
    rating_id = fields.Many2one("rating.rating", readonly=True, ondelete="set null", groups="base.group_system")
    access_token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(32),
        groups="base.group_system",
    )

    # Asked and rated once per ticket and closing; and the check of the survey's cron.
    _closing_uidx = models.UniqueIndex("(ticket_id, closed_on)", "This closing has its feedback already.")
    # The link in the mail.
    _access_token_uidx = models.UniqueIndex("(access_token)", "This link is in use.")
    # Figures by period.
    _answered_idx = models.Index("(company_id, answered_on) WHERE answered_on IS NOT NULL")

    _marks_in_range = models.Constraint(
        "CHECK (csat BETWEEN 0 AND 5 AND csat_handling BETWEEN 0 AND 5 AND ces BETWEEN 0 AND 7)",
        "Marks go from 1 to 5, and for how easy it was from 1 to 7.",
    )

    @api.depends("answered_on", "csat", "csat_handling", "ces")
    def _compute_is_low(self):
        for feedback in self:
            marks = (feedback.csat, feedback.csat_handling)
            feedback.is_low = bool(feedback.answered_on and (min(marks) <= LOW_CSAT or feedback.ces <= LOW_CES))
