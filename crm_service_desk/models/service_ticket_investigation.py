from odoo import fields, models


class ServiceTicket(models.Model):
    """What we found out about the case and what we do about its cause. For our own people only."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    findings = fields.Html(
        copy=False,
        groups="crm_service_desk.group_service_user",
        help="What we found out. The customer never sees it.",
    )
    root_cause_id = fields.Many2one(
        "service.root.cause",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        tracking=True,
        groups="crm_service_desk.group_service_user",
    )
    action_ids = fields.One2many(
        "service.action", "ticket_id", string="Actions", groups="crm_service_desk.group_service_user"
    )
