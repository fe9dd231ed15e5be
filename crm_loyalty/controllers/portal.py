from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from ..models.loyalty_membership_points import HISTORY_PAGE


def own_memberships():
    """The memberships that hold, or held, for the user himself, whatever else he may read as an employee.

    :return: ``loyalty.membership`` records as superuser: club, tier and card have no rights for customers
    """
    partner = request.env.user.partner_id
    # sudo: res.partner._hold leaves only the user's own, and those of the company that shares its card with him.
    memberships = request.env["loyalty.membership"].sudo().search(partner._membership_domain())
    return partner._hold(memberships)


class ClubPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "club_count" in counters:
            values["club_count"] = len(self._own_memberships().filtered(lambda m: m.state != "ended"))
        return values

    _own_memberships = staticmethod(own_memberships)

    def _own_membership(self, membership_id):
        """The one of :meth:`_own_memberships` with this id.

        :raises NotFound: when it is nobody's, or somebody else's
        """
        membership = self._own_memberships().filtered(lambda m: m.id == membership_id)
        if not membership:
            raise request.not_found()
        return membership

    @http.route("/my/clubs", type="http", auth="user", website=True, readonly=True)
    def portal_my_clubs(self, **kw):
        """The customer's cards."""
        return request.render("crm_loyalty.portal_my_clubs", self._my_clubs_values())

    def _my_clubs_values(self):
        """What the page of the customer's clubs shows."""
        memberships = self._own_memberships().filtered(lambda m: m.state != "ended")
        return {**self._prepare_portal_layout_values(), "page_name": "club", "memberships": memberships}

    @http.route("/my/clubs/<int:membership_id>", type="http", auth="user", website=True, readonly=True)
    def portal_my_club(self, membership_id, **kw):
        """One card, to be shown at the counter, with all that it gives."""
        membership = self._own_membership(membership_id)
        return request.render("crm_loyalty.portal_my_club", self._my_club_values(membership))

    def _my_club_values(self, membership):
        """What the page of one card shows. Other addons add to it."""
        return {
            **self._prepare_portal_layout_values(),
            "page_name": "club",
            "membership": membership,
            "points": membership._points_page(),
            "rewards": membership._rewards_page() if membership.state != "ended" else [],
            "progress": membership._tier_progress(),
        }

    @http.route("/my/clubs/<int:membership_id>/points", type="http", auth="user", website=True, readonly=True)
    def portal_my_points(self, membership_id, page="1", **kw):
        """Every movement of the customer's points, newest first, page by page."""
        membership = self._own_membership(membership_id)
        total = membership._points_history_length()
        last = max(-(-total // HISTORY_PAGE), 1)
        if not (
            isinstance(page, str) and page.isascii() and page.isdigit() and len(page) < 10 and 1 <= int(page) <= last
        ):
            raise request.not_found()
        page = int(page)
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "club_points",
            "membership": membership,
            "balance": membership.points_display,
            "entries": membership._points_history((page - 1) * HISTORY_PAGE),
            "page": page,
            "last": last,
        }
        return request.render("crm_loyalty.portal_my_points", values)

    @http.route("/my/clubs/<int:membership_id>/card.pdf", type="http", auth="user", website=True, readonly=True)
    def portal_my_card(self, membership_id, **kw):
        """The card, to be printed."""
        membership = self._own_membership(membership_id)
        try:
            reports = request.env["ir.actions.report"].sudo()  # the card is the user's own, see _own_membership
            content, _kind = reports._render_qweb_pdf("crm_loyalty.card", membership.ids)
        except UserError as error:
            return request.make_response(str(error), [("Content-Type", "text/plain; charset=utf-8")], status=409)
        name = f"{membership.club_id.name} {membership.card_code}.pdf"
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers)
