import random
from collections import defaultdict
from unittest.mock import patch

from odoo.tests import tagged

from ..models import customer_purchase_build, customer_purchase_roll_job
from .books_case import BooksCase


@tagged("post_install", "-at_install")
class TestRebuild(BooksCase):
    """The figures kept change by change are those of a full build, row by row."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other shop"})
        cls.firm = cls.env["res.partner"].create({"name": "Firm", "is_company": True})
        cls.people = cls.env["res.partner"].create([{"name": f"Customer {n}"} for n in range(8)])
        (cls.firm | cls.people).property_account_receivable_id = cls.receivable
        cls.goods = cls.env["product.category"].create({"name": "Goods"})
        cls.categories = cls.env["product.category"].create(
            [{"name": f"Category {n}", "parent_id": cls.goods.id} for n in range(3)]
        )
        cls.coffee.categ_id = cls.categories[0]
        cls.cake = cls.product("Cake", invoice_policy="order", categ_id=cls.goods.id)
        cls.teams = cls.env["crm.team"].create([{"name": f"Team {n}"} for n in range(3)])
        cls.foreign = cls.env["res.currency"].create({"name": "KPB", "symbol": "K", "rounding": 0.01})
        cls.env["res.currency.rate"].create({"currency_id": cls.foreign.id, "name": "2024-01-01", "rate": 3.0})
        cls.prices = cls.env["product.pricelist"].create({"name": "Foreign", "currency_id": cls.foreign.id})

    def test_random_changes_and_a_full_build_give_the_same(self):
        for seed in (2, 3):
            with self.subTest(seed=seed):
                self.chance = random.Random(seed)
                for _ in range(60):
                    self.chance.choice(self.changes())()
                    if self.chance.random() < 0.3:
                        self.count()
                    if self.chance.random() < 0.1:
                        self.make_rolls()
                self.count()
                kept = self.all_facts()
                self.assert_triangles_of_rolls()
                self.assert_triangles_of_teams()
                self.assert_triangles_of_categories()
                self.Purchase._rebuild()
                self.assertEqual(kept, self.all_facts())
                self.assertTrue(all(kept.values()))

    def test_a_full_build_in_many_batches_gives_the_same(self):
        for partner in self.people:
            self.buy(partner, "2025-03-14")
        self.Purchase._rebuild()
        whole = self.all_facts()
        with patch.object(customer_purchase_build, "BUILD_BATCH", 7):
            self.Purchase._rebuild()
        self.assertEqual(whole, self.all_facts())
        self.assertEqual(self.queued(), 0)

    def assert_triangles_of_teams(self):
        """One team's triangle, read from stored cells, and that of all teams, found from stored months, are those of the
        documents, whose days are told apart by team: worked out here customer by customer."""
        teams = self.teams.exists()
        for some in (*teams, teams):
            shown = self.env["retention.dashboard"].cohorts(
                {"date_from": "2023-01-01", "date_to": "2025-12-31", "cohort_metric": "revenue", "team_ids": some.ids}
            )
            cells = {
                (cohort["month"], cell["month"]): (cell["customers"], round(cell["amount"], 2))
                for cohort in shown["cohorts"]
                for cell in cohort["cells"]
                if cell["customers"] or cell["amount"]
            }
            self.assertEqual(cells, self.triangle_of_days(some), some.mapped("name"))

    def assert_triangles_of_categories(self):
        """One category's triangle, with those below it, is read from stored cells, that of several is found from the months;
        the cells are those months, worked out here."""
        dashboard = self.env["retention.dashboard"]
        months = self.env["customer.purchase.category"].search([("company_id", "=", self.company.id)])
        for some in (self.goods, *self.categories, self.categories):
            asked = {
                "date_from": "2023-01-01", "date_to": "2025-12-31", "cohort_metric": "revenue", "category_ids": some.ids
            }  # fmt: skip
            self.assertEqual(dashboard._stores_category(dashboard._read_filters(asked)[1]), len(some) == 1)
            cells = {
                (cohort["month"], cell["month"]): (cell["customers"], round(cell["amount"], 2))
                for cohort in dashboard.cohorts(asked)["cohorts"]
                for cell in cohort["cells"]
                if cell["customers"] or cell["amount"]
            }
            below = some.search([("id", "child_of", some.ids)])
            found = months.filtered(lambda month, below=below: month.categ_id in below)
            self.assertEqual(cells, self.triangle_of(found, "month"), some.mapped("name"))

    @patch.object(customer_purchase_roll_job, "MANY", 5)
    def make_rolls(self):
        """Those of customers of whom much has changed; the others stay old."""
        while self.env["customer.purchase.roll"]._make_next():
            pass

    def assert_triangles_of_rolls(self):
        """Who has bought is told by rolls, some of them old, as it is by the months."""
        teams = self.teams.exists()
        for some in (
            {"grain": "quarter"},
            {"team_ids": teams.ids},
            {"category_ids": self.categories.ids},
            {"category_ids": self.goods.ids, "team_ids": teams[0].ids},
        ):
            dashboard, filters = self.env["retention.dashboard"]._read_filters(
                {"date_from": "2023-01-01", "date_to": "2025-12-31", **some}
            )
            ways = (dashboard._cohort_rows_of_rolls, dashboard._cohort_rows_of_facts)
            told, counted = (
                {(cohort, unit): number for cohort, unit, number, _amount in way(filters, filters.period) if number}
                for way in ways
            )
            self.assertEqual(told, counted, some)

    def triangle_of_days(self, teams):
        found = self.Purchase.search([("company_id", "=", self.company.id), ("team_id", "in", teams.ids)])
        return self.triangle_of(found, "day")

    def triangle_of(self, found, day):
        """:returns: {(cohort, month): (customers, amount)}, empty cells left out"""
        customers, amounts = defaultdict(int), defaultdict(float)
        for days in found.grouped("partner_id").values():
            months = days.grouped(lambda one: str(one[day].replace(day=1)))
            bought = {month for month, days in months.items() if sum(days.mapped("orders"))}
            for month, days in months.items():
                if month >= (cohort := min(bought or months)):
                    customers[cohort, month] += month in bought
                    amounts[cohort, month] += sum(days.mapped("amount"))
        cells = {cell: (customers[cell], round(amounts[cell], 2)) for cell in amounts}
        return {cell: figures for cell, figures in cells.items() if any(figures)}

    def changes(self):
        return [
            self.new_order, self.new_order, self.new_order, self.cancel, self.move, self.give_away, self.change_price,
            self.delete, self.join_firm, self.merge, self.change_team, self.delete_team, self.change_product,
            self.change_category, self.move_category, self.new_rate, self.delete_rate, self.give_back, self.give_back, self.take_back_note,
            self.count_invoices,
        ]  # fmt: skip

    def orders(self, *states):
        return self.env["sale.order"].search([
            ("state", "in", states), ("partner_id", "in", (self.people.exists() + self.firm).ids)
        ])  # fmt: skip

    def someone(self):
        return self.chance.choice(self.people.exists())

    def some(self, orders):
        return self.chance.choice(orders) if orders else orders

    def day(self):
        return f"202{self.chance.randint(3, 5)}-{self.chance.randint(1, 12):02}-{self.chance.randint(1, 28):02}"

    def new_order(self):
        company = self.chance.choice([self.company, self.other])
        make = self.chance.choice([self.buy, self.buy, self.quotation])
        values = {"team_id": self.chance.choice([*self.teams.exists().ids, False])}
        if company == self.company and self.chance.random() < 0.3:
            values["pricelist_id"] = self.prices.id
        make(self.someone(), self.day(), self.chance.randint(0, 5000) / 100, company=company, **values)

    def cancel(self):
        self.some(self.orders("sale"))._action_cancel()

    def move(self):
        self.some(self.orders("sale")).write({"date_order": f"{self.day()} {self.chance.randint(0, 23):02}:30:00"})

    def give_away(self):
        self.some(self.orders("sale", "draft")).write({"partner_id": self.someone().id})

    def change_price(self):
        self.some(self.orders("sale", "draft")).order_line.write({"price_unit": self.chance.randint(0, 5000) / 100})

    def delete(self):
        self.some(self.orders("draft", "cancel")).unlink()

    def join_firm(self):
        self.someone().parent_id = self.chance.choice([self.firm, self.env["res.partner"]])

    def merge(self):
        if len(self.people.exists()) > 4:
            two = self.chance.sample(list(self.people.exists()), 2)
            self.env["base.partner.merge.automatic.wizard"]._merge([one.id for one in two], two[0])

    def change_team(self):
        self.some(self.orders("sale")).write({"team_id": self.chance.choice([*self.teams.exists().ids, False])})

    def delete_team(self):
        if len(self.teams.exists()) > 1:
            self.some(self.teams.exists()).unlink()

    def change_product(self):
        order = self.some(self.orders("sale").filtered(lambda order: not order.invoice_ids))
        order.order_line[:1].product_id = self.chance.choice([self.coffee, self.cake])

    def change_category(self):
        self.chance.choice([self.coffee, self.cake]).categ_id = self.chance.choice(self.categories)

    def move_category(self):
        moved = self.chance.choice(self.categories)
        below = moved.search([("id", "child_of", moved.ids)])
        moved.parent_id = self.chance.choice((self.goods | self.categories) - below)

    def new_rate(self):
        """A rate written later for a day, or another one for a day that has one."""
        day, rate = self.day(), self.chance.randint(100, 500) / 100
        written = self.foreign.rate_ids.filtered(lambda one: str(one.name) == day)
        if written:
            written.rate = rate
        else:
            self.env["res.currency.rate"].create({"currency_id": self.foreign.id, "name": day, "rate": rate})

    def delete_rate(self):
        self.some(self.foreign.rate_ids).unlink()

    def give_back(self):
        orders = self.orders("sale").filtered(lambda order: order.company_id == self.company and order.amount_untaxed)
        if orders:
            order = self.some(orders)
            if order.order_line.filtered("qty_to_invoice") or order.invoice_ids:
                self.credit(order, self.day(), self.chance.choice([0.5, 1.0]))

    def take_back_note(self):
        notes = self.orders("sale").invoice_ids.filtered(lambda move: move.move_type == "out_refund")
        if notes:
            note = self.some(notes)
            note.action_post() if note.state == "draft" else note.button_draft()

    def count_invoices(self):
        self.company.purchase_basis = self.chance.choice(["orders", "invoices"])
