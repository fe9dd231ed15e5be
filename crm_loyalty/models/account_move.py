from odoo import models


class AccountMove(models.Model):
    """A credit note takes points back."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._follow_credit_notes()
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._follow_credit_notes()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._follow_credit_notes()
        return result

    def _follow_credit_notes(self):
        """Bring the points of the orders of these credit notes in line with what is credited now."""
        notes = self.filtered(lambda move: move.move_type == "out_refund")
        if notes:
            # sudo: an accountant need not see orders or cards; what follows from the note does not depend on him.
            notes.sudo().invoice_line_ids.sale_line_ids.order_id._follow_credit_notes()
