from odoo import models
from odoo.fields import Domain

from .service_stage import DONE_CATEGORIES


class ServiceCategory(models.Model):
    """A policy for a category is one for all its parts: a category that becomes a part of another changes its promises."""

    _inherit = "service.category"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals and any(rule.categories for rule in self.env["service.sla.policy"]._rules()):
            # sudo: the promise follows the categories, whoever may arrange them; nothing of the tickets is shown
            tickets = self.env["service.ticket"].sudo()
            concerned = Domain("category_id", "child_of", self.ids) & Domain(
                "stage_category", "not in", DONE_CATEGORIES
            )
            tickets.with_context(active_test=False).search(concerned)._reclassified()
        return result
