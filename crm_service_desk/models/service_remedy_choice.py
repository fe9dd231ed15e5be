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
        _tell_by_goods(self, "date_order")
        return result

    def _goods_to_choose_by(self):
        """:return: list of (quantity, name)"""
        lines = self.order_line.filtered(lambda line: not line.display_type and line.product_uom_qty > 0)
        return [(line.product_uom_qty, line.product_id.name) for line in lines if line.price_unit >= 0]


class AccountMove(models.Model):
    """As above, for invoices."""

    _inherit = "account.move"

    @api.depends_context(CHOICE, "lang")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        _tell_by_goods(self, "invoice_date")
        return result

    def _goods_to_choose_by(self):
        """:return: list of (quantity, name)"""
        lines = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        return [(line.quantity, line.product_id.name or line.name) for line in lines if line.price_unit >= 0]


def _tell_by_goods(documents, day):
    """In the dialog, have each document called ``S00027 · 07/15/2026 · 1 × Kopi Susu Braga``.

    :param day: name of the field with its day
    """
    if not documents.env.context.get(CHOICE):
        return
    for document in documents:
        text = ", ".join(f"{quantity:.12g} × {name}" for quantity, name in document._goods_to_choose_by())
        if len(text) > LONGEST_GOODS:
            text = f"{text[: LONGEST_GOODS - 1].rstrip(', ')}…"
        told = [document.display_name, format_date(document.env, document[day]), text]
        document.display_name = " · ".join(filter(None, told))
