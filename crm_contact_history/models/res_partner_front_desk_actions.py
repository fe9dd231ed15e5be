from odoo import models


class ResPartner(models.Model):
    """What the buttons on the customer's card do."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    def action_front_desk_open_card(self):
        """His card at the front desk: all that we know of him, and all that one can do for him."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id("crm_contact_history.action_front_desk")
        return {**action, "params": {"partner_id": self.id}}

    def action_front_desk_open_contact(self):
        """The contact's own form."""
        return self._front_desk_form("res.partner", res_id=self.id)

    def action_front_desk_new_quotation(self):
        """An empty quotation for this customer."""
        context = {"default_partner_id": self.id}
        return self._front_desk_form("sale.order", name=self.env._("New quotation"), context=context)

    def action_front_desk_new_meeting(self):
        """A meeting of the reader with this customer."""
        context = {
            "default_partner_ids": [self.id, self.env.user.partner_id.id],
            "default_name": self.env._("Meeting with %s", self.name or self.display_name),
        }
        name = self.env._("New meeting")
        return self._front_desk_form("calendar.event", name=name, context=context, target="new")

    def action_front_desk_new_mail(self):
        """A mail to this customer; it stands on his contact and in his history."""
        context = {
            "default_model": "res.partner",
            "default_res_ids": self.ids,
            "default_partner_ids": self.ids,
            "default_composition_mode": "comment",
            "default_email_layout_xmlid": "mail.mail_notification_light",
        }
        name = self.env._("E-mail")
        return self._front_desk_form("mail.compose.message", name=name, context=context, target="new")

    def _front_desk_form(self, model, **values):
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": model, "views": [[False, "form"]], **values}
