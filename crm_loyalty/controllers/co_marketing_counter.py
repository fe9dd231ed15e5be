import re
import secrets

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .co_marketing_portal import REASON_LENGTH, PartnerPortal

# A number as the browser sends it: a dot before the decimals, nothing between thousands. What else is typed is asked again
# rather than guessed: 12.500 is twelve and a half for one, and twelve thousand five hundred for another.
AMOUNT = re.compile(r"[0-9]{1,12}(?:\.([0-9]{1,6}))?")


class PartnerCounter(PartnerPortal):
    """The counter of a partner, on the cashier's phone: card, offer, amount, receipt.

    Each change is a POST with a key of its own, and leads to the page of the receipt: tapped twice, sent again or
    reloaded, it books once. Members can be neither searched nor listed; the number of the card is typed or scanned anew for
    each of them.
    """

    def _outlet(self, outlet_id):
        """An outlet at whose counter the user works, as superuser.

        :raises NotFound: for any other
        """
        outlet = self._people()._outlets().filtered(lambda one: one.id == outlet_id)
        if not outlet:
            raise request.not_found()
        return outlet

    @http.route("/my/partner/counter", type="http", auth="user", website=True, readonly=True)
    def partner_counter_choice(self, **kw):
        """Where do you work today? Who works in one outlet only is led there."""
        outlets = self._people_or_404()._outlets()
        if len(outlets) == 1:
            return request.redirect(f"/my/partner/counter/{outlets.id}")
        return self._partner_page("crm_loyalty.partner_counter_choice", outlets=outlets)

    @http.route("/my/partner/counter/<int:outlet_id>", type="http", auth="user", website=True, readonly=True)
    def partner_counter(self, outlet_id, **kw):
        """Scan or type a card."""
        return self._counter_page(self._outlet(outlet_id))

    def _counter_page(self, outlet, error="", number="", status=200):
        number = number if isinstance(number, str) else ""
        return self._partner_page(
            "crm_loyalty.partner_counter",
            status,
            outlet=outlet,
            error=error,
            number=number[:64],
            several=self._several(),
        )

    def _several(self):
        return len(self._people()._outlets()) > 1

    # ------------------------------------------------------------ card

    @http.route("/my/partner/counter/<int:outlet_id>/card", type="http", auth="user", website=True, methods=["POST"])
    def partner_counter_card(self, outlet_id, card_number="", **post):
        """Is the card good, and what is open to its member?"""
        outlet = self._outlet(outlet_id)
        membership, offers, refusal = self._verified(outlet, card_number)
        return refusal or self._card_page(outlet, membership, offers, card_number)

    def _verified(self, outlet, number):
        """Look at a card, where not too many wrong numbers were typed.

        :return: (membership, offers, response that refuses it; None where it is good)
        """
        if not isinstance(number, str) or not number.strip() or len(number) > 64 or "\x00" in number:
            error = request.env._("Scan the QR code of the card, or type its number.")
            return None, [], self._counter_page(outlet, error, status=422)
        user = request.env.user
        if outlet._too_many_numbers(user):
            error = request.env._(
                "Too many wrong card numbers were typed here. Cards are looked up again in the next hour."
            )
            return None, [], self._counter_page(outlet, error, status=429)
        membership, offers = outlet._verify(number)
        if not membership:
            outlet._count_wrong_number(user)
            error = request.env._("This card is not valid here. Compare the number with the card, or scan it again.")
            return None, [], self._counter_page(outlet, error, number, status=422)
        return membership, offers, None

    def _card_page(self, outlet, membership, offers, number, error="", status=200, chosen=None, amount=""):
        offers = [offer for offer in offers if offer.is_for_him]
        return self._partner_page(
            "crm_loyalty.partner_counter_card",
            status,
            outlet=outlet,
            member=outlet._says_who(membership),
            open_offers=[offer for offer in offers if offer.is_open],
            closed_offers=[offer for offer in offers if not offer.is_open],
            number=number,
            new_key=lambda: secrets.token_urlsafe(18),
            error=error,
            chosen=chosen,
            amount=amount if isinstance(amount, str) else "",
        )

    # ------------------------------------------------------------ redeem

    @http.route("/my/partner/counter/<int:outlet_id>/redeem", type="http", auth="user", website=True, methods=["POST"])
    def partner_counter_redeem(self, outlet_id, card_number="", benefit="", amount="", key="", **post):
        """Book it, and show the receipt."""
        outlet = self._outlet(outlet_id)
        membership, offers, refusal = self._verified(outlet, card_number)
        if refusal:
            return refusal
        chosen = next((offer.benefit for offer in offers if str(offer.benefit.id) == benefit), None)

        def again(error, status):
            return self._card_page(outlet, membership, offers, card_number, error, status, chosen, amount)

        if not chosen:
            return again(request.env._("Choose one of the offers."), 422)
        try:
            bill = self._amount(amount, chosen)
        except ValueError as error:
            return again(str(error), 422)
        try:
            receipt = outlet._redeem(membership, chosen, key, bill)
        except UserError as error:
            return again(str(error), 409)
        return request.redirect(f"/my/partner/receipts/{receipt.id}")

    @staticmethod
    def _amount(text, benefit):
        """The bill as a number; None where nothing was typed.

        :raises ValueError: with a sentence for the cashier
        """
        text = text.strip() if isinstance(text, str) else "?"
        if not text:
            return None
        found = AMOUNT.fullmatch(text)
        if not found or len(found[1] or "") > benefit.currency_id.decimal_places:
            raise ValueError(
                request.env._("Type the bill with digits only, nothing between thousands: for example 125000.")
            )
        return float(text)

    # ------------------------------------------------------------ receipts

    def _receipt(self, receipt_id):
        """A receipt that the user may see: his own, or as manager those of his company's outlets; as superuser.

        :raises NotFound: for any other
        """
        people = self._people()
        # sudo: which receipt it is; shown only where the next lines allow it.
        receipt = request.env["co.marketing.redemption"].sudo().browse(receipt_id).exists()
        mine = receipt.user_id == request.env.user and receipt.outlet_id in people._outlets()
        if not receipt.outlet_id or not (mine or people._manages(receipt.company_id, receipt.outlet_id.partner_id)):
            raise request.not_found()
        return receipt

    @http.route("/my/partner/receipts/<int:receipt_id>", type="http", auth="user", website=True, readonly=True)
    def partner_receipt(self, receipt_id, **kw):
        """What was booked."""
        return self._receipt_page(self._receipt(receipt_id))

    def _receipt_page(self, receipt, error="", status=200):
        return self._partner_page(
            "crm_loyalty.partner_receipt",
            status,
            receipt=receipt,
            local=receipt.outlet_id._local(receipt.happened_at),
            member=receipt.outlet_id._says_who(receipt.membership_id),
            may_void=receipt._may_void(request.env.user, self._people()),
            error=error,
        )

    @http.route("/my/partner/receipts/<int:receipt_id>/void", type="http", auth="user", website=True, methods=["POST"])
    def partner_void(self, receipt_id, reason="", **post):
        """Take it back, with a reason: the cashier for some minutes, the manager later."""
        receipt = self._receipt(receipt_id)
        if receipt.state == "voided":
            return request.redirect(f"/my/partner/receipts/{receipt.id}")
        if not receipt._may_void(request.env.user, self._people()):
            error = request.env._(
                "A cashier voids within %s minutes. Ask your manager.", receipt.agreement_id.void_minutes
            )
            return self._receipt_page(receipt, error, status=403)
        if not isinstance(reason, str) or not reason.strip() or len(reason) > REASON_LENGTH or "\x00" in reason:
            error = request.env._("Write in %s characters at most why it is voided.", REASON_LENGTH)
            return self._receipt_page(receipt, error, status=422)
        receipt._void(reason)
        return request.redirect(f"/my/partner/receipts/{receipt.id}")
