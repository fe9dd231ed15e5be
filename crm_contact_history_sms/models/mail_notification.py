from odoo import api, models


class MailNotification(models.Model):
    _inherit = "mail.notification"

    @api.model_create_multi
    def create(self, vals_list):
        """A text message sent to somebody, perhaps later than it was written, enters his history."""
        notifications = super().create(vals_list)
        sent = notifications.filtered(lambda notification: notification.notification_type == "sms")
        self.env["contact.history.entry"]._touch("mail.message", sent.mail_message_id.ids, groups=("sms",))
        return notifications
