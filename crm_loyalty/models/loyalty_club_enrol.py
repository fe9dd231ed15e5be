from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from . import card_number


class LoyaltyClub(models.Model):
    """Joining a club, and the cards for it."""

    _inherit = "loyalty.club"

    def _enrol(self, partners, tier=None, date=None, reason=None, way_in="staff", cards=None):
        """Make customers members of this club, each with a card.

        A customer who already has a card of the club's program, be it from an earlier membership, keeps its number
        and points, unless another card is given.

        :param partners: ``res.partner`` records; with ``member_level`` "commercial" their commercial partners join
        :param tier: ``res.partner.grade`` of this club; its lowest one when not given
        :param date: first day, today when not given; a later day makes a future membership
        :param reason: why, for the log
        :param way_in: how they came to join, one of ``loyalty.membership.way_in``
        :param cards: ``{res.partner: loyalty.card}`` with the cards that they get (imported, printed beforehand)
        :return: the new ``loyalty.membership`` records, one per member
        :raises AccessError: unless the user is of the group "Clubs / User" and may read the customers; only a manager
            gives a tier other than the lowest
        :raises UserError: when one of them is a member already, the membership would have ended before it begins, or
            a given card is of another program or of somebody else
        """
        self.ensure_one()
        tier = tier or self._entry_tier()
        date = date or self._today()
        self._check_may_enrol(partners, tier, way_in)
        members = self._members(partners)
        self._check_can_enrol(members, tier, date)
        back = self._check_not_yet_members(members)
        # sudo: rights are checked by _check_may_enrol; a clerk enrols, but writes memberships in no other way.
        Membership = self.env["loyalty.membership"].sudo().with_context(tracking_disable=True)
        state = "future" if date > self._today() else "running"
        common = {"club_id": self.id, "tier_id": tier.id, "state": state, "tier_since": date, "way_in": way_in}
        dates = {"date_start": date, "date_end": self._validity_end(date)}
        memberships = Membership.create(
            [
                {"partner_id": member.id, "card_id": card.id, **common, **dates}
                for member, card in self._give_cards(members, self._given_cards(cards or {})).items()
            ]
        )
        returned = memberships.filtered(lambda membership: membership.partner_id in back)
        returned._log("returned", reason, new_tier=tier)
        (memberships - returned)._log("enrolled", reason, new_tier=tier)
        memberships._follow_up()
        return memberships.with_env(self.env)

    def _check_may_enrol(self, partners, tier, way_in):
        """:raises AccessError: unless the user may enrol ``partners`` in this club with ``tier``"""
        self.check_access("read")
        partners.check_access("read")
        user = self.env.user
        if not (self.env.su or user.has_group("crm_loyalty.group_club_user")):
            raise AccessError(self.env._("Ask a colleague of the group “Clubs / User” to enrol members."))
        if self.enrolment == "paid" and way_in != "fee":
            self._check_manager(
                self.env._(
                    "One joins %(club)s by buying “%(product)s”: sell it to the customer. Only a club manager enrols"
                    " somebody without it.",
                    club=self.name,
                    product=self.sudo().fee_product_id.display_name,  # sudo: its name, in a message
                )
            )
        if tier != self._entry_tier():
            self._check_manager(self.env._("Only a club manager gives a new member the tier %s.", tier.name))

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

    def _check_not_yet_members(self, members):
        """:return: those of ``members`` who were in the club before
        :raises UserError: naming those who are in it now
        """
        # sudo: nobody joins twice, whatever this user may see; _check_may_enrol has checked the right to read the
        # members.
        all_memberships = (
            self.env["loyalty.membership"].sudo().search([("club_id", "=", self.id), ("partner_id", "in", members.ids)])
        )
        memberships = all_memberships.filtered(lambda membership: membership.state != "ended")
        if memberships:
            raise UserError(
                self.env._(
                    "Already a member of %(club)s: %(members)s.",
                    club=self.name,
                    members=", ".join(
                        f"{membership.partner_id.name} ({membership.card_id.code})" for membership in memberships[:10]
                    ),
                )
            )
        return all_memberships.partner_id.with_env(self.env)

    def _given_cards(self, cards):
        """Check the cards that new members bring with them, and make them theirs.

        :param cards: ``{res.partner: loyalty.card}``
        :return: ``{member's id: loyalty.card}``
        :raises UserError: when a card is of another program or of somebody else, or two are given to one member
        """
        given = {}
        for partner, card in cards.items():
            member = self._members(partner)
            # sudo: only called by _enrol, which has checked the right to enrol; clerks have no right on cards.
            card = card.sudo().with_context(tracking_disable=True)
            if card.program_id != self.program_id:
                raise UserError(
                    self.env._("Card %(card)s is no card of %(club)s: choose another.", card=card.code, club=self.name)
                )
            if not card.active or card.partner_id not in (member, card.partner_id.browse()):
                raise UserError(
                    self.env._(
                        "Card %(card)s cannot be given to %(member)s: it is archived or somebody else's.",
                        card=card.code,
                        member=member.name,
                    )
                )
            if given.setdefault(member.id, card) != card:
                raise UserError(self.env._("%s would get two cards: choose one.", member.name))
            if not card.partner_id:
                card.partner_id = member
        return given

    def _give_cards(self, members, given):
        """The card of each member in the club's program, made where missing.

        :param given: ``{member's id: loyalty.card}`` that some of them have been given
        :return: ``{res.partner: loyalty.card}``
        """
        # Only called by _enrol, which has checked the right to enrol; clerks have no right on cards themselves.
        Card = self.env["loyalty.card"].sudo()
        cards = dict(given)
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
        # sudo: a number is taken whoever may see the card; nothing of it is handed out.
        cards = self.env["loyalty.card"].sudo().with_context(active_test=False)
        return set(cards.search([("code", "in", list(numbers))]).mapped("code"))
