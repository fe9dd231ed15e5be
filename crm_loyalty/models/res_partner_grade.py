from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from .loyalty_membership import BEGUN_STATES, COUNTING_STATES


class ResPartnerGrade(models.Model):
    """A core level becomes a tier when it belongs to a club. The lower its sequence, the better."""

    _inherit = "res.partner.grade"

    club_id = fields.Many2one("loyalty.club", ondelete="restrict", index="btree_not_null")
    program_id = fields.Many2one(
        "loyalty.program",
        string="Discount Program",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
        help="The promotion that gives members of this tier their discount.",
    )
    discount = fields.Float(
        string="Discount (%)",
        compute="_compute_discount",
        compute_sudo=True,
        inverse="_inverse_discount",
        help="Percentage off every order of a member. It is the reward of the discount program.",
    )
    partner_tag_id = fields.Many2one(
        "res.partner.category",
        string="Contact Tag",
        ondelete="set null",
        help="Members of this tier carry this tag while their membership runs.",
    )
    threshold = fields.Float(
        string="Earned From",
        aggregator=None,  # tiers are not added up
        help="What a member must have done in the club's metric and period. The lowest tier is where everybody begins;"
        " another one with 0 is given by hand only.",
    )
    threshold_currency_id = fields.Many2one(
        "res.currency", compute="_compute_threshold_currency_id", help="Empty: purchases or points are counted."
    )
    points_multiplier = fields.Float(
        string="Points Times",
        default=1.0,
        aggregator=None,
        help="Members of this tier collect so many times the points, rounded down to two decimals.",
    )
    qualification_metric = fields.Selection(related="club_id.qualification_metric")
    member_count = fields.Integer(string="Members", compute="_compute_member_count")

    _threshold_positive = models.Constraint("CHECK (threshold >= 0)", "The threshold of a tier is 0 or more.")
    _points_multiplier_positive = models.Constraint(
        "CHECK (points_multiplier > 0)", "Points are collected more than 0 times."
    )

    @api.depends("program_id.active", "program_id.reward_ids.discount")
    def _compute_discount(self):
        for tier in self:
            program = tier.program_id
            tier.discount = program.reward_ids[:1].discount if program.active else 0.0

    def _inverse_discount(self):
        for tier in self:
            tier._set_discount(tier.discount)

    @api.depends("club_id.qualification_metric", "club_id.company_id")
    def _compute_threshold_currency_id(self):
        for tier in self:
            club = tier.club_id
            tier.threshold_currency_id = (
                club.qualification_currency_id if club.qualification_metric == "spend" else False
            )

    def _compute_member_count(self):
        counts = dict(
            self.env["loyalty.membership"]._read_group(
                [("tier_id", "in", self.ids), ("state", "in", BEGUN_STATES)], ["tier_id"], ["__count"]
            )
        )
        for tier in self:
            tier.member_count = counts.get(tier, 0)

    def action_open_members(self):
        """The members that have this tier."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.loyalty_membership_action")
        return {
            **action,
            "display_name": self.display_name,
            "path": False,
            "domain": [("tier_id", "=", self.id), ("state", "in", BEGUN_STATES)],
            "context": {},
        }

    @api.constrains("club_id", "company_id", "program_id")
    def _check_club(self):
        for tier in self.filtered("club_id"):
            if tier.company_id != tier.club_id.company_id:
                raise ValidationError(
                    self.env._(
                        "The tier %(tier)s must be of the same company as %(club)s.",
                        tier=tier.name,
                        club=tier.club_id.name,
                    )
                )
            if tier.program_id and tier not in tier.program_id.tier_ids:
                raise ValidationError(
                    self.env._(
                        "The program “%(program)s” is not restricted to the tier %(tier)s: everybody would have"
                        " its discount.",
                        program=tier.program_id.name,
                        tier=tier.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        clubs = self.env["loyalty.club"]
        for vals in vals_list:
            if vals.get("club_id"):
                vals["company_id"] = clubs.browse(vals["club_id"]).company_id.id
        tiers = super().create(vals_list)
        tiers._follow_thresholds()
        return tiers

    def write(self, vals):
        if "club_id" in vals or vals.get("active") is False:
            self._check_no_members()
        if vals.get("club_id"):
            vals = {**vals, "company_id": self.env["loyalty.club"].browse(vals["club_id"]).company_id.id}
        result = super().write(vals)
        if {"sequence", "partner_tag_id"} & vals.keys() and self.club_id:
            self._running_members()._mirror_memberships()
        if {"threshold", "sequence", "club_id"} & vals.keys():
            self._follow_thresholds()
        return result

    def _follow_thresholds(self):
        """What is asked for a tier has changed: it must make sense, and members are evaluated anew."""
        clubs = self.club_id.filtered("qualification_metric")
        if clubs and not self.env.context.get("thresholds_later"):
            clubs._check_thresholds()
        if clubs:
            clubs._evaluate_soon()

    def _running_members(self):
        # As superuser: the right to change the tier was checked by the write; who has it does not depend on the reader.
        memberships = (
            self.env["loyalty.membership"]
            .sudo()
            .search([("tier_id", "in", self.ids), ("state", "in", COUNTING_STATES)])
        )
        return memberships.partner_id

    def _check_no_members(self):
        """:raises UserError: when a member still has one of these tiers"""
        for tier, count in self.env["loyalty.membership"]._read_group(
            [("tier_id", "in", self.ids), ("state", "!=", "ended")], ["tier_id"], ["__count"]
        ):
            raise UserError(
                self.env._(
                    "%(count)s members have the tier %(tier)s. Give them another one first.",
                    count=count,
                    tier=tier.name,
                )
            )

    def _given_on_orders(self):
        """What members of each of these tiers get on an order, to be compared. Queries: two, however many.

        :return: ``{tier's id: (ids of programs for it, ids of rewards for it, price list's id, points multiplier)}``
        """
        # sudo: no check is needed, for nothing of it is handed out: what a tier gives is the same whoever asks, and only
        # whether it is the same is used.
        programs = self.env["loyalty.program"].sudo().search([("tier_ids", "in", self.ids)])
        rewards = self.env["loyalty.reward"].sudo().search([("tier_ids", "in", self.ids)])
        return {
            tier.id: (
                frozenset(programs.filtered(lambda program, tier=tier: tier in program.tier_ids).ids),
                frozenset(rewards.filtered(lambda reward, tier=tier: tier in reward.tier_ids).ids),
                tier.default_pricelist_id.id,
                tier.points_multiplier,
            )
            for tier in self
        }

    def _set_discount(self, discount):
        """Give members of this tier ``discount`` percent by a promotion for them alone; 0 takes it away.

        :raises AccessError: unless the user manages clubs
        :raises ValidationError: when it is no percentage, or the level is not a tier of a club
        """
        self.ensure_one()
        if not discount and not self.program_id:
            return
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager changes the discount of a tier."))
        if not 0 <= discount <= 100:
            raise ValidationError(self.env._("The discount of %s must be between 0 and 100 percent.", self.name))
        # sudo below: the right is checked by _check_manager; a program brings products, which a club manager need
        # not be able to make.
        program = self.program_id.sudo().with_context(active_test=False)
        if not discount:
            program.active = False
        elif not self.club_id:
            raise ValidationError(self.env._("Choose the club of the level %s, then its discount.", self.name))
        elif not program:
            self.sudo().program_id = program.create(self._discount_program_values(discount))
        else:
            program.active = True
            program.reward_ids[:1].write({"discount": discount, "description": self._discount_description(discount)})

    def _discount_program_values(self, discount):
        self.ensure_one()
        return {
            "name": f"{self.club_id.name}: {self.name}",
            "program_type": "promotion",
            "company_id": self.company_id.id,
            **self.club_id._program_currency(self.company_id.id),
            "applies_on": "current",
            "trigger": "auto",
            "tier_ids": [Command.set(self.ids)],
            "rule_ids": [Command.create({"reward_point_mode": "order", "minimum_qty": 0, "minimum_amount": 0})],
            "reward_ids": [
                Command.create(
                    {
                        "reward_type": "discount",
                        "discount_mode": "percent",
                        "discount": discount,
                        "discount_applicability": "order",
                        "required_points": 1,
                        "description": self._discount_description(discount),
                    }
                ),
            ],
            **self.env["loyalty.program"]._outside_the_till(),
        }

    def _discount_description(self, discount):
        """What the customer reads on the order."""
        percent = f"{discount:g}%"
        return self.env._(
            "%(percent)s for %(tier)s members of %(club)s", percent=percent, tier=self.name, club=self.club_id.name
        )
