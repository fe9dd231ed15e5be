from odoo import api, models

from .mail_message import WRITTEN


class MailNotification(models.Model):
    _inherit = "mail.notification"

    @api.model_create_multi
    def create(self, vals_list):
        """A message sent to followers, perhaps later than it was written, enters their history."""
        notifications = super().create(vals_list)
        messages = notifications.filtered(
            lambda notification: notification.notification_type == "email"
        ).mail_message_id
        # sudo: nothing is shown; the message was just sent in this person's name.
        written = messages.sudo().filtered(lambda message: message.message_type in WRITTEN)
        self.env["contact.history.entry"]._touch("mail.message", written.ids, groups=("mail",))
        return notifications
