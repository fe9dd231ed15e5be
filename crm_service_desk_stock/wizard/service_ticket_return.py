from odoo import api, fields, models
from odoo.fields import Domain


class ServiceTicketReturn(models.TransientModel):
    """Asks which of several deliveries the customer sends back."""

    _name = "service.ticket.return"
    _description = "Return Goods for a Ticket"

    ticket_id = fields.Many2one("service.ticket", required=True, readonly=True, ondelete="cascade")
    delivery_ids = fields.Many2many(
        "stock.picking", string="Deliveries to Choose from", compute="_compute_delivery_ids"
    )
    picking_id = fields.Many2one("stock.picking", string="Delivery", domain="[('id', 'in', delivery_ids)]")

    @api.depends("ticket_id")
    def _compute_delivery_ids(self):
        deliveries = self.env["stock.picking"]
        for wizard in self:
            domain = wizard.ticket_id._returnable_domain() if wizard.ticket_id else Domain.FALSE
            wizard.delivery_ids = deliveries.search(domain, order="date_done desc, id desc")

    def action_return(self):
        """On to core's dialog: how much of what."""
        self.ensure_one()
        return self.ticket_id._return_of(self.picking_id)
