from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Core moves our columns by SQL, behind the ORM's back: what is computed from them is computed again."""
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # sudo: core's wizard has checked the right to merge; rows of every company must follow.
        logged = self.env["crm.touchpoint"].sudo().with_context(active_test=False)
        logged = logged.search([("partner_id", "=", dst_partner.id)])
        self.env.add_to_compute(logged._fields["commercial_partner_id"], logged)
        logged._contact_history_touch()
        return result
