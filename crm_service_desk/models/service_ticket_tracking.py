from odoo import models
from odoo.tools.mail import generate_tracking_message_id


class Logs:
    """The logs of many tickets, to be written at once. An object in the context: nobody can send it from outside."""

    def __init__(self):
        self.entries = []  # (ticket's id, body, author's id or None, commands of tracked values)


class ServiceTicket(models.Model):
    """The log of tracked changes, for many tickets at once: core writes two rows after each other for each of them, which
    was nearly all that moving fifty tickets cost."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def _message_track(self, fields_iter, initial_values_dict):
        logs = Logs()
        collecting = self.with_context(ticket_logs=logs)
        tracking = super(ServiceTicket, collecting)._message_track(fields_iter, initial_values_dict)
        self._write_logs(logs)
        return tracking

    def _message_log(self, *, body="", author_id=None, tracking_value_ids=False, **values):
        logs = self.env.context.get("ticket_logs")
        if isinstance(logs, Logs) and not values:
            logs.entries.append((self.id, body, author_id, tracking_value_ids))
            return self.env["mail.message"]
        return super()._message_log(body=body, author_id=author_id, tracking_value_ids=tracking_value_ids, **values)

    def _write_logs(self, logs):
        """As core's ``_message_log``, which takes tracked values for one record only."""
        by_author = {author: self._log_values(author) for author in {entry[2] for entry in logs.entries}}
        # sudo: the log of a change that was allowed, as in core
        messages = self.sudo()._message_create(
            [
                {**by_author[author], "res_id": ticket_id, "body": body}
                for ticket_id, body, author, _tracked in logs.entries
            ]
        )
        # not with the messages: core would write the values of each message by itself
        self.env["mail.tracking.value"].sudo().create(
            [
                {**values, "mail_message_id": message.id}
                for message, (_ticket_id, _body, _author, tracked) in zip(messages, logs.entries, strict=True)
                for _command, _id, values in tracked or ()
            ]
        )

    def _log_values(self, author_id):
        author_id, email_from = self._message_compute_author(author_id, None)
        return {
            "author_id": author_id,
            "email_from": email_from,
            "model": self._name,
            "record_alias_domain_id": False,
            "record_company_id": False,
            "message_type": "notification",
            "is_internal": True,
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "email_add_signature": False,
            "message_id": generate_tracking_message_id("message-notify"),
            "reply_to": self.env["mail.thread"]._notify_get_reply_to(default=email_from, author_id=author_id)[False],
        }
