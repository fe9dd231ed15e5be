from odoo import fields, models


class ServiceTicketDelete(models.TransientModel):
    """Asks why tickets are deleted."""

    _name = "service.ticket.delete"
    _description = "Delete Tickets"

    ticket_ids = fields.Many2many(
        "service.ticket", string="Tickets", required=True, default=lambda self: self.env.context.get("active_ids")
    )
    reason = fields.Char(required=True, help="Kept with the number for ever: nothing personal of the customer.")

    def action_delete(self):
        """Delete the tickets. Their numbers and the reason stay."""
        self.ensure_one()
        self.ticket_ids.with_context(ticket_deletion_reason=self.reason).unlink()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_service_desk.service_ticket_action_all")
        return {**action, "target": "main"}
