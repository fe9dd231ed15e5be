from odoo import api, fields, models
from odoo.fields import Domain


class ServiceTicketReturn(models.TransientModel):
    """Asks which of several deliveries the customer sends back; the button of a delivery leads on to core's dialog."""

    _name = "service.ticket.return"
    _description = "Return Goods for a Ticket"

    ticket_id = fields.Many2one("service.ticket", required=True, readonly=True, ondelete="cascade")
    delivery_ids = fields.Many2many(
        "stock.picking", string="Deliveries to Choose from", compute="_compute_delivery_ids"
    )

    @api.depends("ticket_id")
    def _compute_delivery_ids(self):
        """The newest first: it is most likely the one."""
        deliveries = self.env["stock.picking"]
        for wizard in self:
            domain = wizard.ticket_id._returnable_domain() if wizard.ticket_id else Domain.FALSE
            wizard.delivery_ids = deliveries.search(domain, order="date_done desc, id desc")
