import base64

from odoo import http
from odoo.http import request

from .portal import ClubPortal

SHOWN_ON_CARD = 3  # offers on the page of the card; all of them are a click away


class MemberOffers(ClubPortal):
    """What partners offer to a member, on his own pages."""

    def _my_club_values(self, membership):
        offers = membership._partner_offers()
        return {
            **super()._my_club_values(membership),
            "partner_offers": offers[:SHOWN_ON_CARD],
            "partner_offer_count": len(offers),
        }

    @http.route("/my/clubs/<int:membership_id>/offers", type="http", auth="user", website=True, readonly=True)
    def member_offers(self, membership_id, category="", city="", **kw):
        """The partners' offers for this member, by category and place, and what he has used."""
        membership = self._own_membership(membership_id)
        offers = membership._partner_offers()
        categories = {offer.benefit.category_id for offer in offers}
        cities = {place.city for offer in offers for place in offer.benefit._places() if place.city}
        if (category and category not in {str(one.id) for one in categories}) or (city and city not in cities):
            raise request.not_found()
        shown = [
            offer
            for offer in offers
            if category in ("", str(offer.benefit.category_id.id))
            and (not city or city in offer.benefit._places().mapped("city"))
        ]
        groups = {}
        for offer in sorted(shown, key=self._place_on_page):
            groups.setdefault(offer.benefit.category_id, []).append(offer)
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "club_offers",
            "membership": membership,
            "groups": groups,
            "has_offers": bool(offers),
            "categories": sorted((one for one in categories if one), key=lambda one: (one.sequence, one.name)),
            "cities": sorted(cities),
            "category": category,
            "city": city,
            "used": membership._partner_redemptions(),
        }
        return request.render("crm_loyalty.portal_my_offers", values)

    @staticmethod
    def _place_on_page(offer):
        """By category, what he may use at once first; what has none comes last."""
        category = offer.benefit.category_id
        return (not category, category.sequence, category.name or "", not offer.is_open)

    @http.route(
        "/my/clubs/<int:membership_id>/offers/<int:benefit_id>/picture",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def member_offer_picture(self, membership_id, benefit_id, **kw):
        """The picture of an offer that is for this member."""
        membership = self._own_membership(membership_id)
        offer = next((one for one in membership._partner_offers() if one.benefit.id == benefit_id), None)
        if not offer or not offer.benefit.picture:
            raise request.not_found()
        content = base64.b64decode(offer.benefit.with_context(bin_size=False).picture)
        return request.make_response(
            content, [("Content-Type", "image/png"), ("Cache-Control", "private, max-age=3600")]
        )
