from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from . import tier_rules


class LoyaltyMembership(models.Model):
    """Tiers given by hand: how long they hold against what is earned."""

    _inherit = "loyalty.membership"

    def _change_tier(self, tier, reason, until=None):
        """As above; in a club whose tiers are earned, the tier given holds against what is earned.

        A better tier than is earned is "at least this one": who earns more still gets it. A lesser one is "at most this
        one". The very tier that is earned is nothing special, unless a last day is given.

        :param until: the last day; afterwards the tier is what the member has earned. None: until it is changed by hand
        :raises UserError: also when the last day is over, or the club does not say how tiers are earned
        """
        clubs = self.club_id
        for club in clubs:
            self._check_until(club, until)
        if until:
            reason = self.env._("%(reason)s (until %(day)s)", reason=reason, day=format_date(self.env, until))
        same = self.filtered(lambda member: member.tier_id == tier)
        result = super()._change_tier(tier, reason)
        # sudo: the right is checked by the method above; nobody may write memberships in any other way.
        for club, members in self.sudo().grouped("club_id").items():
            if club.qualification_metric:
                members._hold_by_hand(club, until)
        if until:
            same._log("tier", reason, old_tier=tier, new_tier=tier)
        return result

    def _check_until(self, club, until):
        """:raises UserError: when a tier of the club cannot be given until that day"""
        if until and not club.qualification_metric:
            raise UserError(
                self.env._(
                    "%s does not say how tiers are earned, so a tier has no last day: afterwards nothing would follow.",
                    club.name,
                )
            )
        if until and until < club._today():
            raise UserError(self.env._("The last day of the tier is over already: choose a later one."))

    def _hold_by_hand(self, club, until):
        self.env.flush_all()
        rules = club._tier_rules()
        values = dict(self.env.execute_query(club._current_values(club._today(), self.ids)))
        by_hand = {}
        for member in self:
            tier, value = member.tier_id.id, values.get(member.id, 0.0)
            special = until or tier != tier_rules.earned(rules, value)
            given = tier_rules.hand_given(rules, tier, value) if special else False
            by_hand.setdefault(given, self.browse())
            by_hand[given] += member
        for given, members in by_hand.items():
            members.write({"tier_by_hand": given, "tier_until": given and until, "review_date": False})
        club._evaluate(self.ids)
