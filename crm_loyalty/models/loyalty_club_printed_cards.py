import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from . import card_number


class LoyaltyClub(models.Model):
    """Joining with a card that was printed beforehand."""

    _inherit = "loyalty.club"

    def _printed_card_arguments(self, partners, number):
        """What :meth:`_enrol` needs to know of a printed card: nothing, when there is none.

        :param partners: who joins; one member, when there is a number
        :param number: as typed or scanned
        :raises UserError: when the card cannot be his
        """
        self.ensure_one()
        if not (number or "").strip():
            return {}
        members = self._members(partners)
        if len(members) != 1:
            raise UserError(self.env._("A printed card is for one member: choose one customer."))
        # sudo: whether he has a card does not depend on who enrols; the right is checked by _enrol.
        other = (
            self.env["loyalty.card"]
            .sudo()
            .search([("program_id", "=", self.program_id.id), ("partner_id", "=", members.id)], limit=1)
        )
        if other:
            raise UserError(
                self.env._(
                    "%(member)s has card %(card)s of %(club)s from before, and keeps it: join without a new card.",
                    member=members.name,
                    card=other.code,
                    club=self.name,
                )
            )
        return {"way_in": "batch", "cards": {partners[:1]: self._take_printed_card(number)}}

    def _take_printed_card(self, number):
        """Bring a printed card to life, for the member who joins with it in the same transaction.

        :param number: as typed or scanned
        :return: the ``loyalty.card``, as superuser
        :raises UserError: when it is mistyped, none of ours, of another club, given out already or withdrawn
        """
        self.ensure_one()
        number = self._checked_card_number(number)
        # sudo: cards are nobody's to read; the number in hand proves nothing but that he holds the card.
        card = self.env["loyalty.card"].sudo().with_context(active_test=False).search([("code", "=", number)])
        if not card.batch_id:
            raise UserError(self.env._("Card %s is none of our printed cards. Compare the number.", number))
        if card.batch_id.club_id != self:
            raise UserError(
                self.env._(
                    "Card %(card)s is a card of %(other)s, not of %(club)s.",
                    card=number,
                    other=card.batch_id.club_id.name,
                    club=self.name,
                )
            )
        self.env.execute_query(SQL("SELECT id FROM loyalty_card WHERE id = %s FOR UPDATE", card.id))
        card.invalidate_recordset(["partner_id", "active"])
        if card.partner_id or card.active:
            raise UserError(self.env._("Card %s was given out already. Take another one.", number))
        if card.batch_id.state != "drawn":
            raise UserError(self.env._("Card %s was withdrawn. Take another one.", number))
        card.with_context(tracking_disable=True).active = True
        return card

    @api.model
    def _checked_card_number(self, number):
        """The number without the spaces and hyphens of the print.

        :raises UserError: when it cannot be a card number: a digit is wrong or missing
        """
        digits = re.sub(r"[\s-]", "", number or "")
        if not (len(digits) <= 24 and card_number.is_valid(digits)):
            raise UserError(
                self.env._("“%s” is no card number. Type it as it stands on the card.", (number or "").strip()[:40])
            )
        return digits
