from odoo import models


class LoyaltyMembership(models.Model):
    """The points of a member."""

    _inherit = "loyalty.membership"

    def action_open_ledger(self):
        """Every change of the points of this member's card."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.loyalty_ledger_entry_action")
        # sudo: the number of the card stands on the membership, which is his to read.
        return {**action, "domain": [("card_id", "=", self.sudo().card_id.id)]}
