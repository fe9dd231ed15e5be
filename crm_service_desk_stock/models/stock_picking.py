from odoo import api, fields, models


class StockPicking(models.Model):
    """A transfer that came of a ticket: the goods that its customer sends back."""

    _inherit = "stock.picking"

    service_ticket_id = fields.Many2one(
        "service.ticket",
        string="Ticket",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        check_company=True,
        groups="crm_service_desk.group_service_user",
        help="The customer's ticket for which the goods come back.",
    )

    goods_delivered = fields.Char(
        "What Was Delivered",
        compute="_compute_goods_delivered",
        help="Quantities and goods, as they left the warehouse.",
    )

    @api.depends("move_ids.state", "move_ids.quantity", "move_ids.product_id")
    def _compute_goods_delivered(self):
        for picking in self:
            done = picking.move_ids.filtered(lambda move: move.state == "done" and move.quantity)
            picking.goods_delivered = ", ".join(
                f"{_amount(move.quantity)} × {move.product_id.display_name}" for move in done
            )

    def action_return_for_ticket(self):
        """Core's dialog for the return of this delivery, for the ticket of the context; see its ``_return_of``."""
        self.ensure_one()
        return self.env["service.ticket"].browse(self.env.context.get("return_ticket_id"))._return_of(self)

    def _action_done(self):
        """Who has the ticket reads on it that the goods are here."""
        result = super()._action_done()
        # sudo: the note is the desk's own; who receives the goods need not see tickets
        returns = self.sudo().filtered(lambda picking: picking.service_ticket_id and picking.state == "done")
        for ticket, pickings in returns.grouped("service_ticket_id").items():
            ticket._message_log(body=self.env._("The goods have come back: %s", ", ".join(pickings.mapped("name"))))
        return result

    def action_open_service_ticket(self):
        """The ticket that the goods come back for."""
        self.ensure_one()
        return self.service_ticket_id.get_formview_action()


def _amount(quantity):
    """Without decimals that say nothing: 2, 0.5."""
    return f"{quantity:.3f}".rstrip("0").rstrip(".")
