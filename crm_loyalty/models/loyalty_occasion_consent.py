from odoo import models
from odoo.fields import Domain


class LoyaltyOccasion(models.Model):
    """Whether somebody wants to be greeted, and can be."""

    _inherit = "loyalty.occasion"

    def _reasons_not_to_greet(self, partners):
        """Who of these contacts is not greeted by this occasion, and why.

        The same for the preview and for the job, which asks again right before it sends.

        :return: ``{res.partner: reason of loyalty.greeting}``, only those who are not
        """
        self.ensure_one()
        within = partners.search(self._audience_domain() & Domain("id", "in", partners.ids))
        reasons = {}
        for partner in partners:
            reason = "audience" if partner not in within else self._refusal(partner)
            if reason:
                reasons[partner] = reason
        return reasons

    def _refusal(self, partner):
        """Hook: why this contact of the audience is not greeted; empty: he is.

        What is said under “Greetings” holds for each way; core's blacklist of e-mail addresses for mails, and that of
        telephone numbers for calls.
        """
        if partner.greeting_consent == "refused" or (self.consent == "agreed" and partner.greeting_consent != "agreed"):
            return "no_consent"
        if self.channel == "email":
            if not partner.email_normalized:
                return "no_address"
            return "blacklisted" if partner.is_blacklisted else ""
        if self.channel == "call":
            if not partner.phone:
                return "no_address"
            return "blacklisted" if partner.phone_sanitized_blacklisted else ""
        return "" if partner.street and partner.city else "no_address"
