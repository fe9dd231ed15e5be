from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from .portal import ClubPortal

REASON_LENGTH = 200


class ClubPortalJoin(ClubPortal):
    """The customer joins and leaves by himself, logged in."""

    def _clubs_to_join(self):
        """The clubs that the user may join by himself and is not in.

        :return: ``loyalty.club`` records as superuser: customers have no rights on clubs
        """
        user = request.env.user
        # sudo: only open clubs of the user's own companies; the page shows name and consent.
        clubs = request.env["loyalty.club"].sudo()
        clubs = clubs.search(clubs._self_service_domain() & clubs._company_domain(user.company_ids))
        return clubs - self._own_memberships().filtered(lambda m: m.state != "ended").club_id

    def _my_clubs_values(self):
        return {**super()._my_clubs_values(), "clubs_to_join": self._clubs_to_join()}

    # ------------------------------------------------------------ join

    @http.route("/my/clubs/join/<int:club_id>", type="http", auth="user", website=True, methods=["GET"])
    def portal_join_page(self, club_id, **kw):
        """What the customer agrees to."""
        return self._join_page(self._club_to_join(club_id))

    @http.route("/my/clubs/join/<int:club_id>", type="http", auth="user", website=True, methods=["POST"])
    def portal_join(self, club_id, **post):
        """Join, and show the card."""
        club = self._club_to_join(club_id)
        if post.get("consent") != str(club._consent().version):
            return self._join_page(club, request.env._("Please read the text and tick that you agree."), status=422)
        number = post.get("card_number", "")
        if not isinstance(number, str) or len(number) > 40:
            return self._join_page(club, request.env._("Type the card number as it stands on the card."), status=422)
        partner = request.env.user.partner_id
        if number.strip():
            attempts = request.env["public.form.attempt"]
            who = f"user {request.env.uid}"
            if attempts._too_many_numbers(club, who, request.httprequest.remote_addr, partner):
                return self._join_page(club, attempts._say_too_many_numbers(), status=429)
        # sudo: the club is open to the user (_club_to_join), who joins for himself alone.
        wishes = request.env["loyalty.join.request"].sudo()
        values = {"name": partner.name, "email": partner.email, "phone": partner.phone, "lang": partner.lang}
        now = fields.Datetime.now()
        try:
            with request.env.cr.savepoint():
                wish = wishes.create(
                    {
                        **values,
                        "club_id": club.id,
                        "consent_id": club._consent().id,
                        "card_number": club._checked_card_number(number) if number.strip() else False,
                        "way_in": "portal",
                        "confirmed_on": now,
                    }
                )
                wish._join(partner.sudo())  # sudo: the user himself, for whom wishes were made above
                request.env.flush_all()
        except UserError as error:
            request.env.invalidate_all(flush=False)
            return self._join_page(club, str(error), number, status=409)
        return request.redirect(f"/my/clubs/{wish.membership_id.id}")

    def _club_to_join(self, club_id):
        """:raises NotFound: unless the user may join it by himself"""
        club = self._clubs_to_join().filtered(lambda club: club.id == club_id)
        if not club:
            raise request.not_found()
        return club

    def _join_page(self, club, error="", number="", status=200):
        # sudo: the user's own name, or that of his company.
        members = club._members(request.env.user.partner_id.sudo())
        values = {**self._prepare_portal_layout_values(), "page_name": "club", "club": club, "error": error}
        values.update(card_number=number if isinstance(number, str) else "", member=members)
        return self._answer("crm_loyalty.portal_join_club", values, status)

    @staticmethod
    def _answer(template, values, status):
        response = request.render(template, values)
        response.status_code = status
        return response

    # ------------------------------------------------------------ leave

    @http.route("/my/clubs/<int:membership_id>/leave", type="http", auth="user", website=True, methods=["GET"])
    def portal_leave_page(self, membership_id, **kw):
        """What leaving means."""
        return self._leave_page(self._membership_to_leave(membership_id))

    @http.route("/my/clubs/<int:membership_id>/leave", type="http", auth="user", website=True, methods=["POST"])
    def portal_leave(self, membership_id, **post):
        """Leave the club."""
        membership = self._membership_to_leave(membership_id)
        words = post.get("reason", "")
        if not isinstance(words, str) or len(words) > REASON_LENGTH or "\x00" in words:
            error = request.env._("Tell us in %s characters at most.", REASON_LENGTH)
            return self._leave_page(membership, error, status=422)
        chosen = self._leave_reasons().filtered(lambda reason: str(reason.id) == post.get("leave_reason"))
        if post.get("leave_reason") and not chosen:
            return self._leave_page(membership, request.env._("Choose one of the reasons."), status=422)
        told = ": ".join(filter(None, [request.env._("Left in the portal"), words.strip()]))
        membership._end(told, leave_reason=chosen)  # as superuser: it is his own, see _membership_to_leave
        return request.redirect("/my/clubs?left=1")

    def _membership_to_leave(self, membership_id):
        """The user's own open membership. That of his company is its own to end, not of each of its contacts.

        :raises NotFound: for any other
        """
        mine = self._own_memberships().filtered(
            lambda m: m.id == membership_id and m.partner_id == request.env.user.partner_id and m.state != "ended"
        )
        if not mine:
            raise request.not_found()
        return mine

    @staticmethod
    def _leave_reasons():
        # sudo: those that are offered to customers, who have no rights on the list.
        return request.env["loyalty.leave.reason"].sudo().search([("for_customers", "=", True)])

    def _leave_page(self, membership, error="", status=200):
        values = {**self._prepare_portal_layout_values(), "page_name": "club", "membership": membership}
        values.update(error=error, points=membership._points_page(), reasons=self._leave_reasons())
        return self._answer("crm_loyalty.portal_leave_club", values, status)
