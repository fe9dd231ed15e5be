from odoo import api, fields, models


class ServiceTicket(models.Model):
    """How the case ends: what was offered, what the customer said of it, and where else he was told to turn to."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    remedy_ids = fields.One2many(
        "service.remedy", "ticket_id", string="Remedies", groups="crm_service_desk.group_service_user"
    )
    outcome = fields.Selection(
        [("accepted", "Accepted"), ("rejected", "Rejected"), ("no_answer", "No answer"), ("none", "No remedy")],
        compute="_compute_outcome",
        store=True,
        precompute=True,
        copy=False,
        groups="crm_service_desk.group_service_user",
        help="What the customer said last of what we offered. No answer: he has not decided, or was not asked.",
    )
    external_route_offered = fields.Boolean(
        string="Told where else to turn to",
        copy=False,
        tracking=True,
        groups="crm_service_desk.group_service_user",
        help="The customer was told of a body outside, such as consumer arbitration. It happens by itself when he "
        "rejects a remedy.",
    )
    external_route = fields.Html(
        string="Where Else to Turn to",
        copy=False,
        sanitize_attributes=True,
        groups="crm_service_desk.group_service_user",
        help="What the customer was told, as it was at the time.",
    )

    @api.depends("remedy_ids.state", "remedy_ids.decision", "remedy_ids.decided_on")
    def _compute_outcome(self):
        for ticket in self:
            remedies = ticket.remedy_ids.filtered(lambda remedy: remedy.decision or remedy.state != "cancelled")
            decided = remedies.filtered("decision").sorted(lambda remedy: (remedy.decided_on, remedy.id))
            ticket.outcome = decided[-1:].decision or ("no_answer" if remedies else "none")
