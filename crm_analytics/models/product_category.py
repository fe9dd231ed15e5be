from odoo import models


class ProductCategory(models.Model):
    _inherit = "product.category"

    def unlink(self):
        """Figures never keep a category from being deleted: its products have none then, and are counted so.

        PostgreSQL deletes the categories below with it.
        """
        below = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        self.env["customer.purchase"]._forget_column("categ_id", below.ids)
        return super().unlink()
