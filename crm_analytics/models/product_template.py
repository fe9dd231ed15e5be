from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _write_multi(self, vals_list):
        """Past purchases follow a product to another category."""
        moved = [id_ for id_, vals in zip(self._ids, vals_list, strict=True) if "categ_id" in vals]
        result = super()._write_multi(vals_list)
        if moved:
            self.env["customer.purchase.queue"]._enqueue_products(moved)
        return result
