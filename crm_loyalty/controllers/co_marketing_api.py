from odoo import fields as odoo_fields
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from . import co_marketing_api_call as calls
from . import co_marketing_api_fields as takes
from .co_marketing_api_errors import TillError
from .co_marketing_portal import REASON_LENGTH

# What each call takes. The OpenAPI file says the same; a test compares them.
FIELDS = {
    "verify": {"card": takes.text(64), "amount": takes.amount},
    "redeem": {"card": takes.text(64), "benefit": takes.number_of_record, "amount": takes.amount},
    "void": {"receipt": takes.number_of_record, "reason": takes.text(REASON_LENGTH)},
    "statement": {"from": takes.day, "to": takes.day, "after": takes.place, "limit": takes.page_size},
}
# auth: the key that the call carries, see key_of_call. All methods come here, to be answered in JSON.
ROUTE = {"type": "partner_till", "auth": "public", "save_session": False, "readonly": False}
ROOT = "/partner-till/v1"


class PartnerTill(http.Controller):
    """The interface for a partner's till: verify a card, redeem a benefit, void a receipt, list what was booked.

    Each call speaks for the outlet of its key. The work is done by the same functions as at the counter in the portal.
    Documented in docs/partner-api.md and static/partner_till/openapi.json.
    """

    # ------------------------------------------------------------ the calls

    @http.route(f"{ROOT}/verify", **ROUTE)
    def partner_till_verify(self):
        """Is the card good here, whose is it, and what is open to him now?"""
        key, outlet, sent = self._call("verify")
        membership, offers = self._verified(key, outlet, sent["card"], sent["amount"])
        if not membership:
            return {"valid": False, "member": None, "benefits": []}
        benefits = [self._benefit(offer, sent["amount"]) for offer in offers if offer.is_open]
        return {"valid": True, "member": outlet._says_who(membership), "benefits": benefits}

    @http.route(f"{ROOT}/redeem", **ROUTE)
    def partner_till_redeem(self):
        """Book it. The same Idempotency-Key gives back the first receipt."""
        key, outlet, sent = self._call("redeem")
        once = takes.idempotency_key()
        before = self._redeemed_before(outlet, once, sent)
        if before:
            return self._receipt(before)
        membership, offers = self._verified(key, outlet, sent["card"])
        if not membership:
            raise TillError("no_card")
        benefit = next((one.benefit for one in offers if one.benefit.id == sent["benefit"] and one.is_for_him), None)
        if not benefit:
            raise TillError("no_benefit")
        self._check_amount(outlet, benefit, sent["amount"])
        try:
            return self._receipt(outlet._redeem(membership, benefit, once, sent["amount"], till=key))
        except UserError as error:  # nothing is booked: _redeem has gone back to its savepoint
            raise TillError("refused", error) from error

    @http.route(f"{ROOT}/void", **ROUTE)
    def partner_till_void(self):
        """Take a receipt back that a till of this outlet booked some minutes ago. Voided before: the same answer."""
        key, outlet, sent = self._call("void")
        # sudo: which receipt it is; the next lines let the till of its own outlet through.
        receipt = request.env["co.marketing.redemption"].sudo().browse(sent["receipt"]).exists()
        if receipt.outlet_id != outlet or not receipt:
            raise TillError("no_receipt")
        if not receipt.outlet_key_id:
            raise TillError("not_by_till")
        if receipt.state == "done":
            if odoo_fields.Datetime.now() >= receipt._till_voids_until():
                raise TillError("too_late")
            receipt._void(sent["reason"], till=key)
        return self._receipt(receipt)

    @http.route(f"{ROOT}/statement", **ROUTE)
    def partner_till_statement(self):
        """What was booked at this outlet from one day to another, newest first, and the totals of these days."""
        _key, outlet, sent = self._call("statement")
        first, last = sent["from"], sent["to"]
        if not 0 <= (last - first).days <= 366:
            raise TillError(
                "wrong_value", request.env._("to: send a day from the first one on, and within a year of it.")
            )
        rows, following = outlet._statement_page(first, last, sent["after"], sent["limit"])
        return {
            "outlet": outlet.name,
            "from": str(first),
            "to": str(last),
            "receipts": [self._receipt(row) for row in rows],
            "next": following,
            "totals": outlet._statement_totals(first, last),
        }

    @http.route([ROOT, f"{ROOT}/<path:anything>"], **ROUTE)
    def partner_till_nothing(self):
        """An address that is none: told in JSON."""
        raise TillError("no_such_address")

    # ------------------------------------------------------------ what they share

    @staticmethod
    def _call(name):
        """:return: (key, its outlet as superuser, ``{field: value}``)"""
        key = calls.key_of_call()
        outlet = key.outlet_id.with_company(key.company_id)
        return key, outlet, calls.body_of_call(FIELDS[name])

    @staticmethod
    def _verified(key, outlet, number, amount=None):
        """Look at a card; a wrong number counts, as at the counter.

        :raises TillError: ``too_many_cards``
        """
        if outlet._too_many_numbers(key):
            raise TillError("too_many_cards", wait=calls.seconds_of_hour())
        membership, offers = outlet._verify(number, amount=amount)
        if not membership:
            outlet._count_wrong_number(key)
        return membership, offers

    @staticmethod
    def _redeemed_before(outlet, once, sent):
        """The receipt of the same call, sent before.

        :raises TillError: ``key_used`` when it was for something else
        """
        # sudo: only of this outlet, for which the key speaks.
        first = request.env["co.marketing.redemption"].sudo()
        first = first.search([("outlet_id", "=", outlet.id), ("idempotency_key", "=", once)])
        if not first:
            return first
        card = request.env["sale.order"]._card_of_number(sent["card"])
        same_bill = not first.currency_id.compare_amounts(first.amount, sent["amount"] or 0.0)
        if (first.card_id, first.benefit_id.id) != (card, sent["benefit"]) or not same_bill:
            raise TillError("key_used")
        return first

    @staticmethod
    def _check_amount(outlet, benefit, amount):
        try:
            outlet._checked_amount(amount, benefit)
        except UserError as error:
            raise TillError("wrong_value", error) from error

    # ------------------------------------------------------------ what is answered

    @staticmethod
    def _benefit(offer, amount):
        """An open offer, as the till shows it."""
        benefit = offer.benefit
        return {
            "id": benefit.id,
            "name": benefit.name,
            "kind": benefit.kind,
            "promise": benefit._promise_text(),
            "how_to_use": benefit.how_to_use or "",
            "uses_left": offer.uses_left,
            "needs_amount": benefit._needs_amount(),
            "currency": benefit.currency_id.name,
            "discount": offer.discount if amount else None,
        }

    @staticmethod
    def _receipt(receipt):
        """A receipt, as it stands now."""
        outlet = receipt.outlet_id
        return {
            "id": receipt.id,
            "number": receipt.name,
            "state": receipt.state,
            "benefit": {"id": receipt.benefit_id.id, "name": receipt.benefit_id.name},
            "amount": receipt.amount,
            "discount": receipt.discount,
            "currency": receipt.currency_id.name,
            "points": receipt.points,
            "happened_at": outlet._local(receipt.happened_at).isoformat(),
            "till": receipt.outlet_key_id.name or None,
            "void_until": outlet._local(receipt._till_voids_until()).isoformat() if receipt.outlet_key_id else None,
            "void_reason": receipt.void_reason or None,
        }
