from odoo import fields, models
from odoo.exceptions import ValidationError

from ..models.ledger_booking import BOOKING, Booking, Piece


class LoyaltyPointsWizard(models.TransientModel):
    """Points given or taken by hand, with the reason."""

    _name = "loyalty.points.wizard"
    _description = "Adjust Points"

    card_id = fields.Many2one("loyalty.card", required=True, readonly=True)
    balance = fields.Float(related="card_id.points")
    change = fields.Float(string="Points to Add", required=True, help="Below 0: points are taken away.")
    reason = fields.Char(required=True)

    def action_apply(self):
        """Book it."""
        self.ensure_one()
        self.card_id.adjust_points(self.change, self.reason)
        return {"type": "ir.actions.act_window_close"}


class LoyaltyCardUpdateBalance(models.TransientModel):
    """Core's way to change a balance by hand has the same rules: right, reason, cap."""

    _inherit = "loyalty.card.update.balance"

    def action_update_card_point(self):
        card = self.card_id
        change = self.new_balance - self.old_balance
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager adjusts points."))
        if not (self.description or "").strip():
            raise ValidationError(self.env._("Enter the reason: it stands in the ledger."))
        card._lock()
        if change:  # core refuses it otherwise, in its own words
            card._check_can_adjust(change)
        booking = Booking(Piece(kind="adjust", reason=self.description))
        return super(LoyaltyCardUpdateBalance, self.with_context(**{BOOKING: booking})).action_update_card_point()


class LoyaltyGenerateWizard(models.TransientModel):
    """Cards and coupons that are given away: booked as gifts, within the same cap."""

    _inherit = "loyalty.generate.wizard"

    def generate_coupons(self):
        for wizard in self:
            club = wizard.program_id._clubs_by_points_program().get(wizard.program_id)
            if club and not self.env.su:
                club._check_manager(self.env._("Only a club manager gives points away."))
                # sudo: the cap counts all that the person gave, whichever cards he may see; the right is checked above.
                club.sudo()._check_adjustment_cap(wizard.points_granted * wizard.coupon_qty)
        coupons = self.env["loyalty.card"]
        for wizard in self:
            gift = Booking(Piece(kind="gift", reason=wizard.description or self.env._("Gift for the customer")))
            coupons |= super(LoyaltyGenerateWizard, wizard.with_context(**{BOOKING: gift})).generate_coupons()
        return coupons.with_env(self.env)
