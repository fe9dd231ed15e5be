from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.http import request


class ClubPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "club_count" in counters:
            values["club_count"] = len(self._own_memberships().filtered(lambda m: m.state != "ended"))
        return values

    def _own_memberships(self):
        """The memberships that hold, or held, for the user himself, whatever else he may read as an employee.

        :return: ``loyalty.membership`` records as superuser: club, tier and card have no rights for customers
        """
        partner = request.env.user.partner_id
        # sudo: res.partner._hold leaves only the user's own, and those of the company that shares its card with him.
        memberships = request.env["loyalty.membership"].sudo().search(partner._membership_domain())
        return partner._hold(memberships)

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
        """One card, to be shown at the counter."""
        membership = self._own_memberships().filtered(lambda m: m.id == membership_id)
        if not membership:
            raise request.not_found()
        values = self._prepare_portal_layout_values()
        values.update(page_name="club", membership=membership, points=membership._points_page())
        return request.render("crm_loyalty.portal_my_club", values)
