from odoo import models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Bring the histories of merged contacts together.

        Where several of them took part in the same contact, one entry is left; core would otherwise delete every
        entry of the merged contacts when it meets the unique key.
        """
        entries = self.env["contact.history.entry"]
        entries._sync()
        doubles = self.env.execute_query(
            SQL(
                """
                DELETE FROM contact_history_entry e
                 USING (SELECT id, row_number() OVER (
                                   PARTITION BY res_model, res_id, kind ORDER BY partner_id = %(kept)s DESC, id) AS n
                          FROM contact_history_entry
                         WHERE partner_id = ANY(%(all)s)) d
                 WHERE d.id = e.id AND d.n > 1
             RETURNING e.res_model, e.res_id
                """,
                kept=dst_partner.id,
                all=(src_partners | dst_partner).ids,
            )
        )
        entries.invalidate_model(flush=False)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # What is left of a double may carry the other one's direction; and core moved the keys behind the ORM's back,
        # so the whole family is looked at again.
        for model, res_id in doubles:
            entries._touch(model, [res_id])
        # sudo: core's wizard has checked the right to merge; entries of every company must follow.
        family = (
            self.env["res.partner"].sudo().with_context(active_test=False).search([("id", "child_of", dst_partner.id)])
        )
        entries._touch("commercial_partner_id", family.ids)
        entries._touch("partner_share", dst_partner.ids)
        return result

    def _update_reference_fields(self, src_partners, dst_partner):
        """Done activities go along. Core looks for the open ones only, and the others go with the merged contact."""
        # sudo: core's wizard has checked the right to merge, and moves the open activities in the same way.
        done = self.env["mail.activity"].sudo().with_context(active_test=False)
        done = done.search([("res_model", "=", "res.partner"), ("res_id", "in", src_partners.ids)])
        done.write({"res_id": dst_partner.id})
        return super()._update_reference_fields(src_partners, dst_partner)
