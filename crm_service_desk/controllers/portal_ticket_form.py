import re
import uuid
from http import HTTPStatus

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.http import request
from werkzeug.exceptions import Forbidden

from .ticket_form_input import ID, MAX_SUBJECT, BadForm, TicketFormInput

TOKEN = re.compile(r"[0-9a-f]{32}")


class PortalTicketForm(TicketFormInput, CustomerPortal):
    """The form by which a customer files a ticket.

    Wrong input never costs the customer his words: the form comes back with them, with one sentence that says what
    to change, and with a status of the 400 family.
    """

    @http.route("/my/tickets/new", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    def ticket_form(self, **prefill):
        self._check_may_file()
        fields = ("type", "subject", "order_id", "category_id")
        return self._render_form({"type": "complaint", **{name: prefill[name] for name in fields if name in prefill}})

    @http.route("/my/tickets/new", type="http", auth="user", website=True, methods=["POST"])
    def ticket_file(self, **post):
        self._check_may_file()
        typed = self._typed()
        token = typed.get("token")
        token = token if isinstance(token, str) and TOKEN.fullmatch(token) else None
        try:
            ticket = request.env["service.ticket"]._file(self._checked_values(typed), self._checked_files(), token)
        except BadForm as error:
            return self._render_form(typed, token, error)
        return request.redirect(f"/my/tickets/{ticket.id}?filed=1", code=HTTPStatus.SEE_OTHER)

    @http.route("/my/tickets/alike", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    def ticket_alike(self, subject="", order_id="", asset_id="", **kw):
        """A piece of the form: open tickets of the customer that are likely about the same; empty when there are none."""
        values = {"alike": self._alike({"subject": subject, "order_id": order_id, "asset_id": asset_id})}
        return request.render("crm_service_desk.ticket_form_alike", values)

    def _alike(self, typed):
        """What he has told us already of what he has typed so far."""
        subject = typed.get("subject")
        numbers = [
            int(value) if self._is_id(value) else False for value in (typed.get("order_id"), typed.get("asset_id"))
        ]
        subject = subject.replace("\x00", "")[:MAX_SUBJECT] if isinstance(subject, str) else ""
        return request.env["service.ticket"]._told_already(subject, *numbers) if subject or any(numbers) else ()

    def _check_may_file(self):
        if not request.env["service.ticket"].has_access("read"):
            raise Forbidden(
                request.env._("Only customers can file a ticket here. Ask the service desk to do it for you.")
            )

    def _render_form(self, typed, token=None, error=None):
        values = {
            **self._prepare_portal_layout_values(),
            **self._form_values(typed, request.env.user.company_id),
            "page_name": "ticket_new",
            "token": token or uuid.uuid4().hex,
            "error": error,
            "orders": self._own_orders(limit=50),
            "assets": self._own_assets(limit=50),
            "alike": self._alike(typed),
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
            **self._checked_complaint(typed, request.env.user.company_id),
            "sale_order_id": self._checked_order(typed.get("order_id")),
            "asset_id": self._checked_asset(typed.get("asset_id")),
        }

    def _own_orders(self, domain=(), limit=None):
        """Confirmed orders of the customer's account, newest first."""
        account = request.env.user.partner_id.commercial_partner_id
        orders = request.env["sale.order"]
        if not orders.has_access("read"):
            return orders
        own = [("partner_id", "child_of", account.ids), ("state", "=", "sale")]
        return orders.search([*own, *domain], order="date_order desc, id desc", limit=limit)

    def _own_assets(self, domain=(), limit=None):
        """The vehicles, devices and contracts of the customer's account."""
        user = request.env.user
        # sudo: only those of his own account and company; customers may not read the model
        assets = request.env["customer.asset"].sudo()
        own = [
            ("commercial_partner_id", "=", user.partner_id.commercial_partner_id.id),
            ("company_id", "=", user.company_id.id),
        ]
        return assets.search([*own, *domain], order="id desc", limit=limit)

    def _checked_order(self, value):
        if not value:
            return False
        order = self._own_orders([("id", "=", int(value))]) if self._is_id(value) else None
        if not order:
            raise BadForm(request.env._("The order chosen is not one of yours. Please choose another or none."))
        return order.id

    def _checked_asset(self, value):
        if not value:
            return False
        asset = self._own_assets([("id", "=", int(value))]) if self._is_id(value) else None
        if not asset:
            raise BadForm(request.env._("The thing chosen is not one of yours. Please choose another or none."))
        return asset.id

    @staticmethod
    def _is_id(value):
        return isinstance(value, str) and bool(ID.fullmatch(value))
