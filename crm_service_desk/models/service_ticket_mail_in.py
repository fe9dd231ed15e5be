import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize
from odoo.tools.mail import email_split_tuples

from ..automatic_mail import BULK, REPLY, kind_of_mail

# What may be a ticket's number in a subject: letters, digits and signs that end with a digit.
NUMBER = re.compile(r"\b[\w/-]{0,20}[0-9]\b")
MAX_NUMBERS = 10
# An address that writes more tickets in an hour gets no more acknowledgements: it may be a machine that says so nowhere.
ACKNOWLEDGED_AN_HOUR = 3


class ServiceTicket(models.Model):
    """Mail in: a team's address makes tickets, replies join theirs, machines neither move them nor are answered.

    Core's gateway finds the ticket by the mail's references, refuses bounces and stops loops; here is what is ours.
    """

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    # Which ticket ------------------------------------------------------------------------------------

    @api.model
    def _ticket_routes(self, message, message_dict, routes):
        """Routes of mails that would make a ticket: to the ticket whose number stands in the subject, when the sender has
        to do with it; to none for an automatic answer that belongs to nothing of ours.

        :param routes: as of ``mail.thread.message_route``
        """
        found = []
        for route in routes:
            model, thread_id, values, uid, alias = route
            if model == "service.ticket" and not thread_id:
                team = self.env["service.team"].browse((values or {}).get("team_id") or [])
                ticket = self._ticket_of_subject(message_dict, team)
                if ticket:
                    route = (model, ticket.id, values, uid, alias)
                elif kind_of_mail(message) == REPLY:
                    continue
            found.append(route)
        return found

    @api.model
    def _ticket_of_subject(self, message_dict, team):
        """The ticket whose number stands in a mail's subject, if its sender takes part in it.

        A number alone is easy to guess: who has nothing to do with the ticket makes one of his own.
        """
        numbers = NUMBER.findall(message_dict.get("subject") or "")[:MAX_NUMBERS]
        address = email_normalize(message_dict.get("email_from"))
        if not numbers or not address:
            return self.browse()
        self.flush_model(["number"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM service_ticket WHERE lower(number) = ANY(%s) ORDER BY id DESC LIMIT %s",
                [number.lower() for number in numbers],
                MAX_NUMBERS,
            )
        )
        # sudo: the gateway's; whether the sender takes part is checked next
        tickets = self.sudo().browse(ticket_id for (ticket_id,) in rows)
        if team.company_id:
            tickets = tickets.filtered(lambda ticket: ticket.company_id == team.company_id)
        ticket = tickets.filtered(lambda ticket: ticket._takes_part(address))[:1]
        return ticket.merged_into_id or ticket

    def _takes_part(self, address):
        """Whether an e-mail address is of this ticket: its customer's account, a follower, in copy, or the agent's."""
        self.ensure_one()
        account = self.commercial_partner_id
        people = account | account.child_ids | self.partner_id | self.message_partner_ids | self.user_id.partner_id
        known = {person.email_normalized for person in people} | {self.sender_email}
        return address in known or address in self._mail_cc_sanitized_raw_dict(self.email_cc)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """What core counts before it makes one more record for the same sender."""
        return [("sender_email", "=", email_from_normalized)]

    # A new ticket ------------------------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail to a team's address is a new ticket of its sender, who is found by e-mail or becomes a contact."""
        custom_values = custom_values or {}
        team = self.env["service.team"].browse(custom_values.get("team_id") or [])
        address = email_normalize(msg_dict.get("email_from"))
        company = team.company_id or self.env.company
        customer, unclear = self._customer_with_address(address, company)
        if not customer and not unclear and not team.company_id:
            # a shared team: the customer may be another company's
            customer, unclear = self._customer_with_address(address, self.env["res.company"])
            company = customer.company_id or company
        if address and not customer and not unclear:
            [(name, _address)] = email_split_tuples(msg_dict["email_from"])[:1] or [("", address)]
            customer = self._new_customer(address, name, self.env["res.company"])
        # Between two customers nobody guesses: not who wrote the message either.
        msg_dict["author_id"] = customer.id
        values = {
            "name": msg_dict.get("subject") or self.env._("No subject"),
            "channel": "email",
            "partner_id": customer.id,
            "company_id": company.id,
            "sender_email": address,
            "acknowledgement_due": self._is_to_be_acknowledged(address),
        }
        # the gateway's own user must not become the person assigned
        tickets = self.with_context(default_user_id=False)
        return super(ServiceTicket, tickets).message_new(msg_dict, custom_values={**values, **custom_values})

    @api.model
    def _is_to_be_acknowledged(self, address):
        """Whether the sender of this mail is told its number: a person, who has not just been told three others."""
        if not address or self.env.context.get("ticket_mail_kind"):
            return False
        since = fields.Datetime.now() - timedelta(hours=1)
        lately = [("sender_email", "=", address), ("create_date", ">=", since)]
        return self.search_count(lately, limit=ACKNOWLEDGED_AN_HOUR) < ACKNOWLEDGED_AN_HOUR

    # A reply -----------------------------------------------------------------------------------------

    def message_update(self, msg_dict, update_vals=None):
        """A reply joins the ticket. An automatic one is kept as a note: it moves nothing, and nobody is written to."""
        if self.env.context.get("ticket_mail_kind") in (REPLY, BULK):
            msg_dict["is_internal"] = True
            msg_dict.pop("parent_id", None)  # core would tell its author
        msg_dict["author_id"] = self._author_of_reply(msg_dict)
        return super().message_update(msg_dict, update_vals)

    def _author_of_reply(self, msg_dict):
        """Who of several contacts with one address has replied: one who takes part in the ticket, else nobody."""
        self.ensure_one()
        address = email_normalize(msg_dict.get("email_from"))
        contacts = self._contacts_with_address(address, self.company_id)
        if len(contacts.commercial_partner_id) < 2:
            return msg_dict.get("author_id")
        parties = self.partner_id | self.message_partner_ids | self.user_id.partner_id
        return (contacts & parties)[:1].id

    def _message_receive_bounce(self, email, partner):
        """The customer's address does not work: the agent has to know, since the customer will not answer."""
        result = super()._message_receive_bounce(email, partner)
        for ticket in self:
            ticket._message_log(body=self.env._("Our mail to %s came back: it could not be delivered.", email))
        return result
