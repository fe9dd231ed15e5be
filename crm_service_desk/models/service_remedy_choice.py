from odoo import api, models
from odoo.tools import format_date

CHOICE = "service_remedy_choice"  # context key of the dialog that asks which document the remedy is about
LONGEST_GOODS = 80  # characters


class SaleOrder(models.Model):
    """Among several orders of a customer, his one is told by its day and goods; a number says nothing to whom he talks."""

    _inherit = "sale.order"

    @api.depends_context(CHOICE, "lang")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        if self.env.context.get(CHOICE):
            for order in self:
                lines = order.order_line.filtered(lambda line: not line.display_type and line.product_uom_qty > 0)
                goods = [(line.product_uom_qty, line.product_id.name) for line in lines if line.price_unit >= 0]
                order.display_name = _told(order.display_name, format_date(self.env, order.date_order), goods)
        return result


class AccountMove(models.Model):
    """As above, for invoices."""

    _inherit = "account.move"

    @api.depends_context(CHOICE, "lang")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        if self.env.context.get(CHOICE):
            for move in self:
                lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
                goods = [(line.quantity, line.product_id.name or line.name) for line in lines if line.price_unit >= 0]
                move.display_name = _told(move.display_name, format_date(self.env, move.invoice_date), goods)
        return result


def _told(number, day, goods):
    """``S00027 · 07/15/2026 · 1 × Kopi Susu Braga``"""
    text = ", ".join(f"{quantity:.12g} × {name}" for quantity, name in goods)
    if len(text) > LONGEST_GOODS:
        text = f"{text[: LONGEST_GOODS - 1].rstrip(', ')}…"
    return " · ".join(filter(None, [number, day, text]))
