from odoo import api, fields, models
from odoo.tools import SQL, hmac

from . import co_marketing_number


class CoMarketingCustomerCard(models.Model):
    """A card, or a code, by which a customer of the partner is recognised at ours, so that his uses can be counted.

    He is a stranger: of the number only a hash with the database's secret key is kept, which nobody can turn back, and
    its last four characters, so that two people can talk about a receipt.
    """

    _name = "co.marketing.customer.card"
    _description = "Card of a Partner's Customer"
    _rec_name = "number_end"
    _order = "id desc"

    agreement_id = fields.Many2one("co.marketing.agreement", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="agreement_id.company_id", store=True, index=True)
    number_key = fields.Char(string="Hash", required=True, readonly=True, groups="base.group_system")
    number_end = fields.Char(string="Ends With", required=True, readonly=True)

    # Serves finding the card of a number, and lets there be one for each.
    _number_unique = models.UniqueIndex("(agreement_id, number_key)")

    @api.depends("number_end")
    def _compute_display_name(self):
        for card in self:
            card.display_name = f"…{card.number_end}" if card.number_end else ""

    @api.model
    def _key_of(self, agreement, number):
        message = f"{agreement.id} {co_marketing_number.plain(number)}"
        # sudo: the secret of the database makes the hash; it is not handed out.
        return hmac(self.env(su=True), "crm_loyalty.co_marketing_customer_card", message)

    @api.model
    def _find(self, agreement, number):
        """The card of a number that was used before, as superuser; none when it was not."""
        # sudo: the caller works on an order on which the number is used.
        cards = self.sudo()
        return cards.search([("agreement_id", "=", agreement.id), ("number_key", "=", self._key_of(agreement, number))])

    @api.model
    def _take(self, agreement, number):
        """The same; it is made when there is none. Two who use a number for the first time at once make one card."""
        if found := self._find(agreement, number):
            return found
        self.flush_model()
        self.env.execute_query(
            SQL(
                """INSERT INTO co_marketing_customer_card
                       (agreement_id, company_id, number_key, number_end, create_uid, create_date, write_uid, write_date)
                   VALUES (%(agreement)s, %(company)s, %(key)s, %(end)s, %(user)s, now() AT TIME ZONE 'UTC', %(user)s,
                           now() AT TIME ZONE 'UTC')
                   ON CONFLICT (agreement_id, number_key) DO NOTHING RETURNING id""",
                agreement=agreement.id,
                company=agreement.company_id.id,
                key=self._key_of(agreement, number),
                end=co_marketing_number.plain(number)[-4:],
                user=self.env.uid,
            )
        )
        return self._find(agreement, number)
