from odoo import api, models
from odoo.fields import Domain
from odoo.tools import html2plaintext, html_escape
from odoo.tools.sql import escape_psql

from ..specs import HistorySpec

# What people write to each other; never what Odoo notes by itself (field changes, automatic answers).
WRITTEN = ("email", "comment", "email_outgoing")
# Characters of a message that its customer sees in his history.
PORTAL_TEXT = 600


class MailMessage(models.Model):
    """A message belongs to the people who exchanged it: its author, and those whom it was addressed or sent to.

    It does not belong to everybody on the document it stands on, and not to our own people. A note that only we read
    belongs to the contact on whose form it was written, or to the contact of the document: his order, his invoice.
    """

    _name = "mail.message"
    _inherit = ["mail.message", "contact.history.mixin"]

    @api.model
    def _contact_history_specs(self):
        exchanged = (("message_type", "in", WRITTEN), ("model", "!=", "discuss.channel"))
        mail = {
            "kind": "email",
            "channel": "email",
            "date": "date",
            "company": "record_company_id",
            "outside_only": True,
            "group": "mail",
        }
        return [
            HistorySpec(partner="author_id", direction="in", user="", domain=exchanged, **mail),
            HistorySpec(partner="partner_ids", direction="out", user="create_uid", domain=exchanged, **mail),
            # Followers who were sent it.
            HistorySpec(partner="notified_partner_ids", direction="out", user="create_uid", domain=exchanged, **mail),
            *(self._contact_history_note_spec(*one) for one in self.env["contact.history.entry"]._documents().items()),
        ]

    def _contact_history_note_spec(self, document, path):
        """Notes on the documents of one model; a select of its own each, so that a single note costs one join."""
        return HistorySpec(
            "note",
            document=document,
            group=f"note on {document}",
            partner=path,
            date="date",
            direction="internal",
            user="create_uid",
            company="company_id" if "company_id" in self.env[document]._fields else "",
            domain=(
                ("model", "=", document),
                ("message_type", "=", "comment"),
                "|",
                ("is_internal", "=", True),
                "|",
                ("subtype_id", "=", False),
                ("subtype_id.internal", "=", True),
            ),
        )

    @api.model
    def _contact_history_takes(self, vals):
        model = vals.get("model")
        if vals.get("message_type") not in WRITTEN or model == "discuss.channel":
            return False
        # Messages to followers come with their notifications; left are those of a customer, and those addressed to him.
        groups = ("mail",) if vals.get("partner_ids") or not self._contact_history_is_own(vals) else ()
        if model in self.env["contact.history.entry"]._documents() and self._contact_history_may_be_note(vals):
            groups += (f"note on {model}",)
        return groups

    @api.model
    def _contact_history_is_own(self, vals):
        """Whether a colleague writes this himself."""
        return self.env.user._is_internal() and vals.get("author_id") == self.env.user.partner_id.id

    @api.model
    def _contact_history_may_be_note(self, vals):
        discussed = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment", raise_if_not_found=False)
        subtype = vals.get("subtype_id")
        return vals.get("message_type") == "comment" and (
            vals.get("is_internal") or not subtype or subtype != discussed
        )

    @api.model
    def _contact_history_text_domain(self, text):
        return Domain("subject", "ilike", text) | Domain("body", "ilike", html_escape(text))

    def _contact_history_find(self, text):
        # sudo: only among messages that this person may read; core would check each of them once more.
        found = self.sudo().search(Domain("id", "in", self.ids) & self._contact_history_text_domain(escape_psql(text)))
        # What stands in the markup only ("div", a link's address) was not written by anybody.
        wanted = text.casefold()
        held = found.filtered(
            lambda message: wanted in f"{message.subject or ''} {html2plaintext(message.body)}".casefold()
        )
        return self.browse(held.ids)

    def _contact_history_readable(self):
        # Core's rules for messages are in Python: a search would ask more than once.
        return self.exists()._filtered_access("read")

    def _contact_history_render(self):
        return {
            message.id: {
                "title": message.subject or message.record_name or self.env._("Message"),
                "text": message.preview or "",
                "amount": False,
                "document": message.model and message.res_id and (message.model, message.res_id),
                # sudo: the name of the author of a message that this person reads.
                "who": not message.author_id.sudo().partner_share and message.author_id.sudo().name,
                "can_read": True,
            }
            for message in self
        }

    def _contact_history_read(self):
        # sudo: names of those who took part in a message that this person may read.
        message = self.sudo()
        recipients = message.partner_ids | message.notified_partner_ids
        return {
            "title": message.subject or message.record_name or self.env._("Message"),
            "author": message.author_id.name or message.email_from,
            "recipients": recipients.mapped("name"),
            "body": message.body,
            "attachments": self.attachment_ids,
        }

    # -- what the customer sees of himself -----------------------------------------------------------------------

    @api.model
    def _contact_history_portal_kinds(self):
        return {"email": "own"}

    def _contact_history_portal_filter(self):
        """Messages he wrote or got. One that is internal is not for him, even if he was sent it."""
        shared = super()._contact_history_portal_filter()
        # sudo: the subtype's flag of messages that he may read.
        return self.browse(shared.sudo().filtered_domain(self._get_search_domain_share()).ids)

    def _contact_history_portal_render(self):
        urls = self._contact_history_portal_urls()
        # sudo: messages that went through the filter above.
        return {
            message.id: {
                "title": message.subject or message.record_name or self.env._("Message"),
                "text": html2plaintext(message.body or "").strip()[:PORTAL_TEXT],
                "amount": False,
                "url": urls.get((message.model, message.res_id), False),
            }
            for message in self.sudo()
        }

    def _contact_history_portal_urls(self):
        """The pages of the documents on which these messages stand, where he may open them."""
        by_model = {}
        # sudo: where messages stand that he may read.
        for message in self.sudo():
            if message.model in self.env and "access_url" in self.env[message.model]._fields and message.res_id:
                by_model.setdefault(message.model, set()).add(message.res_id)
        return {
            (model, document.id): document.access_url
            for model, ids in by_model.items()
            for document in self.env[model].browse(ids).exists()._filtered_access("read")
            if document.access_url != "#"
        }
