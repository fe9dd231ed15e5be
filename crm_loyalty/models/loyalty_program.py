from odoo import api, fields, models
from odoo.exceptions import ValidationError

CLUBS = "loyalty_club_ids_by_program"  # in the cache of the transaction


class LoyaltyProgram(models.Model):
    """A program may be for members only: of some clubs, of some tiers."""

    _inherit = "loyalty.program"

    # A program whose restriction is lost would be open to everybody. Hence: a tier or club in use is not deleted
    # (ondelete), archiving it does not empty the field (active_test), and neither do the reader's record rules (the
    # program must be of the same company, see _check_members_company).
    tier_ids = fields.Many2many(
        "res.partner.grade",
        relation="loyalty_program_tier_rel",
        column1="program_id",
        column2="tier_id",
        string="Members' Tiers",
        ondelete="restrict",
        context={"active_test": False},
        domain="[('club_id', '!=', False)]",
        help="Only members of these tiers may use the program. Empty, together with the clubs: everybody.",
    )
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

    def _is_for_members(self):
        """Whether only members may use this program."""
        self.ensure_one()
        return bool(self.tier_ids or self.club_ids)

    def _is_given_unasked(self):
        """Whether members get the reward on every order without anybody choosing it."""
        self.ensure_one()
        return (
            self._is_for_members()
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
        """The club whose members collect points in each program. No query but the first.

        :return: ``{loyalty.program: loyalty.club}``, only those that have one
        """
        clubs = self.env["loyalty.club"]
        found = self._club_ids_by_program()
        return {program: clubs.browse(found[program.id]) for program in self if program.id in found}

    @api.model
    def _points_clubs(self):
        """The clubs in which points are collected, archived ones too. No query but the first of a transaction."""
        return self.env["loyalty.club"].browse(self._club_ids_by_program().values())

    @api.model
    def _club_ids_by_program(self):
        """``{id of the points program: id of the club}``, of all. There are few, asked for many times at every order:
        looked up once in a transaction.
        """
        if CLUBS not in self.env.cr.cache:
            # sudo: which club a program belongs to; what of the club may be read is asked of the club.
            clubs = self.env["loyalty.club"].sudo().with_context(active_test=False)
            self.env.cr.cache[CLUBS] = {
                club.program_id.id: club.id for club in clubs.search_fetch([], ["program_id"], order="id desc")
            }
        return self.env.cr.cache[CLUBS]

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


class LoyaltyClub(models.Model):
    """Which program is of which club is looked up anew after a change."""

    _inherit = "loyalty.club"

    @api.model_create_multi
    def create(self, vals_list):
        clubs = super().create(vals_list)
        self.env.cr.cache.pop(CLUBS, None)
        return clubs

    def write(self, vals):
        result = super().write(vals)
        if "program_id" in vals:
            self.env.cr.cache.pop(CLUBS, None)
        return result

    def unlink(self):
        result = super().unlink()
        self.env.cr.cache.pop(CLUBS, None)
        return result
