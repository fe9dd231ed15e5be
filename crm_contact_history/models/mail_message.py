from odoo import api, models

from ..specs import HistorySpec

# What people write to each other; never what Odoo notes by itself (field changes, automatic answers).
WRITTEN = ("email", "comment", "email_outgoing")


class MailMessage(models.Model):
    """A message belongs to the people who exchanged it: its author, and those whom it was addressed or sent to.

    It does not belong to everybody on the document it stands on, and not to our own people. A note that only we read
    belongs to the contact on whose form it was written.
    """

    _name = "mail.message"
    _inherit = ["mail.message", "contact.history.mixin"]

    @api.model
    def _contact_history_specs(self):
        exchanged = (("message_type", "in", WRITTEN), ("model", "!=", "discuss.channel"))
        note = (
            ("model", "=", "res.partner"),
            ("message_type", "=", "comment"),
            "|",
            ("is_internal", "=", True),
            "|",
            ("subtype_id", "=", False),
            ("subtype_id.internal", "=", True),
        )
        mail = {
            "kind": "email",
            "channel": "email",
            "date": "date",
            "company": "record_company_id",
            "outside_only": True,
        }
        return [
            HistorySpec(partner="author_id", direction="in", user="", domain=exchanged, **mail),
            HistorySpec(partner="partner_ids", direction="out", user="create_uid", domain=exchanged, **mail),
            # Followers who were sent it.
            HistorySpec(partner="notified_partner_ids", direction="out", user="create_uid", domain=exchanged, **mail),
            HistorySpec(
                "note",
                partner="res_id",
                date="date",
                direction="internal",
                user="create_uid",
                company="record_company_id",
                domain=note,
            ),
        ]

    @api.model
    def _contact_history_takes(self, vals):
        if vals.get("message_type") not in WRITTEN or vals.get("model") == "discuss.channel":
            return False
        if vals.get("partner_ids") or vals.get("model") == "res.partner":
            return True
        # Left are messages to followers, which come with their notifications, and those of a customer.
        ours = self.env.user._is_internal() and vals.get("author_id") == self.env.user.partner_id.id
        return not ours

    def _contact_history_render(self):
        return {
            message.id: {
                "title": message.subject or message.record_name or self.env._("Message"),
                "text": message.preview or "",
                "amount": False,
                "document": message.model and message.res_id and (message.model, message.res_id),
                # sudo: the name of the author of a message that this person reads.
                "who": not message.author_id.sudo().partner_share and message.author_id.sudo().name,
            }
            for message in self
        }
