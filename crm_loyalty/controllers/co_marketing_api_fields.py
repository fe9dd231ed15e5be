"""What a field of a call may hold: functions that check a value and return it, or raise TillError."""

import re
from datetime import date, datetime

from odoo.addons.crm_contact_history.plausible import database_text
from odoo.http import request

from .co_marketing_api_errors import TillError

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
PLACE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)_(\d{1,9})", re.ASCII)
MOST_ID = 2**31 - 1
IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


def _wrong(message, **what):
    return TillError("wrong_value", message % what)


def text(longest):
    """A text that must be there, of so many characters at most, all of them whole."""

    def check(name, value):
        if not isinstance(value, str) or not value.strip() or len(value) > longest or value != database_text(value):
            raise _wrong(
                request.env._("%(name)s: send a text of 1 to %(longest)s characters."), name=name, longest=longest
            )
        return value.strip()

    return check


def number_of_record(name, value):
    """The id of something in an answer."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MOST_ID:
        raise _wrong(request.env._("%(name)s: send the id, a whole number, as an answer gave it."), name=name)
    return value


def amount(name, value):
    """The bill: a number of 0 or more; None when it is not sent."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**12:
        raise _wrong(request.env._("%(name)s: send the bill as a number, 0 or more and below 10^12."), name=name)
    return value


def day(name, value):
    """A date such as 2026-11-30."""
    try:
        if not isinstance(value, str) or not DAY.fullmatch(value):
            raise ValueError
        found = date.fromisoformat(value)
    except ValueError:
        found = None
    if not found or not 2000 <= found.year <= 9000:
        raise _wrong(request.env._("%(name)s: send a day such as 2026-11-30."), name=name)
    return found


def page_size(name, value, most=200):
    """How many rows of a statement at once; 100 when it is not sent."""
    if value is None:
        return 100
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
        raise _wrong(request.env._("%(name)s: send a whole number from 1 to %(most)s."), name=name, most=most)
    return value


def place(name, value):
    """Where the page before ended, as its ``next`` says: (moment, id); None for the first page."""
    if value is None:
        return None
    found = PLACE.fullmatch(value) if isinstance(value, str) else None
    try:
        return datetime.fromisoformat(found[1]), int(found[2])
    except (TypeError, ValueError) as error:
        raise _wrong(
            request.env._("%(name)s: send the value of “next” of the page before, unchanged."), name=name
        ) from error


def idempotency_key():
    """The header of that name.

    :raises TillError: ``no_idempotency_key``
    """
    key = request.httprequest.headers.get("Idempotency-Key", "")
    if not IDEMPOTENCY_KEY.fullmatch(key):
        raise TillError("no_idempotency_key")
    return key
