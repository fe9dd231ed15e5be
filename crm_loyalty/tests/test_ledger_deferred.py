from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .test_ledger_pending import InvoiceCase


@tagged("post_install", "-at_install")
class TestDeferredRevenue(InvoiceCase):
    """What of the sales price is revenue only when the points are redeemed, in the report of the liability."""

    def line(self, day=None):
        wizard = self.env["loyalty.liability.wizard"].with_user(self.manager).create({"date": day or self.today})
        wizard.action_compute()
        return wizard.line_ids.filtered(lambda line: line.program_id == self.club.program_id)

    def figures(self, day=None):
        line = self.line(day)
        return tuple(round(line[name]) for name in ("sales", "allocated", "recognised", "deferred"))

    def test_example_52_of_ifrs_15(self):
        """Goods for 100,000 with 10,000 points worth 1 each, 9,500 of them expected to be redeemed."""
        self.club.expected_breakage = 5
        self.confirmed(price=100_000)
        self.assertEqual(self.card.points, 10_000)
        self.assertEqual(round(100_000 - self.line().allocated), 91_324)
        self.assertEqual(self.figures(), (100_000, 8_676, 0, 8_676))
        self.card.redeem_points(4_500, "till-1-0001")
        self.assertEqual(self.figures(), (100_000, 8_676, 4_110, 4_566))

    def test_points_that_nobody_has_paid_for_defer_nothing(self):
        self.card._book(500, "gift", "test/gift")
        self.assertEqual(self.figures(), (0, 0, 0, 0))

    def test_what_was_cancelled_or_credited_is_no_sale(self):
        order = self.confirmed(price=1000)
        order._action_cancel()
        self.assertEqual(self.figures()[0], 0)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.figures()[0], 1000)
        self.credit(self.invoice(order), 0.25)
        self.assertEqual(self.figures()[:2], (750, round(750 * 75 / 825)))

    def test_promised_points_defer_as_well(self):
        self.club.points_due = "delivered"
        self.confirmed(price=1000)
        self.assertEqual(self.figures(), (1000, round(1000 * 100 / 1100), 0, round(1000 * 100 / 1100)))

    def test_when_all_points_have_expired_nothing_is_left_to_recognise(self):
        self.club.points_months = 1
        self.confirmed(price=1000)
        self.assertEqual(self.figures(), (1000, 91, 0, 91))
        later = self.today + timedelta(days=40)
        self.env["loyalty.ledger.entry"]._expire_batch(self.company, later, (fields.Date.to_date("0001-01-01"), 0))
        self.env.invalidate_all()
        self.assertEqual(self.figures(), (1000, 91, 91, 0))

    def test_an_order_in_another_currency_counts_at_the_rate_of_its_day(self):
        euro = self.env.ref("base.EUR") if self.company.currency_id.name != "EUR" else self.env.ref("base.USD")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 2}
        )
        pricelist = self.env["product.pricelist"].create({"name": "Abroad", "currency_id": euro.id})
        order = self.confirmed(price=1000, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, euro)
        self.assertEqual(self.figures()[0], 500)
