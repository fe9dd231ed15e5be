"""What a document has done to cards, as the ledger has it, and what a credit of a share of it takes and gives back."""

from odoo import api, models


class Given:
    """What one order has done to one card, since it was last cancelled. All are sums as booked, with their signs.

    :ivar confirmed: whether the confirmation itself stands in the ledger; not so when it is older than the ledger
    """

    earned = 0.0
    redeemed = 0.0
    taken_back = 0.0
    given_back = 0.0
    pending = 0.0
    confirmed = False

    @property
    def kept(self):
        """What is left of the points earned, pending ones included."""
        return self.earned + self.taken_back

    def pieces_of_credit(self, share, piece):
        """What to book when ``share`` of the document is credited; what was booked for it before is taken off.

        :param share: 0 to 1, of all credits together
        :param piece: makes a :class:`~.ledger_booking.Piece` of (points, kind, action, values)
        """
        taken = round(-self.earned * share - self.taken_back, 2)
        pending = max(taken, -self.pending) if taken < 0 else 0.0  # what is not available yet is taken first
        back = round(-self.redeemed * share - self.given_back, 2)
        found = []
        if taken:
            found.append(piece(taken - pending, "reverse", "take-back", pending=pending))
        if back:
            found.append(piece(back, "reverse", "give-back", expires_on="as spent"))
        return found


class LoyaltyLedgerEntry(models.Model):
    _inherit = "loyalty.ledger.entry"

    @api.model
    def _given_by(self, documents):
        """What these documents have done to cards. Queries: the same for one and for many.

        :param documents: records of one model
        :return: ``{document's id: {loyalty.card: Given}}``
        """
        if not documents:
            return {}
        # sudo: what was booked does not depend on who cancels or credits; only sums are used.
        entries = self.sudo()
        fields = ["card_id", "kind", "points", "pending", "res_id", "source_key"]
        domain = [("res_model", "=", documents._name), ("res_id", "in", documents.ids), ("card_id", "!=", False)]
        found = {}
        for entry in entries.search_fetch(domain, fields, order="id"):
            of_document = found.setdefault(entry.res_id, {})
            card = entry.card_id._where_points_are().with_env(documents.env)
            if entry.kind == "cancel":
                of_document[card] = Given()
                continue
            given = of_document.setdefault(card, Given())
            given.pending += entry.pending
            given.confirmed |= (entry.source_key or "").startswith("confirm/")
            step = (entry.source_key or "").split("/")[0]
            name = {"take-back": "taken_back", "give-back": "given_back"}.get(step)
            name = name or {"earn": "earned", "redeem": "redeemed"}.get(entry.kind)
            if name:
                setattr(given, name, getattr(given, name) + entry.points + entry.pending)
        return found
