"""What the customer typed on his ticket's page: checked here, before anything is done with it."""

from odoo.http import request

from ..models.service_feedback import CES_RANGE, CSAT_RANGE
from .ticket_form_input import BadForm

MAX_REASON = 5_000


def checked_text(value, *, needed):
    """A text of the customer: without control characters, not too long.

    :raise BadForm: when it is too long, or empty though ``needed``
    """
    text = value.replace("\x00", "").replace("\r\n", "\n").strip() if isinstance(value, str) else ""
    if needed and not text:
        raise BadForm(request.env._("Please write in a few words why."))
    if len(text) > MAX_REASON:
        raise BadForm(
            request.env._(
                "Your text has %(length)s characters; at most %(most)s are possible. Please shorten it.",
                length=len(text),
                most=MAX_REASON,
            )
        )
    return text


def checked_marks(typed):
    """The marks of the feedback form, as :meth:`service.feedback._answer` takes them.

    :raise BadForm: when a mark is missing or not one of the form's
    """
    return {
        "csat": _checked_mark(typed.get("csat"), CSAT_RANGE),
        "csat_handling": _checked_mark(typed.get("csat_handling"), CSAT_RANGE),
        "ces": _checked_mark(typed.get("ces"), CES_RANGE),
        "comment": checked_text(typed.get("comment"), needed=False),
    }


def _checked_mark(value, possible):
    if value not in map(str, possible):
        raise BadForm(request.env._("Please answer all three questions by choosing one of the marks."))
    return int(value)
