from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .books_case import BooksCase


@tagged("post_install", "-at_install")
class TestPurchaseIssues(BooksCase):
    """Data that make the figures less than exact are counted, shown and opened; never dropped silently."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env["res.company"].create({"name": "Shop of issues"})
        cls.shop.partner_id.tz = "Asia/Jakarta"
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.shop.ids})
        cls.Issue = cls.env["customer.purchase.issue"]

    def order(self, partner=None, day="2025-03-14", amount=10.0, **values):
        return self.buy((partner or self.siti).with_env(self.env), day, amount, company=self.shop, **values)

    def look(self):
        """:returns: {kind: count} of the shop"""
        self.count()
        self.Issue._look(self.shop)
        return {line["kind"]: line["count"] for line in self.Issue._quality()}

    def opened(self, kind):
        action = self.Issue._open_kind(kind)
        return self.env[action["res_model"]].with_context(**action["context"]).search(action["domain"])

    def test_where_nothing_is_wrong_there_is_no_line(self):
        self.order()
        self.assertEqual(self.look(), {})

    def test_an_order_of_tomorrow_is_found_and_one_of_today_is_not(self):
        today = self.shop._purchase_today()
        self.order(day=today)
        future = self.order(day=today + timedelta(days=1))
        self.assertEqual(self.look(), {"future": 1})
        self.assertEqual(self.opened("future"), future)

    def test_a_total_below_zero_is_found(self):
        negative = self.order(amount=-5.0)
        self.order()
        self.assertEqual(self.look(), {"negative": 1})
        self.assertEqual(self.opened("negative"), negative)

    def test_what_a_company_sells_to_itself_is_found(self):
        own = self.order(self.shop.partner_id)
        self.assertEqual(self.look(), {"own_contact": 1})
        self.assertEqual(self.opened("own_contact"), own)

    def test_a_foreign_currency_without_a_rate_until_the_day_is_found(self):
        currency = self.env["res.currency"].create({"name": "KPB", "symbol": "K", "rounding": 0.01})
        self.env["res.currency.rate"].create({"currency_id": currency.id, "name": "2025-03-10", "rate": 4.0})
        prices = self.env["product.pricelist"].create({"name": "Foreign", "currency_id": currency.id})
        early = self.order(day="2025-03-09", pricelist_id=prices.id)
        self.order(day="2025-03-10", pricelist_id=prices.id)
        self.assertEqual(self.look(), {"no_rate": 1})
        self.assertEqual(self.opened("no_rate"), early)
        self.assertTrue(early.purchase_without_rate)

    def test_customers_with_one_e_mail_address_or_phone_number_are_likely_the_same(self):
        rina, other = self.env["res.partner"].create(
            [{"name": "Rina", "email": "Rina@Kopi.example"}, {"name": "R. Wati", "email": "rina@kopi.example "}]
        )
        stranger = self.env["res.partner"].create({"name": "Never bought", "email": "rina@kopi.example"})
        self.order(rina)
        self.assertEqual(self.look(), {}, "the other one never bought")
        self.order(other)
        self.order(self.siti)
        self.assertEqual(self.look(), {"duplicate": 2})
        self.assertEqual(self.opened("duplicate"), rina + other)
        self.assertNotIn(stranger, self.opened("duplicate"))

    def test_a_company_without_a_time_zone_is_found(self):
        self.shop.partner_id.tz = False
        self.assertEqual(self.look(), {"no_timezone": 1})
        self.assertEqual(self.opened("no_timezone"), self.shop)

    def test_a_line_goes_when_what_it_told_of_is_mended(self):
        order = self.order(amount=-5.0)
        self.look()
        order.order_line.price_unit = 5.0
        self.assertEqual(self.look(), {})

    def test_where_invoices_count_orders_are_not_looked_at_and_credit_notes_are_no_negative_totals(self):
        self.order(amount=-5.0)
        self.company.purchase_basis = "invoices"
        future = self.company._purchase_today() + timedelta(days=3)
        self.company.partner_id.tz = "Asia/Jakarta"
        late = self.invoice(self.siti.with_company(self.company), future)
        self.invoice(self.siti.with_company(self.company), "2025-03-14", move_type="out_refund")
        self.Issue._look(self.company)
        lines = self.Issue.search([("company_id", "=", self.company.id), ("res_model", "=", "account.move")])
        self.assertEqual([(line.kind, line.count) for line in lines], [("future", 1)])
        self.assertEqual(self.env["account.move"].search(lines.action_open()["domain"]), late)
        self.assertFalse(self.Issue.search([("company_id", "=", self.company.id), ("res_model", "=", "sale.order")]))

    def test_each_line_says_what_the_figures_do(self):
        for kind, _label in self.Issue._fields["kind"].selection:
            self.assertGreater(len(self.Issue._explanations()[kind]), 60, kind)

    def test_looking_costs_the_same_number_of_queries_for_1_and_100_orders(self):
        def cost():
            self.Issue.search([]).count = 0
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Issue._look(self.shop)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        tomorrow = fields.Date.to_string(self.shop._purchase_today() + timedelta(days=1))
        order = self.order(day=tomorrow, amount=-5.0)
        self.count()
        self.Issue._look(self.shop)
        one = cost()
        for _number in range(30):
            order.copy({"state": "sale", "date_order": f"{tomorrow} 05:00:00"})
        self.count()
        self.assertEqual(cost(), one)
        self.assertEqual(self.Issue._quality()[0]["count"], 31)

    def test_an_analyst_without_rights_to_orders_is_told_so(self):
        self.order(amount=-5.0)
        self.look()
        analyst = new_test_user(
            self.env, "analyst_issues", "base.group_user,crm_analytics.group_analytics_user",
            company_id=self.shop.id, company_ids=[(6, 0, self.shop.ids)],
        )  # fmt: skip
        issue = self.Issue.with_user(analyst).search([])
        self.assertEqual(issue.company_id, self.shop)
        with self.assertRaises(UserError) as caught:
            issue.action_open()
        self.assertIn("You have no right", str(caught.exception))
        for call in (issue.action_look_again, self.Build.with_user(analyst).action_count_anew):
            with self.assertRaises(AccessError):
                call()

    def test_duplicates_of_another_company_are_not_told(self):
        self.order(self.env["res.partner"].create({"name": "Rina", "email": "rina@kopi.example"}))
        self.order(self.env["res.partner"].create({"name": "Rini", "email": "rina@kopi.example"}))
        self.count()
        analyst = new_test_user(
            self.env, "analyst_elsewhere", "base.group_user,crm_analytics.group_analytics_user",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )  # fmt: skip
        partners = self.env["res.partner"].with_user(analyst)
        asked = partners.with_context(purchase_company_id=self.shop.id, allowed_company_ids=self.company.ids)
        self.assertFalse(asked.search([("purchase_duplicate", "=", True), ("name", "in", ["Rina", "Rini"])]))
