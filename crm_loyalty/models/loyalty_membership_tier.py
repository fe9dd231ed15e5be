from odoo import api, fields, models
from odoo.tools import SQL, format_date

from . import tier_rules


class LoyaltyMembership(models.Model):
    """What a member has done, and the tier that follows from it."""

    _inherit = "loyalty.membership"

    qualified_value = fields.Float(
        string="Counts Towards Tier", readonly=True, copy=False, help="What the member has done in the current period."
    )
    qualified_on = fields.Date(
        string="Counted On", readonly=True, copy=False, help="The day on which it was last found to have changed."
    )
    review_date = fields.Date(
        string="Tier Review", readonly=True, copy=False, help="On this day the tier may go down. Until then it is safe."
    )
    tier_by_hand = fields.Selection(
        [("raised", "By hand: at least this one"), ("lowered", "By hand: at most this one")],
        string="Tier Given",
        readonly=True,
        copy=False,
    )
    tier_until = fields.Date(
        string="Tier by Hand Until",
        readonly=True,
        copy=False,
        help="Afterwards the tier is what the member has earned.",
    )
    next_tier_id = fields.Many2one(
        "res.partner.grade",
        compute="_compute_next_tier_id",
        search="_search_next_tier_id",
        help="The nearest better one.",
    )
    missing_value = fields.Float(
        string="Missing to Next Tier", compute="_compute_next_tier_id", search="_search_missing_value"
    )
    next_tier_percent = fields.Integer(
        string="Way to Next Tier (%)",
        compute="_compute_next_tier_id",
        search="_search_next_tier_percent",
        help="So much of what the next tier asks for the member has done; 100 on top.",
    )
    qualification_metric = fields.Selection(related="club_id.qualification_metric")
    qualified_text = fields.Char(string="Towards Next Tier", compute="_compute_qualified_text")

    # Serve the daily look at the calendar: whose review has come, whose tier by hand is over. The first serves all that is
    # asked of a club's memberships, too, and stands for an index of the club alone: whoever moves to another tier is written
    # into every index of this table. Whose year begins anew is asked of the index on anniversaries in loyalty_occasion_people.
    _review_date_idx = models.Index("(club_id, review_date)")
    _tier_until_idx = models.Index("(club_id, tier_until) WHERE tier_until IS NOT NULL")

    def init(self):
        """Room on each page, so that a new value is written beside the old one and no index has to follow."""
        result = super().init()
        self.env.cr.execute(SQL("ALTER TABLE loyalty_membership SET (fillfactor = 80)"))
        return result

    @api.depends("tier_id", "qualified_value", "club_id.qualification_metric", "club_id.tier_ids.threshold")
    def _compute_next_tier_id(self):
        for membership in self:
            club = membership.club_id
            tier, threshold = None, 0.0
            if club.qualification_metric and club.tier_ids:
                tier, threshold = tier_rules.next_tier(club._tier_rules(), membership.tier_id.id)
            membership.next_tier_id = tier
            membership.missing_value = max(threshold - membership.qualified_value, 0.0) if tier else 0.0
            membership.next_tier_percent = membership._percent_of(threshold) if tier else 100

    @api.depends("next_tier_id", "missing_value", "qualified_value")
    @api.depends_context("lang")
    def _compute_qualified_text(self):
        for membership in self:
            progress = membership._tier_progress()
            missing = progress.get("missing_text") or self.env._("no higher tier to earn")
            membership.qualified_text = f"{progress['value_text']} · {missing}" if progress else False

    # ------------------------------------------------------------ for readers

    def _tier_progress(self):
        """How far the member is on the way to the next tier, for banner, portal and badge.

        The caller must have checked that the membership is the reader's to see.

        :return: dict; empty when the club does not qualify its members. ``metric``; ``value`` and ``value_text``;
            ``next_tier`` (name, or False on top), ``missing`` and ``missing_text`` (or False); ``percent`` of the
            threshold, 0 to 100; ``review_date`` (text, or False)
        """
        self.ensure_one()
        # sudo: what the club asks for is no secret from its member.
        club = self.club_id.sudo()
        if not club.qualification_metric or not club.tier_ids or self.state == "ended":
            return {}
        value, tier = self.qualified_value, self.next_tier_id.sudo()
        missing = self.missing_value
        return {
            "metric": club.qualification_metric,
            "value": value,
            "value_text": club._format_value(value),
            "next_tier": tier.name or False,
            "missing": missing,
            "missing_text": bool(tier)
            and self.env._("%(value)s to %(tier)s", value=club._format_value(missing), tier=tier.name),
            "percent": self._percent_of(tier.threshold) if tier else 100,
            "review_date": bool(self.review_date) and format_date(self.env, self.review_date),
        }

    def _percent_of(self, threshold):
        """Rounded down: 100 is said when it is reached."""
        return int(min(max(100 * self.qualified_value / threshold, 0), 100))

    def _badge(self):
        badge = super()._badge()
        missing = self._tier_progress().get("missing_text")
        return {**badge, "value": f"{badge['value']} · {missing}"} if missing else badge

    # ------------------------------------------------------------ evaluating

    @api.model
    def _evaluate_tiers(self, memberships=None):
        """Bring value, tier and review date of members in line with what they have done until today.

        Repeating it changes nothing. Queries: the same for one member and for many of a club.

        :param memberships: ``loyalty.membership`` records; all members of all clubs that qualify when not given
        """
        # sudo: the tier follows from sales and ledger, whoever's work brought it about; nothing is handed back.
        clubs = self.env["loyalty.club"].sudo()
        self.env.flush_all()
        if memberships is None:
            for club in clubs.search([("qualification_metric", "!=", False)]):
                club._queue_differing()
            clubs.env["loyalty.tier.queue"]._drain()
            return
        for club, of_club in memberships.sudo().grouped("club_id").items():
            if club.qualification_metric and club.tier_ids:
                club._evaluate(of_club.ids)
