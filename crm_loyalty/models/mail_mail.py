from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """A greeting whose mail was refused has failed. That it was told once stays: the same day is not greeted anew."""
        if failure_type:
            # sudo: the mail queue tells what became of its mails, whoever runs it.
            greetings = self.env["loyalty.greeting"].sudo().search([("message_id", "in", self.mail_message_id.ids)])
            if greetings:
                labels = dict(self._fields["failure_type"]._description_selection(self.env))
                error = str(failure_reason or labels.get(failure_type) or failure_type)[:500]
                greetings.write({"state": "failed", "error": error, "sent_at": False})
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
