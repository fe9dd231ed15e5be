from markupsafe import Markup
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class StockReturnPicking(models.TransientModel):
    """Core's return, begun from a ticket, is linked to it."""

    _inherit = "stock.return.picking"

    def _create_return(self):
        ticket = self._ticket_of_return()
        returned = super()._create_return()
        if ticket:
            returned.service_ticket_id = ticket
            ticket._message_log(
                body=Markup("%s %s")
                % (self.env._("A return of %s was made:", self.picking_id.name), returned._get_html_link(returned.name))
            )
        return returned

    def _ticket_of_return(self):
        """The ticket from which this dialog was opened; an empty one when there was none.

        The context may come from anywhere, and goes along to other dialogs: it counts for its own delivery only.

        :raise UserError: when the ticket is not the person's to work on, or the delivery went to another customer
        """
        begun = self.env.context.get("return_for_ticket")
        tickets = self.env["service.ticket"]
        if not isinstance(begun, dict) or begun.get("picking_id") != self.picking_id.id:
            return tickets
        ticket = tickets.browse(begun.get("ticket_id")).exists()
        ticket.check_access("write")
        of_ticket = ticket and ticket._returnable_domain() & Domain("id", "=", self.picking_id.id)
        if not of_ticket or not self.env["stock.picking"].search_count(of_ticket, limit=1):
            raise UserError(
                self.env._(
                    "%(delivery)s did not go to the customer of ticket %(ticket)s, or is not of the order concerned. Return it "
                    "from the ticket of its own customer, or from the delivery itself.",
                    delivery=self.picking_id.name,
                    ticket=ticket.number or "",
                )
            )
        return ticket
