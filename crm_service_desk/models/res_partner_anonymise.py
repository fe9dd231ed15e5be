from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _anonymise_records(self):
        result = super()._anonymise_records()
        # sudo: called after _check_anonymise, by which only administrators come; tickets may be of any team and company.
        tickets = self.env["service.ticket"].sudo().with_context(active_test=False)
        tickets.search([("partner_id", "in", self.ids)])._anonymise()
        return result
