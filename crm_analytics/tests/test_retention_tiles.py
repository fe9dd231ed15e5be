from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .retention_common import RetentionCase


@tagged("post_install", "-at_install")
class TestRetentionTiles(RetentionCase):
    """The figures of a period, against the same counted from the list of orders by hand."""

    PERIOD = {"date_from": "2001-04-01", "date_to": "2001-09-30"}
    NOW = (date(2001, 4, 1), date(2001, 9, 1))
    BASE = (date(2000, 10, 1), date(2001, 3, 1))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.months = cls.months_of(cls.sales)

    def who(self, period):
        return {who for who, months in self.months.items() if any(period[0] <= month <= period[1] for month in months)}

    def bought(self, customers, period):
        """:returns: the amounts of all orders of some customers in a period"""
        return [
            amount
            for who in customers
            for month, amounts in self.months[who].items()
            if period[0] <= month <= period[1]
            for amount in amounts
        ]

    def test_customers_are_active_new_returning_lost_or_won_back(self):
        now, base = self.who(self.NOW), self.who(self.BASE)
        new = {who for who in now if min(self.months[who]) >= self.NOW[0]}
        tiles = self.tiles(**self.PERIOD)
        self.assertEqual(
            {key: tiles[key] for key in ("active", "new", "returning", "lost", "won_back")},
            {
                "active": len(now),
                "new": len(new),
                "returning": len(now - new),
                "lost": len(base - now),
                "won_back": len(now - new - base),
            },
        )
        self.assertTrue(all(tiles[key] for key in ("active", "new", "returning", "lost", "won_back")), tiles)

    def test_rates_are_shares_of_those_who_bought_before(self):
        now, base = self.who(self.NOW), self.who(self.BASE)
        tiles = self.tiles(**self.PERIOD)
        self.assertAlmostEqual(tiles["retention_rate"], len(now & base) / len(base))
        self.assertAlmostEqual(tiles["churn_rate"], len(base - now) / len(base))
        twice = [who for who in now if len(self.bought([who], self.NOW)) > 1]
        self.assertAlmostEqual(tiles["repeat_rate"], len(twice) / len(now))

    def test_money_is_that_of_the_orders(self):
        base, bought = self.who(self.BASE), self.bought(self.months, self.NOW)
        tiles = self.tiles(**self.PERIOD)
        self.assertAlmostEqual(tiles["revenue"], sum(bought))
        self.assertAlmostEqual(tiles["average_order"], sum(bought) / len(bought))
        self.assertAlmostEqual(
            tiles["net_revenue_retention"], sum(self.bought(base, self.NOW)) / sum(self.bought(base, self.BASE))
        )

    def test_the_figures_of_the_period_before_stand_beside_them(self):
        before = self.tiles(date_from="2000-10-01", date_to="2001-03-31")
        for tile in self.load(**self.PERIOD)["tiles"]:
            self.assertEqual(tile["previous"], before[tile["key"]], tile["key"])

    def test_a_year_before_can_be_compared_with_too(self):
        shown = self.load(**self.PERIOD, compare="year")
        self.assertEqual(shown["previous"]["date_from"], "2000-04-01")
        active = next(tile for tile in shown["tiles"] if tile["key"] == "active")
        self.assertEqual(active["previous"], len(self.who((date(2000, 4, 1), date(2000, 9, 1)))))
        self.assertIsNone(self.load(**self.PERIOD, compare="none")["previous"])

    def test_a_tile_opens_those_it_counts(self):
        for key in ("active", "new", "returning", "lost", "won_back"):
            opened = self.opened("tile", {"key": key}, **self.PERIOD)
            self.assertEqual(len(opened), self.tiles(**self.PERIOD)[key], key)
        now, base = self.who(self.NOW), self.who(self.BASE)
        for key, customers in (
            ("retention_rate", now & base),
            ("churn_rate", base - now),
            ("net_revenue_retention", base),
        ):
            self.assertEqual({*self.opened("tile", {"key": key}, **self.PERIOD)}, customers, key)

    def test_each_tile_opens_what_it_is_made_of(self):
        fit = self.env["retention.model"].create({
            "company_id": self.shop.id,
            "fitted_on": "2001-12-31 01:00:00",
            "as_of": "2001-12-31",
            "state": "fitted",
            "name": "bg_nbd",
        })  # fmt: skip
        for who, value in ((self.people[0], 30.0), (self.people[1], 12.0)):
            self.env["customer.metric"].create({
                "partner_id": who.id,
                "company_id": self.shop.id,
                "as_of": "2001-12-31",
                "lifecycle": "loyal",
                "retention_model_id": fit.id,
                "lifetime_value": value,
            })  # fmt: skip
        told = {tile["key"]: tile for tile in self.load(**self.PERIOD)["tiles"]}
        opened = {key: self.opened("tile", {"key": key}, **self.PERIOD) for key in told}
        rebuilt = {
            **{key: len(opened[key]) for key in ("active", "new", "returning", "lost", "won_back")},
            **{key: len(opened[key]) / told[key]["n"] for key in ("retention_rate", "churn_rate", "repeat_rate")},
            "net_revenue_retention": sum(self.bought(opened["net_revenue_retention"], self.NOW))
            / sum(self.bought(opened["net_revenue_retention"], self.BASE)),
            "revenue": sum(opened["revenue"].mapped("amount")),
            "average_order": sum(opened["average_order"].mapped("amount"))
            / sum(opened["average_order"].mapped("orders")),
            "expected_value": sum(opened["expected_value"].mapped("lifetime_value")),
        }
        for key, tile in told.items():  # a tile that is new, too
            self.assertTrue(tile["value"], key)
            self.assertAlmostEqual(rebuilt[key], tile["value"], msg=key)

    def test_archived_customers_are_counted_and_opened_too(self):
        before = self.tiles(**self.PERIOD)["active"]
        sorted(self.who(self.NOW), key=lambda who: who.id)[0].active = False
        self.assertEqual(self.tiles(**self.PERIOD)["active"], before)
        self.assertEqual(len(self.opened("tile", {"key": "active"}, **self.PERIOD)), before)

    def test_revenue_opens_the_purchases_that_it_sums_up(self):
        tiles, opened = self.tiles(**self.PERIOD), self.opened("tile", {"key": "revenue"}, **self.PERIOD)
        self.assertAlmostEqual(sum(opened.mapped("amount")), tiles["revenue"])
        self.assertAlmostEqual(tiles["revenue"] / sum(opened.mapped("orders")), tiles["average_order"])

    def test_without_a_period_it_is_the_twelve_months_that_end_with_the_newest_purchase(self):
        newest = max(month for months in self.months.values() for month in months)
        period = self.load()["period"]
        self.assertEqual((period["date_from"], period["date_to"][:7]), ("2001-01-01", str(newest)[:7]))

    def test_an_order_of_the_future_moves_no_period(self):
        self.sell([(self.people[0], date(2199, 1, 5), 10.0, None)])
        self.assertEqual(self.load()["period"]["date_to"], "2001-12-31")

    def test_every_tile_has_a_name_and_a_definition(self):
        for tile in self.load()["tiles"]:
            self.assertTrue(tile["label"] and tile["definition"].endswith("."), tile)

    def test_countries_say_which_customers_and_their_orders_count(self):
        country = self.env.ref("base.id")
        chosen = self.people[:9]
        chosen.country_id = country
        tiles = self.tiles(**self.PERIOD, country_ids=country.ids)
        self.assertEqual(tiles["active"], len(self.who(self.NOW) & {*chosen}))
        self.assertAlmostEqual(tiles["revenue"], sum(self.bought(chosen, self.NOW)))
        opened = self.opened("tile", {"key": "revenue"}, **self.PERIOD, country_ids=country.ids)
        self.assertAlmostEqual(sum(opened.mapped("amount")), tiles["revenue"])

    def test_nothing_bought_and_nothing_found_are_told_apart(self):
        self.assertIsNone(self.load()["empty"])
        self.assertEqual(self.load(country_ids=self.env.ref("base.aq").ids)["empty"], "no_match")
        new = self.env["res.company"].create({"name": "New shop"})
        empty = self.Dashboard.with_context(allowed_company_ids=new.ids).load()
        self.assertEqual((empty["empty"], empty["cohorts"]), ("no_purchases", []))
        self.assertEqual({tile["value"] for tile in empty["tiles"]}, {0, None})

    def test_a_filter_that_makes_no_sense_is_refused_with_a_sentence(self):
        for filters, word in (
            ({"date_from": "2001-03-01", "date_to": "2001-01-01"}, "before it begins"),
            ({"date_from": "1990-01-01", "date_to": "2001-01-01"}, "60 months"),
            ({"date_from": "soon"}, "is no date"),
            ({"date_from": "0001-01-01", "date_to": "0001-02-01"}, "between 1950"),
            ({"grain": "week"}, "month, quarter, year"),
            ({"grain": ["month"]}, "month, quarter, year"),
            ({"cohort_metric": "profit; DROP TABLE"}, "customers, revenue"),
            ({"team_ids": "1"}, "list of ids"),
            ({"team_ids": [True]}, "list of ids"),
            ({"team_ids": [999999999]}, "does not exist or which you may not see"),
            ({"company_ids": [self.company.id]}, "does not exist or which you may not see"),
            ({"colour": "red"}, "no filter"),
            ([], None),
            ("2001", "dictionary"),
        ):
            with self.subTest(filters=filters):
                if word is None:
                    self.Dashboard.load(filters)
                    continue
                with self.assertRaisesRegex(UserError, word):
                    self.Dashboard.load(filters)

    def test_a_figure_that_does_not_exist_opens_nothing(self):
        for kind, args, word in (
            ("tile", {"key": "profit"}, "no tile"),
            ("tile", {}, "no tile"),
            ("tile", "active", "dictionary"),
            ("secrets", {}, "no kind of figure"),
            ("cohort", {"cohort": "2001-05-01"}, "is no date"),
            ("cohort", {"cohort": "2001-05-01", "month": "2001-02-01"}, "no cell"),
        ):
            with self.subTest(kind=kind, args=args), self.assertRaisesRegex(UserError, word):
                self.Dashboard.open_records(kind, args, {})
        for figure in ("active", "{}", "[]", '{"kind": "secrets"}', '{"kind": "tile", "args": []}'):
            with self.subTest(figure=figure), self.assertRaises(UserError):
                self.env["res.partner"].search([("retention_figure", "=", figure)])
