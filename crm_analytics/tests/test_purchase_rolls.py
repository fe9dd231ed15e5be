import importlib.util
from datetime import date, timedelta
from itertools import product
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL, file_path
from odoo.tools.sql import column_exists

from .. import rolls
from ..models import customer_purchase_roll_job
from .retention_common import RetentionCase, triangle_each_way


@tagged("post_install", "-at_install")
class TestPurchaseRolls(RetentionCase):
    """The triangle from the rolls of who bought in a month, against the same counted from the months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Roll, cls.Change = cls.env["customer.purchase.roll"], cls.env["customer.purchase.change"]
        cls.categories = cls.env["product.category"].create([{"name": "Drinks"}, {"name": "Cakes"}])
        cls.cake = cls.product("Cake", categ_id=cls.categories[1].id)
        cls.coffee.categ_id = cls.categories[0]
        cls.sell([(who, day, amount, team) for who, day, amount, team in cls.sales[::3]], product=cls.cake)
        cls.people[::2].country_id = cls.env.ref("base.id")
        cls.metrics = cls.env["customer.metric"].create(
            [
                {
                    "partner_id": who.id,
                    "company_id": cls.shop.id,
                    "as_of": "2001-12-31",
                    "lifecycle": "loyal",
                    "segment": "loyal" if n % 3 else "lost",
                }
                for n, who in enumerate(cls.people)
            ]
        )
        cls.Purchase._rebuild()
        cls.make_all()

    @classmethod
    def make_all(cls):
        while cls.Roll._make_next():
            pass

    def triangle(self, **filters):
        """:returns: see ``triangle_each_way``"""
        return triangle_each_way(self.Dashboard, {"date_from": "2000-04-01", "date_to": "2001-11-30", **filters})

    def all_filters(self):
        """Each choice of purchases with each of customers, unit and kind."""
        purchases = (
            {},
            {"team_ids": self.teams[0].ids},
            {"team_ids": self.teams.ids},
            {"category_ids": self.categories[1].ids},
            {"category_ids": self.categories.ids},
            {"category_ids": self.categories[1].ids, "team_ids": self.teams[0].ids},
        )
        customers = (
            {},
            {"segments": ["loyal"]},
            {"country_ids": self.env.ref("base.id").ids},
            {"segments": ["lost"], "country_ids": self.env.ref("base.id").ids},
        )
        units = ({}, {"grain": "quarter"}, {"cohort_kind": "unbounded"}, {"grain": "year", "cohort_kind": "unbounded"})
        return [{**one, **two, **three} for one, two, three in product(purchases, customers, units)]

    def assert_same_both_ways(self):
        for filters in self.all_filters():
            self.assert_same(**filters)

    def assert_same(self, **filters):
        told, summed, counted = self.triangle(**filters)
        self.assertEqual(told, [row[:3] for row in counted if row[2]], filters)
        self.assertEqual(summed, counted, filters)
        self.assertTrue(counted, filters)

    def changes(self):
        return self.Change.search([("company_id", "=", self.shop.id)])

    def test_rolls_tell_the_triangle_whatever_is_filtered(self):
        self.assertFalse(self.changes())
        self.assert_same_both_ways()

    def test_a_tier_and_a_level_have_the_triangle_of_who_is_in_them(self):
        club = self.env["loyalty.club"]._create_with_programs(
            {"name": "Bean Club", "company_id": self.shop.id}, [{"name": "Gold", "discount": 5}],
            {"amount": 10, "value": 1},
        )  # fmt: skip
        for who in self.people[2:9]:
            club._enrol(who)
        level = self.env["res.partner.grade"].create({"name": "Reseller"})
        self.people[10:14].grade_id = level
        for grades in (club.tier_ids, level, club.tier_ids | level):
            self.assert_same(grade_ids=grades.ids)
            self.assert_same(grade_ids=grades.ids, segments=["loyal"], grain="quarter")

    def test_a_span_that_cannot_be_added_is_told_and_not_left_out(self):
        with patch.object(rolls.Triangle, "add", side_effect=ZeroDivisionError), self.assertRaises(ZeroDivisionError):
            self.triangle(segments=["loyal"])

    def test_ids_of_several_spans_make_one_triangle(self):
        with patch.object(rolls, "SPAN_BITS", 3), patch.object(rolls, "SPAN", 8):
            self.env["customer.purchase.roll"]._forget(self.shop.ids)
            build = self.env["customer.purchase.build"].search([("company_id", "=", self.shop.id)])
            build.next_span = min(self.people.ids) >> 3
            self.make_all()
            self.assertGreater(len({*self.Roll.search([("company_id", "=", self.shop.id)]).mapped("span")}), 2)
            self.assert_same_both_ways()

    def test_who_has_changed_since_is_told_as_he_is_now(self):
        self.sell([(self.people[3], date(2000, 4, 2), 5.0, self.teams[1])], product=self.cake)
        self.assertEqual(self.changes().mapped("partner_id"), self.people[3].ids)
        self.assert_same_both_ways()
        merged = self.env["base.partner.merge.automatic.wizard"]
        merged._merge(self.people[6:8].ids, self.people[6])
        self.assert_same_both_ways()

    def test_rolls_made_anew_tell_the_changes_too_and_forget_them(self):
        self.sell([(self.people[3], date(2000, 4, 2), 5.0, self.teams[1])])
        before = self.triangle()
        with patch.object(customer_purchase_roll_job, "MANY", 1):
            self.make_all()
        self.assertFalse(self.changes())
        self.assertEqual(self.triangle(), before)
        self.assert_same_both_ways()

    def test_rolls_are_not_made_anew_for_a_few_changes_of_today_but_for_those_of_yesterday(self):
        self.sell([(self.people[3], date(2000, 4, 2), 5.0, self.teams[1])])
        self.make_all()
        self.assertTrue(self.changes())
        self.changes().changed_at = fields.Datetime.now() - timedelta(days=1)
        self.env.flush_all()
        self.make_all()
        self.assertFalse(self.changes())

    def test_while_all_is_counted_anew_no_roll_is_read(self):
        whole = self.Dashboard.cohorts({"team_ids": self.teams.ids})
        self.Purchase._rebuild()
        self.assertFalse(self.Roll.search([("company_id", "=", self.shop.id)]))
        _dashboard, checked = self.Dashboard._read_filters({"team_ids": self.teams.ids})
        self.assertIsNone(self.Dashboard._cohort_rows_of_rolls(checked, checked.period))
        self.assertEqual(self.Dashboard.cohorts({"team_ids": self.teams.ids}), whole)

    def test_rolls_of_an_earlier_version_are_made_anew(self):
        self.env.cr.execute(SQL("ALTER TABLE customer_purchase_roll ADD COLUMN buyers bytea"))
        for name in ("pre-rolls", "post-rolls"):
            path = file_path(f"crm_analytics/migrations/19.0.1.4.0/{name}.py")
            spec = importlib.util.spec_from_file_location(name, path)
            script = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(script)
            script.migrate(self.env.cr, "19.0.1.3.0")
        self.assertFalse(column_exists(self.env.cr, "customer_purchase_roll", "buyers"))
        self.assertFalse(self.Roll.search([]))
        self.make_all()
        self.assert_same()

    def test_teams_and_categories_can_be_deleted_and_the_rest_is_told(self):
        fair, sweets = (
            self.env["crm.team"].create({"name": "Fair"}),
            self.env["product.category"].create({"name": "Sweets"}),
        )
        candy = self.product("Candy", categ_id=sweets.id)
        self.sell([(who, date(2000, 6, 3), 5.0, fair) for who in self.people[20:23]], product=candy)
        with patch.object(customer_purchase_roll_job, "MANY", 1):
            self.make_all()
        filters = {"category_ids": (self.categories | sweets).ids}, {"team_ids": (self.teams | fair).ids}
        for some in filters:
            self.assert_same(**some)
        candy.categ_id = self.categories[0]
        for some, gone in zip(filters, (sweets, fair), strict=True):
            gone.unlink()
            some = {name: [id_ for id_ in ids if id_ != gone.id] for name, ids in some.items()}
            self.assert_same(**some)
            self.count()
            self.assert_same(**some)

    def test_several_companies_have_one_triangle(self):
        other = self.env["res.company"].create({"name": "Branch", "currency_id": self.shop.currency_id.id})
        self.sell([(who, date(2000, 6, 3), 5.0, self.teams[0]) for who in self.people[8:16]], company=other)
        self.Dashboard = self.Dashboard.with_context(allowed_company_ids=(self.shop + other).ids)
        for filters in ({}, {"grain": "quarter"}, {"category_ids": self.categories.ids}):
            self.assert_same(**filters)
            self.assertIn((date(2000, 6, 1), date(2000, 6, 1)), {row[:2] for row in self.triangle(grain="month")[0]})

    def test_rolls_take_as_many_queries_for_a_hundred_customers_more(self):
        self.assertTrue(self.shop.currency_id.decimal_places)  # known from now on
        few = self.queries(lambda: self.Roll._make(self.shop.id, self.people[0].id >> rolls.SPAN_BITS))
        people = self.env["res.partner"].create([{"name": f"Guest {n}"} for n in range(100)])
        self.sell([(who, self.sales[-1][1], 5.0, self.teams[0]) for who in people])
        self.assertEqual(self.queries(lambda: self.Roll._make(self.shop.id, people[0].id >> rolls.SPAN_BITS)), few)

    def queries(self, work):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        work()
        return self.env.cr.sql_log_count - before
