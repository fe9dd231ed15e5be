from odoo import models

from .service_stage import DONE_CATEGORIES


class ResPartner(models.Model):
    """A customer's tags may decide on his policy."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if "category_id" in vals and any(rule.tags for rule in self.env["service.sla.policy"]._rules()):
            # sudo: the promise follows the tags, whoever may give them; nothing of the tickets is shown
            tickets = self.env["service.ticket"].sudo()
            account = [("commercial_partner_id", "in", self.commercial_partner_id.ids)]
            tickets.search([*account, ("stage_category", "not in", DONE_CATEGORIES)])._reclassified()
        return result
