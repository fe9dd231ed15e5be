import re

from odoo import http, tools
from odoo.exceptions import UserError
from odoo.http import request

from ..models.public_form_attempt import FORM
from .portal import own_memberships

# What a visitor may type, and how much of it.
LIMITS = {"name": 80, "email": 254, "phone": 32, "card_number": 40}
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")
# A name that is an advertisement: somebody uses the page to send it to others.
LINK = re.compile(r"://|www\.|@", re.IGNORECASE)


class ClubJoin(http.Controller):
    """The public page of a club: ask, confirm by the link in the mail, see the card."""

    @http.route("/club/<string:slug>", type="http", auth="public", website=True, sitemap=False, methods=["GET"])
    def club_page(self, slug, **kw):
        """The form; who is logged in and a member already sees his card instead."""
        club = self._club(slug)
        if not request.env.user._is_public():
            mine = own_memberships().filtered(lambda m: m.club_id == club and m.state != "ended")
            if mine:
                return self._page("join_member", {"club": club, "membership": mine[:1]})
        if not club._is_open():
            return self._page("join_closed", {"club": club}, status=404)
        return self._page("join_form", {"club": club, "typed": {}, "errors": []})

    @http.route("/club/<string:slug>", type="http", auth="public", website=True, sitemap=False, methods=["POST"])
    def club_ask(self, slug, **post):
        """Somebody asks to join. The answer is the same whoever is known to us."""
        club = self._club(slug)
        if not club._is_open():
            return self._page("join_closed", {"club": club}, status=404)
        if post.get("subject"):  # a field that nobody sees: a program has filled the form
            return request.redirect(f"/club/{club.join_slug}/sent")
        typed, errors = self._read(club, post)
        if errors:
            return self._page("join_form", {"club": club, "typed": typed, "errors": errors}, status=422)
        email = tools.email_normalize(typed["email"])
        if request.env["public.form.attempt"]._too_many(FORM, email, request.httprequest.remote_addr):
            return self._page("join_too_many", {"club": club}, status=429)
        # sudo: anybody may ask to join an open club; the values are checked by _read.
        request.env["loyalty.join.request"].sudo().create(
            {**typed, "club_id": club.id, "consent_id": club._consent().id, "lang": request.env.lang}
        )._ask()
        return request.redirect(f"/club/{club.join_slug}/sent")

    @http.route("/club/<string:slug>/sent", type="http", auth="public", website=True, sitemap=False, methods=["GET"])
    def club_asked(self, slug, **kw):
        """Look into your mail."""
        return self._page("join_sent", {"club": self._club(slug)})

    @http.route(
        "/club/confirm/<string:token>", type="http", auth="public", website=True, sitemap=False, methods=["GET"]
    )
    def club_confirm_page(self, token, **kw):
        """A page with a button: a mail scanner that opens the link confirms nothing."""
        wish = request.env["loyalty.join.request"]._of_token(token)
        if not wish or wish.state != "waiting":
            return self._page("join_link_dead", {"was_used": bool(wish)}, status=410 if wish else 404)
        return self._page("join_confirm", {"wish": wish, "token": token, "card_number": wish.card_number})

    @http.route(
        "/club/confirm/<string:token>", type="http", auth="public", website=True, sitemap=False, methods=["POST"]
    )
    def club_confirm(self, token, **post):
        """The owner of the address presses the button."""
        wish = request.env["loyalty.join.request"]._of_token(token)
        if not wish or wish.state != "waiting":
            return self._page("join_link_dead", {"was_used": bool(wish)}, status=410 if wish else 404)
        number = post.get("card_number")
        if (number if isinstance(number, str) else wish.card_number or "").strip():
            attempts = request.env["public.form.attempt"]
            who = f"address {wish.email_normalized}"
            if attempts._too_many_numbers(wish.club_id, who, request.httprequest.remote_addr):
                values = {"wish": wish, "token": token, "card_number": "", "error": attempts._say_too_many_numbers()}
                return self._page("join_confirm", values, status=429)
        try:
            with request.env.cr.savepoint():
                if isinstance(number, str) and len(number) <= LIMITS["card_number"]:
                    wish.card_number = self._card_number(wish.club_id, number.replace("\x00", ""))
                wish._confirm()
                request.env.flush_all()
        except UserError as error:
            request.env.invalidate_all(flush=False)
            values = {"wish": wish, "token": token, "card_number": number, "error": str(error)}
            return self._page("join_confirm", values, status=409)
        wish._welcome()
        return self._page("join_done", {"wish": wish, "way_in": wish._way_into_the_portal()})

    # ------------------------------------------------------------ helpers

    @staticmethod
    def _club(slug):
        """:raises NotFound: for an address that no club has"""
        club = request.env["loyalty.club"]._of_slug(slug)
        if not club:
            raise request.not_found()
        return club

    @staticmethod
    def _page(name, values, status=200):
        response = request.render(f"crm_loyalty.{name}", values)
        response.status_code = status
        # The link in the mail is a secret, and the pages are a person's own.
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def _read(self, club, post):
        """What was typed, and what is wrong with it.

        :return: (values of the request, list of sentences)
        """
        env, errors = request.env, []
        typed = {}
        for name, limit in LIMITS.items():
            value = post.get(name, "")
            value = value.strip() if isinstance(value, str) else "\x00"  # a file in the place of a text
            if len(value) > limit or CONTROL_CHARACTERS.search(value):
                errors.append(env._("“%(value)s” is too long, or no text.", value=self._shown(value)))
                value = self._shown(value)
            typed[name] = value
        if not typed["name"]:
            errors.append(env._("Enter your name."))
        elif LINK.search(typed["name"]):
            errors.append(env._("Enter your name alone, without the address of a page or a mail."))
        if not tools.email_normalize(typed["email"]):
            errors.append(env._("Enter your e-mail address, such as name@example.com."))
        if post.get("consent") != str(club._consent().version):
            errors.append(env._("Please read the text and tick that you agree."))
        try:
            typed["card_number"] = self._card_number(club, typed["card_number"])
        except UserError as error:
            errors.append(str(error))
        return typed, errors

    @staticmethod
    def _card_number(club, number):
        """Only whether it can be a number at all: whether the card is free is told to nobody before he confirms.

        :raises UserError: when a digit is wrong
        """
        return club._checked_card_number(number) if number.strip() else False

    @staticmethod
    def _shown(value):
        return CONTROL_CHARACTERS.sub("", value)[:30]
