from odoo import models
from odoo.tools import SQL

from .ledger_booking import BOOKING, Booking, Piece


class LoyaltyCardImportRow(models.Model):
    """Checked rows become customers, cards, points and memberships: all of a row, or nothing of it.

    What takes long and can wait comes after all rows: the quotations of the new members (see ``loyalty.card.import``).
    """

    _inherit = "loyalty.card.import.row"

    def _become_members(self):
        """Make what these rows say, of one import, in as many statements for one row as for a thousand."""
        self._make_customers()
        memberships = self._make_memberships(self._make_cards())
        for tier, of_tier in memberships.grouped("tier_id").items():
            of_tier._log("enrolled", self._reason(), new_tier=tier)
        memberships.partner_id._mirror_memberships()
        self._mark_done(memberships)

    def _reason(self):
        return self.env._("Import of cards: %s", self.import_id.name)

    def _make_customers(self):
        """Contacts for the rows whose customer is not known yet."""
        unknown = self.filtered(lambda row: not row.partner_id)
        quiet = self.env["res.partner"].with_context(tracking_disable=True)
        partners = quiet.create(
            [{"name": row.name, "email": row.email, "phone": row.phone, "ref": row.reference} for row in unknown]
        )
        for row, partner in zip(unknown, partners, strict=True):
            row.partner_id = partner

    def _make_cards(self):
        """Cards with the numbers of the rows. Their points are opening entries of the ledger."""
        booking = Booking(Piece(kind="opening", reason=self._reason()))
        context = {BOOKING: booking, "loyalty_no_mail": True, "tracking_disable": True}
        return (
            self.env["loyalty.card"]
            .with_context(**context)
            .create(
                [
                    {
                        "program_id": row.import_id.program_id.id,
                        "partner_id": row.partner_id.id,
                        "code": row.card_number,
                        "points": row.points_value,
                    }
                    for row in self
                ]
            )
        )

    def _make_memberships(self, cards):
        """Memberships from the first to the last day that the rows say; as the club says, where they say nothing."""
        club = self.import_id.club_id
        today = club._today()
        return (
            self.env["loyalty.membership"]
            .with_context(tracking_disable=True)
            .create(
                [
                    {
                        "partner_id": row.partner_id.id,
                        "club_id": club.id,
                        "card_id": card.id,
                        "tier_id": row.tier_id.id,
                        "tier_since": row.date_start,
                        "state": "future" if row.date_start > today else "running",
                        "date_start": row.date_start,
                        "date_end": row.date_end,
                        "way_in": "import",
                    }
                    for row, card in zip(self, cards, strict=True)
                ]
            )
        )

    def _mark_done(self, memberships):
        """In the same transaction: what is marked is there, and what is not marked is not."""
        self.env.flush_all()
        values = [
            SQL("(%s, %s, %s)", row.id, row.partner_id.id, membership.id)
            for row, membership in zip(self, memberships, strict=True)
        ]
        self.env.cr.execute(
            SQL(
                """UPDATE loyalty_card_import_row line SET state = 'done', membership_id = made.membership_id
                     FROM (VALUES %s) AS made (id, partner_id, membership_id) WHERE line.id = made.id""",
                SQL(", ").join(values),
            )
        )
        self.invalidate_recordset(["state", "membership_id"])

    def _refuse_one(self, reason):
        self.ensure_one()
        self.write({"state": "refused", "refusal": " ".join(reason.split())[:500]})
