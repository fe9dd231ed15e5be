from odoo import api, models

# What of a line says in which product category the order counts. A change of the price alone changes the order's amount,
# too, but two lines may change so that the order's does not.
WATCHED = {"product_id", "price_subtotal", "order_id"}


class SaleOrderLine(models.Model):
    """Lines of confirmed orders tell what was bought."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._enqueue_purchases()
        return lines

    def _write_multi(self, vals_list):
        changed = self.browse(
            id_ for id_, vals in zip(self._ids, vals_list, strict=True) if not WATCHED.isdisjoint(vals)
        )
        changed._enqueue_purchases()
        result = super()._write_multi(vals_list)
        self.browse(
            id_ for id_, vals in zip(self._ids, vals_list, strict=True) if "order_id" in vals
        )._enqueue_purchases()
        return result

    def unlink(self):
        self._enqueue_purchases()
        return super().unlink()

    def _enqueue_purchases(self):
        """Note the days of the confirmed orders of these lines."""
        # sudo: who may write a line need not be asked whether he may read its order.
        orders = self.sudo().order_id.filtered(lambda order: order.state == "sale")
        self.env["customer.purchase.queue"]._enqueue_documents(orders)
