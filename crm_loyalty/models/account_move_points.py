from odoo import models


class AccountMove(models.Model):
    """An invoice that is posted or paid makes the points of its orders available, where the club waits for that."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._release_points_of_orders()
        return posted

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._release_points_of_orders()
        return result

    def _release_points_of_orders(self):
        invoices = self.filtered(lambda move: move.move_type == "out_invoice")
        if invoices:
            # sudo: an accountant need not see orders; what becomes available does not depend on him.
            invoices.sudo().invoice_line_ids.sale_line_ids.order_id._release_points()
