from odoo import fields, models
from odoo.tools import SQL

from .ledger_booking import BOOKING, Booking


class LoyaltyCardImportRow(models.Model):
    """Checked rows become customers, cards, points and memberships: all of a row, or nothing of it.

    Customers and cards are core's, and made by the ORM. What is ours is written by one statement each: the ORM takes five
    times as long for it. What takes long and can wait comes after all rows: the quotations of the new members (see
    ``loyalty.card.import``).
    """

    _inherit = "loyalty.card.import.row"

    def _become_members(self):
        """Make what these rows say, of one import, in as many statements for one row as for a thousand."""
        self._make_customers()
        cards = self._make_cards()
        self.env.flush_all()
        self._open_ledger(cards)
        memberships = self._make_memberships()
        self.env.invalidate_all(flush=False)
        memberships._queue_tiers()
        memberships.partner_id._mirror_memberships()

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
        """Cards with the numbers and points of the rows."""
        collected = Booking(collected=[])  # the points are booked by _open_ledger
        context = {BOOKING: collected, "loyalty_no_mail": True, "tracking_disable": True}
        program = self.import_id.program_id.id
        return (
            self.env["loyalty.card"]
            .with_context(**context)
            .create(
                [
                    {
                        "program_id": program,
                        "partner_id": row.partner_id.id,
                        "code": row.card_number,
                        "points": row.points_value,
                    }
                    for row in self
                ]
            )
        )

    def _open_ledger(self, cards):
        """The points are opening entries of the ledger, good for as long as points given today."""
        club = self.import_id.club_id
        self.env["loyalty.ledger.entry"]._open_existing_cards(
            cards, reason=self._reason(), expires_on=club._points_expire_on(club._today()) or None
        )

    def _make_memberships(self):
        """Memberships from the first to the last day that the rows say, their log, and the mark that the rows are done.

        In one statement: what is marked is there, and what is not marked is not. What the ORM would work out
        (``counts_until``, ``next_change_on``) is worked out here as it does.

        :return: ``loyalty.membership`` records
        """
        club = self.import_id.club_id
        now = fields.Datetime.now()
        query = SQL(
            """
            WITH made AS (
                INSERT INTO loyalty_membership
                       (partner_id, commercial_partner_id, club_id, company_id, card_id, tier_id, tier_since, state, way_in,
                        date_start, date_end, counts_until, next_change_on, create_uid, create_date, write_uid, write_date)
                SELECT line.partner_id, partner.commercial_partner_id, %(club)s, %(company)s, card.id, line.tier_id,
                       line.date_start, CASE WHEN line.date_start > %(today)s THEN 'future' ELSE 'running' END, 'import',
                       line.date_start, line.date_end, line.date_end + %(grace)s,
                       CASE WHEN line.date_start > %(today)s THEN line.date_start ELSE line.date_end + 1 END,
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM loyalty_card_import_row line
                  JOIN res_partner partner ON partner.id = line.partner_id
                  JOIN loyalty_card card ON card.code = line.card_number AND card.partner_id = line.partner_id
                 WHERE line.id = ANY(%(rows)s)
             RETURNING id, partner_id, tier_id
            ), logged AS (
                INSERT INTO loyalty_membership_log
                       (membership_id, company_id, date, user_id, event, new_tier_id, reason,
                        create_uid, create_date, write_uid, write_date)
                SELECT id, %(company)s, %(now)s, %(user)s, 'enrolled', tier_id, %(reason)s,
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM made
             RETURNING id, membership_id
            ), marked AS (
                UPDATE loyalty_card_import_row line SET state = 'done', membership_id = made.id
                  FROM made WHERE made.partner_id = line.partner_id AND line.id = ANY(%(rows)s)
            )
            SELECT membership_id, id FROM logged
            """,
            club=club.id,
            company=club.company_id.id or None,
            today=club._today(),
            grace=club.grace_days,
            user=self.env.uid,
            now=now,
            rows=self.ids,
            reason=self._reason(),
        )
        made = self.env.execute_query(query)
        log = self.env["loyalty.membership.log"]
        self.env["contact.history.entry"]._touch(log._name, [line for _membership, line in made], new=True)
        return self.env["loyalty.membership"].browse(membership for membership, _line in made)

    def _refuse_one(self, reason):
        self.ensure_one()
        self.write({"state": "refused", "refusal": " ".join(reason.split())[:500]})
