import contextlib
from collections import defaultdict

from odoo import api, fields, models
from odoo.addons.crm_contact_history.plausible import database_text
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .ledger_booking import BOOKING, Booking, Piece, booking_of

LATER = "loyalty_ledger_later"  # in the transaction's own data: pieces to be written at the end of _book_together


class LoyaltyCard(models.Model):
    """Every change of a card's points becomes an entry of the ledger, here and nowhere else.

    Core changes points by writing them (orders, gifts, wizards, the till, imports). So the books are kept where they
    are written: whatever flow it is, ``points`` is the sum of the card's entries. The flows say why, by a
    :class:`~.ledger_booking.Booking` in the context.
    """

    _inherit = "loyalty.card"

    ledger_entry_ids = fields.One2many("loyalty.ledger.entry", "card_id", string="Ledger")
    merged_into_id = fields.Many2one(
        "loyalty.card",
        string="Points Went To",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The card on which the points are since its contact was merged. What concerns them is booked there.",
    )
    points_pending = fields.Float(
        string="Pending Points",
        compute="_compute_points_pending",
        compute_sudo=True,
        help="Promised by orders, and available when these are delivered, invoiced or paid, as the club says.",
    )

    def _compute_points_pending(self):
        # compute_sudo: who reads the card may know what is pending on it.
        pending = dict(
            self.env["loyalty.ledger.entry"]._read_group(
                [("card_id", "in", self.ids), ("pending", "!=", 0)], ["card_id"], ["pending:sum"]
            )
        )
        for card in self:
            card.points_pending = pending.get(card, 0.0)

    # ------------------------------------------------------------ the one place

    @api.model_create_multi
    def create(self, vals_list):
        booking = booking_of(self)
        with_points = [vals.get("points") or 0.0 for vals in vals_list]
        if any(with_points):
            self._check_may_change_points(booking)
        cards = super().create(vals_list)
        gift = booking or Booking(Piece(kind="gift", reason=self.env._("Issued with the card")))
        cards._book_changes(gift, dict(zip(cards, with_points, strict=True)))
        return cards

    def write(self, vals):
        if "points" not in vals:
            return super().write(vals)
        booking = booking_of(self)
        new = vals["points"] or 0.0
        changes = {card: new - card.points for card in self}
        if any(changes.values()):
            self._check_may_change_points(booking)
        booking = booking or Booking(Piece(kind="adjust", reason=self.env._("Changed directly")))
        if len(self) == 1 and booking.collected is None:
            pieces = [(self, piece) for piece in booking.pieces_of(self, changes[self])]
            if booking.piece.action == "edit":
                # sudo: when points become available does not depend on who works on the order.
                program = self.sudo().program_id
                pieces = self._hold_back(pieces, program._clubs_by_points_program())
                vals = {**vals, "points": self.points + sum(piece.points for _card, piece in pieces)}
            result = super().write(vals)
            self._record_pieces(pieces)
            return result
        result = super().write(vals)
        self._book_changes(booking, changes)
        return result

    def unlink(self):
        """The entries of a deleted card stay, and add up to nothing."""
        self._book_now()
        reason = self.env._("Card deleted")
        self._record_pieces(
            [
                (card, Piece(points=-card.points, pending=-card.points_pending, kind="close", reason=reason))
                for card in self
            ]
        )
        return super().unlink()

    def _book_changes(self, booking, changes):
        """Book changes that have been made, or keep them for the caller who asked for that."""
        if booking.collected is not None:
            booking.collected.extend(changes.items())
        else:
            self._record_pieces(
                [(card, piece) for card, change in changes.items() for piece in booking.pieces_of(card, change)]
            )

    @api.model
    def _record_pieces(self, pieces):
        """Write these pieces to the ledger, or keep them until the end of :meth:`_book_together`."""
        pieces = [(card, piece) for card, piece in pieces if abs(piece.points) >= 1e-6 or abs(piece.pending) >= 1e-6]
        later = self.env.cr.precommit.data.get(LATER)
        if later is not None:
            later.extend(pieces)
        elif pieces:
            self.env["loyalty.ledger.entry"]._record(pieces)
            self.invalidate_model(["points_pending", "ledger_entry_ids"], flush=False)

    @api.model
    @contextlib.contextmanager
    def _book_together(self):
        """What changes inside is written to the ledger at the end, at once: core changes cards one by one."""
        data = self.env.cr.precommit.data
        if LATER in data:
            yield
            return
        data[LATER] = []
        self.env.cr.precommit.add(self._book_now)  # should somebody commit half-way
        try:
            yield
            self._book_now()
        finally:
            data.pop(LATER, None)

    @api.model
    def _book_now(self):
        """Write what :meth:`_book_together` has kept so far: before a commit, and before a card is deleted."""
        data = self.env.cr.precommit.data
        if kept := data.get(LATER):
            del data[LATER]
            self._record_pieces(kept)
            data[LATER] = []

    @api.model
    def _book_many(self, pieces):
        """Change the points of many cards and book it. Queries: the same for one and for many.

        For server code, like :meth:`_book`.

        :param pieces: list of (``loyalty.card``, :class:`~.ledger_booking.Piece`)
        """
        if not pieces:
            return
        # sudo: the right is checked by those who call this.
        cards = self.sudo().browse({card.id for card, _piece in pieces})
        cards._lock()
        quiet = cards.with_context(**{BOOKING: Booking(collected=[])}, tracking_disable=True, loyalty_no_mail=True)
        change = defaultdict(float)
        for card, piece in pieces:
            change[card.id] += piece.points
        for card in quiet:
            if change[card.id]:
                card.points += change[card.id]
        self._record_pieces(pieces)

    def _check_may_change_points(self, booking):
        """:raises AccessError: unless a flow of the server changes the points: no one overwrites them by hand"""
        if not (self.env.su or booking):
            raise AccessError(
                self.env._(
                    "Points are not overwritten. A club manager presses “Adjust points” on the card and enters a reason."
                )
            )

    # ------------------------------------------------------------ booking on purpose

    def _book(self, points, kind, source_key, **piece):
        """Change the points of this card once.

        For server code; rights are the caller's business. The card is locked, so that nothing else changes it meanwhile.

        :param points: signed change, not 0
        :param kind: of ``loyalty.ledger.entry``
        :param source_key: unique text for what is being booked: the second call with it books nothing
        :param piece: more values of :class:`~.ledger_booking.Piece`: ``reason``, ``source``, ``expires_on``,
            ``idempotency_key``
        :return: the ``loyalty.ledger.entry``; of a replay the first one
        :raises UserError: when the key was used for something else
        """
        self.ensure_one()
        self._lock()
        keys = {"source_key": source_key, "idempotency_key": piece.get("idempotency_key")}
        booked = self._find_booked(keys, points, kind)
        if booked:
            return booked
        one = Piece(points=points, kind=kind, source_key=source_key, **piece)
        # sudo: the right is checked by those who call this.
        card = self.sudo().with_context(**{BOOKING: Booking(pieces={self.id: (one,)})})
        card.points += points
        newest = card.ledger_entry_ids.search([("card_id", "=", self.id)], limit=1)  # as superuser; the card is locked
        return newest.with_env(self.env)

    def _find_booked(self, keys, points, kind):
        """The entry that has one of ``keys``.

        :raises UserError: when it is not of this card, kind and points: the key was used for something else
        """
        domain = Domain.OR(Domain(name, "=", key) for name, key in keys.items() if key)
        # sudo: a key is used whoever may see what for; nothing of a foreign entry is handed out.
        entry = self.env["loyalty.ledger.entry"].sudo().search(domain, limit=1)
        if entry and (entry.card_id != self or entry.kind != kind or abs(entry.points - points) >= 1e-6):
            raise UserError(
                self.env._("This key was used before, for something else. Use a new key for a new request.")
            )
        return entry.with_env(self.env)

    def _lock(self):
        """Wait until nobody else changes these cards, and read their points anew.

        When somebody did since this transaction began, PostgreSQL refuses, and Odoo repeats the whole request.
        """
        self.flush_recordset()
        self.env.execute_query(
            SQL("SELECT id FROM loyalty_card WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(self.ids))
        )
        self.invalidate_recordset(["points", "points_display"])

    def redeem_points(self, points, idempotency_key, reason=None):
        """Spend points of this card, for something outside of an Odoo order. Open to remote calls.

        However many do so at the same time, no more is spent than there is.

        :param points: how many, above 0
        :param idempotency_key: text of 8 to 64 characters, new for each redemption. A repeated call with the same key
            spends nothing again and returns the first result
        :param reason: what for; stands in the ledger
        :return: dict with ``entry_id``, ``redeemed`` and ``balance`` after it
        :raises AccessError: unless the user is of the group "Clubs / User" and may read the card
        :raises UserError: when the card has too few points, or an argument is nonsense
        """
        self.ensure_one()
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("crm_loyalty.group_club_user")):
            raise AccessError(self.env._("Ask a colleague of the group “Clubs / User” to redeem points."))
        points = self._checked_points(points)
        if points <= 0:
            raise UserError(self.env._("Enter how many points are redeemed: more than 0."))
        self._check_key(idempotency_key)
        self._lock()
        keys = {"idempotency_key": idempotency_key}
        entry = self._find_booked(keys, -points, "redeem")
        if not entry:
            self._check_can_redeem(points)
            entry = self._book(
                -points,
                "redeem",
                None,
                reason=reason and database_text(str(reason))[:200],
                idempotency_key=idempotency_key,
            )
        return {"entry_id": entry.id, "redeemed": points, "balance": self._balance_after(entry)}

    def _check_can_redeem(self, points):
        """:raises UserError: when this card cannot pay ``points``"""
        # sudo: whether the card is good does not depend on who asks; it is his to read (checked by redeem_points).
        card = self.sudo()
        if not card.active or (card.expiration_date and card.expiration_date < fields.Date.context_today(card)):
            raise UserError(self.env._("Card %s is no longer valid.", card.code))
        card._check_membership_counts()
        if points > card.points + 1e-6:
            raise UserError(
                self.env._(
                    "Card %(card)s has %(balance)s: that is not enough for %(points)s.",
                    card=card.code,
                    balance=card.points_display,
                    points=card._format_points(points),
                )
            )

    def _check_membership_counts(self):
        """:raises UserError: when this card is a member's whose membership does not count today: as on an order, its
        points are not spent until he is a member again"""
        company = self.company_id or self.env.company
        memberships = self._memberships_in(company, running=False)
        if memberships and not self._memberships_in(company):
            raise UserError(memberships.sorted("date_start")[-1:]._why_not_running())

    def adjust_points(self, points, reason, idempotency_key=None):
        """Give or take points by hand. Open to remote calls.

        :param points: signed change
        :param reason: why; required, stands in the ledger
        :param idempotency_key: as in :meth:`redeem_points`; optional
        :return: dict with ``entry_id`` and ``balance`` after it
        :raises AccessError: unless the user manages clubs and may read the card
        :raises UserError: without a reason, when it would take more than there is, or goes above the club's cap per
            day and person
        """
        self.ensure_one()
        self.check_access("read")
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager adjusts points."))
        points = self._checked_points(points)
        if not points:
            raise UserError(self.env._("Enter by how many points the balance changes."))
        reason = database_text(reason).strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Enter the reason: it stands in the ledger."))
        if idempotency_key is not None:
            self._check_key(idempotency_key)
        self._lock()
        entry = self._find_booked({"idempotency_key": idempotency_key}, points, "adjust")
        if not entry:
            self._check_can_adjust(points)
            entry = self._book(points, "adjust", None, reason=reason[:200], idempotency_key=idempotency_key)
        return {"entry_id": entry.id, "balance": self._balance_after(entry)}

    def _check_can_adjust(self, points):
        """:raises UserError: when more would be taken than there is, or the day's cap is used up"""
        # sudo: as in _check_can_redeem; the cap counts what the person did, whichever cards he may still see.
        card = self.sudo()
        if points < 0 and card.points + points < -1e-6:
            raise UserError(
                self.env._("Card %(card)s has %(balance)s only.", card=card.code, balance=card.points_display)
            )
        club = card.program_id._clubs_by_points_program().get(card.program_id)
        if club:
            club._check_adjustment_cap(abs(points))

    def _balance_after(self, entry):
        """The points of this card right after an entry of it; of a replay, that is the first answer again."""
        # sudo: the sum of the whole ledger is the balance, which the caller may read.
        entries = self.env["loyalty.ledger.entry"].sudo()
        [(balance,)] = entries._read_group([("card_id", "=", self.id), ("id", "<=", entry.id)], [], ["points:sum"])
        return balance

    @api.model
    def _check_key(self, key):
        """:raises UserError: unless it can serve as key of a request"""
        if not isinstance(key, str) or not 8 <= len(key) <= 64 or key != database_text(key):
            raise UserError(self.env._("Give each request a key of its own, of 8 to 64 characters."))

    @api.model
    def _checked_points(self, points):
        """:raises UserError: when it is no number that the ledger can keep"""
        if isinstance(points, bool) or not isinstance(points, int | float) or not abs(points) < 1e9:
            raise UserError(self.env._("Enter points as a number."))
        return round(float(points), 6)

    # ------------------------------------------------------------ lots

    def _open_lots(self):
        """What can be spent of each lot, nearest expiry first.

        :return: ``{loyalty.card: list of points_lots.Open}``
        """
        self.env["loyalty.ledger.entry"].flush_model()
        found = self.env["loyalty.ledger.entry"]._open_by_card(self.ids)
        far = fields.Date.to_date("9999-12-31")
        lots = defaultdict(list)
        for card in self:
            lots[card] = sorted(found[card.id][0], key=lambda lot: (lot.expires_on or far, lot.id))
        return lots

    @api.model
    def _move_lots(self, changes, reason):
        """Book that points were moved between cards: each lot arrives with the last day that it had.

        :param changes: list of (card, change), whose sum is 0 for each program
        """
        total = defaultdict(float)
        for card, change in changes:
            total[self.browse(card.id)] += change
        sources = self.browse([card.id for card, change in total.items() if not card.active])
        lots, promised = sources._open_lots(), sources._promises()
        for program, cards in self.union(*total).grouped("program_id").items():
            target = cards - sources
            pieces = []
            for source in sources.filtered(lambda card, program=program: card.program_id == program):
                moved = {}
                for lot in lots[source]:
                    moved[lot.expires_on] = moved.get(lot.expires_on, 0.0) + lot.points
                # What the card owes moves as well.
                debt = -total[source] - sum(moved.values())
                values = {"kind": "merge", "reason": reason}
                pieces.append((source, Piece(total[source], **values)))
                pieces.append((target, Piece(debt, **values)))
                pieces += [(target, Piece(points, expires_on=day, **values)) for day, points in moved.items()]
                for order_id, points in promised.get(source.id, ()):
                    of_order = {**values, "points": 0.0, "source": ("sale.order", order_id)}
                    pieces.append((source, Piece(pending=-points, **of_order)))
                    pieces.append((target, Piece(pending=points, **of_order)))
            self._record_pieces(pieces)
            gone = sources.filtered(lambda card, program=program: card.program_id == program)
            (
                gone | self.with_context(active_test=False).search([("merged_into_id", "in", gone.ids)])
            ).merged_into_id = target

    def _promises(self):
        """What is pending on these cards: ``{card id: [(order id, points), …]}``. One query."""
        found = defaultdict(list)
        groups = self.env["loyalty.ledger.entry"]._read_group(
            [("card_id", "in", self.ids), ("pending", "!=", 0), ("res_model", "=", "sale.order")],
            ["card_id", "res_id"],
            ["pending:sum"],
        )
        for card, order_id, points in groups:
            if abs(points) >= 1e-6:
                found[card.id].append((order_id, points))
        return found

    def _where_points_are(self):
        """This card; of one whose contact was merged, the card on which its points are now."""
        self.ensure_one()
        # sudo: the other card belongs to the same customer, and a salesperson may read both.
        return self.sudo().merged_into_id.with_env(self.env) or self
