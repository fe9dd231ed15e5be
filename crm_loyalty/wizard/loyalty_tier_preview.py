from itertools import pairwise

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.loyalty_tier_queue import BATCH

SHOWN = 10_000  # members that a line opens at most


class LoyaltyTierPreview(models.TransientModel):
    """Other rules for the tiers of a club: who would move, before anybody does."""

    _name = "loyalty.tier.preview"
    _description = "Change How Tiers Are Earned"

    club_id = fields.Many2one("loyalty.club", required=True, readonly=True, ondelete="cascade")
    metric = fields.Selection(
        lambda self: self.env["loyalty.club"]._fields["qualification_metric"]._description_selection(self.env),
        string="Tiers Are Earned By",
        required=True,
        default="spend",
    )
    period = fields.Selection(
        lambda self: self.env["loyalty.club"]._fields["qualification_period"]._description_selection(self.env),
        string="Counted Over",
        required=True,
    )
    downgrade = fields.Selection(
        lambda self: self.env["loyalty.club"]._fields["downgrade"]._description_selection(self.env),
        string="Down at the Review",
        required=True,
    )
    grace_days = fields.Integer(string="Grace Before the Review (Days)")
    line_ids = fields.One2many("loyalty.tier.preview.line", "wizard_id", string="Tiers")
    move_ids = fields.One2many("loyalty.tier.preview.move", "wizard_id", string="Who Would Move", readonly=True)
    previewed_as = fields.Char(readonly=True, help="The rules for which the preview stands.")
    is_previewed = fields.Boolean(compute="_compute_is_previewed")
    stay_count = fields.Integer(string="Stay in Their Tier", readonly=True)
    reason = fields.Char(help="Stands in the club's notes, and in the log of each member who moves.")

    @api.depends("metric", "period", "downgrade", "line_ids.threshold", "previewed_as")
    def _compute_is_previewed(self):
        for wizard in self:
            wizard.is_previewed = bool(wizard.previewed_as) and wizard.previewed_as == wizard._rules_text()

    @api.depends("club_id")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Tiers of %s", wizard.club_id.name)

    @api.model
    def _open(self, club):
        """The action that shows the rules of a club, to be changed.

        :raises AccessError: unless the user manages clubs
        """
        club._check_manager(self.env._("Only a club manager changes how tiers are earned."))
        wizard = self.create(
            {
                "club_id": club.id,
                "metric": club.qualification_metric or "spend",
                "period": club.qualification_period,
                "downgrade": club.downgrade,
                "grace_days": club.tier_grace_days,
                "line_ids": [
                    Command.create({"tier_id": tier.id, "threshold": tier.threshold})
                    for tier in club.tier_ids.sorted("sequence")
                ],
            }
        )
        return wizard._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("How tiers are earned"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
        }

    def _rules_text(self):
        """The rules as text, to see whether they have been changed since the preview."""
        thresholds = ",".join(f"{line.tier_id.id}:{line.threshold!r}" for line in self.line_ids)
        return f"{self.metric}/{self.period}/{self.downgrade}/{thresholds}"

    def _rules(self):
        tiers = self.line_ids.sorted(lambda line: (line.tier_id.sequence, line.tier_id.id))
        return self.club_id._tier_rules(
            tiers=tuple((line.tier_id.id, line.threshold) for line in tiers),
            period=self.period,
            downgrade=self.downgrade,
            grace_days=self.grace_days,
        )

    # ------------------------------------------------------------ who would move

    def action_preview(self):
        """Work out who would move."""
        self.ensure_one()
        self._check_rules()
        tiers = self._rules().tiers
        query = SQL(
            "SELECT tier_id, to_rank, at_once, count(*) FROM (%s) move GROUP BY tier_id, to_rank, at_once",
            self._moves(),
        )
        self.env.flush_all()
        rows, stay = [], 0
        for tier_id, to_rank, at_once, count in self.env.execute_query(query):
            if to_rank is None:
                stay += count
            else:
                rows.append(
                    {
                        "from_tier_id": tier_id,
                        "to_tier_id": tiers[to_rank][0],
                        "when": "now" if at_once else "review",
                        "count": count,
                    }
                )
        rows.sort(key=lambda row: (row["when"], row["from_tier_id"] or 0, row["to_tier_id"]))
        self.write(
            {
                "move_ids": [Command.clear(), *(Command.create(row) for row in rows)],
                "stay_count": stay,
                "previewed_as": self._rules_text(),
            }
        )
        return self._reopen()

    def _moves(self):
        """SQL: each member of the club, with the rank of the tier to which he would move by these rules, and whether
        at once or at his review; NULL: he stays. As ``tier_rules.decide``, with what is done until today."""
        club, rules = self.club_id, self._rules()
        today = club._today()
        return SQL(
            """
            SELECT id, tier_id,
                   CASE WHEN had IS NULL OR earned < had AND by_hand IS DISTINCT FROM 'lowered' THEN earned
                        WHEN earned > had AND by_hand IS NULL AND %(down)s <> 'never'
                        THEN CASE WHEN %(down)s = 'one_step' THEN had + 1 ELSE earned END END AS to_rank,
                   had IS NULL OR earned < had AS at_once
              FROM (SELECT member.id, member.tier_id, member.tier_by_hand AS by_hand, %(had)s AS had, %(earned)s AS earned
                      FROM loyalty_membership member
                 LEFT JOIN (%(values)s) done ON done.id = member.id
                     WHERE member.club_id = %(club)s AND member.state NOT IN ('ended', 'future')) member
            """,
            down=rules.downgrade,
            had=club._rank_sql(),
            earned=club._earned_sql(SQL("COALESCE(done.value, 0)"), rules),
            values=club._current_values(today, metric=self.metric, period=self.period),
            club=club.id,
        )

    def _check_rules(self):
        """:raises AccessError: unless the user manages clubs
        :raises UserError: when a better tier would be easier to earn than a lesser one
        """
        self.club_id.check_access("write")
        if not self.line_ids:
            raise UserError(
                self.env._("%s has no tiers yet: add some, then say how they are earned.", self.club_id.name)
            )
        tiers = [tier for tier in self._rules().tiers[:-1] if tier[1] > 0]
        names = {line.tier_id.id: line.tier_id.name for line in self.line_ids}
        if any(threshold < 0 for _tier, threshold in self._rules().tiers) or self.grace_days < 0:
            raise UserError(self.env._("Thresholds and days of grace are 0 or more."))
        for (better, high), (lesser, low) in pairwise(tiers):
            if high <= low:
                raise UserError(
                    self.env._(
                        "%(better)s is better than %(lesser)s: its threshold must be higher.",
                        better=names[better],
                        lesser=names[lesser],
                    )
                )

    # ------------------------------------------------------------ let it be so

    def action_apply(self):
        """Change the rules, and move those who move at once.

        :raises UserError: without a reason, or when the rules have been changed since the preview
        """
        self.ensure_one()
        self._check_rules()
        if not self.is_previewed:
            raise UserError(self.env._("Look at the preview of these rules first: press “Who would move?”."))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Enter the reason: it stands in the log of each member who moves."))
        club = self.club_id
        club.write(
            {
                "qualification_metric": self.metric,
                "qualification_period": self.period,
                "downgrade": self.downgrade,
                "tier_grace_days": self.grace_days,
                "tier_ids": [Command.update(line.tier_id.id, {"threshold": line.threshold}) for line in self.line_ids],
            }
        )
        club.message_post(body=self._what_changed())
        # sudo: the right is checked by _check_rules; nobody may write the queue.
        club.sudo()._queue_differing(self.reason)
        club.sudo().tiers_evaluated_on = club._today()
        Queue = self.env["loyalty.tier.queue"].sudo()
        if Queue.search_count([], limit=BATCH + 1) <= BATCH:
            Queue._drain()  # else the cron does it, which club.write has called
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _what_changed(self):
        changed = [
            f"{line.tier_id.name}: {line.old_threshold:.12g} → {line.threshold:.12g}"
            for line in self.line_ids
            if line.old_threshold != line.threshold
        ]
        return " · ".join([self.env._("Rules of the tiers changed: %s", self.reason), *changed])


class LoyaltyTierPreviewLine(models.TransientModel):
    _name = "loyalty.tier.preview.line"
    _description = "Threshold of a Tier"
    _order = "id"

    wizard_id = fields.Many2one("loyalty.tier.preview", required=True, ondelete="cascade")
    tier_id = fields.Many2one("res.partner.grade", required=True, readonly=True, ondelete="cascade")
    old_threshold = fields.Float(string="Now", compute="_compute_old_threshold", store=True)
    threshold = fields.Float(string="New")
    threshold_currency_id = fields.Many2one("res.currency", compute="_compute_threshold_currency_id")

    @api.depends("wizard_id.metric", "wizard_id.club_id")
    def _compute_threshold_currency_id(self):
        for line in self:
            wizard = line.wizard_id
            line.threshold_currency_id = wizard.club_id.qualification_currency_id if wizard.metric == "spend" else False

    @api.depends("tier_id")
    def _compute_old_threshold(self):
        for line in self:
            line.old_threshold = line.tier_id.threshold


class LoyaltyTierPreviewMove(models.TransientModel):
    _name = "loyalty.tier.preview.move"
    _description = "Members Who Would Move"
    _order = "id"

    wizard_id = fields.Many2one("loyalty.tier.preview", required=True, ondelete="cascade")
    from_tier_id = fields.Many2one("res.partner.grade", string="From", ondelete="cascade")
    to_tier_id = fields.Many2one("res.partner.grade", string="To", ondelete="cascade")
    when = fields.Selection([("now", "At once"), ("review", "At review")], required=True)
    count = fields.Integer(string="Members")

    def action_open_members(self):
        """The members of this line."""
        self.ensure_one()
        wizard = self.wizard_id
        wizard._check_rules()
        if not wizard.is_previewed:
            raise UserError(self.env._("The rules have been changed: press “Who would move?” again."))
        to_rank = [tier for tier, _threshold in wizard._rules().tiers].index(self.to_tier_id.id)
        query = SQL(
            "SELECT id FROM (%s) move WHERE tier_id IS NOT DISTINCT FROM %s AND to_rank = %s AND at_once = %s LIMIT %s",
            wizard._moves(),
            self.from_tier_id.id or None,
            to_rank,
            self.when == "now",
            SHOWN,
        )
        self.env.flush_all()
        ids = [row_id for (row_id,) in self.env.execute_query(query)]
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.loyalty_membership_action")
        tiers = f"{self.from_tier_id.name or ''} → {self.to_tier_id.name}"
        if self.count > len(ids):
            tiers = self.env._(
                "%(tiers)s (the first %(shown)s of %(count)s)", tiers=tiers, shown=len(ids), count=self.count
            )
        return {**action, "name": tiers, "domain": [("id", "in", ids)], "context": {"create": False}}
