from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.fields import Domain
from odoo.tools import SQL

from . import tier_rules
from .id_array import id_array

BATCH = 20_000  # members evaluated between two commits


class LoyaltyTierQueue(models.Model):
    """Members whose tier is to be looked at, because something has changed or their day has come.

    Rows are only ever appended by those who change documents, and deleted by the one who evaluates. There is no unique
    key on purpose: a change that is committed while the same member is being evaluated adds its own row, which that
    evaluation cannot see and therefore leaves for the next.
    """

    _name = "loyalty.tier.queue"
    _description = "Tiers to Evaluate"
    _order = "id"
    _rec_name = "membership_id"
    _log_access = False

    membership_id = fields.Many2one("loyalty.membership", required=True, readonly=True, ondelete="cascade", index=True)
    reason = fields.Char(readonly=True, help="Why now; stands in the membership's log when the tier changes.")

    # ------------------------------------------------------------ appending

    @api.model
    def _add(self, condition, reason=None):
        """Append members who have begun, of clubs that qualify. One statement, whatever their number.

        :param SQL condition: on ``member``, the membership, and ``club``
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO loyalty_tier_queue (membership_id, reason)
                SELECT member.id, %s
                  FROM loyalty_membership member JOIN loyalty_club club ON club.id = member.club_id
                 WHERE club.qualification_metric IS NOT NULL AND member.state NOT IN ('ended', 'future') AND %s
                """,
                reason,
                condition,
            )
        )

    @api.model
    def _add_customers(self, partner_ids):
        """Append the members for whom something of these contacts counts: themselves, and their companies."""
        if partner_ids and self.env["loyalty.club"]._metrics_in_use():
            self._add(self._of_customers(partner_ids))

    @api.model
    def _of_customers(self, partner_ids):
        """SQL condition on ``member``: something of these contacts counts for him."""
        return SQL(
            """
            member.partner_id IN (SELECT unnest(%(ids)s::int[])
                                   UNION SELECT commercial_partner_id FROM res_partner WHERE id = ANY(%(ids)s))
            """,
            ids=list(partner_ids),
        )

    # ------------------------------------------------------------ at once

    @api.model
    def _evaluate_customers(self, partner_ids):
        """Evaluate the members for whom something of these contacts counts, now. One query when there are none.

        A day more than today: somewhere it is tomorrow already.
        What is in the queue for them stays there: somebody else may be changing a document of theirs at this moment.
        """
        query = SQL(
            """
            SELECT member.club_id, array_agg(member.id) FROM loyalty_membership member
             WHERE member.club_id = ANY(%s) AND member.state NOT IN ('ended', 'future')
               AND member.date_start <= CURRENT_DATE + 1 AND %s
          GROUP BY member.club_id ORDER BY member.club_id
            """,
            list(self.env["loyalty.club"]._metrics_by_club()),
            self._of_customers(partner_ids),
        )
        self._evaluate_by_club(self.env.execute_query(query))

    @api.model
    def _evaluate_by_club(self, members, reason=None):
        """:param members: list of (id of the club, ids of memberships)"""
        for club in self.env["loyalty.club"].browse(club_id for club_id, _ids in members):
            if club.qualification_metric and club.tier_ids:
                club._evaluate(dict(members)[club.id], reason)

    # ------------------------------------------------------------ working off

    @api.model
    def _drain(self):
        """Evaluate all that waits, in this transaction."""
        while self._drain_batch() == BATCH:
            pass

    @api.model
    def _drain_batch(self):
        """Evaluate what has waited longest, in this transaction.

        :return: how many rows of the queue were done; 0 when it is empty
        """
        # One id worked out once, not a join: of a queue that has just filled PostgreSQL knows no size. Ids come as the text
        # of an array, and go back as such: of ten thousand, each is otherwise read and written by the client, twice.
        waiting = self.env.execute_query(
            SQL(
                """
                WITH done AS (
                    DELETE FROM loyalty_tier_queue
                     WHERE id <= (SELECT max(id) FROM (SELECT id FROM loyalty_tier_queue ORDER BY id LIMIT %s) longest)
                 RETURNING membership_id, reason
                )
                SELECT reason, array_agg(membership_id)::text, count(*) FROM done GROUP BY reason ORDER BY reason NULLS LAST
                """,
                BATCH,
            )
        )
        # Whoever waits with a reason and without is evaluated with it; the second time nothing is left to change.
        for reason, ids, _number in waiting:
            self._evaluate_by_club(self._by_club(ids), reason)
        self.env.flush_all()
        return sum(number for _reason, _ids, number in waiting)

    @api.model
    def _by_club(self, membership_ids):
        """Without reading the memberships: of most, only numbers are compared, and these in the database.

        :param membership_ids: as ``id_array`` takes them
        :return: list of (id of the club, ids of memberships, likewise)
        """
        qualifying = list(self.env["loyalty.club"]._metrics_by_club())
        if len(qualifying) == 1:
            return [(qualifying[0], membership_ids)]  # which of them are its members, its own statement asks
        query = SQL(
            "SELECT club_id, array_agg(id)::text FROM loyalty_membership WHERE id = ANY(%s) GROUP BY club_id ORDER BY club_id",
            id_array(membership_ids),
        )
        return self.env.execute_query(query)

    @api.model
    def _cron_evaluate(self):
        """Scheduled: look whose day has come, then evaluate all that waits, a batch per transaction.

        A killed run goes on where it stopped: a member is taken off the queue in the transaction that evaluates him.
        """
        cron = self.env["ir.cron"]
        clubs = self.env["loyalty.club"].search([("qualification_metric", "!=", False)])
        for club in clubs:
            if club.tiers_evaluated_on != club._today():
                patiently(self.env, club._queue_the_day)
                cron._commit_progress()
        cron._commit_progress(remaining=self.search_count([], limit=BATCH * 100))
        while done := patiently(self.env, self._drain_batch):
            if not cron._commit_progress(done):
                break


class LoyaltyClub(models.Model):
    """Whom the calendar brings to the queue."""

    _inherit = "loyalty.club"

    def _queue_the_day(self):
        """Queue the members for whom a day means something: since the last look, or all when there was none."""
        self.ensure_one()
        today, last = self._today(), self.tiers_evaluated_on
        if not last or last > today:
            self._queue_differing()
        else:
            self._queue_those(SQL("member.review_date <= %s", today))
            self._queue_those(SQL("member.tier_until < %s", today))
            if (over := self._whose_period_is_over(last, today)) is not None:
                self._queue_those(over)
        self.tiers_evaluated_on = today

    def _queue_those(self, condition, reason=None):
        self.env["loyalty.tier.queue"]._add(SQL("member.club_id = %s AND %s", self.id, condition), reason)

    def _queue_differing(self, reason=None):
        """Queue the members for whom an evaluation would change something: all are evaluated, by one statement."""
        self.ensure_one()
        if not self.tier_ids:
            return
        self.env.flush_all()
        fresh = self._fresh(self._today())
        self._queue_those(SQL("member.id IN (SELECT id FROM (%s) fresh WHERE differs OR undecided)", fresh), reason)

    def _whose_period_is_over(self, last, today):
        """SQL: the members who have lost something from their period since ``last``; None: nobody can have."""
        period = self.qualification_period
        if period == "rolling":
            before, since = (tier_rules.period_start(period, None, day) for day in (last, today))
            lost = self._values_of(self._member_rows(self._begun(), before, since), [(None, before, since)], None)
            return SQL("member.id IN (SELECT id FROM (%s) lost)", lost)
        if period == "calendar_year" and last.year != today.year:
            return SQL("member.qualified_value <> 0")
        if period == "membership_year":
            return SQL(
                "(EXTRACT(MONTH FROM member.date_start) * 100 + EXTRACT(DAY FROM member.date_start)) IN %s"
                " AND member.qualified_value <> 0",
                tuple(month * 100 + day for month, day in tier_rules.anniversaries(last, today)),
            )
        return None


class LoyaltyMembership(models.Model):
    """What a member's own record brings to the queue."""

    _inherit = "loyalty.membership"

    @api.model_create_multi
    def create(self, vals_list):
        memberships = super().create(vals_list)
        memberships._queue_tiers()
        return memberships

    def write(self, vals):
        result = super().write(vals)
        if {"state", "date_start", "partner_id", "card_id"} & vals.keys():
            self._queue_tiers()
        return result

    def _queue_tiers(self):
        if self.ids and self.env["loyalty.club"]._metrics_in_use():
            self.flush_recordset()
            self.env["loyalty.tier.queue"]._add(SQL("member.id = ANY(%s)", self.ids))

    def _merge_open(self, survivor):
        # What the merged contact has bought is the survivor's by now.
        kept = super()._merge_open(survivor)
        kept._queue_tiers()
        return kept


class LoyaltyLedgerEntry(models.Model):
    """What is earned may be what the club counts."""

    _inherit = "loyalty.ledger.entry"

    @api.model
    def _record(self, pieces):
        entries = super()._record(pieces)
        if "points" in self.env["loyalty.club"]._metrics_in_use():
            # sudo: who may change points (checked before) need not read memberships; they are only queued.
            self.env["loyalty.membership"].sudo().search(
                Domain("card_id", "in", entries.sudo().card_id.ids)  # sudo: as above
                & Domain("club_id.qualification_metric", "=", "points")
            )._queue_tiers()
        return entries
