from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """The purchases of merged contacts count for the one that remains, at once.

        Core moves foreign keys one table at a time and knows nothing of days on which both bought. So the figures of
        the contacts that go are dropped before, and counted anew from the documents after these have moved.
        """
        purchases = self.env["customer.purchase"]
        before = purchases._forget_before_merge(src_partners)
        self.env["customer.segment.member"]._merge(src_partners, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        purchases._count_after_merge(before, dst_partner)
        return result
