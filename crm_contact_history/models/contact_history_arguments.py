from datetime import datetime

from odoo import api, models
from odoo.exceptions import UserError

from ..plausible import database_text

MAX_ID = 2**31 - 1  # PostgreSQL's integer; a larger id belongs to no record
MAX_CHOICES = 100
TEXT_LENGTH = (2, 80)
AUDIENCES = ("customer", "internal")


class ContactHistoryArguments(models.Model):
    """What callers of the history ask for, checked: the methods are open to any client over RPC.

    Every check returns the value made fit, or raises a ``UserError`` that says what is expected.
    """

    _inherit = "contact.history.entry"

    @api.model
    def _checked_id(self, name, value):
        """A record id; one that cannot be in the database becomes 0, which is nobody's."""
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise UserError(self.env._("%(name)s must be the number of a record, such as 42.", name=name))
        return value if 0 < value <= MAX_ID else 0

    @api.model
    def _checked_list(self, name, value):
        if not value:
            return []
        if not isinstance(value, (list, tuple)) or len(value) > MAX_CHOICES:
            raise UserError(
                self.env._("%(name)s must be a list of at most %(count)s values.", name=name, count=MAX_CHOICES)
            )
        return list(value)

    @api.model
    def _checked_choices(self, name, value, choices):
        """A list of some of the choices.

        :param choices: the codes one can choose from
        """
        chosen = self._checked_list(name, value)
        for one in chosen:
            if not isinstance(one, str) or one not in choices:
                raise UserError(
                    self.env._(
                        "“%(value)s” cannot be chosen as %(name)s. Choose from: %(choices)s.",
                        value=database_text(str(one)[:40]),
                        name=name,
                        choices=", ".join(choices),
                    )
                )
        return chosen

    @api.model
    def _checked_audience(self, value):
        if not value:
            return False
        return self._checked_choices("audience", [value], AUDIENCES)[0]

    @api.model
    def _checked_limit(self, value, most):
        if value in (None, False):
            return min(50, most)
        if not isinstance(value, int) or isinstance(value, bool):
            raise UserError(self.env._("limit must be a whole number from 1 to %(most)s.", most=most))
        return max(1, min(value, most))

    @api.model
    def _checked_moment(self, name, value, first_year=1000):
        if not value:
            return None
        try:
            moment = datetime.strptime(value[:19], "%Y-%m-%d %H:%M:%S") if isinstance(value, str) else value
        except ValueError:
            moment = None
        if not isinstance(moment, datetime) or moment.tzinfo or not first_year <= moment.year < 9999:
            raise UserError(self.env._("%(name)s must be a moment in UTC written like 2026-01-31 23:59:59.", name=name))
        return moment

    @api.model
    def _checked_cursor(self, value):
        """``next`` of a page before, as ``[moment, id]``; None to begin at the newest."""
        if not value:
            return None
        if not isinstance(value, (list, tuple)) or len(value) != 2:
            raise UserError(self.env._("before must be what the page before gave as next."))
        happened_at, entry_id = value
        # Whatever year stands in the history, slips of the pen included.
        moment = self._checked_moment("before", happened_at, first_year=1)
        if not moment:
            raise UserError(self.env._("before must be what the page before gave as next."))
        return [moment, self._checked_id("before", entry_id)]

    @api.model
    def _checked_text(self, value):
        if not value:
            return ""
        least, most = TEXT_LENGTH
        text = " ".join(database_text(value).split()) if isinstance(value, str) else None
        if text is None or len(text) > most or 0 < len(text) < least:
            raise UserError(self.env._("Type %(least)s to %(most)s characters to search for.", least=least, most=most))
        return text

    @api.model
    def _checked_filters(self, kinds=None, channels=None, directions=None, user_ids=None, audience=None, until=None):
        """The filters of a page, each checked, as a dict."""
        return {
            "kinds": self._checked_choices("kinds", kinds, self._fields["kind"].get_values(self.env)),
            "channels": self._checked_choices(
                "channels", channels, list(self.env["crm.touchpoint.channel"]._labels()) if channels else []
            ),
            "directions": self._checked_choices(
                "directions", directions, self._fields["direction"].get_values(self.env)
            ),
            "user_ids": [self._checked_id("user_ids", one) for one in self._checked_list("user_ids", user_ids)],
            "audience": self._checked_audience(audience),
            "until": self._checked_moment("until", until),
        }
