from odoo.fields import Command
from odoo.tests import tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchaseKinds(PurchaseCase):
    """By which team, of which product category, at which day's rate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drinks, cls.cakes = cls.env["product.category"].create([{"name": "Drinks"}, {"name": "Cakes"}])
        cls.coffee.categ_id = cls.drinks
        cls.cake = cls.product("Cake", categ_id=cls.cakes.id)
        cls.shop, cls.fair = cls.env["crm.team"].create([{"name": "Shop"}, {"name": "Fair"}])

    def teams(self):
        """:returns: sorted list of (team's name, orders, amount) of Siti's days"""
        found = self.Purchase.search([("partner_id", "=", self.siti.id)])
        return sorted((row.team_id.name or "", row.orders, row.amount) for row in found)

    def cohorts(self):
        """:returns: sorted list of (team's name, month, cohort within the team, orders) of Siti's months"""
        found = self.env["customer.purchase.team"].search([("partner_id", "=", self.siti.id)])
        return sorted((r.team_id.name, str(r.month)[:7], str(r.cohort_month)[:7], r.orders) for r in found)

    def categories(self):
        """:returns: sorted list of (month, category's name, orders, amount) of Siti"""
        found = self.env["customer.purchase.category"].search([("partner_id", "=", self.siti.id)])
        return sorted((str(row.month)[:7], row.categ_id.name or "", row.orders, row.amount) for row in found)

    def line(self, product, price):
        return Command.create({"product_id": product.id, "price_unit": price, "tax_ids": []})

    # ------------------------------------------------------------ teams

    def test_two_teams_that_sell_on_one_day_are_two_rows(self):
        self.buy(self.siti, "2025-03-14", 10.0, team_id=self.shop.id)
        self.buy(self.siti, "2025-03-14", 7.0, team_id=self.fair.id)
        self.count()
        self.assertEqual(self.teams(), [("Fair", 1, 7.0), ("Shop", 1, 10.0)])
        self.assertEqual(self.months(), [("Siti", "2025-03", "2025-03", 0)])

    def test_a_customer_has_a_first_month_with_each_team(self):
        self.buy(self.siti, "2025-03-14", 10.0, team_id=self.shop.id)
        self.buy(self.siti, "2025-04-14", 7.0, team_id=self.fair.id)
        self.buy(self.siti, "2025-05-14", 7.0, team_id=self.shop.id)
        self.buy(self.siti, "2025-01-14", 7.0, team_id=False)
        self.count()
        self.assertEqual(
            self.cohorts(),
            [("Fair", "2025-04", "2025-04", 1), ("Shop", "2025-03", "2025-03", 1), ("Shop", "2025-05", "2025-03", 1)],
        )

    def test_an_order_given_to_another_team_counts_there(self):
        order = self.buy(self.siti, "2025-03-14", 10.0, team_id=self.shop.id)
        self.buy(self.siti, "2025-04-14", 10.0, team_id=self.shop.id)
        self.count()
        order.team_id = self.fair
        self.count()
        self.assertEqual(self.teams(), [("Fair", 1, 10.0), ("Shop", 1, 10.0)])
        self.assertEqual(self.cohorts(), [("Fair", "2025-03", "2025-03", 1), ("Shop", "2025-04", "2025-04", 1)])

    def test_a_team_that_has_sold_can_be_deleted_and_its_sales_stay(self):
        self.buy(self.siti, "2025-03-14", 10.0, team_id=self.shop.id)
        self.buy(self.siti, "2025-03-14", 5.0, team_id=False)
        self.count()
        self.shop.unlink()
        self.count()
        self.assertEqual((self.teams(), self.cohorts()), ([("", 2, 15.0)], []))
        kept = self.all_facts()
        self.Purchase._rebuild()
        self.assertEqual(self.all_facts(), kept)

    # ------------------------------------------------------------ product categories

    def test_an_order_counts_once_in_each_category_that_it_has_lines_of(self):
        lines = [self.line(self.coffee, 3.0), self.line(self.coffee, 4.0), self.line(self.cake, 5.0)]
        self.buy(self.siti, "2025-03-14", order_line=lines)
        self.count()
        self.assertEqual(self.categories(), [("2025-03", "Cakes", 1, 5.0), ("2025-03", "Drinks", 1, 7.0)])

    def test_a_product_moved_to_another_category_takes_its_past_with_it(self):
        self.buy(self.siti, "2025-03-14", 10.0)
        self.count()
        self.coffee.categ_id = self.cakes
        self.count()
        self.assertEqual(self.categories(), [("2025-03", "Cakes", 1, 10.0)])

    def test_lines_that_change_places_are_noticed_though_the_order_costs_the_same(self):
        order = self.buy(self.siti, "2025-03-14", order_line=[self.line(self.coffee, 3.0), self.line(self.cake, 5.0)])
        self.count()
        first, second = order.order_line
        first.price_unit, second.price_unit = 5.0, 3.0
        self.count()
        self.assertEqual([row[1:] for row in self.categories()], [("Cakes", 1, 3.0), ("Drinks", 1, 5.0)])

    def test_a_line_for_nothing_counts_in_its_category(self):
        order = self.buy(self.siti, "2025-03-14", 3.0)
        self.count()
        order.order_line = [self.line(self.cake, 0.0)]
        self.count()
        self.assertEqual([row[1:] for row in self.categories()], [("Cakes", 1, 0.0), ("Drinks", 1, 3.0)])

    def test_a_category_that_was_sold_can_be_deleted_with_those_below_it(self):
        self.cakes.parent_id = self.drinks
        self.buy(self.siti, "2025-03-14", order_line=[self.line(self.coffee, 3.0), self.line(self.cake, 5.0)])
        self.count()
        self.drinks.unlink()
        self.count()
        self.assertEqual(self.categories(), [("2025-03", "", 1, 8.0)])

    def a_branch(self):
        """Drinks and cakes are goods; Siti bought both in April, and a drink in March."""
        goods = self.env["product.category"].create({"name": "Goods"})
        (self.drinks | self.cakes).parent_id = goods
        self.buy(self.siti, "2025-03-14", 3.0)
        self.buy(self.siti, "2025-04-14", order_line=[self.line(self.coffee, 3.0), self.line(self.cake, 5.0)])
        self.buy(self.budi, "2025-04-14", order_line=[self.line(self.cake, 5.0)])
        self.count()
        return goods

    def triangle(self, category):
        """:returns: whether it is stored; {(cohort, month): (customers, amount)}"""
        dashboard = self.env["retention.dashboard"]
        asked = {
            "date_from": "2025-03-01", "date_to": "2025-04-30", "cohort_metric": "revenue", "category_ids": category.ids
        }  # fmt: skip
        cells = {
            (cohort["month"][:7], cell["month"][:7]): (cell["customers"], cell["amount"])
            for cohort in dashboard.cohorts(asked)["cohorts"]
            for cell in cohort["cells"]
            if cell["customers"]
        }
        return dashboard._stores_category(dashboard._read_filters(asked)[1]), cells

    def test_who_buys_of_two_categories_below_one_is_one_customer_of_it(self):
        goods = self.a_branch()
        of_siti, of_budi = {("2025-03", "2025-03"): (1, 3.0), ("2025-03", "2025-04"): (1, 8.0)}, (1, 5.0)
        self.assertEqual(self.triangle(goods), (True, {**of_siti, ("2025-04", "2025-04"): of_budi}))

    def test_the_triangle_of_a_branch_is_right_from_the_moment_its_categories_change_and_stored_from_the_next_count(
        self,
    ):
        goods, sweets = self.a_branch(), self.env["product.category"].create({"name": "Sweets"})
        drinks = {("2025-03", "2025-03"): (1, 3.0), ("2025-03", "2025-04"): (1, 3.0)}
        moved = self.env["product.category"].create({"name": "Iced", "parent_id": self.drinks.id})
        for change, stored in (
            (lambda: self.cakes.write({"parent_id": sweets.id}), False),
            (lambda: self.coffee.write({"categ_id": moved.id}), True),
        ):
            change()
            self.env.flush_all()
            self.assertEqual(self.triangle(goods)[0], stored)
            if not stored:
                self.assertEqual(self.triangle(goods)[1], drinks)
            self.count()
            self.assertEqual(self.triangle(goods), (True, drinks))
        kept = self.all_facts()
        self.Purchase._rebuild()
        self.assertEqual(self.all_facts(), kept)

    # ------------------------------------------------------------ rates

    def foreign_prices(self, **rates):
        currency = self.env["res.currency"].create({"name": "KPB", "symbol": "K", "rounding": 0.01})
        self.env["res.currency.rate"].create(
            [
                {"currency_id": currency.id, "name": day.replace("_", "-")[1:], "rate": rate}
                for day, rate in rates.items()
            ]
        )
        return self.env["product.pricelist"].create({"name": "Foreign", "currency_id": currency.id})

    def test_a_rate_that_is_written_later_for_a_day_changes_what_was_bought_since(self):
        prices = self.foreign_prices(d2025_01_01=4.0, d2025_06_01=5.0)
        for day in ("2025-02-14", "2025-03-14", "2025-07-14"):
            self.buy(self.siti, day, 100.0, pricelist_id=prices.id)
        self.count()
        self.env["res.currency.rate"].create({"currency_id": prices.currency_id.id, "name": "2025-03-01", "rate": 2.0})
        self.count()
        self.assertEqual(
            self.days(),
            [("Siti", "2025-02-14", 1, 25.0), ("Siti", "2025-03-14", 1, 50.0), ("Siti", "2025-07-14", 1, 20.0)],
        )

    def test_a_rate_that_is_changed_moved_or_deleted_is_followed(self):
        prices = self.foreign_prices(d2025_01_01=4.0, d2025_03_01=5.0)
        self.buy(self.siti, "2025-03-14", 100.0, pricelist_id=prices.id)
        rate = prices.currency_id.rate_ids.filtered(lambda rate: rate.rate == 5.0)
        for change, amount in (
            (lambda: rate.write({"rate": 10.0}), 10.0),
            (lambda: rate.write({"name": "2025-04-01"}), 25.0),
            (lambda: rate.write({"name": "2025-03-14"}), 10.0),
            (rate.unlink, 25.0),
        ):
            self.count()
            change()
            self.count()
            self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, amount)])

    def test_the_first_rate_ever_holds_for_the_days_before_it(self):
        prices = self.foreign_prices(d2025_06_01=5.0)
        self.buy(self.siti, "2025-03-14", 100.0, pricelist_id=prices.id)
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 20.0)])
        self.env["res.currency.rate"].create({"currency_id": prices.currency_id.id, "name": "2025-05-01", "rate": 2.0})
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 50.0)])

    def test_a_rate_of_a_currency_in_which_nobody_bought_waits_for_nothing(self):
        self.buy(self.siti, "2025-03-14", 100.0)
        self.count()
        self.foreign_prices(d2025_01_01=4.0)
        self.assertEqual(self.queued(), 0)
