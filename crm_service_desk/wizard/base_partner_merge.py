from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Core moves our columns by SQL, behind the ORM's back: the account of a ticket is that of who is left."""
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # sudo: core's wizard has checked the right to merge; tickets of every company must follow.
        tickets = self.env["service.ticket"].sudo().search([("partner_id", "child_of", dst_partner.ids)])
        self.env.add_to_compute(tickets._fields["commercial_partner_id"], tickets)
        return result
