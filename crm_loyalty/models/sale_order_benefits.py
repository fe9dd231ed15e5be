from odoo import models
from odoo.exceptions import UserError

from .sale_order import OPEN_STATES


class SaleOrder(models.Model):
    """How memberships become discounts and points: core's engine does it, with what it lacks put around it."""

    _inherit = "sale.order"

    def _update_programs_and_rewards(self):
        """Core's engine; then the member's discount is claimed, and a contact's points go to its company's card.

        The engine runs a second time when something was claimed: it puts discounts in order, and points are earned on
        what is left to pay.
        """
        memberships = self._entitling_memberships()
        engine = super()._update_programs_and_rewards
        cards = memberships.card_id.filtered(lambda card: card.partner_id != self.partner_id)
        if self.state == "sale" and cards & self.coupon_point_ids.coupon_id:
            return  # booked when it was confirmed; core's engine would book it again, on a card of the contact's own
        with self._knowing(memberships), self._benefits_later():
            self._drop_cards_of_others()
            self._drop_points_of_others()
            self._run_engine(engine, cards)
            if self.state in OPEN_STATES and self._claim_members_rewards():
                self._run_engine(engine, cards)

    def _apply_program_reward(self, reward, coupon, **kwargs):
        # Core rewrites the order's lines in several steps; half-way is no state to work out benefits from.
        with self._benefits_later():
            return super()._apply_program_reward(reward, coupon, **kwargs)

    def _action_cancel(self):
        with self._benefits_later():
            return super()._action_cancel()

    # ------------------------------------------------------------ claiming

    def _claim_members_rewards(self):
        """Claim what members get without asking: the only reward of an automatic program for members.

        Of several discounts on the whole order core keeps the one worth most, also beside those not for members.

        :return: whether something was claimed
        """
        self.ensure_one()
        coupons = self.coupon_point_ids.coupon_id.filtered(
            lambda coupon: coupon.program_id._is_given_unasked()
            and coupon.program_id.reward_ids not in self.order_line.reward_id
        )
        if not coupons:
            return False
        claimed = False
        for coupon, reward in self._get_claimable_rewards(forced_coupons=coupons).items():
            try:
                claimed |= "error" not in self._apply_program_reward(reward, coupon)
            except UserError:
                continue  # nothing on this order that could be reduced
        return claimed

    # ------------------------------------------------------------ whose card

    def _try_apply_code(self, code):
        """Refuse somebody else's personal card or coupon, with the reason; core takes any customer's."""
        card = self.env["loyalty.card"].search([("code", "=", code)])
        if not card or card._is_usable_by(self.partner_id):
            return super()._try_apply_code(code)
        if self.partner_id.is_public:
            return {"error": self.env._("%s belongs to a customer. Log in to use it.", code)}
        return {
            "error": self.env._(
                "%s belongs to another customer. Check the number, or choose that customer on the order.", code
            )
        }

    def _drop_cards_of_others(self):
        """Cards applied for the customer who stood on the order before."""
        others = self.applied_coupon_ids.filtered(lambda card: not card._is_usable_by(self.partner_id))
        if others:
            self.applied_coupon_ids -= others

    def _drop_points_of_others(self):
        """Points promised on kept cards that are not the customer's, or in a program that is no longer for him.

        Core's engine does this too, but as the user, and a salesperson may not write these records.
        """
        own_cards = self._entitling_memberships().card_id.filtered(lambda card: card.partner_id == self.partner_id)
        entries = self.coupon_point_ids.filtered(
            lambda entry: entry.coupon_id.program_id.is_nominative and entry.coupon_id not in own_cards
        )
        if not entries or self.state not in OPEN_STATES:
            return
        open_to_him = entries.coupon_id.program_id.filtered_domain(self._get_program_domain())
        lost = entries.filtered(
            lambda entry: entry.coupon_id.program_id not in open_to_him
            or (entry.coupon_id.partner_id != self.partner_id and not entry.coupon_id.partner_id.is_public)
        )
        lost.sudo().unlink()  # as core does with its own records; the caller may write the order

    # ------------------------------------------------------------ one card for a company and its contacts

    def _run_engine(self, engine, cards):
        """Core's engine, letting a contact of a member company collect and spend on ``cards``, which are the company's.

        Core looks for cards of the order's own partner only, and takes points on any other card off the order. So
        core books them on a card it makes for the contact, and they are moved from there.

        What this order itself earns can therefore not be spent on it by a contact; what is on the card can.
        """
        if not cards:
            return engine()
        self.applied_coupon_ids |= cards.filtered("points")
        engine()
        for card in cards:
            self._move_points_to(card)

    def _move_points_to(self, card):
        """Book what the order earns in the program of ``card`` on that card."""
        # As superuser: core's engine, too, keeps its own records this way; a salesperson cannot delete cards.
        entries = self.coupon_point_ids.sudo().filtered(
            lambda entry: entry.coupon_id.program_id == card.program_id and entry.coupon_id != card
        )
        if not entries:
            return
        points = sum(entries.mapped("points"))
        made_for_it = entries.coupon_id.filtered(lambda other: other.order_id == self and not other.points)
        entries.unlink()
        made_for_it.unlink()
        self._add_points_for_coupon({card: points})
