import random
from unittest.mock import patch

from odoo.tests import tagged

from ..models import customer_purchase_build
from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestRebuild(PurchaseCase):
    """The figures kept change by change are those of a full build, row by row."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other shop"})
        cls.firm = cls.env["res.partner"].create({"name": "Firm", "is_company": True})
        cls.people = cls.env["res.partner"].create([{"name": f"Customer {n}"} for n in range(8)])

    def test_random_changes_and_a_full_build_give_the_same(self):
        for seed in (2, 3, 5):
            with self.subTest(seed=seed):
                self.chance = random.Random(seed)
                for _ in range(60):
                    self.chance.choice(self.changes())()
                    if self.chance.random() < 0.3:
                        self.count()
                self.count()
                kept = self.all_facts()
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

    def changes(self):
        return [
            self.new_order, self.new_order, self.new_order, self.cancel, self.move, self.give_away, self.change_price,
            self.delete, self.join_firm, self.merge,
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
        make(self.someone(), self.day(), self.chance.randint(0, 5000) / 100, company=company)

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
