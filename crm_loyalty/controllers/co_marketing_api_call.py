"""How a call of a till is taken and answered: JSON in, JSON out, whatever happens."""

import json
import logging
import re

from odoo.addons.crm_contact_history.plausible import database_text
from odoo.exceptions import UserError
from odoo.http import Dispatcher, request
from psycopg2 import OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from .co_marketing_api_errors import TillError

_logger = logging.getLogger(__name__)

LARGEST = 10_000  # bytes of a body
CALLS_A_MINUTE = 120  # of one key; system parameter crm_loyalty.partner_till_calls_a_minute
CALLS_PARAMETER = "crm_loyalty.partner_till_calls_a_minute"
BEARER = re.compile(r"bearer +(\S+) *", re.IGNORECASE)


class PartnerTillDispatcher(Dispatcher):
    """Takes the calls of tills, for routes with ``type="partner_till"``.

    Odoo's own kinds of routes answer some faults with pages for people, or with a traceback. Here each answer, also to a
    body that is none, is JSON of one shape. There is no CSRF token: a call is answered for its bearer key alone, which no
    browser sends by itself; sessions and cookies are not looked at.

    What is refused by :class:`TillError` is committed all the same: calls and wrong card numbers count.
    """

    routing_type = "partner_till"
    mimetypes = ("application/json",)

    @classmethod
    def is_compatible_with(cls, request):
        return True  # what is no JSON is told so in JSON

    def dispatch(self, endpoint, args):
        request.params = {}
        try:
            answer = request.registry["ir.http"]._dispatch(endpoint)
        except TillError as error:
            body, status, headers = error.answer()
            return request.make_json_response(body, headers=headers, status=status)
        return request.make_json_response(answer, headers=[("Cache-Control", "no-store")])

    def handle_error(self, exc):
        """Where the call was rolled back: by a fault, or by too many at the same time."""
        if isinstance(exc, HTTPException) and exc.response:
            return exc.response
        if isinstance(exc, OperationalError):  # refused by PostgreSQL as often as Odoo tries
            error = TillError("busy", wait=1)
        elif isinstance(exc, UserError):
            error = TillError("refused", exc)
        else:
            _logger.exception("A till's call failed", exc_info=exc)
            error = TillError("fault")
        body, status, headers = error.answer()
        return request.make_json_response(body, headers=headers, status=status)


def key_of_call():
    """The key with which the till calls, counted as one more call.

    :return: ``co.marketing.outlet.key`` as superuser
    :raises TillError: ``not_post``, ``no_key``, ``wrong_key`` or ``too_many_calls``
    """
    if request.httprequest.method != "POST":
        raise TillError("not_post")
    sent = BEARER.fullmatch(request.httprequest.headers.get("Authorization", ""))
    if not sent:
        raise TillError("no_key")
    keys = request.env["co.marketing.outlet.key"]
    key = keys._of_clear(sent[1])
    if not key:
        too_many = keys._count_wrong_key(request.httprequest.remote_addr)
        raise TillError("too_many_calls", wait=seconds_of_hour()) if too_many else TillError("wrong_key")
    # sudo: only the number of calls that are answered.
    most = request.env["ir.config_parameter"].sudo().get_param(CALLS_PARAMETER) or ""
    most = int(most) if most.isdecimal() else CALLS_A_MINUTE
    wait = request.env["co.marketing.outlet.call"]._too_many(key, most)
    if wait:
        raise TillError("too_many_calls", wait=wait)
    key._see()
    return key


def seconds_of_hour():
    """After how many seconds the next hour begins, in which wrong numbers count anew."""
    now = request.env.cr.now()
    return 3600 - now.minute * 60 - now.second


def body_of_call(fields):
    """The fields that the till sent, checked.

    :param fields: ``{name: function that checks a value and returns it}``; the function gets None for a missing field
    :return: ``{name: value}``
    :raises TillError: ``too_large``, ``not_json``, ``unknown_field`` or ``wrong_value``
    """
    sent = _json_of_call()
    if unknown := sorted(set(sent) - set(fields)):
        message = request.env._(
            "Unknown: %(unknown)s. Known: %(known)s.",
            unknown=database_text(", ".join(unknown)[:200]),
            known=", ".join(fields),
        )
        raise TillError("unknown_field", message)
    return {name: check(name, sent.get(name)) for name, check in fields.items()}


def _json_of_call():
    try:
        request.httprequest.max_content_length = LARGEST
        if (request.httprequest.content_length or 0) > LARGEST:
            raise TillError("too_large")
        sent = json.loads(request.httprequest.get_data().decode(), parse_constant=_no_number)
    except RequestEntityTooLarge as error:
        raise TillError("too_large") from error
    except (ValueError, RecursionError) as error:  # ValueError: also of bytes that are no UTF-8
        raise TillError("not_json") from error
    if not isinstance(sent, dict):
        raise TillError("not_json")
    return sent


def _no_number(text):
    raise ValueError(text)  # NaN and Infinity, which Python reads and JSON has not
