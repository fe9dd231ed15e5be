from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Core moves our columns by SQL, behind the ORM's back: what is computed from them is computed again."""
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # sudo: core's wizard has checked the right to merge; rows of every company must follow.
        for name in ("crm.touchpoint", "customer.asset"):
            model = self.env[name].sudo().with_context(active_test=False)
            records = model.search([("partner_id", "=", dst_partner.id)])
            self.env.add_to_compute(records._fields["commercial_partner_id"], records)
        return result
