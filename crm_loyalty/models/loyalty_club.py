from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from . import card_number
from .loyalty_membership import BEGUN_STATES

CARD_FREE_DIGITS = 6  # a million numbers per prefix at least, so that a guessed one is rarely somebody's


class LoyaltyClub(models.Model):
    """A member club: who may be in it, for how long, and the core program in which its members collect points."""

    _name = "loyalty.club"
    _description = "Membership Club"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, index=True)
    program_id = fields.Many2one(
        "loyalty.program",
        string="Points Program",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain="[('program_type', '=', 'loyalty')]",
        tracking=True,
        help="The loyalty program in which members collect and spend points. Their cards are cards of this program.",
    )
    member_level = fields.Selection(
        [("commercial", "The customer with all its contacts"), ("person", "Each person alone")],
        string="Member",
        required=True,
        default="commercial",
        help="With the first, a company is one member: all its contacts use one card and have its tier.",
    )
    validity = fields.Selection(
        [
            ("lifetime", "For life"),
            ("rolling", "Months from the first day"),
            ("calendar_year", "Calendar year"),
            ("fixed", "Fixed last day"),
        ],
        required=True,
        default="lifetime",
        tracking=True,
    )
    validity_months = fields.Integer(string="Months", default=12)
    validity_date = fields.Date(string="Last Day")
    card_prefix = fields.Char(
        required=True,
        default="044",
        help="Digits with which every card number begins. The point of sale recognises cards with 043 or 044.",
    )
    card_length = fields.Integer(
        string="Card Digits",
        required=True,
        default=13,
        help="Digits of a card number in all, its check digit included.",
    )
    tier_ids = fields.One2many("res.partner.grade", "club_id", string="Tiers")
    membership_ids = fields.One2many("loyalty.membership", "club_id", string="Memberships")
    member_count = fields.Integer(string="Members", compute="_compute_member_count")

    _months_positive = models.Constraint(
        "CHECK (validity != 'rolling' OR validity_months > 0)", "A membership lasts one month or more."
    )
    _fixed_day = models.Constraint(
        "CHECK (validity != 'fixed' OR validity_date IS NOT NULL)", "Enter the last day of the memberships."
    )

    @api.depends("membership_ids.state")
    def _compute_member_count(self):
        counts = dict(
            self.env["loyalty.membership"]._read_group(
                [("club_id", "in", self.ids), ("state", "in", BEGUN_STATES)], ["club_id"], ["__count"]
            )
        )
        for club in self:
            club.member_count = counts.get(club, 0)

    @api.constrains("card_prefix", "card_length")
    def _check_card_pattern(self):
        for club in self:
            prefix = club.card_prefix
            if not (prefix.isascii() and prefix.isdigit() and prefix.startswith(card_number.SCANNABLE_PREFIXES)):
                raise ValidationError(
                    self.env._(
                        "Card numbers of %(club)s cannot begin with “%(prefix)s”: begin with 043 or 044 and use digits"
                        " only, so that the point of sale recognises a scanned card.",
                        club=club.name,
                        prefix=prefix,
                    )
                )
            shortest, longest = len(prefix) + CARD_FREE_DIGITS + 1, 24
            if not shortest <= club.card_length <= longest:
                raise ValidationError(
                    self.env._(
                        "Card numbers of %(club)s need %(shortest)s to %(longest)s digits.",
                        club=club.name,
                        shortest=shortest,
                        longest=longest,
                    )
                )

    @api.constrains("program_id")
    def _check_points_program(self):
        for club in self:
            program = club.program_id
            if program.program_type != "loyalty" or program.applies_on != "both":
                raise ValidationError(
                    self.env._(
                        "Members of %(club)s cannot collect points in “%(program)s”: choose a program of the type"
                        " “Loyalty Cards” for current and future orders.",
                        club=club.name,
                        program=program.name,
                    )
                )

    def write(self, vals):
        if vals.get("active") is False:
            self._check_no_members()
        if "grace_days" in vals:
            self.env["loyalty.membership"].flush_model()  # ends set before have the days of grace of before
        result = super().write(vals)
        if "grace_days" in vals:
            self._apply_grace_days()
        return result

    def _check_no_members(self):
        """:raises UserError: when somebody is still a member"""
        for club, count in self.env["loyalty.membership"]._read_group(
            [("club_id", "in", self.ids), ("state", "!=", "ended")], ["club_id"], ["__count"]
        ):
            raise UserError(
                self.env._(
                    "%(club)s still has %(count)s members. End their memberships, then archive the club.",
                    club=club.name,
                    count=count,
                )
            )

    # ------------------------------------------------------------ rules

    def _today(self):
        """The day it is for this club: in the time zone of its company, as for core's loyalty programs."""
        self.ensure_one()
        # sudo: the club is the user's to read, the address of its company, which holds the time zone, need not be.
        company = self.company_id or self.env.company
        return fields.Date.context_today(self.with_context(tz=company.sudo().partner_id.tz or "UTC"))

    def _validity_end(self, start):
        """The last day of a membership that begins on ``start``; False: for life.

        31 January and one month end on 27 February: the month that begins on 28 February is the next one's.
        """
        self.ensure_one()
        if self.validity == "rolling":
            return start + relativedelta(months=self.validity_months) - relativedelta(days=1)
        if self.validity == "calendar_year":
            return start.replace(month=12, day=31)
        return self.validity == "fixed" and self.validity_date

    def _validity_end_after(self, last_day, first_day):
        """The last day of the period that follows the one that ends on ``last_day``; False: for life.

        Whole months are counted from ``first_day``, so that one who joined on the 31st has no shorter and shorter
        months: 31 January to 27 February, to 30 March, to 29 April. Not so when the end was moved, by a freeze for
        instance: then they are counted from the day after it.
        """
        self.ensure_one()
        start = last_day + relativedelta(days=1)
        if self.validity == "rolling":
            months = (start.year - first_day.year) * 12 + start.month - first_day.month
            if first_day + relativedelta(months=months) == start:
                return first_day + relativedelta(months=months + self.validity_months) - relativedelta(days=1)
        return self._validity_end(start)

    def _entry_tier(self):
        """The tier in which a new member begins: the least of the club; none when the club has no tiers."""
        self.ensure_one()
        return self.tier_ids.sorted("sequence")[-1:]

    def _members(self, partners):
        """Who becomes the member when one of ``partners`` joins this club."""
        self.ensure_one()
        return partners.commercial_partner_id if self.member_level == "commercial" else partners

    def _check_manager(self, message):
        """:raises AccessError: unless the user manages clubs"""
        if not (self.env.su or self.env.user.has_group("crm_loyalty.group_club_manager")):
            raise AccessError(message)

    # ------------------------------------------------------------ buttons

    def action_open_memberships(self):
        """The members of this club."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.loyalty_membership_action")
        action["domain"] = [("club_id", "=", self.id)]
        action["context"] = {"default_club_id": self.id, "search_default_open": 1}
        return action

    def action_enrol(self):
        """Ask who joins."""
        self.ensure_one()
        return self.env["loyalty.enrol.wizard"]._open(club=self)
