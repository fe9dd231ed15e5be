from odoo import api, models
from odoo.addons.crm_contact_history.specs import LookupSpec

# Programs whose cards belong to the customer written on them; a gift card belongs to whoever holds it.
PERSONAL_PROGRAM_TYPES = ("coupons", "next_order_coupons", "loyalty", "ewallet")


class LoyaltyCard(models.Model):
    _name = "loyalty.card"
    _inherit = ["loyalty.card", "contact.lookup.mixin"]

    # Serves the look-up of a customer by the first digits of the card.
    _code_lower_idx = models.Index("(lower(code) text_pattern_ops)")
    # Serves the button "Gift Cards" of every order form, and the check of this foreign key when an order is deleted.
    _order_id_idx = models.Index("(order_id) WHERE order_id IS NOT NULL")

    @api.model
    def _contact_lookup_specs(self):
        by_code = LookupSpec(
            field="code", label=self.env._("Card number"), match="prefix", sequence=20, icon="fa-id-card-o"
        )
        return [*super()._contact_lookup_specs(), by_code]

    def _is_usable_by(self, partner):
        """Whether ``partner`` may use this card: nobody's card, his own, or that of the company he is a contact of."""
        self.ensure_one()
        owner = self.partner_id
        return (
            not owner
            or owner.is_public
            or self.program_type not in PERSONAL_PROGRAM_TYPES
            or owner in (partner | partner.commercial_partner_id)
        )
