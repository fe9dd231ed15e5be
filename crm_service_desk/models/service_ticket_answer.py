import re

from markupsafe import Markup, escape
from odoo import api, models

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class ServiceTicket(models.Model):
    """Answers: with placeholders that are filled in from the ticket, and with everybody in copy.

    Canned answers are core's (``mail.canned.response``, typed with ``::``); whole mails are core's templates in the
    full composer. What core's canned answers lack is placeholders: the client fills these in when one is inserted.
    """

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _placeholders(self):
        """What may stand in an answer between double braces: {name: function of the ticket}."""
        return {
            "customer": lambda ticket: ticket.partner_id.name or "",
            "number": lambda ticket: ticket.number or "",
            "subject": lambda ticket: ticket.name or "",
            "order": lambda ticket: ticket.sale_order_id.name or "",
            "agent": lambda ticket: ticket.env.user.name or "",
            "team": lambda ticket: ticket.team_id.name or "",
            "company": lambda ticket: ticket.company_id.name or "",
        }

    def _placeholder_values(self):
        """{name: text} for one ticket."""
        self.ensure_one()
        return {name: value(self) for name, value in self._placeholders().items()}

    def _fill_in(self, html):
        """``html`` with its placeholders filled in, each value escaped; what is no placeholder stays as it is."""
        values = self._placeholder_values()
        filled = PLACEHOLDER.sub(lambda found: str(escape(values.get(found[1].lower(), found[0]))), str(html))
        # The text is an agent's own, sanitised by its field.
        return Markup(filled)  # noqa: S704

    def _thread_to_store(self, store, fields, *, request_list=None):
        result = super()._thread_to_store(store, fields, request_list=request_list)
        if request_list and self.env.user._is_internal():
            for ticket in self:
                if ticket.has_access("read"):
                    store.add(ticket, {"ticketPlaceholders": ticket._placeholder_values()}, as_thread=True)
        return result

    def _answer_all(self, body):
        """Say the same on each ticket, as the person who is logged in: mail by mail, since each has its own people."""
        for ticket in self:
            ticket.message_post(body=ticket._fill_in(body), message_type="comment", subtype_xmlid="mail.mt_comment")

    # Copies ----------------------------------------------------------------------------------------

    def message_post(self, **kwargs):
        """What we say to the customer goes to those in copy (``email_cc``) too, once each."""
        if (
            len(self) == 1
            and kwargs.get("message_type") == "comment"
            and self._is_public(kwargs)
            and self.env.user._is_internal()
        ):
            kwargs["outgoing_email_to"] = self._with_copies(kwargs)
        return super().message_post(**kwargs)

    def _with_copies(self, message):
        """The addresses without a contact that a public message goes to, separated by commas."""
        # sudo: addresses of those who get the message anyway
        ticket = self.sudo()
        copies = ticket._mail_cc_sanitized_raw_dict(ticket.email_cc)
        if copies:
            reached = ticket.message_partner_ids + ticket.env["res.partner"].browse(message.get("partner_ids") or [])
            for email in reached.mapped("email_normalized"):
                copies.pop(email, None)
        others = message.get("outgoing_email_to") or ""
        return ", ".join(filter(None, [others, *copies.values()])) or False

    def _message_add_suggested_recipients(self, force_primary_email=False):
        """Those in copy get each answer anyway; suggested once more, they would become contacts."""
        suggested = super()._message_add_suggested_recipients(force_primary_email=force_primary_email)
        for ticket in self.filtered("email_cc"):
            copies = ticket._mail_cc_sanitized_raw_dict(ticket.email_cc)
            addresses = suggested[ticket.id]["email_to_lst"]
            suggested[ticket.id]["email_to_lst"] = [
                address for address in addresses if not copies.keys() & self._mail_cc_sanitized_raw_dict(address).keys()
            ]
        return suggested
