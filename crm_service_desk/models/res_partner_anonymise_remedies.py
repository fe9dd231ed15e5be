from odoo import models


class ResPartner(models.Model):
    """What he was offered and answered on tickets that have another customer by now goes too."""

    _inherit = "res.partner"

    def _anonymise_records(self):
        result = super()._anonymise_records()
        # sudo: called after _check_anonymise, by which only administrators come; rows may be of any team and company.
        for model in ("service.remedy", "service.feedback"):
            self.env[model].sudo().search([("partner_id", "in", self.ids)])._forget_words()
        return result
