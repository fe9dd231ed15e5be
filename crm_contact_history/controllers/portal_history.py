import re
from datetime import datetime

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.http import request
from werkzeug.exceptions import BadRequest

PAGE = 20
CURSOR = "%Y%m%d%H%M%S"
MAX_ID = 2**31 - 1  # PostgreSQL's integer; a larger id in an address belongs to no record


class PortalHistory(CustomerPortal):
    """ "My history": what the customer had to do with us, newest first, for himself."""

    @http.route("/my/history", type="http", auth="user", website=True, readonly=True)
    def my_history(self, kind="", before="", **_other):
        """A page of the customer's own history.

        :param kind: show only this kind
        :param before: where the page before ended
        :raise BadRequest: for a kind that does not exist and a place that is none
        """
        entries = request.env["contact.history.entry"]
        kinds = entries._portal_choices()
        if kind and kind not in kinds:
            raise BadRequest(
                request.env._(
                    "“%(kind)s” cannot be chosen. Choose one of: %(choices)s.",
                    kind=kind[:40],
                    choices=", ".join(kinds),
                )
            )
        page = entries._portal_page(kind=kind, before=self._history_cursor(before), limit=PAGE)
        following = page["next"]
        return request.render(
            "crm_contact_history.portal_my_history",
            self._prepare_portal_layout_values()
            | {
                "page_name": "contact_history",
                "days": self._history_days(page["entries"]),
                "kind": kind,
                "kinds": kinds,
                "is_first_page": not before,
                "following": following and self._history_place(*following),
            },
        )

    def _history_days(self, entries):
        """The entries under their day, in the reader's time zone."""
        days = {}
        for entry in entries:
            day = request.env["contact.history.entry"]._local_day(entry["happened_at"])
            days.setdefault(day, []).append(entry)
        return days

    def _history_place(self, happened_at, entry_id):
        return f"{''.join(filter(str.isdigit, happened_at))}-{entry_id}"

    def _history_cursor(self, place):
        if not place:
            return None
        found = re.fullmatch(r"([0-9]{14})-([0-9]{1,10})", place)
        try:
            moment = datetime.strptime(found[1], CURSOR) if found else None
        except ValueError:
            moment = None
        if not moment or not 0 < int(found[2]) <= MAX_ID:
            raise BadRequest(request.env._("This page of your history does not exist. Go back to /my/history."))
        return [moment, int(found[2])]
