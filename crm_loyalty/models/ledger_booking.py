"""Why the points of a card change: told by the code that changes them to the one place that books it.

A :class:`Booking` travels in the context, under :data:`BOOKING`. It is an object and no dictionary on purpose: a remote
caller can send any context, but cannot send one of these, so its presence also means that a server-side flow has
checked what had to be checked.
"""

from typing import NamedTuple

BOOKING = "loyalty_ledger_booking"


class Piece(NamedTuple):
    """One change of a card's points, with its reason: what becomes an entry of the ledger.

    :ivar points: signed change of what can be spent; None: whatever the card's points are changed by
    :ivar kind: of ``loyalty.ledger.entry``; None: earned when points come, redeemed when they go
    :ivar pending: signed change of what is promised and cannot be spent yet
    :ivar source: (model, id) of the document, if any
    :ivar action: what was done with the document; with it the database refuses to book the same step twice
    :ivar source_key: the whole unique key, for callers who have one of their own
    :ivar expires_on: last day of the lot; "club": as the club says; "as spent": of points given back, the days of those
        that the source spent; None: never
    """

    points: float | None = None
    kind: str | None = None
    pending: float = 0.0
    reason: str | None = None
    source: tuple | None = None
    action: str | None = None
    source_key: str | None = None
    idempotency_key: str | None = None
    expires_on: object = "club"


class Booking:
    """What is being done with cards.

    No two are equal: Odoo takes an environment of an equal context for the same, and the changes that one flow gathers would
    end in the list of another.

    :ivar piece: how to book a change of any card; without one, as points that come or go
    :ivar pieces: how to book the change of these: ``{card id: tuple of pieces}``
    :ivar collected: a list to gather ``(card, change)`` in, for a caller who books it himself; else None
    """

    def __init__(self, piece=None, pieces=None, collected=None):
        self.piece, self.pieces, self.collected = piece or Piece(), pieces or {}, collected

    def pieces_of(self, card, change):
        """The pieces that make up a change of a card's points. What they leave unexplained is booked by ``piece``."""
        pieces = list(self.pieces.get(card.id, ()))
        rest = change - sum(piece.points for piece in pieces)
        if abs(rest) >= 1e-6:
            pieces.append(self.piece._replace(points=rest))
        return pieces


def booking_of(records):
    """The :class:`Booking` that the flow has put in the context; None when there is none."""
    booking = records.env.context.get(BOOKING)
    return booking if isinstance(booking, Booking) else None
