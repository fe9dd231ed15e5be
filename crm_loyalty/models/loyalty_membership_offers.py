from odoo import fields, models

SHOWN_USES = 20


class LoyaltyMembership(models.Model):
    """What partners offer to a member, for his own pages; the caller must have checked that the membership is his."""

    _inherit = "loyalty.membership"

    def _partner_offers(self):
        """The offers that are for this member, those that he may use at once first.

        :return: list of :class:`~.co_marketing_offer.Offer`
        """
        self.ensure_one()
        if self.state in ("future", "ended"):
            return []
        everywhere = self.env["co.marketing.outlet"]
        offers = self.env["co.marketing.benefit"]._benefits_open_to(self, everywhere, fields.Datetime.now())
        return sorted((offer for offer in offers if offer.is_for_him), key=lambda offer: not offer.is_open)

    def _partner_redemptions(self):
        """What he used, newest first, as superuser."""
        self.ensure_one()
        # sudo: what was used with this membership, which is the reader's own.
        redemptions = self.env["co.marketing.redemption"].sudo()
        return redemptions.search([("membership_id", "=", self.id)], limit=SHOWN_USES)


class CoMarketingBenefit(models.Model):
    _inherit = "co.marketing.benefit"

    def _places(self):
        """The outlets where it is given."""
        self.ensure_one()
        return (self.outlet_ids or self.agreement_id.outlet_ids).filtered("active")
