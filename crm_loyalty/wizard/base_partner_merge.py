from odoo import models

from ..models.ledger_booking import BOOKING, Booking


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep every membership when contacts are merged. Two open ones in one club become one; core merges
        their cards.
        """
        # sudo below: core's wizard has checked the right to merge, and moves all records of the contacts.
        partners = (src_partners | dst_partner).sudo()
        memberships = self.env["loyalty.membership"].sudo().search([("partner_id", "in", partners.ids)])
        kept = memberships._merge_open(dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        memberships.invalidate_recordset()
        self.env.add_to_compute(memberships._fields["commercial_partner_id"], memberships)
        kept._take_merged_card()
        if memberships:
            dst_partner.sudo()._mirror_memberships()
            dst_partner.sudo()._refresh_open_quotations()
        return result

    def _merge_loyalty_cards(self, src_partners, dst_partner):
        """Core puts the points of all cards on one. So do we with the ledger: both cards keep their entries, and what
        was left of each lot goes on with its own last day, also what is pending.
        """
        changes = []
        collecting = self.with_context(**{BOOKING: Booking(collected=changes)})
        result = super(BasePartnerMergeAutomaticWizard, collecting)._merge_loyalty_cards(src_partners, dst_partner)
        # sudo: core's wizard has checked the right to merge, and moves the points as superuser.
        self.env["loyalty.card"].sudo()._move_lots(changes, self.env._("Contacts merged"))
        return result
