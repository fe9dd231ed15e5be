from odoo import models
from odoo.tools import format_date

from .plain_number import plain_number

PORTAL_ENTRIES = 5  # the newest, on the customer's page; all of them are a click away
HISTORY_PAGE = 20


class LoyaltyMembership(models.Model):
    """The points of a member."""

    _inherit = "loyalty.membership"

    def action_open_ledger(self):
        """Every change of the points of this member's card."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.loyalty_ledger_entry_action")
        # sudo: the number of the card stands on the membership, which is his to read.
        return {**action, "domain": [("card_id", "=", self.sudo().card_id.id)]}

    def _points_page(self):
        """What the member sees of his points: the caller must have checked that the card is his.

        :return: dict with ``balance`` and ``pending`` as text (pending: or False), ``lots`` (dicts with ``points`` and
            ``day`` as text; no day: for ever), nearest expiry first, and the newest ``entries`` (dicts with ``date``,
            ``label``, ``text`` and ``points`` as text, and ``is_credit``); ``has_more``: whether there are older ones
        """
        self.ensure_one()
        card = self.card_id
        by_day = {}
        for lot in card._open_lots()[card]:
            by_day[lot.expires_on] = by_day.get(lot.expires_on, 0.0) + lot.points
        return {
            "balance": card.points_display,
            "pending": bool(card.points_pending) and card._format_points(card.points_pending),
            "lots": [
                {"points": card._format_points(points), "day": day and format_date(self.env, day)}
                for day, points in by_day.items()
            ],
            "entries": self._points_history(limit=PORTAL_ENTRIES),
            "has_more": self._points_history_length() > PORTAL_ENTRIES,
        }

    def _points_history_length(self):
        """How many movements of points the card has had."""
        return self.env["loyalty.ledger.entry"].search_count([("card_id", "=", self.card_id.id)])

    def _points_history(self, offset=0, limit=HISTORY_PAGE):
        """Movements of points, newest first, as the member sees them: the caller must have checked that they are his.

        :return: list of dicts, see :meth:`_points_page`
        """
        self.ensure_one()
        entries = self.env["loyalty.ledger.entry"].search(
            [("card_id", "=", self.card_id.id)], offset=offset, limit=limit
        )
        kinds = dict(entries._fields["kind"]._description_selection(self.env))
        return [
            {
                "date": format_date(self.env, entry.date),
                "label": kinds[entry.kind] if entry.points else self.env._("Pending"),
                # The note of a colleague is for colleagues; the number of an order is the customer's own.
                "text": entry.reason if entry.res_model == "sale.order" else "",
                "points": plain_number(self.env, entry.points or entry.pending, signed=True),
                "is_credit": (entry.points or entry.pending) > 0,
            }
            for entry in entries
        ]
