from odoo import api, fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    purchases_summed = fields.Boolean(
        readonly=True,
        copy=False,
        help="What customers bought of this category and of those below it is counted together (customer.purchase.branch).",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """What is new holds nothing yet; one that had none below it before is a branch now."""
        categories = super().create(vals_list)
        if categories.parent_id:
            self.env["customer.purchase.branch"]._count_soon()
        return categories

    def write(self, vals):
        """A branch that moves is no longer counted with those above it, but with others."""
        if "parent_id" not in vals:
            return super().write(vals)
        branches, before = self.env["customer.purchase.branch"], self.parent_id
        branches._outdate(before)
        result = super().write(vals)
        branches._outdate(self.parent_id)
        return result

    def unlink(self):
        """Figures never keep a category from being deleted: its products have none then, and are counted so.

        PostgreSQL deletes the categories below with it.
        """
        below = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        branches = self.env["customer.purchase.branch"]
        branches._outdate(self.parent_id)
        branches._forget_categories(below.ids)
        self.env["customer.purchase"]._forget_column("categ_id", below.ids)
        return super().unlink()
