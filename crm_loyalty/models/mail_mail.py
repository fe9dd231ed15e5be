from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """A greeting whose mail was refused has failed. That it was told once stays: the same day is not greeted anew."""
        if failure_type:
            # sudo: the mail queue tells what became of its mails, whoever runs it.
            greetings = self.env["loyalty.greeting"].sudo().search([("message_id", "in", self.mail_message_id.ids)])
            if greetings:
                greetings.write({"state": "failed", "error": str(failure_reason or failure_type)[:500]})
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
