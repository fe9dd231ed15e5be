from collections import defaultdict
from datetime import date
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from ..cohorts import first_of_month
from ..models import retention_cohorts_country
from ..periods import GRAINS, unit_of
from .retention_common import RetentionCase


@tagged("post_install", "-at_install")
class TestRetentionCohorts(RetentionCase):
    """The triangle, against the same from core's orders and from the list of orders by hand."""

    ALL = {"date_from": "2000-01-01", "date_to": "2001-12-31"}

    def triangle(self, figure="customers", **filters):
        """:returns: {(cohort, month): figure}, empty cells left out"""
        shown = self.Dashboard.cohorts({**self.ALL, **filters})
        return {
            (cohort["month"], cell["month"]): cell[figure]
            for cohort in shown["cohorts"]
            for cell in cohort["cells"]
            if cell["customers"]
        }

    def by_hand(self, grain="month", later=False, sales=None):
        """:returns: ({(cohort, unit): customers}, {(cohort, unit): amount}) without any SQL"""
        customers, amounts = defaultdict(set), defaultdict(float)
        for who, months in self.months_of(sales or self.sales).items():
            cohort, last = unit_of(min(months), grain), unit_of(max(months), grain)
            for month, bought in months.items():
                amounts[str(cohort), str(unit_of(month, grain))] += sum(bought)
            for month in months if not later else self.units(cohort, last, grain):
                customers[str(cohort), str(unit_of(month, grain))].add(who)
        return {cell: len(who) for cell, who in customers.items()}, dict(amounts)

    @staticmethod
    def units(first, last, grain):
        return [
            date(year, month, 1)
            for year in range(first.year, last.year + 1)
            for month in range(1, 13, GRAINS[grain])
            if first <= date(year, month, 1) <= last
        ]

    def test_the_triangle_is_that_of_core_s_orders(self):
        months = defaultdict(dict)
        for customer, month, amount in self.env["sale.order"]._read_group(
            [("company_id", "=", self.shop.id), ("state", "=", "sale")],
            ["partner_id", "date_order:month"],
            ["amount_untaxed:sum"],
        ):
            months[customer][first_of_month(month.date())] = amount
        customers, amounts = defaultdict(int), defaultdict(float)
        for bought in months.values():
            for month, amount in bought.items():
                customers[str(min(bought)), str(month)] += 1
                amounts[str(min(bought)), str(month)] += amount
        self.assertGreater(len(customers), 60)
        self.assertEqual(self.triangle(), customers)
        self.assertEqual(self.triangle("amount", cohort_metric="revenue"), amounts)

    def test_quarters_and_years_count_a_customer_once(self):
        for grain in ("quarter", "year"):
            customers, amounts = self.by_hand(grain)
            self.assertEqual(self.triangle(grain=grain), customers)
            self.assertEqual(self.triangle("amount", grain=grain, cohort_metric="revenue"), amounts)

    def test_unbounded_counts_those_who_bought_in_the_month_or_later(self):
        for grain in GRAINS:
            self.assertEqual(self.triangle(grain=grain, cohort_kind="unbounded"), self.by_hand(grain, later=True)[0])

    def test_a_cell_opens_exactly_the_customers_it_counts(self):
        for filters in ({}, {"grain": "quarter"}, {"cohort_kind": "unbounded"}, {"country_ids": self.of_country()}):
            cells = self.triangle(**filters)
            for cohort, month in sorted(cells)[::17]:
                opened = self.opened("cohort", {"cohort": cohort, "month": month}, **self.ALL, **filters)
                self.assertEqual(len(opened), cells[cohort, month], (filters, cohort, month))

    @freeze_time("2001-11-15 12:00:00")
    def test_the_row_of_all_cohorts_opens_its_customers(self):
        for filters in ({}, {"grain": "quarter"}, {"grain": "year"}, {"cohort_kind": "unbounded"}):
            shown = self.Dashboard.cohorts({**self.ALL, **filters})
            everybody = self.opened("all_cohorts", {}, **self.ALL, **filters)
            self.assertEqual(len(everybody), sum(cohort["size"] for cohort in shown["cohorts"]), filters)
            for cell in shown["all_cohorts"][::4]:
                opened = self.opened("all_cohorts", {"age": cell["age"]}, **self.ALL, **filters)
                self.assertEqual(len(opened), cell["customers"], (filters, cell))

    def of_country(self):
        self.people[:9].country_id = self.env.ref("base.id")
        return self.env.ref("base.id").ids

    def test_a_country_has_the_triangle_of_its_customers(self):
        chosen = {*self.people[:9]}
        sales = [sale for sale in self.sales if sale[0] in chosen]
        self.assertEqual(self.triangle(country_ids=self.of_country()), self.by_hand(sales=sales)[0])

    def test_a_country_of_most_contacts_has_the_triangle_of_all_without_the_others(self):
        """Either side is counted, and the other one subtracted from the stored cells: the same comes out."""
        everybody = self.env["res.partner"].with_context(active_test=False).search([("id", ">", 0)])
        everybody.country_id = self.env.ref("base.id")
        self.people[3:5].country_id = self.env.ref("base.my")
        self.people[5:7].country_id = False
        abroad = {*self.people[3:7]}
        sales = [sale for sale in self.sales if sale[0] not in abroad]
        customers, amounts = self.by_hand(sales=sales)
        home = self.env.ref("base.id").ids
        for many in (0, 100_000):  # with none counted, no side is the smaller one: the country's customers are counted
            with patch.object(retention_cohorts_country, "MANY", many):
                self.assertEqual(self.triangle(country_ids=home), customers, many)
                self.assertEqual(self.triangle("amount", country_ids=home, cohort_metric="revenue"), amounts, many)
        both = [*home, self.env.ref("base.my").id]
        sales = [sale for sale in self.sales if sale[0] not in {*self.people[5:7]} and sale[3] == self.teams[1]]
        of_team = {"country_ids": both, "team_ids": self.teams[1].ids}
        self.assertEqual(self.triangle(**of_team), self.by_hand(sales=sales)[0])

    @freeze_time("2001-11-15 12:00:00")
    def test_what_is_not_over_yet_is_incomplete(self):
        shown = self.Dashboard.cohorts({**self.ALL, "grain": "quarter"})
        cells = shown["cohorts"][0]["cells"]
        self.assertEqual([cell["incomplete"] for cell in cells], [False] * 7 + [True])
        self.assertEqual(len(shown["all_cohorts"]), 7)
        self.assertTrue(self.load(**self.ALL)["period"]["incomplete"])
        self.assertFalse(self.load(date_from="2001-01-01", date_to="2001-10-31")["period"]["incomplete"])

    def test_cells_of_quarters_are_whole_quarters_whatever_the_months_of_the_period(self):
        period = {"date_from": "2000-05-01", "date_to": "2001-08-31", "grain": "quarter"}
        self.assertEqual(
            self.Dashboard.cohorts(period)["cohort_period"], {"date_from": "2000-04-01", "date_to": "2001-09-30"}
        )
        customers = {
            cell: n for cell, n in self.by_hand("quarter")[0].items() if "2000-04" <= min(cell) <= max(cell) < "2001-10"
        }
        self.assertEqual(self.triangle(**period), customers)

    def test_the_first_purchase_of_several_companies_is_the_first_from_any_of_them(self):
        other = self.env["res.company"].create({"name": "Branch", "currency_id": self.shop.currency_id.id})
        sales = [(who, date(2000, 1 + number, 3), 5.0, None) for number, who in enumerate(self.people[8:16])]
        self.sell(sales, company=other)
        both = self.Dashboard.with_context(allowed_company_ids=(self.shop + other).ids)
        shown = both.cohorts({**self.ALL, "cohort_metric": "revenue"})
        customers, amounts = self.by_hand(sales=self.sales + sales)
        cells = [(cohort, cell) for cohort in shown["cohorts"] for cell in cohort["cells"] if cell["customers"]]
        self.assertEqual({(cohort["month"], cell["month"]): cell["customers"] for cohort, cell in cells}, customers)
        self.assertEqual({(cohort["month"], cell["month"]): cell["amount"] for cohort, cell in cells}, amounts)
        new = next(tile for tile in both.load(self.ALL)["tiles"] if tile["key"] == "new")
        self.assertEqual(new["value"], sum(cohort["size"] for cohort in shown["cohorts"]))
        self.assertEqual(both.load({**self.ALL, "company_ids": self.shop.ids})["tiles"], self.load(**self.ALL)["tiles"])

    def test_a_team_has_the_triangle_of_what_it_sold(self):
        sales = [sale for sale in self.sales if sale[3] == self.teams[0]]
        for grain in ("month", "quarter"):
            filters = {"team_ids": self.teams[0].ids, "grain": grain}
            customers, amounts = self.by_hand(grain, sales=sales)
            self.assertEqual(self.triangle(**filters), customers)
            self.assertEqual(self.triangle("amount", cohort_metric="revenue", **filters), amounts)
        cohort, month = sorted(customers)[-1]
        opened = self.opened("cohort", {"cohort": cohort, "month": month}, **self.ALL, **filters)
        self.assertEqual(len(opened), customers[cohort, month])

    def test_several_teams_together_have_the_triangle_of_what_they_sold(self):
        third = self.env["crm.team"].create({"name": "Market"})
        self.sell([(who, date(1999, 12, 30), 5.0, third) for who in self.people[:5]])
        for kind in ("exact", "unbounded"):
            for grain in GRAINS:
                filters = {"team_ids": self.teams.ids, "grain": grain, "cohort_kind": kind}
                customers, _amounts = self.by_hand(grain, later=kind == "unbounded")
                self.assertEqual(self.triangle(**filters), customers, filters)
        amounts = self.triangle("amount", cohort_metric="revenue", team_ids=self.teams.ids)
        self.assertEqual(amounts, self.by_hand()[1])

    def test_a_team_s_triangle_of_some_customers_is_of_what_they_bought_from_it(self):
        chosen = {*self.people[:9]}
        sales = [sale for sale in self.sales if sale[0] in chosen and sale[3] == self.teams[1]]
        filters = {"team_ids": self.teams[1].ids, "country_ids": self.of_country()}
        self.assertEqual(self.triangle(**filters), self.by_hand(sales=sales)[0])
        tiles = self.tiles(**self.ALL, **filters)
        self.assertEqual(tiles["active"], len({sale[0] for sale in sales}))

    def test_a_triangle_takes_as_many_queries_for_a_hundred_customers_more(self):
        all_filters = ({}, {"team_ids": self.teams[0].ids}, {"team_ids": self.teams.ids}, {"grain": "year"})

        def costs():
            found = []
            for filters in all_filters:
                self.Dashboard.cohorts({**self.ALL, **filters})
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.Dashboard.cohorts({**self.ALL, **filters})
                found.append(self.env.cr.sql_log_count - before)
            return found

        few = costs()
        people = self.env["res.partner"].create([{"name": f"Guest {n}"} for n in range(100)])
        self.sell([(who, self.sales[-1][1], 5.0, self.teams[0]) for who in people])
        self.assertEqual(costs(), few)
        self.assertLessEqual(max(few), 4)

    def test_a_category_has_what_was_bought_of_it_and_of_those_below_it(self):
        drinks = self.env["product.category"].create({"name": "Drinks"})
        teas = self.env["product.category"].create({"name": "Teas", "parent_id": drinks.id})
        tea = self.env["product.product"].create({"name": "Tea", "categ_id": teas.id, "taxes_id": []})
        sales = [(who, day, amount / 2, team) for who, day, amount, team in self.sales[10:60:4]]
        self.sell(sales, product=tea)
        filters = {**self.ALL, "category_ids": drinks.ids}
        customers, amounts = self.by_hand(sales=sales)
        self.assertEqual(self.triangle(**filters), customers)
        self.assertEqual(self.triangle("amount", cohort_metric="revenue", **filters), amounts)
        of_team = [sale for sale in sales if sale[3] == self.teams[1]]
        self.assertEqual(self.triangle(team_ids=self.teams[1].ids, **filters), self.by_hand(sales=of_team)[0])
        tiles = self.tiles(**filters)
        self.assertEqual(
            (tiles["active"], tiles["revenue"]), (len({sale[0] for sale in sales}), sum(s[2] for s in sales))
        )
        self.assertEqual(sum(self.opened("tile", {"key": "revenue"}, **filters).mapped("amount")), tiles["revenue"])
        self.assertEqual(len(self.opened("tile", {"key": "new"}, **filters)), tiles["new"])
        self.assertEqual(tiles["new"], tiles["active"])

    def test_other_currencies_are_converted_at_a_rate_that_is_told(self):
        pebble = self.env["res.currency"].create({"name": "KPB", "symbol": "K", "rounding": 0.01})
        far = self.env["res.company"].create({"name": "Far Shop", "currency_id": pebble.id})
        rate = {"currency_id": pebble.id, "name": "2000-01-01", "rate": 4.0}
        home = {"currency_id": self.shop.currency_id.id, "name": "2000-01-01", "rate": 1.0}
        self.env["res.currency.rate"].create([
            {**rate, "company_id": self.shop.id},
            {**rate, "company_id": far.id},
            {**home, "company_id": far.id},
        ])  # fmt: skip
        self.sell([(self.people[0], date(2001, 6, 5), 100.0, None)], company=far)
        before = self.tiles(**self.ALL)
        both = self.Dashboard.with_context(allowed_company_ids=(self.shop + far).ids).load(self.ALL)
        self.assertEqual((both["converted"], both["rates"]), (True, [{"currency": "KPB", "rate": 0.25}]))
        self.assertAlmostEqual(
            next(t for t in both["tiles"] if t["key"] == "revenue")["value"], before["revenue"] + 25.0
        )
