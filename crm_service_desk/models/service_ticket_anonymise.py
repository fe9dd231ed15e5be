import uuid

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class ServiceTicket(models.Model):
    """What stays of a ticket when its customer is anonymised: that there was one, its number, times and marks."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def _anonymise(self):
        """Take from these tickets what they were about and what was said. Called with all rights, after the right of
        the person who asks for it was checked."""
        self._anonymise_ratings()
        self.attachment_ids.unlink()
        self.env["res.partner"]._anonymise_texts_of(self)
        for ticket in self.with_context(mail_notrack=True, tracking_disable=True):
            ticket.message_unsubscribe(ticket.partner_id.ids)
            ticket.write(
                {
                    "name": self.env._("Ticket of an anonymised contact"),
                    "description": False,
                    "remedy_sought_text": False,
                    "properties": False,
                    "email_cc": False,
                    "submission_token": False,
                    "sender_email": False,
                    # The links in his mails open nothing any more.
                    "access_token": str(uuid.uuid4()),
                }
            )

    def _anonymise_ratings(self):
        """The marks count on; the words go. By SQL: core would write that the customer has rated just now, and deletes
        a rating together with its message."""
        ratings = self.env["rating.rating"].search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        ratings.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE rating_rating SET feedback = NULL, message_id = NULL WHERE id = ANY(%s)", ratings.ids)
        )
        ratings.invalidate_recordset()

    @api.model
    def _forget_addresses(self, addresses):
        """Take e-mail addresses out of the tickets of others, who had him in copy or from whose mail he wrote.

        :param addresses: normalised
        """
        self.search([("sender_email", "in", addresses)]).sender_email = False
        domain = Domain.OR(Domain("email_cc", "ilike", address) for address in addresses)
        for ticket in self.search(domain) if addresses else self:
            kept = [
                shown
                for address, shown in self._mail_cc_sanitized_raw_dict(ticket.email_cc).items()
                if address not in addresses
            ]
            ticket.email_cc = ", ".join(kept) or False
