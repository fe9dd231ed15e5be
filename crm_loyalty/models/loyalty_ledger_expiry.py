import functools
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from .patience import patiently

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
        """Expire what is left of the next lots, in one statement.

        :param after: (last day, id) of the last lot looked at
        :return: how many lots were looked at, and the last of them; None when there are no more
        """
        self.env.flush_all()
        query = SQL(
            """
            WITH lots AS (
                SELECT id, card_id, expires_on, points FROM loyalty_ledger_entry
                 WHERE %(of_company)s AND points > 0 AND expires_on IS NOT NULL AND expires_on < %(today)s
                   AND (expires_on, id) > (%(day)s, %(id)s)
              ORDER BY expires_on, id LIMIT %(limit)s
            ), open AS (
                SELECT lots.id, lots.card_id, lots.points - taken.points AS points FROM lots,
                       LATERAL (SELECT COALESCE(sum(points), 0) AS points
                                  FROM loyalty_ledger_allocation WHERE lot_id = lots.id) taken
                 WHERE lots.points > taken.points AND lots.card_id IS NOT NULL
            ), cards AS (
                SELECT id, code, program_id, partner_id, company_id FROM loyalty_card
                 WHERE id IN (SELECT card_id FROM open) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
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
            ), changed AS (
                UPDATE loyalty_card SET points = loyalty_card.points + change.points::float8,
                       write_date = now() AT TIME ZONE 'UTC', write_uid = %(user)s
                  FROM (SELECT card_id, sum(points) AS points FROM entries GROUP BY card_id) change
                 WHERE loyalty_card.id = change.card_id
            )
            SELECT expires_on, id FROM lots ORDER BY expires_on, id
            """,
            of_company=SQL("company_id = %s", company.id) if company else SQL("company_id IS NULL"),
            today=today,
            day=after[0],
            id=after[1],
            limit=EXPIRY_BATCH,
            user=self.env.uid,
        )
        lots = self.env.execute_query(query)
        self.env["loyalty.card"].invalidate_model(["points", "points_display", "ledger_entry_ids"])
        return len(lots), lots[-1] if len(lots) == EXPIRY_BATCH else None
