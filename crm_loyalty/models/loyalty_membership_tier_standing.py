from odoo import api, fields, models
from odoo.tools import SQL

from . import tier_rules

# Of which fields a tier_rules.Standing is made.
STANDING = {
    "tier": "tier_id",
    "since": "tier_since",
    "review": "review_date",
    "by_hand": "tier_by_hand",
    "until": "tier_until",
}
# While tiers are written that the rules have decided on. An object on purpose: a remote caller can send any context, but
# not this.
OWN_TIER, DECIDED = "loyalty_tier_of_own_club", object()


class LoyaltyMembership(models.Model):
    """Between the record and ``tier_rules``."""

    _inherit = "loyalty.membership"

    def _found_standing(self):
        """How these members stand, what they have done, and their first day. One bare statement, for there may be many.

        :return: ``{membership id: (tier_rules.Standing, value, first day)}``
        """
        self.flush_model([*STANDING.values(), "qualified_value", "date_start"])
        query = SQL(
            "SELECT id, qualified_value, date_start, %s FROM loyalty_membership WHERE id = ANY(%s) ORDER BY id",
            SQL(", ").join(map(SQL.identifier, STANDING.values())),
            self.ids,
        )
        return {
            member_id: (tier_rules.Standing(**dict(zip(STANDING, standing, strict=True))), value or 0.0, joined)
            for member_id, value, joined, *standing in self.env.execute_query(query)
        }

    def _take_standing(self, standing):
        values = {name: getattr(standing, of_rules) for of_rules, name in STANDING.items()}
        self.with_context(tracking_disable=True, **{OWN_TIER: DECIDED}).write(values)

    def _check_company(self, fnames=None):
        """Not asked of a tier that the rules have decided on, which is the club's own: of many members it takes longer than
        to decide."""
        if self.env.context.get(OWN_TIER) is DECIDED:
            return None
        return super()._check_company(fnames)

    @api.model
    def _why_tier(self, why, text, reason):
        """What the log says.

        :param text: what the member has done, as :meth:`loyalty.club._texts_of_values` tells it
        """
        # One by one, not a dict of all four: a text takes longer than the decision that it tells of.
        if why == tier_rules.FIRST:
            text = self.env._("First evaluation: %s", text)
        elif why == tier_rules.REACHED:
            text = self.env._("Reached: %s", text)
        elif why == tier_rules.REVIEWED:
            text = self.env._("Review: %s", text)
        else:
            text = self.env._("Last day of the tier given by hand is over: %s", text)
        return f"{text} · {reason}" if reason else text

    def _follow_up_tiers(self, before):
        """What else changes with a tier. Quotations are looked at only where the new one gives something else on orders.

        :param before: ``{loyalty.membership: the tier that it had}``
        """
        gives = (self.tier_id | self.tier_id.union(*before.values()))._given_on_orders()
        priced_anew = self.filtered(lambda m: gives.get(before[m].id) != gives[m.tier_id.id])
        self.partner_id._mirror_memberships()
        priced_anew.partner_id._refresh_open_quotations()

    @api.model
    def _log_tiers(self, rows):
        """Write the log. One statement; nobody else looks at the rows before the history does.

        :param rows: list of (id of the membership, id of the old tier, id of the new one, reason)
        """
        if not rows:
            return
        members, old, new, reasons = zip(*rows, strict=True)
        query = SQL(
            """
            INSERT INTO loyalty_membership_log
                   (membership_id, company_id, date, user_id, event, old_tier_id, new_tier_id, reason,
                    create_uid, create_date, write_uid, write_date)
            SELECT member.id, member.company_id, %(now)s, %(user)s, 'tier', change.old, change.new, change.reason,
                   %(user)s, %(now)s, %(user)s, %(now)s
              FROM unnest(%(members)s::int[], %(old)s::int[], %(new)s::int[], %(reasons)s::text[])
                   change (member_id, old, new, reason)
              JOIN loyalty_membership member ON member.id = change.member_id
         RETURNING id
            """,
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
