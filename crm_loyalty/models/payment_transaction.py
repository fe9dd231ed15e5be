from odoo import models


class PaymentTransaction(models.Model):
    """A payment that comes in after the order was confirmed: what begins when paid begins now."""

    _inherit = "payment.transaction"

    def _post_process(self):
        result = super()._post_process()
        self.filtered(lambda transaction: transaction.state == "done").sale_order_ids._follow_clubs()
        return result
