from odoo import api, fields, models
from odoo.tools import SQL

from . import tier_rules


class LoyaltyMembership(models.Model):
    """Between the record and ``tier_rules``."""

    _inherit = "loyalty.membership"

    def _standing(self):
        self.ensure_one()
        return tier_rules.Standing(
            tier=self.tier_id.id or None,
            since=self.tier_since or None,
            review=self.review_date or None,
            by_hand=self.tier_by_hand or None,
            until=self.tier_until or None,
        )

    def _take_standing(self, standing):
        self.with_context(tracking_disable=True).write(
            {
                "tier_id": standing.tier,
                "tier_since": standing.since,
                "review_date": standing.review,
                "tier_by_hand": standing.by_hand,
                "tier_until": standing.until,
            }
        )

    def _why_tier(self, why, judged, reason):
        """What the log says."""
        # What is judged at the review may be more than what is done in the new period.
        done = self.qualified_value if judged is None else max(self.qualified_value, judged)
        text = self.club_id._format_value(done)
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

        :param rows: list of (membership, id of the old tier, id of the new one, reason)
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
            members=[member.id for member in members],
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
