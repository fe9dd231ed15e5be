from odoo import models
from odoo.tools import SQL

from . import tier_rules
from .loyalty_membership_tier_standing import STANDING, Found

# What an evaluation reads of a membership, and no more: of thousands it is kept at hand.
EVALUATED = ("id", "partner_id", "date_start", *STANDING.values(), "qualified_value")


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

        :param ids: of memberships, as ``id_array`` takes them; of those, the open ones that have begun
        :param reason: why now, for the log
        """
        self.ensure_one()
        today = self._today()
        memberships = self.env["loyalty.membership"]
        memberships.flush_model()
        undecided = self._write_values(ids, today)
        if undecided and (before := self._decide(undecided, today, reason)):
            memberships.union(*before)._follow_up_tiers(before)

    def _write_values(self, ids, today):
        """Write what members have done, where it is not what is stored and nothing follows from it. One statement.

        :return: those for whom there is something to decide, of whom nothing is written yet, so that each is written once:
            ``{membership id: Found}``
        """
        # Memberships are looked up once, and written where they were found: here and there in the table, that is what a
        # night takes its time for. In the order of their contacts, so that what lies together in an index is read together.
        query = SQL(
            """
            WITH picked AS MATERIALIZED (SELECT %(columns)s, begun.place FROM %(members)s begun ORDER BY begun.partner_id),
            fresh AS MATERIALIZED (%(fresh)s), written AS (
                UPDATE loyalty_membership member SET qualified_value = fresh.value, qualified_on = %(today)s
                  FROM fresh
                 WHERE member.ctid = fresh.place AND fresh.differs AND fresh.undecided IS NOT TRUE
            )
            SELECT picked.id, fresh.value, picked.date_start, %(standing)s
              FROM fresh JOIN picked ON picked.id = fresh.id WHERE fresh.undecided ORDER BY picked.id
            """,
            columns=SQL(", ").join(SQL.identifier("begun", name) for name in EVALUATED),
            members=self._begun(ids),
            fresh=self._fresh(today, ids, SQL("picked")),
            today=today,
            standing=SQL(", ").join(SQL.identifier("picked", name) for name in STANDING.values()),
        )
        rows = self.env.execute_query(query)
        self.env["loyalty.membership"]._forget_values()
        return {
            member_id: Found(tier_rules.Standing(**dict(zip(STANDING, standing, strict=True))), value, joined)
            for member_id, value, joined, *standing in rows
        }

    def _fresh(self, today, ids=None, members=None):
        """Members with what they have done until ``today``, by one aggregate.

        :param ids, members: as in :meth:`_current_values`
        :return: SQL of a query: id, place, value, ``differs`` from what is stored, and whether something is ``undecided``:
            the cases in which ``tier_rules.decide`` may come to something else than what is stored
        """
        rules = self._tier_rules()
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
            rank=self._rank_sql(rules),
            earned=self._earned_sql(SQL("COALESCE(done.value, 0)"), rules),
            today=today,
            goes_down=self.downgrade != "never",
            last=len(rules.tiers) - 1,
        )

    def _rank_sql(self, rules=None):
        """SQL: the rank of a member's tier as ``tier_rules.rank`` counts; NULL: none of this club's."""
        tiers = (rules or self._tier_rules()).tiers
        ranks = [SQL("WHEN %s THEN %s", tier, position) for position, (tier, _points) in enumerate(tiers)]
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

    def _decide(self, found, today, reason):
        """Let ``tier_rules`` decide about members, and write what changes.

        :param found: ``{membership id: Found}``
        :return: those whose tier has changed: ``{loyalty.membership: the tier before}``
        """
        before = {}
        while found:
            changed, found = self._decide_once(found, today, reason)
            before = {**changed, **before}
        return before

    def _decide_once(self, found, today, reason):
        """:return: as :meth:`_decide`; and those about whom there is to decide again: a review that was missed is made up
        for, and the next one may be due by now, too
        """
        rules, text_of = self._tier_rules(), self._texts_of_values()
        memberships = self.env["loyalty.membership"]
        judged = self._judged_values(
            {
                member_id: (standing.review, joined)
                for member_id, (standing, _value, joined) in found.items()
                if standing.review and standing.review <= today
            }
        )
        decided, log, texts = {}, [], {}
        for member_id, (standing, value, joined) in found.items():
            new, why = tier_rules.decide(rules, standing, value, judged.get(member_id), joined, today)
            decided[member_id] = Found(new, value, joined)
            if why:
                # What is judged at the review may be more than what is done in the new period.
                text = text_of(max(value, judged.get(member_id, value)))
                pattern = texts.get(why) or texts.setdefault(why, memberships._why_tier(why, reason))
                log.append((member_id, standing.tier, new.tier, pattern.replace("%s", text, 1)))
        memberships._write_standings(decided, today)
        memberships._log_tiers(self.company_id, log)
        grades = self.env["res.partner.grade"]
        before = {memberships.browse(member_id): grades.browse(tier) for member_id, tier, _new, _reason in log}
        again = {
            member_id: new for member_id, new in decided.items() if new.standing.review and new.standing.review <= today
        }
        return before, again
