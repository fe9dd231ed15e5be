from odoo import fields, models


class ServiceTicketWait(models.TransientModel):
    """Asks for whom and until when tickets wait."""

    _name = "service.ticket.wait"
    _description = "Wait for a Third Party"

    ticket_ids = fields.Many2many("service.ticket", string="Tickets", required=True)
    whom = fields.Char(string="Waiting for", help="Noted on the ticket; the customer does not see it.")
    until = fields.Date(string="Remind on", help="Who has the ticket gets an activity for this day.")

    def action_wait(self):
        """Let the tickets wait."""
        self.ensure_one()
        self.ticket_ids._wait_for_third_party(self.until, self.whom)
        return {"type": "ir.actions.act_window_close"}
