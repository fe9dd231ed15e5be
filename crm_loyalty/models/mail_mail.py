from odoo import fields, models


class MailMail(models.Model):
    """What became of a greeting's mail is what became of the greeting.

    That it was told once stays, whatever becomes of it: the same day is not greeted anew.
    """

    _inherit = "mail.mail"

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """A greeting whose mail was refused has failed; one that core's queue sent at last, tried again, is sent."""
        greetings = self._greetings()
        if greetings and failure_type:
            labels = dict(self._fields["failure_type"]._description_selection(self.env))
            error = str(failure_reason or labels.get(failure_type) or failure_type)[:500]
            greetings.write({"state": "failed", "error": error, "sent_at": False})
        elif greetings:
            failed = greetings.filtered(lambda greeting: greeting.state == "failed")
            failed.write({"state": "sent", "error": False, "sent_at": fields.Datetime.now()})
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )

    def _greetings(self):
        """The greetings that these mails are, as superuser."""
        messages = self.filtered(lambda mail: mail.model == "res.partner").mail_message_id
        # sudo: the mail queue tells what became of its mails, whoever runs it.
        greetings = self.env["loyalty.greeting"].sudo()
        return greetings.search([("message_id", "in", messages.ids)]) if messages else greetings
