import re
import uuid
from http import HTTPStatus

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.http import request
from werkzeug.exceptions import Forbidden

MAX_SUBJECT = 200
MAX_DESCRIPTION = 20_000
MAX_FILES = 10
MAX_FILE_MEGABYTES = 10
TOKEN = re.compile(r"[0-9a-f]{32}")


class BadForm(Exception):
    """What the customer has to change, and the HTTP status that goes with it."""

    def __init__(self, message, status=HTTPStatus.BAD_REQUEST):
        super().__init__(message)
        self.message = message
        self.status = status


class PortalTicketForm(CustomerPortal):
    """The form by which a customer files a ticket.

    Wrong input never costs the customer his words: the form comes back with them, with one sentence that says what
    to change, and with a status of the 400 family.
    """

    @http.route("/my/tickets/new", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    def ticket_form(self, **prefill):
        self._check_may_file()
        typed = {"type": "complaint", **{key: value for key, value in prefill.items() if key in ("type", "subject")}}
        return self._render_form(typed, uuid.uuid4().hex)

    @http.route("/my/tickets/new", type="http", auth="user", website=True, methods=["POST"])
    def ticket_file(self, **post):
        self._check_may_file()
        typed = {key: value for key, value in post.items() if isinstance(value, str)}
        token = typed.get("token", "")
        try:
            ticket = request.env["service.ticket"]._file(
                self._checked_values(typed), self._checked_files(), token if TOKEN.fullmatch(token) else None
            )
        except BadForm as error:
            return self._render_form(typed, token, error)
        return request.redirect(f"/my/tickets/{ticket.id}?filed=1", code=HTTPStatus.SEE_OTHER)

    def _check_may_file(self):
        if not request.env["service.ticket"].has_access("read"):
            raise Forbidden(
                request.env._("Only customers can file a ticket here. Ask the service desk to do it for you.")
            )

    def _render_form(self, typed, token, error=None):
        values = self._prepare_portal_layout_values() | {
            "page_name": "ticket_new",
            "typed": typed,
            "token": token if TOKEN.fullmatch(token) else uuid.uuid4().hex,
            "error": error,
            "types": request.env["service.ticket"]._fields["type"]._description_selection(request.env),
            "orders": self._own_orders(limit=50),
            "max_subject": MAX_SUBJECT,
            "max_description": MAX_DESCRIPTION,
            "files_help": request.env._(
                "A phone offers its camera here. At most %(count)s files of %(size)s MB each.",
                count=MAX_FILES,
                size=MAX_FILE_MEGABYTES,
            ),
            "max_files": MAX_FILES,
            "max_file_megabytes": MAX_FILE_MEGABYTES,
        }
        return request.render(
            "crm_service_desk.portal_ticket_form", values, status=error.status if error else HTTPStatus.OK
        )

    # What was typed -----------------------------------------------------------------------------------

    def _checked_values(self, typed):
        """The ticket's values from what was typed.

        :raise BadForm: when something is missing, too long or not to be chosen
        """
        return {
            "type": self._checked_type(typed.get("type", "")),
            "name": self._checked_text(typed.get("subject", ""), request.env._("Subject"), MAX_SUBJECT),
            "description": self._checked_text(
                typed.get("description", ""), request.env._("What happened"), MAX_DESCRIPTION
            ),
            "sale_order_id": self._checked_order(typed.get("order_id", "")),
        }

    def _checked_type(self, value):
        if value not in dict(request.env["service.ticket"]._fields["type"].selection):
            raise BadForm(request.env._("Please choose whether this is a complaint, a question or a request."))
        return value

    def _checked_text(self, value, label, longest):
        text = value.replace("\x00", "").replace("\r\n", "\n").strip()
        if not text:
            raise BadForm(request.env._("“%s” is empty. Please fill it in.", label))
        if len(text) > longest:
            raise BadForm(
                request.env._(
                    "“%(label)s” is too long: %(length)s characters, at most %(longest)s are possible. "
                    "Please shorten it.",
                    label=label,
                    length=len(text),
                    longest=longest,
                )
            )
        return text

    def _own_orders(self, domain=(), limit=None):
        """Confirmed orders of the customer's account, newest first."""
        account = request.env.user.partner_id.commercial_partner_id
        orders = request.env["sale.order"]
        if not orders.has_access("read"):
            return orders
        own = [("partner_id", "child_of", account.ids), ("state", "=", "sale")]
        return orders.search([*own, *domain], order="date_order desc, id desc", limit=limit)

    def _checked_order(self, value):
        if not value:
            return False
        order = self._own_orders([("id", "=", int(value))]) if re.fullmatch(r"[0-9]{1,9}", value) else None
        if not order:
            raise BadForm(request.env._("The order chosen is not one of yours. Please choose another or none."))
        return order.id

    def _checked_files(self):
        """The files sent along, as (name, content).

        :raise BadForm: when there are too many or one is too large
        """
        files = [file for file in request.httprequest.files.getlist("files") if file.filename]
        if len(files) > MAX_FILES:
            raise BadForm(
                request.env._(
                    "You chose %(count)s files; at most %(max)s are possible. Please choose them again.",
                    count=len(files),
                    max=MAX_FILES,
                )
            )
        limit = MAX_FILE_MEGABYTES * 1024 * 1024
        checked = []
        for file in files:
            content = file.read(limit + 1)
            if len(content) > limit:
                raise BadForm(
                    request.env._(
                        "The file “%(name)s” is larger than %(max)s MB. "
                        "Please choose a smaller one, and the other files again.",
                        name=file.filename[:100],
                        max=MAX_FILE_MEGABYTES,
                    ),
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                )
            checked.append((file.filename.replace("\x00", "")[:200], content))
        return checked
