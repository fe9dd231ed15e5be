from odoo.addons.crm_loyalty.models.amount_text import formatted_by_shape
from odoo.tests import tagged

from .tier_case import TierCase

AMOUNTS = (0, 0.05, 0.5, 1, 9.99, 11.11, 1000, 12345.6, 999999.99, 50123456.25, -3, -1234.5, 123456789012.34, 1e17)


@tagged("post_install", "-at_install")
class TestAmountText(TierCase):
    """The texts of many amounts are those that core makes of each."""

    def test_the_same_as_core_in_every_currency_and_language(self):
        self.env["res.lang"]._activate_lang("id_ID")
        self.env["res.lang"]._activate_lang("hi_IN").grouping = "[3,2,0]"
        currencies = self.env.ref("base.USD") | self.env.ref("base.IDR") | self.env.ref("base.JPY")
        currencies |= self.env.ref("base.KWD") | self.env["res.currency"].create(
            {"name": "TST", "symbol": "1$", "position": "after", "rounding": 0.01}
        )
        for currency in currencies:
            for lang in ("en_US", "id_ID", "hi_IN"):
                told = currency.with_context(lang=lang).format
                text_of = formatted_by_shape(told, currency.decimal_places)
                for amount in map(currency.round, AMOUNTS):
                    self.assertEqual(text_of(amount), told(amount))

    def test_a_currency_without_small_coins_rounds_further(self):
        self.club.qualification_currency_id.rounding = 0.05
        self.assertEqual(self.club._texts_of_values()(12.34), self.club.qualification_currency_id.format(12.35))
