from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from . import tier_rules
from .id_array import id_array

# Of which fields a tier_rules.Standing is made.
STANDING = {
    "tier": "tier_id",
    "since": "tier_since",
    "review": "review_date",
    "by_hand": "tier_by_hand",
    "until": "tier_until",
}
# What an evaluation writes in any case, and what is told from that.
VALUES = ("qualified_value", "qualified_on")
FOLLOWING_VALUES = ("missing_value", "next_tier_percent", "qualified_text")


class Found(NamedTuple):
    """How a member stands, what he has done in the current period, and his first day."""

    standing: tier_rules.Standing
    value: float
    joined: object


class LoyaltyMembership(models.Model):
    """Between the record and ``tier_rules``."""

    _inherit = "loyalty.membership"

    @api.model
    def _forget_values(self):
        """What is in memory is not what is in the database by now."""
        self.invalidate_model([*VALUES, *FOLLOWING_VALUES], flush=False)

    @api.model
    def _write_standings(self, decided, today):
        """Write what members have done and how they stand. One statement: each of them is written once, for a row that is
        written a second time in a transaction has all its foreign keys looked up again.

        :param decided: ``{membership id: Found}``
        """
        if not decided:
            return
        standings = list({found.standing for found in decided.values()})
        numbers = {standing: number for number, standing in enumerate(standings)}
        query = SQL(
            """
            UPDATE loyalty_membership member
               SET qualified_value = decided.value,
                   qualified_on = CASE WHEN member.qualified_value = decided.value THEN member.qualified_on
                                       ELSE %(today)s END,
                   tier_id = standing.tier, tier_since = standing.since, review_date = standing.review,
                   tier_by_hand = standing.by_hand, tier_until = standing.until,
                   write_uid = %(user)s, write_date = %(now)s
              FROM unnest(%(ids)s, %(values)s::float8[], %(numbers)s) decided (id, value, number)
              JOIN (VALUES %(standings)s) standing (number, tier, since, review, by_hand, until)
                ON standing.number = decided.number
             WHERE member.id = decided.id
         RETURNING member.id, member.partner_id, member.tier_id
            """,
            ids=id_array(decided),
            values=[found.value for found in decided.values()],
            numbers=id_array(numbers[found.standing] for found in decided.values()),
            standings=SQL(", ").join(
                SQL("(%s, %s::int, %s::date, %s::date, %s::varchar, %s::date)", number, *standing)
                for number, standing in enumerate(standings)
            ),
            today=today,
            user=self.env.uid,
            now=self.env.cr.now(),
        )
        rows = self.env.execute_query(query)
        members = self.browse(member_id for member_id, _partner, _tier in rows)
        members.invalidate_recordset([*VALUES, *STANDING.values(), "write_uid", "write_date"], flush=False)
        members.modified(STANDING.values())
        # What follows asks who they are and where they stand now.
        self._fields["partner_id"]._insert_cache(members, [partner for _id, partner, _tier in rows])
        self._fields["tier_id"]._insert_cache(members, [tier for _id, _partner, tier in rows])

    @api.model
    def _why_tier(self, why, reason):
        """What the log says, with ``%s`` where it tells what the member has done (``loyalty.club._texts_of_values``): it is
        put together once, not for each of thousands.
        """
        # Not a dict of all four: of three nobody asks.
        if why == tier_rules.FIRST:
            text = self.env._("First evaluation: %s")
        elif why == tier_rules.REACHED:
            text = self.env._("Reached: %s")
        elif why == tier_rules.REVIEWED:
            text = self.env._("Review: %s")
        else:
            text = self.env._("Last day of the tier given by hand is over: %s")
        return f"{text} · {reason}" if reason else text

    def _follow_up_tiers(self, before):
        """What else changes with a tier. Quotations are looked at only where the new one gives something else on orders.

        :param before: ``{loyalty.membership: the tier that it had}``
        """
        self.fetch(["partner_id", "tier_id"])  # and not the twenty other fields of a membership with them
        gives = self.tier_id.union(*set(before.values()))._given_on_orders()
        priced_anew = self.filtered(lambda m: gives.get(before[m].id) != gives[m.tier_id.id])
        self.partner_id._mirror_memberships()
        priced_anew.partner_id._refresh_open_quotations()

    @api.model
    def _log_tiers(self, company, rows):
        """Write the log. One statement; nobody else looks at the rows before the history does. Who it was is told once: for
        each column more that names him the database would look him up, row by row.

        :param company: of the club
        :param rows: list of (id of the membership, id of the old tier, id of the new one, reason)
        """
        if not rows:
            return
        members, old, new, reasons = zip(*rows, strict=True)
        query = SQL(
            """
            INSERT INTO loyalty_membership_log
                   (membership_id, company_id, date, user_id, event, old_tier_id, new_tier_id, reason,
                    create_date, write_date)
            SELECT change.member_id, %(company)s, %(now)s, %(user)s, 'tier', change.old, change.new, change.reason,
                   %(now)s, %(now)s
              FROM unnest(%(members)s::int[], %(old)s::int[], %(new)s::int[], %(reasons)s::text[])
                   change (member_id, old, new, reason)
         RETURNING id
            """,
            company=company.id or None,
            members=list(members),
            old=list(old),
            new=list(new),
            reasons=list(reasons),
            user=self.env.uid,
            now=fields.Datetime.now(),
        )
        log = self.env["loyalty.membership.log"]
        written = [row_id for (row_id,) in self.env.execute_query(query)]
        self.env["contact.history.entry"]._touch(log._name, written, new=True)
        self.invalidate_model(["log_ids"], flush=False)
