import re
from http import HTTPStatus

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from werkzeug.exceptions import Forbidden

from .ticket_form_input import BadForm
from .ticket_marks import checked_marks

TOKEN = re.compile(r"[A-Za-z0-9_-]{40,64}")


class TicketFeedback(http.Controller):
    """The three questions behind the link in the mail, without a login. Opening the link changes nothing: programs that
    look at mail open links too."""

    @http.route(
        "/tickets/feedback/<string:token>", type="http", auth="public", website=True, methods=["GET"], readonly=True
    )
    def feedback_form(self, token, **_other):
        return self._render(self._feedback(token))

    @http.route("/tickets/feedback/<string:token>", type="http", auth="public", website=True, methods=["POST"])
    def feedback_answer(self, token, **typed):
        feedback = self._feedback(token)
        if not feedback:
            return self._render(feedback)
        self._check_customer(feedback)
        try:
            with request.env.cr.savepoint():
                feedback._answer(**checked_marks(typed))
        except BadForm as error:
            return self._render(feedback, error=error, typed=typed)
        except UserError as error:
            return self._render(feedback, error=BadForm(str(error), HTTPStatus.CONFLICT), typed=typed)
        return self._render(feedback, thanks=True)

    @http.route("/tickets/feedback/<string:token>/never", type="http", auth="public", website=True, methods=["POST"])
    def feedback_never(self, token, **_typed):
        """Do not ask this customer again."""
        feedback = self._feedback(token)
        if not feedback:
            return self._render(feedback)
        self._check_customer(feedback)
        feedback.partner_id.no_ticket_survey = True
        return self._render(feedback, never=True)

    def _feedback(self, token):
        """The feedback that the link is about, as superuser, in its customer's language.

        :return: empty when there is none
        """
        # sudo: who has the link's token is the customer; it is looked up whole, by its unique index
        feedback = request.env["service.feedback"].sudo()
        return feedback.search([("access_token", "=", token)], limit=1) if TOKEN.fullmatch(token) else feedback

    def _check_customer(self, feedback):
        """:raise Forbidden: for our own people, who do not give marks to themselves"""
        user = request.env.user
        if not user.share and not user._is_public() and user.partner_id != feedback.partner_id:
            raise Forbidden(request.env._("Only the customer himself can do this."))

    def _render(self, feedback, error=None, typed=None, **values):
        if not feedback:
            return request.render("crm_service_desk.ticket_feedback_unknown", {}, status=HTTPStatus.NOT_FOUND)
        return request.render(
            "crm_service_desk.ticket_feedback_page",
            {
                "feedback": feedback,
                "typed": typed or {},
                "error": error,
                **values,
            },
            status=error.status if error else HTTPStatus.OK,
        )
