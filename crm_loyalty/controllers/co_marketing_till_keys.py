from datetime import date

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .co_marketing_portal import PartnerPortal


class PartnerTillKeys(PartnerPortal):
    """The partner's manager makes and revokes the keys of his tills."""

    @http.route("/my/partner/tills", type="http", auth="user", website=True, methods=["GET"])
    def partner_tills(self, **kw):
        """The keys of the manager's outlets, and a form for a new one."""
        return self._tills_page(self._managers_or_404())

    @http.route("/my/partner/tills", type="http", auth="user", website=True, methods=["POST"])
    def partner_make_key(self, outlet="", name="", expires_on="", **post):
        """Make a key. The answer shows it, once."""
        managers = self._managers_or_404()
        chosen = managers._managed_outlets().filtered(lambda one: str(one.id) == outlet)
        if not chosen:
            return self._tills_page(managers, error=request.env._("Choose one of your outlets."), status=422)
        try:
            day = date.fromisoformat(expires_on) if expires_on else None
        except (TypeError, ValueError):
            error = request.env._("Write the last day as a date, such as 2026-11-30, or leave it empty.")
            return self._tills_page(managers, error=error, status=422)
        try:
            key, clear = request.env["co.marketing.outlet.key"]._make(chosen, name, day)
        except UserError as error:
            return self._tills_page(managers, error=str(error), status=422)
        return self._tills_page(managers, made=key, clear=clear)

    @http.route("/my/partner/tills/<int:key_id>/revoke", type="http", auth="user", website=True, methods=["POST"])
    def partner_revoke_key(self, key_id, **post):
        """From now on this key is refused."""
        key = self._managers_or_404()._managed_keys().filtered(lambda one: one.id == key_id)
        if not key:
            raise request.not_found()
        key._revoke()
        return request.redirect("/my/partner/tills")

    def _tills_page(self, managers, error="", status=200, made=None, clear=""):
        response = self._partner_page(
            "crm_loyalty.partner_tills",
            status,
            outlets=managers._managed_outlets(),
            till_keys=managers._managed_keys(),
            made=made,
            clear=clear,
            error=error,
        )
        response.headers["Cache-Control"] = "no-store"  # the key is on it
        return response
