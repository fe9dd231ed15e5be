from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import AccessError, MissingError
from odoo.http import request


class ClubPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "club_count" in counters:
            values["club_count"] = request.env["loyalty.membership"].search_count(self._club_domain())
        return values

    def _club_domain(self):
        """Open memberships; which of them are the customer's own is told by the record rule of the portal."""
        return [("state", "!=", "ended")]

    @http.route("/my/clubs", type="http", auth="user", website=True, readonly=True)
    def portal_my_clubs(self, **kw):
        """The customer's cards."""
        memberships = request.env["loyalty.membership"].search(self._club_domain())
        values = self._prepare_portal_layout_values()
        # The search was the customer's own, under the portal's rule. Club, tier and card have no rule for him.
        values.update(page_name="club", memberships=memberships.sudo()._best_first())
        return request.render("crm_loyalty.portal_my_clubs", values)

    @http.route("/my/clubs/<int:membership_id>", type="http", auth="user", website=True, readonly=True)
    def portal_my_club(self, membership_id, **kw):
        """One card, to be shown at the counter."""
        try:
            membership = self._document_check_access("loyalty.membership", membership_id)
        except (AccessError, MissingError):
            raise request.not_found() from None
        values = self._prepare_portal_layout_values()
        values.update(page_name="club", membership=membership)
        return request.render("crm_loyalty.portal_my_club", values)
