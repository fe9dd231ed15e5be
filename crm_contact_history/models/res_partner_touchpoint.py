from odoo import models


class ResPartner(models.Model):
    """Logging a contact from the customer's card."""

    _inherit = "res.partner"

    def action_front_desk_log(self):
        """The form to log a contact with this customer, in a dialog.

        Stands on buttons of views that were made for former versions; without it these could not be upgraded.
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_contact_history.crm_touchpoint_action_log")
        return {**action, "context": {"default_partner_id": self.id}}
