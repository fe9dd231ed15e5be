from odoo import models


class ResPartner(models.Model):
    """Logging a contact from the customer's card, and what becomes of logged contacts when he is deleted."""

    _inherit = "res.partner"

    def action_front_desk_log(self):
        """The form to log a contact with this customer, in a dialog."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_contact_history.crm_touchpoint_action_log")
        return {**action, "context": {"default_partner_id": self.id}}

    def unlink(self):
        """Contacts logged with a deleted customer say nothing about anybody else: they go with him."""
        self.check_access("unlink")
        # sudo: right to delete the contact checked above; he may have been logged by colleagues.
        logged = self.env["crm.touchpoint"].sudo().with_context(active_test=False)
        logged.search([("partner_id", "in", self.ids)]).unlink()
        return super().unlink()
