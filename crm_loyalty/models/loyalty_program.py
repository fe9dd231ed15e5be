from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import frozendict

from .tiers_field import tiers_field


class LoyaltyProgram(models.Model):
    """A program may be for members only: of some clubs, of some tiers."""

    _inherit = "loyalty.program"

    tier_ids = tiers_field(
        "loyalty_program_tier_rel",
        "program_id",
        "Only members of these tiers may use the program. Empty, together with the clubs: everybody.",
    )
    # Guarded as the tiers are, so that the restriction is never lost.
    club_ids = fields.Many2many(
        "loyalty.club",
        relation="loyalty_program_club_rel",
        column1="program_id",
        column2="club_id",
        string="Members' Clubs",
        ondelete="restrict",
        context={"active_test": False},
        help="Only members of these clubs, in whichever tier, may use the program.",
    )
    # Stored, so that the customer who is no member costs no look at tiers and clubs.
    is_for_members = fields.Boolean(compute="_compute_is_for_members", store=True)

    @api.depends("tier_ids", "club_ids")
    def _compute_is_for_members(self):
        for program in self:
            program.is_for_members = bool(program.tier_ids or program.club_ids)

    @api.constrains("tier_ids", "club_ids", "company_id")
    def _check_members_company(self):
        for program in self:
            companies = (program.tier_ids | program.club_ids.tier_ids).company_id | program.club_ids.company_id
            if companies - program.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(program)s” is for members of a club of %(companies)s:"
                        " it must be a program of that company.",
                        program=program.name,
                        companies=", ".join(companies.mapped("name")),
                    )
                )

    def _is_given_unasked(self):
        """Whether members get the reward on every order without anybody choosing it."""
        self.ensure_one()
        return (
            self.is_for_members
            and self.trigger == "auto"
            and not self.is_nominative
            and len(self.reward_ids) == 1
            and not self.reward_ids.multi_product
        )

    @api.model
    def _outside_the_till(self):
        """Values that keep a members' program out of the point of sale, which cannot tell members from others yet."""
        return {"pos_ok": False} if "pos_ok" in self._fields else {}

    def _clubs_by_points_program(self):
        """The club whose members collect points in each program. No query.

        :return: ``{loyalty.program: loyalty.club}``, only those that have one
        """
        clubs = self.env["loyalty.club"]
        found = self._club_ids_by_program()
        return {program: clubs.browse(found[program.id]) for program in self if program.id in found}

    @api.model
    def _points_clubs(self):
        """The clubs in which points are collected, archived ones too. No query."""
        return self.env["loyalty.club"].browse(self._club_ids_by_program().values())

    @api.model
    @tools.ormcache()
    def _club_ids_by_program(self):
        """``{id of the points program: id of the club}``, of all. There are few, asked for many times at every order."""
        # sudo: which club a program belongs to; what of the club may be read is asked of the club.
        clubs = self.env["loyalty.club"].sudo().with_context(active_test=False)
        return frozendict(
            {club.program_id.id: club.id for club in clubs.search_fetch([], ["program_id"], order="id desc")}
        )

    def _point_value(self):
        """What a point takes off a bill at best, in the program's currency; 0 when its rewards are no amounts."""
        self.ensure_one()
        values = [0.0]
        # sudo: who may read the program may know what its points are worth.
        for reward in self.sudo().reward_ids.filtered(lambda reward: reward.reward_type == "discount"):
            if reward.discount_mode == "per_point":
                values.append(reward.discount)
            elif reward.discount_mode == "per_order" and reward.required_points:
                values.append(reward.discount / reward.required_points)
        return max(values)
