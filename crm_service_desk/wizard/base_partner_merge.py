from odoo import models
from odoo.exceptions import UserError, ValidationError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Core moves our columns by SQL, behind the ORM's back: the account of a ticket is that of who is left."""
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # sudo: core's wizard has checked the right to merge; tickets of every company must follow.
        tickets = self.env["service.ticket"].sudo().search([("partner_id", "child_of", dst_partner.ids)])
        self.env.add_to_compute(tickets._fields["commercial_partner_id"], tickets)
        return result

    def _update_values(self, src_partners, dst_partner):
        """A branch of ours stays one: merged into somebody else's address, its tickets would be about a stranger's.

        :raise UserError: names the contact, and says what to do
        """
        result = super()._update_values(src_partners, dst_partner)
        # sudo: as above
        tickets = self.env["service.ticket"].sudo().search([("branch_id", "=", dst_partner.id)])
        try:
            tickets._check_branch()
        except ValidationError as error:
            raise UserError(
                self.env._(
                    "“%(contact)s” cannot be what is left of this merge: tickets tell of a branch of ours that would be lost "
                    "in it, and it is none. Keep the branch as the contact that is left, or give these tickets another "
                    "branch first.",
                    contact=dst_partner.display_name,
                )
            ) from error
        return result
