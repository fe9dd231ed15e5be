from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Who may read transfers: Inventory's users and, by core's sale_stock, salespeople.
READERS = "stock.group_stock_user,sales_team.group_sale_salesman"


class ServiceTicket(models.Model):
    """Goods that the customer sends back because of the ticket: made by core's own return, of what was delivered to him."""

    _inherit = "service.ticket"

    return_picking_ids = fields.One2many(
        "stock.picking", "service_ticket_id", string="Returns", groups=READERS, readonly=True
    )
    return_count = fields.Integer(string="Number of Returns", compute="_compute_return_count", groups=READERS)

    @api.depends("return_picking_ids")
    def _compute_return_count(self):
        pickings = self.env["stock.picking"]
        counts = dict(
            pickings._read_group([("service_ticket_id", "in", self.ids)], ["service_ticket_id"], ["__count"])
            if self.ids
            else ()
        )
        for ticket in self:
            ticket.return_count = counts.get(ticket._origin, 0)

    def _returnable_domain(self):
        """What was delivered and may come back: of the order concerned, else all that went to the customer's account."""
        self.ensure_one()
        delivered = (
            Domain("state", "=", "done")
            & Domain("picking_type_code", "=", "outgoing")
            & Domain("company_id", "=", self.company_id.id)
            & Domain("partner_id.commercial_partner_id", "=", self.commercial_partner_id.id)
        )
        if self.sale_order_id:
            of_order = delivered & Domain("sale_id", "=", self.sale_order_id.id)
            if self.env["stock.picking"].search_count(of_order, limit=1):
                return of_order
        return delivered

    def action_return_goods(self):
        """Core's return of a delivery to this customer; when there were several, ask which one first.

        :raise UserError: without a customer, or when nothing was delivered to him
        """
        self.ensure_one()
        self.check_access("write")
        if not self.partner_id:
            raise UserError(
                self.env._(
                    "Ticket %s has no customer who could send goods back. Enter the customer first.", self.number
                )
            )
        deliveries = self.env["stock.picking"].search(self._returnable_domain(), limit=2)
        if not deliveries:
            raise UserError(
                self.env._(
                    "Nothing was delivered to %(customer)s yet by %(company)s, so nothing can come back. Look at his orders: "
                    "perhaps a delivery has not been validated.",
                    customer=self.commercial_partner_id.name,
                    company=self.company_id.name,
                )
            )
        if len(deliveries) == 1:
            return self._return_of(deliveries)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Return Goods"),
            "res_model": "service.ticket.return",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    def _return_of(self, picking):
        """Core's dialog for the return of a delivery, which remembers the ticket."""
        return self.env["ir.actions.act_window"]._for_xml_id("stock.act_stock_return_picking") | {
            "context": {
                "active_model": "stock.picking",
                "active_id": picking.id,
                "active_ids": picking.ids,
                "return_for_ticket": {"ticket_id": self.id, "picking_id": picking.id},
            }
        }

    def action_open_returns(self):
        """The goods that come back."""
        self.ensure_one()
        if len(self.return_picking_ids) == 1:
            return self.return_picking_ids.get_formview_action()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Returns for %s", self.number),
            "res_model": "stock.picking",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("service_ticket_id", "=", self.id)],
            "context": {"create": False},
        }

    @api.model
    def _records_to_take(self):
        return [*super()._records_to_take(), ("stock.picking", "service_ticket_id", [])]
