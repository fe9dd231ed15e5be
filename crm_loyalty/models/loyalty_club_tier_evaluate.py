from odoo import models
from odoo.tools import SQL

from . import tier_rules


class LoyaltyClub(models.Model):
    """Bringing the tiers of a club's members in line with what they have done."""

    _inherit = "loyalty.club"

    def _enrol(self, *args, **how):
        """As above; what the customer has bought already counts at once."""
        memberships = super()._enrol(*args, **how)
        self.env["loyalty.membership"]._evaluate_tiers(memberships)
        return memberships

    def _evaluate(self, ids, reason=None):
        """Evaluate some members of this club, today.

        :param ids: of memberships; of those, the open ones that have begun
        :param reason: why now, for the log
        """
        self.ensure_one()
        Membership = self.env["loyalty.membership"]
        today = self._today()
        to_decide = Membership.browse(self._write_values(ids, today))
        before = {}
        while to_decide:
            for member, tier in self._decide(to_decide, today, reason).items():
                before.setdefault(member, tier)
            # A review that was missed is made up for; the next one may be due by now, too.
            to_decide = to_decide.filtered(lambda member: member.review_date and member.review_date <= today)
        Membership.union(*before)._follow_up_tiers(before)

    def _write_values(self, ids, today):
        """Write what members have done, where it is not what is stored. One statement.

        :return: ids of those for whom there is something to decide
        """
        # Memberships are looked up once, and written where they were found: here and there in the table, that is what a
        # night takes its time for.
        query = SQL(
            """
            WITH picked AS MATERIALIZED (SELECT * FROM %(members)s begun),
            fresh AS MATERIALIZED (%(fresh)s), written AS (
                UPDATE loyalty_membership member SET qualified_value = fresh.value, qualified_on = %(today)s
                  FROM fresh
                 WHERE member.ctid = fresh.place AND fresh.differs
            )
            SELECT id FROM fresh WHERE undecided ORDER BY id
            """,
            members=self._begun(ids),
            fresh=self._fresh(today, ids, SQL("picked")),
            today=today,
        )
        found = [row_id for (row_id,) in self.env.execute_query(query)]
        self.env["loyalty.membership"].invalidate_model(["qualified_value", "qualified_on"], flush=False)
        return found

    def _fresh(self, today, ids=None, members=None):
        """Members with what they have done until ``today``, by one aggregate.

        :param ids, members: as in :meth:`_current_values`
        :return: SQL of a query: id, place, value, ``differs`` from what is stored, and whether something is ``undecided``:
            the cases in which ``tier_rules.decide`` may come to something else than what is stored
        """
        return SQL(
            """
            SELECT member.id, member.place, COALESCE(done.value, 0) AS value,
                   member.qualified_value IS DISTINCT FROM COALESCE(done.value, 0) AS differs,
                   (%(rank)s IS NULL
                    OR %(earned)s < %(rank)s AND member.tier_by_hand IS DISTINCT FROM 'lowered'
                    OR member.tier_until < %(today)s
                    OR member.review_date <= %(today)s
                    OR (member.review_date IS NOT NULL) <> (
                        %(goes_down)s AND member.tier_by_hand IS NULL AND %(rank)s < %(last)s)) AS undecided
              FROM %(members)s member
         LEFT JOIN (%(values)s) done ON done.id = member.id
            """,
            members=members or self._begun(ids),
            values=self._current_values(today, ids, members=members),
            rank=self._rank_sql(),
            earned=self._earned_sql(SQL("COALESCE(done.value, 0)")),
            today=today,
            goes_down=self.downgrade != "never",
            last=len(self.tier_ids) - 1,
        )

    def _rank_sql(self):
        """SQL: the rank of a member's tier as ``tier_rules.rank`` counts; NULL: none of this club's."""
        ranks = [
            SQL("WHEN %s THEN %s", tier, position) for position, (tier, _points) in enumerate(self._tier_rules().tiers)
        ]
        return SQL("CASE member.tier_id %s END", SQL(" ").join(ranks))

    def _earned_sql(self, value, rules=None):
        """SQL: the rank of the tier for ``value``, as ``tier_rules.earned``."""
        tiers = (rules or self._tier_rules()).tiers
        steps = [
            SQL("WHEN %s >= %s THEN %s", value, threshold, position)
            for position, (_tier, threshold) in enumerate(tiers[:-1])
            if threshold > 0
        ]
        return SQL("CASE %s ELSE %s END", SQL(" ").join(steps), len(tiers) - 1) if steps else SQL("%s", len(tiers) - 1)

    def _decide(self, members, today, reason):
        """Let ``tier_rules`` decide about members, and write what changes.

        :return: those whose tier has changed: ``{loyalty.membership: the tier before}``
        """
        rules = self._tier_rules()
        judged = self._judged_values(members.filtered(lambda m: m.review_date and m.review_date <= today))
        by_change, log, before = {}, [], {}
        for member in members:
            standing = member._standing()
            new, why = tier_rules.decide(
                rules, standing, member.qualified_value, judged.get(member.id), member.date_start, today
            )
            if new != standing:
                by_change.setdefault(new, []).append(member.id)
            if why:
                before[member] = member.tier_id
                log.append((member, standing.tier, new.tier, member._why_tier(why, judged.get(member.id), reason)))
        for new, changed in by_change.items():
            members.browse(changed)._take_standing(new)
        members._log_tiers(log)
        return before
