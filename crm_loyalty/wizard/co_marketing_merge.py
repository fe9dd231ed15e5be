from odoo import models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """What the merged contacts used counts for the one who stays, and so does the partner who won one of them: core
        carries over only what the user may read."""
        # sudo: core's wizard has checked the right to merge.
        stays = dst_partner.sudo()
        won_by = src_partners.sudo().sorted("id").co_marketing_agreement_id[:1]
        if won_by and not stays.co_marketing_agreement_id:
            stays.co_marketing_agreement_id = won_by
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # sudo: core's wizard has checked the right to merge.
        tally = self.env["co.marketing.tally"].sudo()
        keys = (src_partners | dst_partner).ids
        query = SQL("SELECT DISTINCT benefit_id FROM co_marketing_tally WHERE member_key = ANY(%s)", keys)
        tally._recount(tally.env["co.marketing.benefit"].browse(row[0] for row in self.env.execute_query(query)))
        return result
