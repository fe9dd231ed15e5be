"""What can go wrong at the interface for tills: one table, from which docs and tests are checked."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# code: (HTTP status, what happened, what to do)
ERRORS = {
    "not_json": (400, _lt("The body is no JSON object."), _lt("Send a JSON object in UTF-8.")),
    "no_idempotency_key": (
        400,
        _lt("The header Idempotency-Key is missing, or is not 8 to 64 characters of A-Z, a-z, 0-9, - and _."),
        _lt("Make a new key for each new redemption, and send the same one when you try it again."),
    ),
    "no_key": (401, _lt("The header Authorization: Bearer … is missing."), _lt("Send the key of this outlet.")),
    "wrong_key": (
        401,
        _lt("This is no key, or it is revoked or expired."),
        _lt("Ask the manager of your company for a new key: /my/partner/tills."),
    ),
    "too_late": (
        403,
        _lt("The time in which a till voids is over."),
        _lt("The manager of your company voids it in the portal: /my/partner/redemptions."),
    ),
    "not_by_till": (
        403,
        _lt("A person booked this receipt at the counter."),
        _lt("Who booked it voids it in the portal, or the manager of your company."),
    ),
    "no_such_address": (404, _lt("There is nothing at this address."), _lt("See the documentation for the addresses.")),
    "no_card": (
        404,
        _lt("This card is not valid here."),
        _lt("Compare the number with the card, or scan it again."),
    ),
    "no_benefit": (
        404,
        _lt("This benefit is not offered here to this member."),
        _lt("Verify the card again, and take one of the benefits in the answer."),
    ),
    "no_receipt": (404, _lt("This outlet has no such receipt."), _lt("Send the id of a receipt of this outlet.")),
    "not_post": (405, _lt("Calls are sent by POST."), _lt("Send it by POST.")),
    "refused": (
        409,
        _lt("The member cannot use this benefit now."),
        _lt("Tell the member the message. Verify the card again to see what is open."),
    ),
    "key_used": (
        409,
        _lt("This Idempotency-Key was used before, for something else."),
        _lt("Make a new key for a new redemption."),
    ),
    "too_large": (413, _lt("The body is too large."), _lt("Send at most 10 000 bytes.")),
    "unknown_field": (422, _lt("There is a field that is not known."), _lt("See the documentation for the fields.")),
    "wrong_value": (422, _lt("A field is missing or wrong."), _lt("Send what the message asks for.")),
    "too_many_calls": (
        429,
        _lt("Too many calls."),
        _lt("Wait as many seconds as the header Retry-After says, then send it again."),
    ),
    "too_many_cards": (
        429,
        _lt("Too many wrong card numbers were sent. Cards are looked up again in the next hour."),
        _lt("Wait as many seconds as the header Retry-After says. Check the scanner of the till."),
    ),
    "fault": (
        500,
        _lt("A fault of ours. Nothing was booked."),
        _lt("Send it again with the same Idempotency-Key; if it stays, tell us."),
    ),
    "busy": (
        503,
        _lt("Too many do the same at this moment. Nothing was booked."),
        _lt("Send it again with the same Idempotency-Key."),
    ),
}


class TillError(Exception):
    """A call is refused, for a reason of :data:`ERRORS`.

    :param code: of the table
    :param message: what happened, where it can be told more exactly than the table does
    :param wait: after how many seconds it may be sent again
    """

    def __init__(self, code, message=None, wait=None):
        super().__init__(code)
        self.code, self.wait = code, wait
        self.status, words, hint = ERRORS[code]
        self.message, self.hint = str(message or words), str(hint)

    def answer(self):
        """:return: (body, HTTP status, headers)"""
        headers = [("Retry-After", str(self.wait))] if self.wait else []
        if self.status == 401:
            headers.append(("WWW-Authenticate", "Bearer"))
        if self.status == 405:
            headers.append(("Allow", "POST"))
        error = {"code": self.code, "message": self.message, "hint": self.hint}
        return {"error": error}, self.status, headers
