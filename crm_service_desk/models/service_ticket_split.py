from markupsafe import Markup
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext


class ServiceTicket(models.Model):
    """A customer who writes about two things in one ticket gets two."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def _messages_to_split(self):
        """What people said on the ticket, newest first: this may go into a ticket of its own."""
        self.ensure_one()
        return self.message_ids.filtered(lambda message: message.message_type in ("comment", "email"))

    def _split(self, messages, name):
        """Move messages, with their files, into a new ticket of the same customer.

        :param messages: of this ticket, said by people
        :param str name: subject of the new ticket
        :return: the new ticket
        :raise UserError: when no message is chosen, or one is not of this ticket
        """
        self.ensure_one()
        self.check_access("write")
        if not messages:
            raise UserError(self.env._("Choose at least one message of %s for the new ticket.", self.number))
        if messages - self._messages_to_split():
            raise UserError(
                self.env._("Some of the messages are not of ticket %s any more. Open it again.", self.number)
            )
        # The customer knows of his message already: no acknowledgement.
        ticket = self.with_context(ticket_no_acknowledgement=True, mail_create_nosubscribe=True).create(
            self._split_values(name)
        )
        # sudo: the messages are on a ticket that the person may write, and were read with his own rights
        moved = messages.sudo()
        moved.write({"res_id": ticket.id})
        moved.attachment_ids.filtered(lambda file: file.res_model == self._name).write({"res_id": ticket.id})
        ticket.unanswered = not self._is_of_team(moved.sorted("id")[-1].author_id)
        words = self.env._("Split from")
        ticket._log_link(words, self)
        self._message_log(
            body=Markup("%s %s")
            % (
                self.env._("%s messages were moved to", len(moved)),
                ticket._number_links(),
            )
        )
        return ticket

    def _split_values(self, name):
        return {
            "name": name,
            "type": self.type,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "team_id": self.team_id.id,
            "user_id": self.user_id.id,
            "category_id": self.category_id.id,
            "sale_order_id": self.sale_order_id.id,
            "channel": self.channel,
            "email_cc": self.email_cc,
            "origin_id": self.id,
        }

    def action_split(self):
        """Ask which messages become a ticket of their own."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Split Ticket"),
            "res_model": "service.ticket.split",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    def _split_lines(self):
        """The messages as lines of the question, newest first."""
        return [
            {
                "message_id": message.id,
                "author": message.author_id.name or message.email_from,
                "date": message.date,
                "text": html2plaintext(message.body or "", include_references=False).strip()[:200],
            }
            for message in self._messages_to_split()
        ]
