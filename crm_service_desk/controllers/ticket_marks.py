"""What the customer typed on his ticket's page: checked here, before anything is done with it."""

from http import HTTPStatus

from odoo.http import request

from ..models.service_feedback import CES_RANGE, CSAT_RANGE

MAX_REASON = 5_000


class Refused(Exception):
    """What cannot be done, in a sentence for the customer, and the HTTP status that goes with it."""

    def __init__(self, message, status=HTTPStatus.BAD_REQUEST):
        super().__init__(message)
        self.message = message
        self.status = status


def checked_text(value, *, needed):
    """A text of the customer: without control characters, not too long.

    :raise Refused: when it is too long, or empty though ``needed``
    """
    text = value.replace("\x00", "").replace("\r\n", "\n").strip() if isinstance(value, str) else ""
    if needed and not text:
        raise Refused(request.env._("Please write in a few words why."))
    if len(text) > MAX_REASON:
        raise Refused(
            request.env._(
                "Your text has %(length)s characters; at most %(most)s are possible. Please shorten it.",
                length=len(text),
                most=MAX_REASON,
            )
        )
    return text


def checked_marks(typed):
    """The marks of the feedback form, as :meth:`service.feedback._answer` takes them.

    :raise Refused: when a mark is missing or not one of the form's
    """
    return {
        "csat": _checked_mark(typed.get("csat"), CSAT_RANGE),
        "csat_handling": _checked_mark(typed.get("csat_handling"), CSAT_RANGE),
        "ces": _checked_mark(typed.get("ces"), CES_RANGE),
        "comment": checked_text(typed.get("comment"), needed=False),
    }


def _checked_mark(value, possible):
    if value not in map(str, possible):
        raise Refused(request.env._("Please answer all three questions by choosing one of the marks."))
    return int(value)
