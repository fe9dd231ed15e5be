from odoo import api, models


class MailNotification(models.Model):
    _inherit = "mail.notification"

    @api.model_create_multi
    def create(self, vals_list):
        """A text message sent to somebody, perhaps later than it was written, enters his history."""
        notifications = super().create(self._sms_with_contacts(vals_list))
        sent = notifications.filtered(lambda notification: notification.notification_type == "sms")
        self.env["contact.history.entry"]._touch("mail.message", sent.mail_message_id.ids, groups=("sms",))
        return notifications

    @api.model
    def _sms_with_contacts(self, vals_list):
        """A text message to a mere number went to the contact who has it, if there is one alone: as core finds the
        author of a mail by its address. It is found when it is sent, and stays: a history does not change with numbers.
        """
        bare = [
            vals
            for vals in vals_list
            if vals.get("notification_type") == "sms" and vals.get("sms_number") and not vals.get("res_partner_id")
        ]
        if not bare:
            return vals_list
        # Core creates notifications with all rights; a contact that the sender may not read is none to him.
        partners = self.sudo(False).env["res.partner"]
        found = {}
        for partner in partners.search([("phone_sanitized", "in", [vals["sms_number"] for vals in bare])]):
            found.setdefault(partner.phone_sanitized, []).append(partner.id)
        # A message has one notification for each contact.
        taken = {(vals.get("mail_message_id"), vals.get("res_partner_id")) for vals in vals_list}
        known = []
        for vals in vals_list:
            holders = found.get(vals["sms_number"], ()) if any(vals is one for one in bare) else ()
            key = (vals.get("mail_message_id"), holders[0]) if len(holders) == 1 else None
            known.append({**vals, "res_partner_id": holders[0]} if key and key not in taken else vals)
            taken.add(key)
        return known
