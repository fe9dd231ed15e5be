from odoo import api, fields, models
from odoo.addons.crm_contact_history.plausible import database_text
from odoo.exceptions import AccessError
from odoo.tools import format_date

from . import card_number


class SaleOrder(models.Model):
    """Typing or scanning the number of a member card on a quotation: whose is it, and may it be used here?"""

    _inherit = "sale.order"

    # Only a place on the form, for the widget that reads a number and calls identify_by_card.
    member_card_scan = fields.Char(string="Card Number", compute="_compute_member_card_scan")

    def _compute_member_card_scan(self):
        self.member_card_scan = False

    @api.model
    def identify_by_card(self, number, partner_id=False, company_id=False):
        """Whose card is it? Changes nothing. Open to remote calls.

        :param number: as typed or scanned; blanks and hyphens do not matter
        :param partner_id: the customer of the order, when there is one already
        :param company_id: of the order; the user's when not given
        :return: dict with ``partner`` (``id`` and ``display_name`` of the customer to put on the order) and ``text``,
            who it is; or with ``error``, a sentence that says why the card is refused
        :raises AccessError: unless the user is of the group "Clubs / User"
        :raises UserError: for a customer or company that is no number of a record
        """
        if not (self.env.su or self.env.user.has_group("crm_loyalty.group_club_user")):
            raise AccessError(self.env._("Ask a colleague of the group “Clubs / User” to look up a card."))
        number = database_text(number).strip()[:64] if isinstance(number, str) else ""
        checked = self.env["contact.history.entry"]._checked_id
        company = self.env["res.company"].browse((company_id and checked("company_id", company_id)) or []).exists()
        company = company or self.env.company
        partner = self.env["res.partner"].browse((partner_id and checked("partner_id", partner_id)) or []).exists()
        company.check_access("read")
        partner.check_access("read")
        card = self._card_of_number(number)
        error = self._card_fault(number, card) or self._card_misplaced(card, company, partner)
        if error:
            return {"error": error}
        membership = card._memberships_in(company)[:1]
        owner = membership.partner_id.sudo(False)  # no more rights: whether he may be read is checked on the next line
        owner.check_access("read")
        names = [owner.display_name, membership.club_id.name, membership.tier_id.name]
        customer = partner or owner
        return {
            "partner": {"id": customer.id, "display_name": customer.display_name},
            "text": " · ".join(filter(None, names)),
        }

    @api.model
    def _card_of_number(self, number):
        """The card of this number, as superuser: also an archived one, and one of another company, so that the reason
        can be told. What is handed out is decided by :meth:`_card_misplaced`.
        """
        # sudo: identify_by_card has checked that the user looks up cards; of a refused one only the reason is told.
        cards = self.env["loyalty.card"].sudo().with_context(active_test=False)
        # As it is, too: core's own numbers, of cards older than their club, have hyphens.
        return cards.search([("code", "in", [number, self._plain(number)])], limit=1) if number else cards

    @api.model
    def _plain(self, number):
        """A number as on a bank card, “0441 2345-678”, without what only makes it easier to read."""
        return "".join(number.split()).replace("-", "")

    @api.model
    def _card_fault(self, number, card):
        """Why this is no card that could be used by anybody; None when it could."""
        if not number:
            return self.env._("Type or scan the number of a member card.")
        if not card and self._plain(number).isdigit() and not card_number.is_valid(self._plain(number)):
            return self.env._("%s is mistyped: its last digit does not match the others. Read it again.", number)
        if not card:
            return self.env._("No card has the number %s.", number)
        if not card.active and not card.partner_id:
            return self.env._("Card %s waits for its member: enrol the customer with it first.", number)
        if not card.active:
            return self.env._("Card %s is archived: it is not in use any more. Ask for the new card.", number)
        return None

    @api.model
    def _card_misplaced(self, card, company, partner):
        """Why this card cannot be used in ``company``, by ``partner``; None when it can."""
        number = card.code
        # sudo: only to know the companies above a branch, which identify_by_card has checked to be the user's.
        if card.company_id and card.company_id not in company.sudo().parent_ids:
            return self.env._(
                "Card %(card)s is of another company: %(company)s does not take it.", card=number, company=company.name
            )
        open_to_all = card._memberships_in(company, running=False)
        if not open_to_all:
            return self.env._("%s is no member card. If it is a coupon, press “Coupon Code”.", number)
        if not card._memberships_in(company):
            return open_to_all.sorted("date_start")[-1:]._why_not_running()
        if partner and not card._is_usable_by(partner):
            return self.env._(
                "Card %(card)s is another person's than %(customer)s. Change the customer first, if he is the wrong one.",
                card=number,
                customer=partner.display_name,
            )
        return None


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _memberships_in(self, company, running=True):
        """Memberships with this card in clubs of ``company``, the companies above it, or of none; best first.

        :param running: only those that count today
        """
        self.ensure_one()
        Membership = self.env["loyalty.membership"]
        # sudo: only to know the companies above a branch.
        found = Membership.search(
            [("card_id", "=", self.id), ("company_id", "in", [False, *company.sudo().parent_ids.ids])]
        )
        if running:
            # In a domain of its own: the day is that of each club.
            found = found.filtered(lambda m: m.filtered_domain(Membership._running_domain(m.club_id._today())))
        return found._best_first()


class LoyaltyMembership(models.Model):
    _inherit = "loyalty.membership"

    def _why_not_running(self):
        """A sentence for whoever scans the card of a membership that does not count today."""
        self.ensure_one()
        names = {"card": self.card_id.code, "club": self.club_id.name}
        if self.state == "future" or self.date_start > self.club_id._today():
            return self.env._(
                "Card %(card)s of %(club)s is valid from %(day)s on.",
                day=format_date(self.env, self.date_start),
                **names,
            )
        if self.state in ("ended", "running"):
            return self.env._("The membership of card %(card)s in %(club)s has ended. Renew it first.", **names)
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "The membership of card %(card)s in %(club)s does not count at present: %(state)s.",
            state=states[self.state],
            **names,
        )
