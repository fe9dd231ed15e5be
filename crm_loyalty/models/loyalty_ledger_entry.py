from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .plain_number import plain_number
from .points_lots import DIGITS, Open, settle

KINDS = [
    ("opening", "Opening balance"),
    ("earn", "Earned"),
    ("release", "Made available"),
    ("redeem", "Redeemed"),
    ("expire", "Expired"),
    ("reverse", "Credit note"),
    ("cancel", "Order cancelled"),
    ("gift", "Gift"),
    ("adjust", "Adjustment"),
    ("merge", "Contacts merged"),
    ("close", "Card deleted"),
]

# The trigger of our append-only tables. What it lets pass: see LoyaltyLedgerEntry.
APPEND_ONLY = SQL(
    """
    CREATE OR REPLACE FUNCTION loyalty_ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        before jsonb;
        after jsonb;
    BEGIN
        IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'loyalty_ledger_entry' THEN
            before := to_jsonb(OLD) - 'partner_id';
            after := to_jsonb(NEW) - 'partner_id';
            -- A foreign key empties the reference to a row that is gone; nothing else may.
            IF NEW.card_id IS NULL AND NOT EXISTS (SELECT 1 FROM loyalty_card WHERE id = OLD.card_id) THEN
                before := before - 'card_id';
                after := after - 'card_id';
            END IF;
            IF NEW.program_id IS NULL AND NOT EXISTS (SELECT 1 FROM loyalty_program WHERE id = OLD.program_id) THEN
                before := before - 'program_id';
                after := after - 'program_id';
            END IF;
            IF NEW.user_id IS NULL AND NOT EXISTS (SELECT 1 FROM res_users WHERE id = OLD.user_id) THEN
                before := before - 'user_id';
                after := after - 'user_id';
            END IF;
            -- Anonymising a contact takes what somebody wrote; no other text takes its place, and no figure changes.
            IF NEW.reason IS NULL THEN
                before := before - 'reason';
                after := after - 'reason';
            END IF;
            IF before = after THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'The points ledger is never changed or deleted: book a new entry'
            USING ERRCODE = 'restrict_violation';
    END $$
    """
)


class LoyaltyLedgerEntry(models.Model):
    """Why a card has the points it has: the sum of a card's entries is its points, always.

    Entries are added by ``loyalty.card`` when its points change, and are never changed or deleted: the database itself
    refuses it, by a trigger. Three things about an entry may change, as they are no part of what happened: the *contact*,
    because merging and deleting contacts must go on working; the reference to a card, program or user that no longer
    exists becomes empty; and so may the *reason*, somebody's own words, when the contact is anonymised.

    A credit is also a *lot* with a last day of its own; ``loyalty.ledger.allocation`` tells which debit took from which
    lot. Points promised but not available yet are in ``pending`` and not in ``points``.
    """

    _name = "loyalty.ledger.entry"
    _description = "Points Ledger Entry"
    _order = "id desc"
    _log_access = False  # user_id and date say it; nobody writes later

    card_id = fields.Many2one("loyalty.card", readonly=True, ondelete="set null")
    card_code = fields.Char(string="Card Number", readonly=True, help="Stays when the card is deleted.")
    program_id = fields.Many2one("loyalty.program", readonly=True, ondelete="set null")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="restrict")
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    points = fields.Float(digits=(16, DIGITS), readonly=True, help="Change of what can be spent.")
    pending = fields.Float(
        digits=(16, DIGITS), readonly=True, help="Change of what is promised and cannot be spent yet."
    )
    expires_on = fields.Date(string="Valid Until", readonly=True, help="The last day on which these points are good.")
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True, index="btree_not_null", ondelete="set null")
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", readonly=True)
    source_key = fields.Char(readonly=True, copy=False, help="One step of one document is booked once.")
    idempotency_key = fields.Char(readonly=True, copy=False, help="One request from outside is booked once.")
    remaining = fields.Float(
        string="Left", digits=(16, DIGITS), compute="_compute_remaining", help="What is left of a credit."
    )

    # Serves the ledger of a card, newest first, its open lots and debts, and the audit's sum per card.
    _card_idx = models.Index("(card_id, id DESC) INCLUDE (points)")
    # Serves the cancellation and the credit notes of an order.
    _source_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")
    # Serves the expiry and the reminders: lots by their last day.
    _expires_on_idx = models.Index("(company_id, expires_on, id) WHERE points > 0 AND expires_on IS NOT NULL")
    # Serves the liability of programs, the reports by month, the nightly search for abuse, and the check of this foreign key.
    _program_idx = models.Index("(program_id, date)")
    # Serves making promised points available.
    _pending_idx = models.Index("(card_id, res_model, res_id) INCLUDE (pending) WHERE pending <> 0")
    # Serves the cap of adjustments per day and person.
    _adjusted_idx = models.Index("(user_id, date) WHERE kind IN ('adjust', 'gift')")
    _source_key_unique = models.UniqueIndex(
        "(source_key) WHERE source_key IS NOT NULL", "This has just been booked already. Reload the page."
    )
    _idempotency_key_unique = models.UniqueIndex(
        "(idempotency_key) WHERE idempotency_key IS NOT NULL", "This has just been booked already. Reload the page."
    )

    def init(self):
        """The database refuses to change or delete an entry, whoever asks."""
        self._protect_table(self._table)

    @api.model
    def _protect_table(self, table):
        """Let the database refuse to change, delete or truncate rows of ``table``."""
        self.env.cr.execute(APPEND_ONLY)
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS %(rows)s ON %(table)s;
                DROP TRIGGER IF EXISTS %(whole)s ON %(table)s;
                CREATE TRIGGER %(rows)s BEFORE UPDATE OR DELETE ON %(table)s
                    FOR EACH ROW EXECUTE FUNCTION loyalty_ledger_append_only();
                CREATE TRIGGER %(whole)s BEFORE TRUNCATE ON %(table)s
                    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_ledger_append_only()
                """,
                rows=SQL.identifier(f"{table}_append_only"),
                whole=SQL.identifier(f"{table}_no_truncate"),
                table=SQL.identifier(table),
            )
        )

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The points ledger is never changed. Book the difference: a new entry is added."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The points ledger is never deleted from. Book the difference instead."))

    @api.depends("card_id", "kind", "points")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            points = plain_number(self.env, entry.points + entry.pending, signed=True)
            entry.display_name = f"{kinds.get(entry.kind, '')} {points}"

    @api.depends("points")
    def _compute_remaining(self):
        left = {lot.id: lot.points for lots in self.card_id._open_lots().values() for lot in lots}
        for entry in self:
            entry.remaining = left.get(entry.id, 0.0)

    # ------------------------------------------------------------ booking

    @api.model
    def _record(self, pieces):
        """Write the entries of changes that were made to cards, and say which lots the debits take from.

        Only ``loyalty.card`` calls this: it changes the points. Queries: the same for one piece and for many.

        :param pieces: list of (``loyalty.card``, :class:`~.ledger_booking.Piece`)
        :return: the new entries
        """
        # sudo: nobody has the right to write the ledger; whoever may change the points of a card has been checked.
        entries = self.sudo().create(self._entry_values(self._split_by_last_day(pieces)))
        self._settle_cards(entries.card_id.ids)
        return entries.with_env(self.env)

    @api.model
    def _entry_values(self, pieces):
        # sudo: the program, club and owner of a card do not depend on who uses it.
        cards = self.env["loyalty.card"].sudo().browse([card.id for card, _piece in pieces])
        clubs = cards.program_id._clubs_by_points_program()
        counted = self._count_steps(pieces)
        values = []
        for card, (_card, piece) in zip(cards, pieces, strict=True):
            kind = piece.kind or ("earn" if piece.points + piece.pending > 0 else "redeem")
            model, res_id = piece.source or (False, False)
            source_key = piece.source_key
            if not source_key and piece.action:
                step = (model, res_id, card.id)
                source_key = f"{piece.action}/{model}/{res_id}/{card.id}/{counted[step]}"
                counted[step] += 1
            values.append(
                {
                    "card_id": card.id,
                    "card_code": card.code,
                    "program_id": card.program_id.id,
                    "partner_id": card.partner_id.commercial_partner_id.id,
                    "company_id": card.company_id.id,
                    "kind": kind,
                    "points": piece.points,
                    "pending": piece.pending,
                    "expires_on": piece.points > 0 and self._last_day(piece, clubs.get(card.program_id)),
                    "reason": piece.reason,
                    "user_id": self.env.uid,
                    "res_model": model,
                    "res_id": res_id,
                    "source_key": source_key,
                    "idempotency_key": piece.idempotency_key,
                }
            )
        return values

    @api.model
    def _last_day(self, piece, club):
        if piece.expires_on == "club":
            return club and club._points_expire_on(club._today())
        return piece.expires_on

    @api.model
    def _split_by_last_day(self, pieces):
        """Points that are given back are good for as long as those that were spent: a piece for each last day."""
        spent = self._spent_by_last_day(pieces)
        split = []
        for card, piece in pieces:
            if piece.expires_on == "as spent" and piece.points > 0:
                rest = piece.points
                for day, points in spent.get((piece.source, card.id), ()):
                    taken = min(points, rest)
                    split.append((card, piece._replace(points=taken, expires_on=day)))
                    rest = round(rest - taken, DIGITS)
                split.append((card, piece._replace(points=rest, expires_on="club")))
            else:
                split.append((card, piece))
        return [(card, piece) for card, piece in split if piece.points or piece.pending]

    @api.model
    def _spent_by_last_day(self, pieces):
        """What documents have spent and not got back, by the last day of the lots that they took it from.

        What an order spent of its own earnings is no part of it: that is taken back with them.

        :return: ``{(source, card id): [(date, or None for ever; points), …]}``, latest day first
        """
        days = defaultdict(list)
        sources = {piece.source for _card, piece in pieces if piece.expires_on == "as spent" and piece.points > 0}
        for model in {source[0] for source in sources}:
            query = SQL(
                """
                WITH of_source AS (
                    -- Of a card whose contact was merged: as of the one that has its points now.
                    SELECT entry.id, entry.res_model, entry.res_id, entry.kind, entry.points, entry.expires_on,
                           COALESCE(card.merged_into_id, entry.card_id) AS card_id
                      FROM loyalty_ledger_entry entry LEFT JOIN loyalty_card card ON card.id = entry.card_id
                     WHERE entry.res_model = %s AND entry.res_id IN %s
                )
                SELECT res_id, card_id, expires_on, sum(points)::float8 FROM (
                    SELECT debit.res_id, debit.card_id, lot.expires_on, taken.points
                      FROM of_source debit
                      JOIN loyalty_ledger_allocation taken ON taken.entry_id = debit.id
                      JOIN loyalty_ledger_entry lot ON lot.id = taken.lot_id
                     WHERE debit.kind = 'redeem'
                       AND NOT (lot.kind IN ('earn', 'release') AND lot.res_model = debit.res_model
                                AND lot.res_id = debit.res_id)
                 UNION ALL
                    SELECT res_id, card_id, expires_on, -points FROM of_source
                     WHERE points > 0 AND kind IN ('reverse', 'cancel')
                ) spent GROUP BY res_id, card_id, expires_on HAVING sum(points) > 0 ORDER BY expires_on DESC
                """,
                model,
                tuple(res_id for source_model, res_id in sources if source_model == model),
            )
            for res_id, card_id, day, points in self.env.execute_query(query):
                days[(model, res_id), card_id].append((day, points))
        return days

    @api.model
    def _count_steps(self, pieces):
        """How many entries there are of each document and card: the number of the next one, in its unique key.

        Two transactions that do the same step at the same time come to the same number, and the database refuses one.
        """
        counted = defaultdict(int)
        sources = {piece.source for _card, piece in pieces if piece.action and not piece.source_key}
        for model in {source[0] for source in sources}:
            ids = tuple(res_id for source_model, res_id in sources if source_model == model)
            query = SQL(
                """SELECT res_id, card_id, count(*) FROM loyalty_ledger_entry
                    WHERE res_model = %s AND res_id IN %s GROUP BY res_id, card_id""",
                model,
                ids,
            )
            for res_id, card_id, count in self.env.execute_query(query):
                counted[model, res_id, card_id] = count
        return counted

    @api.model
    def _open_existing_cards(self, cards=None, reason=None, expires_on=None):
        """Give cards that have points and no entry yet an opening entry: one statement for all.

        :param cards: ``loyalty.card`` records; all there are when not given, as at installation
        :param reason: why, for the ledger
        :param expires_on: the last day of these points; None: they are good for ever
        :return: how many cards
        """
        self.env["loyalty.card"].flush_model()
        self.env.cr.execute(
            SQL(
                """
            INSERT INTO loyalty_ledger_entry
                   (card_id, card_code, program_id, partner_id, company_id, date, kind, points, pending,
                    expires_on, reason, user_id, source_key)
            SELECT card.id, card.code, card.program_id, partner.commercial_partner_id, card.company_id,
                   now() AT TIME ZONE 'UTC', 'opening', card.points::numeric, 0,
                   %(expires_on)s, %(reason)s, %(user)s, 'opening/' || card.id
              FROM loyalty_card card
         LEFT JOIN res_partner partner ON partner.id = card.partner_id
             WHERE card.points <> 0 AND %(these)s
               AND NOT EXISTS (SELECT 1 FROM loyalty_ledger_entry entry WHERE entry.card_id = card.id)
                """,
                expires_on=expires_on,
                reason=reason,
                user=self.env.uid,
                these=SQL("card.id = ANY(%s)", cards.ids) if cards is not None else SQL("TRUE"),
            )
        )
        return self.env.cr.rowcount

    # ------------------------------------------------------------ lots

    @api.model
    def _open_by_card(self, card_ids):
        """What is left of the lots and of the debts of cards. One query.

        :return: ``{card id: (lots, debts)}``, lists of :class:`~.points_lots.Open` in the order they were booked
        """
        found = defaultdict(lambda: ([], []))
        if not card_ids:
            return found
        query = SQL(
            """
            SELECT card_id, id, points, left_over::float8, expires_on, kind, res_model, res_id FROM (
                SELECT entry.*, abs(entry.points) - COALESCE((
                        SELECT sum(points) FROM loyalty_ledger_allocation WHERE lot_id = entry.id
                       ), 0) - COALESCE((
                        SELECT sum(points) FROM loyalty_ledger_allocation WHERE entry_id = entry.id
                       ), 0) AS left_over
                  FROM loyalty_ledger_entry entry
                 WHERE entry.card_id IN %s AND entry.points <> 0
                ) open
             WHERE left_over > 0 ORDER BY id
            """,
            tuple(card_ids),
        )
        for card_id, entry_id, points, left, expires_on, kind, model, res_id in self.env.execute_query(query):
            takes_its_own = model and (points > 0 or kind in ("cancel", "reverse"))
            one = Open(entry_id, left, expires_on, (model, res_id) if takes_its_own else None)
            found[card_id][points < 0].append(one)
        return found

    @api.model
    def _settle_cards(self, card_ids):
        """Let open debits take from open lots, nearest expiry first; what stays open is a debt, or to be spent."""
        rows = []
        for lots, debts in self._open_by_card(card_ids).values():
            rows += [{"entry_id": debit, "lot_id": lot, "points": points} for debit, lot, points in settle(debts, lots)]
        # sudo: as in _record
        return self.env["loyalty.ledger.allocation"].sudo().create(rows)
