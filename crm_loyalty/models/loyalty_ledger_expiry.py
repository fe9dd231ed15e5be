import functools
from datetime import date

from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.tools import SQL

EXPIRY_BATCH = 5000  # lots looked at between two commits


class LoyaltyLedgerEntry(models.Model):
    """Points expire: what is left of a lot is taken off the card when its last day is over."""

    _inherit = "loyalty.ledger.entry"

    @api.model
    def _cron_expire(self):
        """Take off what is left of the lots that are over, in batches, each committed.

        A run that is killed is continued by the next, and no lot expires twice: each has a unique key in the database.
        Cards on which somebody works at the moment are left to the next run.
        """
        programs = self.env["loyalty.program"].with_context(active_test=False)
        for (company,) in programs._read_group([], ["company_id"]):
            today = self._today_of(company)
            after = (date.min, 0)
            while after:
                work = functools.partial(self._expire_batch, company, today, after)
                looked_at, after = patiently(self.env, work)
                if not self.env["ir.cron"]._commit_progress(looked_at, remaining=EXPIRY_BATCH if after else 0):
                    return

    @api.model
    def _today_of(self, company):
        """The day it is for a company; of no company: in UTC."""
        return fields.Date.context_today(self.with_context(tz=(company and company.partner_id.tz) or "UTC"))

    @api.model
    def _expire_batch(self, company, today, after):
        """Expire what is left of the next lots.

        Two statements, with the lots between them: a planner that does not know how many they are compares each with each.

        :param after: (last day, id) of the last lot looked at
        :return: how many lots were looked at, and the last of them; None when there are no more
        """
        self.env.flush_all()
        lots = self.env.execute_query(self._over_query(company, today, after))
        if left := [(lot_id, card_id, points) for _day, lot_id, card_id, points in lots if card_id and points > 0]:
            self.env.execute_query(self._expire_query(left))
        self.env["loyalty.card"].invalidate_model(["points", "points_display", "ledger_entry_ids"])
        return len(lots), lots[-1][:2] if len(lots) == EXPIRY_BATCH else None

    @api.model
    def _over_query(self, company, today, after):
        """The next lots whose last day is over: day, id, card, and what is left."""
        return SQL(
            """
            SELECT lot.expires_on, lot.id, lot.card_id, lot.points - COALESCE((
                       SELECT sum(points) FROM loyalty_ledger_allocation WHERE lot_id = lot.id
                   ), 0) AS points
              FROM loyalty_ledger_entry lot
             WHERE %(of_company)s AND points > 0 AND expires_on IS NOT NULL AND expires_on < %(today)s
               AND (expires_on, id) > (%(day)s, %(id)s)
          ORDER BY expires_on, id LIMIT %(limit)s
            """,
            of_company=SQL("company_id = %s", company.id) if company else SQL("company_id IS NULL"),
            today=today,
            day=after[0],
            id=after[1],
            limit=EXPIRY_BATCH,
        )

    @api.model
    def _expire_query(self, left):
        """Take off what is left of lots, of cards on which nobody works at the moment.

        :param left: list of (lot id, card id, points)
        """
        lot_ids, card_ids, points = zip(*left, strict=True)
        return SQL(
            """
            WITH open AS (
                SELECT * FROM unnest(%(lots)s::int[], %(cards)s::int[], %(points)s::numeric[]) lot(id, card_id, points)
            ), cards AS (
                SELECT id, code, program_id, partner_id, company_id FROM loyalty_card
                 WHERE id = ANY(%(cards)s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
            ), entries AS (
                INSERT INTO loyalty_ledger_entry (card_id, card_code, program_id, partner_id, company_id, date, kind,
                                                  points, pending, user_id, source_key)
                SELECT cards.id, cards.code, cards.program_id, partner.commercial_partner_id, cards.company_id,
                       now() AT TIME ZONE 'UTC', 'expire', -open.points, 0, %(user)s, 'expire/' || open.id
                  FROM open JOIN cards ON cards.id = open.card_id LEFT JOIN res_partner partner
                    ON partner.id = cards.partner_id
                    ON CONFLICT (source_key) WHERE source_key IS NOT NULL DO NOTHING
             RETURNING id, card_id, points, source_key
            ), taken AS (
                INSERT INTO loyalty_ledger_allocation (entry_id, lot_id, points)
                SELECT entries.id, open.id, open.points FROM entries JOIN open
                    ON entries.source_key = 'expire/' || open.id
            )
            UPDATE loyalty_card SET points = loyalty_card.points + change.points::float8,
                   write_date = now() AT TIME ZONE 'UTC', write_uid = %(user)s
              FROM (SELECT card_id, sum(points) AS points FROM entries GROUP BY card_id) change
             WHERE loyalty_card.id = change.card_id
         RETURNING loyalty_card.id
            """,
            lots=list(lot_ids),
            cards=list(card_ids),
            points=list(points),
            user=self.env.uid,
        )
