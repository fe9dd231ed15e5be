import io
from ast import literal_eval
from collections import Counter
from datetime import date

import openpyxl
from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .retention_common import RetentionCase

SEGMENTS = ("champions", "loyal", "at_risk", "lost")
STAGES = ("loyal", "growing", "at_risk", "lost")


@tagged("post_install", "-at_install")
class TestRetentionCustomers(RetentionCase):
    """What is told of customers as they are today: stages, segments, scores, moves, value, risk."""

    PERIOD = {"date_from": "2001-07-01", "date_to": "2001-12-31"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fit = cls.env["retention.model"].create({
            "company_id": cls.shop.id,
            "fitted_on": "2001-12-31 01:00:00",
            "as_of": "2001-12-31",
            "state": "fitted",
            "name": "bg_nbd",
            "customers": 24,
            "horizon_months": 12,
            "discount_rate": 0.1,
            "holdout": {"actual": 10.0, "predicted": 9.0},
        })  # fmt: skip
        cls.metrics = cls.env["customer.metric"].create([
            {
                "partner_id": person.id,
                "company_id": cls.shop.id,
                "as_of": "2001-12-31",
                "segment": SEGMENTS[number % 4],
                "lifecycle": STAGES[number % 4],
                "r_score": 1 + number % 5,
                "f_score": 1 + number % 3,
                "retention_model_id": cls.fit.id,
                "lifetime_value": 3.0 * number**2,
                "lifetime_value_low": 1.0 * number**2,
                "lifetime_value_high": 9.0 * number**2,
                "probability_alive": 0.5,
                "churn_risk": ("low", "medium", "high", "high")[number % 4],
                "orders": 3,
                "frequency": 2,
                "last_day": "2001-10-28",
                "interval_days": 21.0,
                "open_complaints": 1,
            }
            for number, person in enumerate(cls.people)
        ])  # fmt: skip
        cls.env["customer.metric.snapshot"].create([
            {
                "partner_id": metric.partner_id.id,
                "company_id": cls.shop.id,
                "month": "2001-06-01",
                "segment": SEGMENTS[number % 2],
                "lifecycle": STAGES[number % 2],
                "lifetime_value": 10.0,
            }
            for number, metric in enumerate(cls.metrics[:20])
        ])  # fmt: skip
        cls.env.flush_all()
        now = [(who, amount) for who, day, amount, _team in cls.sales if str(day) >= "2001-07"]
        cls.revenue = Counter()
        for who, amount in now:
            cls.revenue[who] += amount

    def groups(self, name):
        """:returns: {key: (customers, revenue)}, by hand"""
        field = {"segments": "segment"}.get(name, name)
        return {
            key: (len(those), sum(self.revenue[who] for who in those.partner_id))
            for key, those in self.metrics.grouped(field).items()
        }

    def test_stages_and_segments_have_their_customers_and_what_they_bought_for(self):
        shown = self.load(**self.PERIOD)
        for name in ("lifecycle", "segments"):
            found = {row["key"]: (row["customers"], row["revenue"]) for row in shown[name] if row["customers"]}
            self.assertEqual(found, self.groups(name))
        self.assertAlmostEqual(sum(row["revenue"] for row in shown["segments"]), sum(self.revenue.values()))
        self.assertEqual(len(shown["segments"]), 11)

    def test_the_grid_has_every_score(self):
        expected = Counter(zip(self.metrics.mapped("r_score"), self.metrics.mapped("f_score"), strict=True))
        shown = self.load(**self.PERIOD)["rfm"]
        self.assertEqual({(cell["r"], cell["f"]): cell["customers"] for cell in shown}, expected)

    def test_what_they_were_at_the_end_of_the_period_before_stands_beside(self):
        shown = self.load(**self.PERIOD)
        before = {row["key"]: row["previous_customers"] for row in shown["segments"]}
        self.assertEqual((before["champions"], before["loyal"], before["lost"]), (10, 10, 0))
        expected = next(tile for tile in shown["tiles"] if tile["key"] == "expected_value")
        self.assertEqual(expected["previous"], 200.0)
        unknown = self.load(date_from="2001-01-01", date_to="2001-03-31")["segments"]
        self.assertEqual({row["previous_customers"] for row in unknown}, {None})

    @freeze_time("2001-12-31 12:00:00")
    def test_moves_between_segments_are_counted_and_opened(self):
        before = {who: SEGMENTS[number % 2] for number, who in enumerate(self.people[:20])}
        expected = Counter((before.get(metric.partner_id), metric.segment) for metric in self.metrics)
        moves = self.load(**self.PERIOD)["migration"]
        self.assertEqual({(cell["from"], cell["to"]): cell["customers"] for cell in moves["cells"]}, expected)
        self.assertEqual((moves["from_label"], moves["to_label"]), ("June 2001", "Today"))
        for (old, new), number in expected.items():
            opened = self.opened("migration", {"from": old, "to": new}, **self.PERIOD)
            self.assertEqual(len(opened), number, (old, new))

    def test_without_anything_written_down_there_are_no_moves(self):
        self.env["customer.metric.snapshot"].search([("company_id", "=", self.shop.id)]).unlink()
        self.assertEqual(self.load(**self.PERIOD)["migration"]["cells"], [])
        self.assertFalse(self.opened("migration", {"from": "loyal", "to": "lost"}, **self.PERIOD))

    def test_the_expected_value_is_the_sum_of_the_estimates(self):
        tile = next(tile for tile in self.load(**self.PERIOD)["tiles"] if tile["key"] == "expected_value")
        self.assertEqual(
            (tile["value"], tile["n"], tile["estimate"]), (sum(self.metrics.mapped("lifetime_value")), 24, True)
        )
        self.assertEqual((tile["low"], tile["high"]), (tile["value"] / 3, tile["value"] * 3))
        self.assertEqual(len(self.opened("tile", {"key": "expected_value"}, **self.PERIOD)), 24)

    def test_each_bar_opens_the_customers_whose_value_lies_within(self):
        bars = self.load(**self.PERIOD)["value"]["histogram"]
        self.assertEqual(sum(bar["customers"] for bar in bars), 24)
        self.assertLessEqual(len(bars), 10)
        for bar in bars:
            opened = self.opened("value", {"low": bar["low"], "high": bar["high"]}, **self.PERIOD)
            self.assertEqual(len(opened), bar["customers"], bar)
            self.assertAlmostEqual(sum(opened.mapped("lifetime_value")), bar["revenue"])

    def test_those_worth_most_come_first_and_how_it_was_estimated_is_told(self):
        value = self.load(**self.PERIOD)["value"]
        self.assertEqual([row["name"] for row in value["top"]][:2], ["Customer 23", "Customer 22"])
        self.assertEqual(
            (value["top"][0]["value"], value["top"][0]["low"], value["top"][0]["high"]), (1587.0, 529.0, 4761.0)
        )
        self.assertEqual((value["model"]["state"], value["model"]["name"]), ("fitted", "BG/NBD"))
        self.assertEqual(value["model"]["holdout"]["predicted"], 9.0)

    def test_a_fit_that_failed_leaves_the_last_good_one_with_its_date(self):
        self.fit.copy({"fitted_on": "2002-01-01 01:00:00", "state": "failed", "message": "No maximum.", "name": False})
        model = self.load(**self.PERIOD)["value"]["model"]
        self.assertEqual((model["state"], model["message"]), ("failed", "No maximum."))
        self.assertEqual((model["fitted_on"], model["name"]), ("2001-12-31 01:00:00", "BG/NBD"))

    def test_with_too_little_to_go_by_it_says_so_and_shows_no_estimate(self):
        self.metrics.write({"retention_model_id": False})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_metric SET (lifetime_value, lifetime_value_low, lifetime_value_high) = (NULL, NULL, NULL)"
            " WHERE id = ANY(%s)",
            [self.metrics.ids],
        )
        self.fit.unlink()
        self.env["retention.model"]._fit(self.shop)
        shown = self.load(**self.PERIOD)
        self.assertEqual(shown["value"]["model"]["state"], "too_little")
        bought = len({who for who, _day, _amount, _team in self.sales})
        self.assertIn(f"{bought} customers have bought so far", shown["value"]["model"]["message"])
        self.assertEqual((shown["value"]["top"], shown["value"]["histogram"]), ([], []))
        expected = next(tile for tile in shown["tiles"] if tile["key"] == "expected_value")
        self.assertEqual({expected[name] for name in ("value", "low", "high")}, {None})
        self.assertEqual({row["value"] for row in shown["risk"]}, {None})

    def test_a_tier_has_its_members_and_what_they_bought(self):
        club = self.env["loyalty.club"]._create_with_programs(
            {"name": "Bean Club", "company_id": self.shop.id}, [{"name": "Gold", "discount": 5}],
            {"amount": 10, "value": 1},
        )  # fmt: skip
        gold = club.tier_ids[:1]
        members = self.people[2:6]
        for who in members:
            club._enrol(who)
        self.env["loyalty.membership"].search([("club_id", "=", club.id)]).tier_id = gold
        self.env.flush_all()
        filters = {**self.PERIOD, "grade_ids": gold.ids}
        self.assertEqual(self.tiles(**filters)["revenue"], sum(self.revenue[who] for who in members))
        shown = self.load(**filters)
        self.assertEqual(sum(row["customers"] for row in shown["segments"]), len(members))
        self.assertEqual({*self.opened("tile", {"key": "active"}, **filters)}, {*members} & {*self.revenue})
        # Two clubs may each have a Gold, and core has one of its own.
        self.assertIn({"id": gold.id, "name": "Gold (Bean Club)"}, shown["choices"]["grades"])

    def test_who_is_about_to_leave_is_listed_with_reasons_worth_most_first(self):
        risk = self.load(**self.PERIOD)["risk"]
        self.assertEqual([row["name"] for row in risk[:3]], ["Customer 22", "Customer 21", "Customer 18"])
        self.assertIn("usually buys every 21 days, last 64 days ago", risk[0]["reasons"])
        self.assertIn("1 open complaint", risk[0]["reasons"])
        self.assertEqual((risk[0]["days_since"], risk[0]["usual_interval"]), (64, 21.0))

    def test_the_risk_on_the_dashboard_is_the_risk_list(self):
        shown = self.load(**self.PERIOD)
        action = self.env.ref("crm_analytics.customer_metric_action_risk")._get_action_dict()
        listed = self.env["customer.metric"].search(literal_eval(action["domain"]))
        mine = listed.filtered(lambda metric: metric.company_id == self.shop)
        self.assertEqual(mine, self.metrics.filtered(lambda m: m.lifecycle in ("growing", "at_risk")).sorted(
            lambda m: -m.lifetime_value))  # fmt: skip
        self.assertTrue(all(mine.mapped("is_at_risk")))
        self.assertEqual(shown["at_risk"], len(mine))
        self.assertEqual([row["id"] for row in shown["risk"]], mine[:20].ids)
        self.assertEqual(self.opened("risk", {}, **self.PERIOD), mine)

    def test_many_at_risk_are_all_counted_and_the_first_twenty_told(self):
        self.env["customer.metric"].create([
            {
                "partner_id": who.id,
                "company_id": self.shop.id,
                "as_of": "2001-12-31",
                "lifecycle": "at_risk",
                "churn_risk": "high",
            }
            for who in self.env["res.partner"].create([{"name": f"Guest {number}"} for number in range(30)])
        ])  # fmt: skip
        shown = self.load(**self.PERIOD)
        self.assertEqual((shown["at_risk"], len(shown["risk"])), (42, 20))
        self.assertEqual(len(self.opened("risk", {}, **self.PERIOD)), 42)

    def test_with_two_companies_each_customer_at_risk_is_told_with_his_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "currency_id": self.shop.currency_id.id})
        self.metrics[2].copy({"company_id": branch.id})
        both = self.Dashboard.with_context(allowed_company_ids=(self.shop + branch).ids)
        rows = [row for row in both.load(self.PERIOD)["risk"] if row["partner_id"] == self.people[2].id]
        self.assertEqual({row["company"] for row in rows}, {"Corner Shop", "Branch"})
        self.assertEqual(len({row["id"] for row in rows}), 2)

    def test_what_a_group_bought_for_opens_the_purchases(self):
        for filters in ({}, {"team_ids": self.teams[0].ids}, {"segments": ["champions", "lost"]}):
            filters = {**self.PERIOD, **filters}
            shown = self.load(**filters)
            for kind, name in (("lifecycle", "lifecycle"), ("segment", "segments")):
                for row in shown[name]:
                    opened = self.opened(kind, {"key": row["key"], "of": "revenue"}, **filters)
                    self.assertAlmostEqual(sum(opened.mapped("amount")), row["revenue"], msg=(filters, row))

    def test_a_customer_of_two_companies_is_in_the_group_of_each_with_what_he_bought_there(self):
        branch = self.env["res.company"].create({"name": "Branch", "currency_id": self.shop.currency_id.id})
        self.sell([(self.people[0], date(2001, 9, 9), 500.0, None)], company=branch)
        self.metrics[0].copy({"company_id": branch.id, "segment": "lost"})
        both = self.Dashboard.with_context(allowed_company_ids=(self.shop + branch).ids)
        for row in both.load(self.PERIOD)["segments"]:
            action = both.open_records("segment", {"key": row["key"], "of": "revenue"}, self.PERIOD)
            opened = self.env[action["res_model"]].with_context(**both.env.context).search(action["domain"])
            self.assertAlmostEqual(sum(opened.mapped("amount")), row["revenue"], msg=row)

    def test_a_value_opens_the_customer_s_figures_and_the_estimate_how_it_was_made(self):
        top = self.load(**self.PERIOD)["value"]["top"][0]
        opened = self.opened("customer", {"partner_id": top["partner_id"]}, **self.PERIOD)
        self.assertEqual((opened.partner_id.name, opened.lifetime_value), (top["name"], top["value"]))
        self.assertEqual(self.opened("model", {}, **self.PERIOD), self.fit)

    def test_a_stage_a_segment_and_a_score_open_their_customers(self):
        shown = self.load(**self.PERIOD)
        for kind, name in (("lifecycle", "lifecycle"), ("segment", "segments")):
            for row in shown[name]:
                self.assertEqual(len(self.opened(kind, {"key": row["key"]}, **self.PERIOD)), row["customers"])
        for cell in shown["rfm"]:
            opened = self.opened("rfm", {"r": cell["r"], "f": cell["f"]}, **self.PERIOD)
            self.assertEqual(len(opened), cell["customers"])

    def test_filters_of_segments_countries_and_teams_hold_for_all_of_it(self):
        chosen = self.people[:9]
        chosen.country_id = self.env.ref("base.id")
        team = self.teams[0]
        filters = {**self.PERIOD, "country_ids": self.env.ref("base.id").ids, "segments": ["champions", "lost"]}
        of_segments = self.metrics.filtered(lambda m: m.partner_id in chosen and m.segment in ("champions", "lost"))
        customers = self.load(**filters)["segments"]
        self.assertEqual(
            {row["key"]: row["customers"] for row in customers if row["customers"]},
            Counter(of_segments.mapped("segment")),
        )
        self.assertEqual(self.tiles(**filters)["revenue"], sum(self.revenue[who] for who in of_segments.partner_id))
        of_team = {who for who, _day, _amount, sold_by in self.sales if sold_by == team}
        filters = {**self.PERIOD, "team_ids": team.ids}
        shown = self.load(**filters)
        self.assertEqual(sum(row["customers"] for row in shown["segments"]), len(of_team))
        bought = sum(a for _who, day, a, sold_by in self.sales if sold_by == team and str(day) >= "2001-07")
        self.assertAlmostEqual(sum(row["revenue"] for row in shown["segments"]), bought)
        for key in ("champions", "lost"):
            row = next(row for row in shown["segments"] if row["key"] == key)
            self.assertEqual(len(self.opened("segment", {"key": key}, **filters)), row["customers"])

    @freeze_time("2001-12-31 12:00:00")
    def test_the_workbook_has_each_part_of_the_screen(self):
        shown = self.load(**self.PERIOD)
        book = openpyxl.load_workbook(io.BytesIO(self.Dashboard._workbook(self.PERIOD)))
        segments = {choice["id"]: choice["name"] for choice in shown["choices"]["segments"]}
        told = {
            name: [[row["label"], row["customers"], row["revenue"], row["previous_customers"]] for row in shown[key]]
            for name, key in (("Lifecycle", "lifecycle"), ("Segments", "segments"))
        }
        told["RFM"] = [list(cell.values()) for cell in shown["rfm"]]
        told["Migration"] = [
            [segments.get(cell["from"], "No customer yet"), segments[cell["to"]], cell["customers"]]
            for cell in shown["migration"]["cells"]
        ]
        told["Lifetime value"] = [list(bar.values()) for bar in shown["value"]["histogram"]]
        told["Top customers"] = [list(row.values())[1:] for row in shown["value"]["top"]]
        told["At risk"] = [
            [
                row["name"], "; ".join(row["reasons"]), row["value"], row["days_since"], row["usual_interval"],
                row["open_complaints"],
            ]
            for row in shown["risk"]
        ]  # fmt: skip
        found = {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] for sheet in book}
        self.assertEqual([*found], ["About", "Figures", "Cohorts", *told, "Satisfaction"])
        self.assertEqual({name: found[name] for name in told}, told)
        self.assertEqual(len(told["At risk"]), 12)

    def test_arguments_that_make_no_sense_are_refused(self):
        for kind, args in (
            ("lifecycle", {"key": "asleep"}),
            ("segment", {}),
            ("rfm", {"r": 6, "f": 1}),
            ("rfm", {"r": "5; DROP", "f": 1}),
            ("migration", {"from": "loyal", "to": None}),
            ("migration", {"from": "nowhere", "to": "lost"}),
            ("value", {"low": "much", "high": None}),
            ("satisfaction", {"key": "mood"}),
            ("club", {"key": "friends"}),
            ("quality", {"kind": "smell"}),
            ("segment", {"key": "lost", "of": "profit"}),
            ("club", {"key": "members", "of": "profit"}),
            ("satisfaction", {"key": "lost", "of": "mood"}),
            ("customer", {"partner_id": 999999999}),
            ("customer", {"partner_id": "1; DROP"}),
            ("all_cohorts", {"age": -1}),
            ("all_cohorts", {"age": "soon"}),
            ("tile", {"key": ["active"]}),
            (["tile"], {"key": "active"}),
        ):
            with self.subTest(kind=kind, args=args), self.assertRaises(UserError):
                self.Dashboard.open_records(kind, args, {})

    def test_a_period_that_compares_with_nothing_has_no_past(self):
        shown = self.load(**self.PERIOD, compare="none")
        self.assertEqual({tile["previous"] for tile in shown["tiles"]}, {None})
        self.assertEqual(fields.Date.to_date(shown["metrics_as_of"]), date(2001, 12, 31))
