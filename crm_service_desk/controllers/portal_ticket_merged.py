from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from .portal_tickets import PortalTickets


class PortalTicketMerged(PortalTickets):
    """The page of a ticket that was merged leads to the one in which the conversation goes on."""

    @http.route()
    def my_ticket(self, ticket_id, access_token=None, **kw):
        if address := self._where_it_goes_on(ticket_id, access_token):
            return request.redirect(address)
        return super().my_ticket(ticket_id, access_token=access_token, **kw)

    def _where_it_goes_on(self, ticket_id, access_token):
        """The address of the survivor for somebody who may read it; None for others, and for other tickets.

        A link with a token leads to the survivor only when both are of the same customer: what somebody else wrote
        there is not for him.
        """
        try:
            ticket = self._ticket_for_reader(ticket_id, access_token)
        except (AccessError, MissingError):
            return None
        survivor = ticket.merged_into_id
        if not survivor:
            return None
        # sudo(False): the reader's own rights decide; _ticket_for_reader gives the ticket as superuser
        if survivor.with_user(request.env.user).sudo(False).has_access("read"):
            return survivor.access_url
        same = access_token and survivor.partner_id and survivor.partner_id == ticket.partner_id
        return survivor.get_portal_url() if same else None
