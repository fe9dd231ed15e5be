from http import HTTPStatus

from odoo import http, tools
from odoo.exceptions import UserError
from odoo.http import request

from .ticket_form_input import BadForm, TicketFormInput

MAX_NAME, MAX_EMAIL, MAX_PHONE = 80, 254, 32
# The name of the form: for core's captcha, and for counting attempts.
FORM = "service_new"


class PublicTicketForm(TicketFormInput, http.Controller):
    """The form of those who have no login: ask, confirm by the link in the mail, get the number.

    Nobody is looked up, and no ticket is made, before the e-mail address is confirmed. Wrong input brings the form back
    with what was typed, one sentence and a status of the 400 family.
    """

    @http.route("/service/new", type="http", auth="public", website=True, sitemap=True, methods=["GET"])
    def public_form(self, **prefill):
        if not request.env.user._is_public() and request.env["service.ticket"].has_access("read"):
            return request.redirect("/my/tickets/new")
        if not self._is_open():
            return self._closed()
        fields = ("type", "subject", "category_id")
        return self._form({"type": "complaint", **{name: prefill[name] for name in fields if name in prefill}})

    @http.route("/service/new", type="http", auth="public", website=True, sitemap=False, methods=["POST"])
    def public_ask(self, **post):
        """The answer is the same whoever is known to us."""
        if not self._is_open():
            return self._closed()
        typed = self._typed()
        if typed.get("website_url"):  # a field that nobody sees: a program has filled the form
            return request.redirect("/service/sent", code=HTTPStatus.SEE_OTHER)
        try:
            values, files = self._checked_request(typed), self._checked_files()
            self._check_captcha()
            self._check_attempts(tools.email_normalize(values["email"]))
        except BadForm as error:
            return self._form(typed, error)
        # sudo: anybody may ask; the values are checked above. Nothing is done with them before the mail is answered.
        request.env["service.filing.request"].sudo().create(values)._ask(files)
        return request.redirect("/service/sent", code=HTTPStatus.SEE_OTHER)

    @http.route("/service/sent", type="http", auth="public", website=True, sitemap=False, methods=["GET"])
    def public_asked(self, **kw):
        """Look into your mail."""
        return self._page("public_form_sent", {})

    @http.route(
        "/service/confirm/<string:token>", type="http", auth="public", website=True, sitemap=False, methods=["GET"]
    )
    def public_confirm_page(self, token, **kw):
        """A page with a button: a mail scanner that opens the link confirms nothing."""
        asked = request.env["service.filing.request"]._of_token(token)
        if not asked or asked.ticket_id:
            return self._dead_link(asked)
        return self._page("public_form_confirm", {"asked": asked, "token": token})

    @http.route(
        "/service/confirm/<string:token>", type="http", auth="public", website=True, sitemap=False, methods=["POST"]
    )
    def public_confirm(self, token, **post):
        """The owner of the address presses the button: the ticket is made."""
        asked = request.env["service.filing.request"]._of_token(token)
        if not asked or asked.ticket_id:
            return self._dead_link(asked)
        try:
            with request.env.cr.savepoint():
                ticket = asked._confirm()
                request.env.flush_all()
        except UserError as error:
            request.env.invalidate_all(flush=False)
            return self._page("public_form_confirm", {"asked": asked, "token": token, "problem": str(error)}, 409)
        return request.redirect(f"{ticket.get_portal_url()}&filed=1", code=HTTPStatus.SEE_OTHER)

    # ------------------------------------------------------------ helpers

    def _form(self, typed, error=None):
        values = {**self._form_values(typed, self._company()), "error": error, "captcha": FORM}
        values.update(max_name=MAX_NAME, max_email=MAX_EMAIL, max_phone=MAX_PHONE)
        return self._page("public_form", values, error.status if error else HTTPStatus.OK)

    def _is_open(self):
        # sudo: whether the form is open to everybody is no secret
        return self._company().sudo().public_ticket_form

    def _closed(self):
        return self._page("public_form_closed", {}, HTTPStatus.NOT_FOUND)

    def _dead_link(self, asked):
        return self._page("public_form_dead", {"was_used": bool(asked)}, 410 if asked else 404)

    @staticmethod
    def _page(name, values, status=HTTPStatus.OK):
        response = request.render(f"crm_service_desk.{name}", values)
        response.status_code = status
        # The link in the mail is a secret, and what was typed is a person's own.
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @staticmethod
    def _company():
        """The company that the page is of: the website's where there is one, else the first."""
        return request.env.company

    def _checked_request(self, typed):
        """Values of a filing request.

        :raise BadForm: when something is missing, too long or not to be chosen
        """
        company = self._company()
        complaint = self._checked_complaint(typed, company)
        return {
            "name": self._checked_text(typed.get("name"), request.env._("Your name"), MAX_NAME, lines=False),
            "email": self._checked_email(typed.get("email")),
            "phone": self._checked_text(
                typed.get("phone"), request.env._("Telephone"), MAX_PHONE, required=False, lines=False
            ),
            "lang": request.env.lang,
            "company_id": company.id,
            "subject": complaint.pop("name"),
            "answers": complaint.pop("properties"),
            **complaint,
        }

    def _checked_email(self, value):
        email = self._checked_text(value, request.env._("E-mail"), MAX_EMAIL, lines=False)
        if "." not in (tools.email_normalize(email) or "").rpartition("@")[2]:
            raise BadForm(request.env._("Please enter one e-mail address, such as name@example.com."))
        return email

    def _check_captcha(self):
        """Core's captcha, where it is installed and set up."""
        try:
            request.env["ir.http"]._verify_request_recaptcha_token(FORM)
        except UserError as error:
            raise BadForm(request.env._("We could not make sure that you are no robot: %s", error)) from error

    def _check_attempts(self, email):
        """:raise BadForm: when too much came from this address or network within the hour"""
        if request.env["public.form.attempt"]._too_many(FORM, email, request.httprequest.remote_addr):
            raise BadForm(
                request.env._(
                    "You have written to us several times within the hour. Please look into your mail for our link, "
                    "or send this again in an hour."
                ),
                HTTPStatus.TOO_MANY_REQUESTS,
            )
