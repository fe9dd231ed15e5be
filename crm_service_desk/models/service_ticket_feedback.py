from odoo import api, fields, models


class ServiceTicket(models.Model):
    """The marks that the customer gave last. Figures are made from ``service.feedback``, which has one row per closing."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    feedback_ids = fields.One2many(
        "service.feedback", "ticket_id", string="Feedback", groups="crm_service_desk.group_service_user"
    )
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

    @api.depends("feedback_ids.answered_on", "feedback_ids.csat", "feedback_ids.csat_handling", "feedback_ids.ces")
    def _compute_marks(self):
        for ticket in self:
            last = ticket.feedback_ids.filtered("answered_on").sorted("closed_on")[-1:]
            ticket.csat, ticket.csat_handling, ticket.ces = last.csat, last.csat_handling, last.ces
