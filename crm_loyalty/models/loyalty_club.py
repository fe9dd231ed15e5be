from dateutil.relativedelta import relativedelta
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from . import card_number

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
                [("club_id", "in", self.ids), ("state", "=", "running")], ["club_id"], ["__count"]
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
        return super().write(vals)

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

    def _entry_tier(self):
        """The tier in which a new member begins: the least of the club; none when the club has no tiers."""
        self.ensure_one()
        return self.tier_ids.sorted("sequence")[-1:]

    def _members(self, partners):
        """Who becomes the member when one of ``partners`` joins this club."""
        self.ensure_one()
        return partners.commercial_partner_id if self.member_level == "commercial" else partners

    def _card_numbers(self, count):
        """Draw new card numbers.

        :return: list of ``count`` numbers that no card and no promotion code has
        :raises UserError: when the prefix is all but used up
        """
        self.ensure_one()
        numbers = set()
        for _attempt in range(20):
            drawn = set()
            while len(numbers) + len(drawn) < count:
                drawn.add(card_number.draw(self.card_prefix, self.card_length))
            numbers |= drawn - self._numbers_taken(drawn)
            if len(numbers) == count:
                return sorted(numbers)
        raise UserError(self.env._("%(club)s runs out of card numbers: give its cards more digits.", club=self.name))

    def _numbers_taken(self, numbers):
        cards = self.env["loyalty.card"].sudo().with_context(active_test=False)
        return set(cards.search([("code", "in", list(numbers))]).mapped("code"))

    # ------------------------------------------------------------ joining

    def _enrol(self, partners, tier=None, date=None, reason=None):
        """Make customers members of this club, each with a card.

        A customer who already has a card of the club's program, be it from an earlier membership, keeps its number
        and points.

        :param partners: ``res.partner`` records; with ``member_level`` "commercial" their commercial partners join
        :param tier: ``res.partner.grade`` of this club; its lowest one when not given
        :param date: first day, today when not given; a later day makes a future membership
        :param reason: why, for the log
        :return: the new ``loyalty.membership`` records, one per member
        :raises AccessError: unless the user is of the group "Clubs / User" and may read the customers; a tier other
        than
            the lowest can be given by a manager only
        :raises UserError: when one of them is a member already, or the membership would have ended before it begins
        """
        self.ensure_one()
        tier = tier or self._entry_tier()
        date = date or self._today()
        self._check_may_enrol(partners, tier)
        members = self._members(partners)
        self._check_can_enrol(members, tier, date)
        # Rights are checked by _check_may_enrol. A clerk enrols, yet may not write cards or memberships in any
        # other way.
        memberships = (
            self.env["loyalty.membership"]
            .sudo()
            .with_context(tracking_disable=True)
            .create(
                [
                    {
                        "partner_id": member.id,
                        "club_id": self.id,
                        "tier_id": tier.id,
                        "card_id": card.id,
                        "state": "future" if date > self._today() else "running",
                        "date_start": date,
                        "date_end": self._validity_end(date),
                        "tier_since": date,
                    }
                    for member, card in self._give_cards(members).items()
                ]
            )
        )
        memberships._log("enrolled", reason, new_tier=tier)
        memberships._follow_up()
        return memberships.sudo(self.env.su)

    def _check_may_enrol(self, partners, tier):
        """:raises AccessError: unless the user may enrol ``partners`` in this club with ``tier``"""
        self.check_access("read")
        partners.check_access("read")
        user = self.env.user
        if not (self.env.su or user.has_group("crm_loyalty.group_club_user")):
            raise AccessError(self.env._("Ask a colleague of the group “Clubs / User” to enrol members."))
        if tier != self._entry_tier():
            self._check_manager(self.env._("Only a club manager gives a new member the tier %s.", tier.name))

    def _check_manager(self, message):
        """:raises AccessError: unless the user manages clubs"""
        if not (self.env.su or self.env.user.has_group("crm_loyalty.group_club_manager")):
            raise AccessError(message)

    def _check_can_enrol(self, members, tier, date):
        """:raises UserError: when the club cannot take one of ``members`` in ``tier`` from ``date`` on"""
        if not members:
            raise UserError(self.env._("Choose who joins %s.", self.name))
        if not self.active:
            raise UserError(self.env._("%s is archived and takes no members.", self.name))
        if tier and tier.club_id != self:
            raise UserError(self.env._("%(tier)s is not a tier of %(club)s.", tier=tier.name, club=self.name))
        end = self._validity_end(date)
        if end and end < max(date, self._today()):
            raise UserError(
                self.env._(
                    "A membership of %(club)s would have ended on %(end)s."
                    " Change the club's validity or the first day.",
                    club=self.name,
                    end=fields.Date.to_string(end),
                )
            )
        if any(member.is_public for member in members):
            raise UserError(self.env._("The website's anonymous visitor cannot join a club: choose a customer."))
        members_already = (
            self.env["loyalty.membership"]
            .sudo()
            .search(
                # As superuser: whoever is a member must not join twice, whatever this user may see of it.
                [("club_id", "=", self.id), ("partner_id", "in", members.ids), ("state", "!=", "ended")]
            )
        )
        if members_already:
            raise UserError(
                self.env._(
                    "Already a member of %(club)s: %(members)s.",
                    club=self.name,
                    members=", ".join(
                        f"{membership.partner_id.name} ({membership.card_id.code})"
                        for membership in members_already[:10]
                    ),
                )
            )

    def _give_cards(self, members):
        """The card of each member in the club's program, made where missing.

        :return: ``{res.partner: loyalty.card}``
        """
        # Only called by _enrol, which has checked the right to enrol; clerks have no right on cards themselves.
        Card = self.env["loyalty.card"].sudo()
        cards = {}
        for card in Card.search(
            [("program_id", "=", self.program_id.id), ("partner_id", "in", members.ids)], order="id"
        ):
            cards.setdefault(card.partner_id.id, card)
        without = members.filtered(lambda member: member.id not in cards)
        new_cards = Card.with_context(loyalty_no_mail=True, tracking_disable=True).create(
            [
                {"program_id": self.program_id.id, "partner_id": member.id, "code": code}
                for member, code in zip(without, self._card_numbers(len(without)), strict=True)
            ]
        )
        cards.update({card.partner_id.id: card for card in new_cards})
        return {member: cards[member.id] for member in members}

    # ------------------------------------------------------------ making one

    @api.model
    def _create_with_programs(self, vals, tiers, points):
        """Make a club that works at once: points program, tiers, and a promotion for each tier.

        :param vals: values of the club, without ``program_id``
        :param tiers: list of dicts with ``name`` and ``discount`` in percent, the best tier first
        :param points: dict with ``amount`` to spend for one point, and ``value`` of a point, in the company's currency
        :return: the new ``loyalty.club``
        :raises AccessError: unless the user manages clubs
        """
        self._check_manager(self.env._("Only a club manager makes clubs."))
        # The right is checked by _check_manager; a program brings products, which a club manager need not be able
        # to make.
        program = self.env["loyalty.program"].sudo().create(self._points_program_values(vals, points))
        club = self.create({**vals, "program_id": program.id})
        program.club_ids = club
        self.env["res.partner.grade"].create(
            [{**tier, "club_id": club.id, "sequence": position} for position, tier in enumerate(tiers, start=1)]
        )
        return club

    @api.model
    def _points_program_values(self, vals, points):
        """Points for money; a point is worth money, so that spending points adds to a tier's percentage (core allows
        one percentage on the whole order)."""
        return {
            "name": self.env._("%s points", vals["name"]),
            "program_type": "loyalty",
            "company_id": vals.get("company_id"),
            "applies_on": "both",
            "trigger": "auto",
            "portal_visible": True,
            "portal_point_name": self.env._("Points"),
            "rule_ids": [
                Command.create(
                    {
                        "reward_point_mode": "money",
                        "reward_point_amount": 1 / points["amount"],
                        "minimum_qty": 0,
                    }
                ),
            ],
            "reward_ids": [
                Command.create(
                    {
                        "reward_type": "discount",
                        "discount_mode": "per_point",
                        "discount": points["value"],
                        "discount_applicability": "order",
                        "required_points": 1,
                    }
                ),
            ],
            **self.env["loyalty.program"]._outside_the_till(),
        }

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
