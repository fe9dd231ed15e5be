from http import HTTPStatus

from odoo import http
from odoo.exceptions import AccessError, LockError, MissingError, UserError
from odoo.http import request
from werkzeug.exceptions import Forbidden, NotFound

from .portal_tickets import MAX_ID, PortalTickets
from .ticket_form_input import BadForm
from .ticket_marks import checked_marks, checked_text


class PortalTicketActions(PortalTickets):
    """What the customer does on his ticket: accept or reject an offer, close, reopen, rate. By POST only.

    Wrong input never costs him his words: the page comes back with them, one sentence on top and a status of the 400
    family. What was done already (a second click, a page left open) is told with 409.
    """

    @http.route(
        "/my/tickets/<int:ticket_id>/remedies/<int:remedy_id>/accept",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def remedy_accept(self, ticket_id, remedy_id, access_token=None, **typed):
        def act(ticket, author):
            self._remedy_of(ticket, remedy_id)._decide("accepted", author=author)

        return self._act(ticket_id, access_token, typed, act, "accepted")

    @http.route(
        "/my/tickets/<int:ticket_id>/remedies/<int:remedy_id>/reject",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def remedy_reject(self, ticket_id, remedy_id, access_token=None, **typed):
        def act(ticket, author):
            remedy = self._remedy_of(ticket, remedy_id)
            remedy._decide("rejected", checked_text(typed.get("reason"), needed=True), author=author)

        return self._act(ticket_id, access_token, typed | {"remedy_id": remedy_id}, act, "rejected")

    @http.route("/my/tickets/<int:ticket_id>/close", type="http", auth="public", website=True, methods=["POST"])
    def ticket_close(self, ticket_id, access_token=None, **typed):
        return self._act(
            ticket_id, access_token, typed, lambda ticket, author: ticket._customer_closes(author), "closed"
        )

    @http.route("/my/tickets/<int:ticket_id>/reopen", type="http", auth="public", website=True, methods=["POST"])
    def ticket_reopen(self, ticket_id, access_token=None, **typed):
        def act(ticket, author):
            ticket._customer_reopens(author, checked_text(typed.get("reopen_reason"), needed=True))

        return self._act(ticket_id, access_token, typed, act, "reopened")

    @http.route("/my/tickets/<int:ticket_id>/rate", type="http", auth="public", website=True, methods=["POST"])
    def ticket_rate(self, ticket_id, access_token=None, **typed):
        def act(ticket, _author):
            ticket._customer_rates(**checked_marks(typed))

        return self._act(ticket_id, access_token, typed, act, "rated")

    def _act(self, ticket_id, access_token, typed, act, done):
        """Do something on the customer's own ticket and show it again.

        :param act: called with the ticket, as superuser, and the contact who acts
        :param str done: what has been done, for the sentence on the page
        """
        ticket = self._ticket_to_act_on(ticket_id, access_token)
        user = request.env.user
        author = ticket.partner_id if user._is_public() else user.partner_id
        try:
            with request.env.cr.savepoint():
                act(ticket, author)
        except BadForm as error:
            return self._render_ticket(ticket, access_token, error=error, typed=typed)
        except LockError:
            busy = BadForm(
                request.env._("This is being done at this moment. Please reload the page."), HTTPStatus.CONFLICT
            )
            return self._render_ticket(ticket, access_token, error=busy, typed=typed)
        except UserError as error:
            refused = BadForm(str(error), HTTPStatus.CONFLICT)
            return self._render_ticket(ticket, access_token, error=refused, typed=typed)
        query = f"&access_token={access_token}" if access_token else ""
        return request.redirect(f"/my/tickets/{ticket.id}?done={done}{query}", code=HTTPStatus.SEE_OTHER)

    def _ticket_to_act_on(self, ticket_id, access_token):
        """The customer's own ticket, as superuser.

        :raise NotFound: for a ticket of somebody else, as for one that does not exist
        :raise Forbidden: for our own people: they do not decide for the customer
        """
        try:
            ticket = self._ticket_for_reader(ticket_id, access_token)
        except (AccessError, MissingError) as error:
            raise NotFound() from error
        if not self._is_customer(ticket, access_token):
            raise Forbidden(request.env._("Only the customer himself can do this."))
        return ticket

    def _remedy_of(self, ticket, remedy_id):
        """One of the ticket's offers, as superuser.

        :raise NotFound: when it is another ticket's, or not for the customer to see
        """
        remedy = ticket._remedies_shown().filtered(lambda remedy: remedy.id == min(remedy_id, MAX_ID))
        if not remedy:
            raise NotFound()
        return remedy
