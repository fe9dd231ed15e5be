from datetime import datetime

from odoo.tests import tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchaseFacts(PurchaseCase):
    """What counts as a purchase, whose, of which day and how much."""

    def test_a_confirmed_order_is_a_purchase_of_its_day(self):
        self.buy(self.siti, "2025-03-14", 25.0)
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 25.0)])

    def test_two_orders_of_a_day_are_one_row(self):
        self.buy(self.siti, "2025-03-14", 25.0)
        self.buy(self.siti, "2025-03-14", 5.0)
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 2, 30.0)])

    def test_a_quotation_is_no_purchase(self):
        self.quotation(self.siti, "2025-03-14")
        self.assertEqual(self.queued(), 0)
        self.count()
        self.assertEqual(self.days(), [])

    def test_a_cancelled_order_is_no_purchase_any_more(self):
        order = self.buy(self.siti, "2025-03-14")
        self.count()
        order._action_cancel()
        self.count()
        self.assertEqual(self.days(), [])
        self.assertEqual(self.months(), [])

    def test_an_order_created_as_confirmed_counts(self):
        self.quotation(self.siti, "2025-03-14", 12.0, state="sale")
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 12.0)])

    def test_an_order_without_lines_counts_with_amount_zero(self):
        self.quotation(self.siti, "2025-03-14", state="sale", order_line=[])
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 0.0)])

    def test_a_moved_order_leaves_its_old_day(self):
        order = self.buy(self.siti, "2025-03-14")
        self.count()
        order.date_order = "2025-04-02 05:00:00"
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-04-02", 1, 10.0)])
        self.assertEqual(self.months(), [("Siti", "2025-04", "2025-04", 0)])

    def test_an_order_given_to_another_customer_leaves_the_old_one(self):
        order = self.buy(self.siti, "2025-03-14")
        self.count()
        order.partner_id = self.budi
        self.count()
        self.assertEqual(self.days(), [("Budi", "2025-03-14", 1, 10.0)])

    def test_a_changed_line_changes_the_amount(self):
        order = self.buy(self.siti, "2025-03-14", 10.0)
        self.count()
        order.order_line.price_unit = 17.5
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 17.5)])

    def test_a_deleted_order_is_no_purchase_any_more(self):
        order = self.buy(self.siti, "2025-03-14")
        self.count()
        order._action_cancel()
        order.unlink()
        self.count()
        self.assertEqual(self.days(), [])

    def test_taxes_are_not_revenue(self):
        tax = self.env["account.tax"].create({"name": "PPN 11%", "amount": 11, "amount_type": "percent"})
        order = self.buy(self.siti, "2025-03-14", 100.0)
        order.order_line.tax_ids = tax
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 100.0)])

    def test_a_foreign_currency_counts_at_the_rate_of_the_order(self):
        foreign = self.env["res.currency"].create({"name": "KPB", "symbol": "K", "rounding": 0.01})
        self.env["res.currency.rate"].create([
            {"currency_id": foreign.id, "name": "2025-01-01", "rate": 4.0},
            {"currency_id": foreign.id, "name": "2025-06-01", "rate": 5.0},
        ])  # fmt: skip
        prices = self.env["product.pricelist"].create({"name": "Foreign", "currency_id": foreign.id})
        self.buy(self.siti, "2025-03-14", 100.0, pricelist_id=prices.id)
        self.buy(self.siti, "2025-07-14", 100.0, pricelist_id=prices.id)
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 25.0), ("Siti", "2025-07-14", 1, 20.0)])

    def test_the_day_is_that_of_the_company_time_zone(self):
        self.buy(self.siti, datetime(2025, 3, 31, 17, 30))  # half past midnight of 1 April in Jakarta
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-04-01", 1, 10.0)])

    def test_a_company_that_changes_its_time_zone_has_its_days_counted_anew(self):
        self.buy(self.siti, datetime(2025, 3, 31, 17, 30))
        self.count()
        self.company.partner_id.tz = "UTC"
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-31", 1, 10.0)])

    def test_what_a_contact_buys_counts_for_the_company_he_belongs_to(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": firm.id})
        self.buy(buyer, "2025-03-14")
        self.count()
        self.assertEqual(self.days(firm + buyer), [("Firm", "2025-03-14", 1, 10.0)])

    def test_a_contact_who_joins_a_company_takes_his_purchases_there(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        self.buy(self.siti, "2025-03-14")
        self.count()
        self.siti.parent_id = firm
        self.count()
        self.assertEqual(self.days(firm + self.siti), [("Firm", "2025-03-14", 1, 10.0)])

    def test_an_earlier_first_purchase_moves_all_months_to_its_cohort(self):
        self.buy(self.siti, "2025-03-14")
        self.buy(self.siti, "2025-05-14")
        self.count()
        self.buy(self.siti, "2024-12-31")
        self.count()
        self.assertEqual(
            self.months(),
            [("Siti", "2024-12", "2024-12", 0), ("Siti", "2025-03", "2024-12", 3), ("Siti", "2025-05", "2024-12", 5)],
        )

    def test_the_first_purchase_cancelled_moves_the_cohort_on(self):
        first = self.buy(self.siti, "2025-03-14")
        self.buy(self.siti, "2025-05-14")
        self.count()
        first._action_cancel()
        self.count()
        self.assertEqual(self.months(), [("Siti", "2025-05", "2025-05", 0)])

    def test_each_company_has_its_own_first_purchase(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        self.buy(self.siti, "2025-03-14")
        self.buy(self.siti, "2025-05-14", company=other)
        self.count()
        self.assertEqual(self.months(), [("Siti", "2025-03", "2025-03", 0), ("Siti", "2025-05", "2025-05", 0)])

    def test_a_customer_whose_orders_are_deleted_can_be_deleted(self):
        order = self.buy(self.siti, "2025-03-14")
        self.count()
        order._action_cancel()
        order.unlink()
        siti = self.siti.id
        self.siti.unlink()
        self.assertFalse(self.env["res.partner"].browse(siti).exists())
        self.assertFalse(self.Purchase.search([("partner_id", "=", siti)]))
