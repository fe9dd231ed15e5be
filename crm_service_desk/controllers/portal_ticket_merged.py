from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from .portal_tickets import PortalTickets


class PortalTicketMerged(PortalTickets):
    """The page of a ticket that was merged leads to the one in which the conversation goes on."""

    @http.route()
    def my_ticket(self, ticket_id, access_token=None, **kw):
        if survivor := self._survivor(ticket_id, access_token):
            # Whoever came by a link with a token keeps needing one.
            return request.redirect(survivor.get_portal_url() if access_token else survivor.access_url)
        return super().my_ticket(ticket_id, access_token=access_token, **kw)

    def _survivor(self, ticket_id, access_token):
        """The ticket into which this one was merged, for a reader of this one and only when both are of the same
        account: another customer's link opens nothing of the survivor."""
        try:
            ticket = self._ticket_for_reader(ticket_id, access_token)
        except (AccessError, MissingError):
            return None
        survivor = ticket.merged_into_id
        same = survivor and survivor.commercial_partner_id == ticket.commercial_partner_id
        return survivor if same else None
