from odoo import api, fields, models


class ServiceTicket(models.Model):
    """The marks that the customer gave last. Figures are made from ``service.feedback``, which has one row per closing."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    feedback_ids = fields.One2many("service.feedback", "ticket_id", groups="crm_service_desk.group_service_user")
    # Without aggregator: 0 means "no mark", and would spoil an average.
    csat = fields.Integer(
        string="Satisfied with the Answer",
        compute="_compute_marks",
        store=True,
        precompute=True,
        aggregator=None,
        groups="crm_service_desk.group_service_user",
        help="1 (bad) to 5 (very good); 0: no mark.",
    )
    csat_handling = fields.Integer(
        string="Satisfied with the Handling",
        compute="_compute_marks",
        store=True,
        precompute=True,
        aggregator=None,
        groups="crm_service_desk.group_service_user",
        help="1 (bad) to 5 (very good); 0: no mark.",
    )
    ces = fields.Integer(
        string="How Easy It Was",
        compute="_compute_marks",
        store=True,
        precompute=True,
        aggregator=None,
        groups="crm_service_desk.group_service_user",
        help="1 (very hard) to 7 (very easy); 0: no mark.",
    )

    # The survey's job: what was done lately.
    _date_closed_idx = models.Index("(date_closed) WHERE date_closed IS NOT NULL")

    @api.depends("feedback_ids.answered_on", "feedback_ids.csat", "feedback_ids.csat_handling", "feedback_ids.ces")
    def _compute_marks(self):
        for ticket in self:
            last = ticket.feedback_ids.filtered("answered_on").sorted("closed_on")[-1:]
            ticket.csat, ticket.csat_handling, ticket.ces = last.csat, last.csat_handling, last.ces

    def _new_feedback(self, **values):
        """An empty feedback for the closing of each of these tickets. As superuser."""
        return self.env["service.feedback"].create(
            [
                {
                    "ticket_id": ticket.id,
                    "team_id": ticket.team_id.id,
                    "user_id": ticket.user_id.id,
                    "partner_id": ticket.partner_id.id,
                    "closed_on": ticket.date_closed,
                    **values,
                }
                for ticket in self
            ]
        )

    def _feedback_of_closing(self):
        """The feedback on this ticket's present closing, if there is one."""
        self.ensure_one()
        return self.feedback_ids.filtered(lambda feedback: feedback.closed_on == self.date_closed)[:1]
