from odoo.tests import new_test_user, tagged

from .retention_common import RetentionCase


@tagged("post_install", "-at_install")
class TestRetentionSummary(RetentionCase):
    """The dashboard opens from stored figures, which are the same as those counted now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.metric"].create([
            {
                "partner_id": person.id,
                "company_id": cls.shop.id,
                "as_of": "2001-12-31",
                "segment": "at_risk",
                "lifecycle": "at_risk",
                "churn_risk": "high",
                "lifetime_value": 7.0,
                "first_day": "2001-01-01",
                "orders": 1,
            }
            for person in cls.people[:3]
        ])  # fmt: skip
        cls.env.flush_all()
        cls.Summary = cls.env["retention.summary"]
        cls.Summary._refresh(cls.shop)
        cls.Dashboard = cls.Dashboard.with_context(lang="en_US")  # as the web client says
        cls.summary = cls.Summary.search([("company_id", "=", cls.shop.id)])

    def figures(self, shown):
        return {name: value for name, value in shown.items() if name not in ("stored", "as_of")}

    def test_the_stored_figures_are_those_counted_now(self):
        stored = self.load()
        self.assertTrue(stored["stored"] and stored["risk"] and stored["value"]["top"])
        self.summary.unlink()
        live = self.load()
        self.assertFalse(live["stored"])
        self.assertEqual(self.figures(stored), self.figures(live))

    def statements(self, dashboard, **filters):
        """:returns: how many statements a view takes, in a worker that has shown it before"""
        dashboard.load(filters)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        dashboard.load(filters)
        return self.env.cr.sql_log_count - before

    def views(self):
        """:returns: {which view: (how many statements it takes, whether it is told from stored figures)}"""
        both = self.Dashboard.with_context(allowed_company_ids=(self.shop + self.branch).ids)
        views = {
            "as it opens": (self.Dashboard, {}),
            "another period": (self.Dashboard, {"date_from": "2001-02-01", "date_to": "2001-12-01"}),
            "compared with a year before": (self.Dashboard, {"compare": "year"}),
            "two companies with two currencies": (both, {}),
            "filtered": (self.Dashboard, {"country_ids": self.env.ref("base.id").ids, "team_ids": self.teams.ids}),
        }
        return {
            which: (self.statements(dashboard, **filters), dashboard.load(filters)["stored"])
            for which, (dashboard, filters) in views.items()
        }

    def test_each_view_opens_in_at_most_twelve_statements_whatever_the_number_of_customers(self):
        pebble = self.env["res.currency"].create({"name": "KPB", "symbol": "K", "rounding": 0.01})
        self.branch = self.env["res.company"].create({"name": "Branch", "currency_id": pebble.id})
        country = self.env.ref("base.id")
        self.people[:9].country_id = country
        self.sell([(who, self.sales[-1][1], 5.0, self.teams[0]) for who in self.people[:9]], company=self.branch)
        self.env["customer.metric.snapshot"].create([
            {"partner_id": who.id, "company_id": self.shop.id, "month": month, "segment": "lost", "lifecycle": "lost"}
            for who in self.people[:3]
            for month in ("2000-12-01", "2001-11-01", "2001-12-01")
        ])  # fmt: skip
        self.Summary._refresh(self.shop)
        few = self.views()
        people = self.env["res.partner"].create([{"name": f"Guest {n}", "country_id": country.id} for n in range(100)])
        for company in (self.shop, self.branch):
            self.sell([(who, self.sales[-1][1], 5.0, self.teams[0]) for who in people], company=company)
            self.env["customer.metric"].create([
                {
                    "partner_id": who.id,
                    "company_id": company.id,
                    "as_of": "2001-12-31",
                    "lifecycle": "at_risk",
                    "churn_risk": "high",
                }
                for who in people
            ])  # fmt: skip
        self.Summary._refresh(self.shop)
        many = self.views()
        self.assertEqual(few, many)
        self.assertEqual({which for which, (_statements, stored) in many.items() if stored}, {"as it opens"})
        self.assertLessEqual(max(statements for statements, _stored in many.values()), 12, many)

    def test_another_triangle_is_told_with_the_same_stored_figures(self):
        shown = self.load(grain="quarter", cohort_kind="unbounded", cohort_metric="revenue")
        self.assertTrue(shown["stored"])
        self.assertEqual(len(shown["cohorts"]), 4)

    def test_a_filter_another_period_or_another_comparison_is_counted_now(self):
        self.people[0].country_id = self.env.ref("base.id")
        for filters in (
            {"country_ids": self.env.ref("base.id").ids},
            {"team_ids": self.teams.ids},
            {"date_from": "2001-02-01", "date_to": "2001-12-01"},
            {"compare": "year"},
        ):
            self.assertFalse(self.load(**filters)["stored"], filters)
        self.assertTrue(self.load(date_from="2001-01-01", date_to="2001-12-31")["stored"])

    def test_after_a_purchase_small_shops_are_counted_anew_at_once_and_big_ones_soon(self):
        triggers = [("cron_id", "=", self.env.ref("crm_analytics.ir_cron_refresh_dashboard").id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        self.sell([(self.people[0], self.sales[-1][1], 1000.0, None)])
        self.assertEqual(self.env["ir.cron.trigger"].search_count(triggers), before + 1)
        live = self.load()
        self.assertFalse(live["stored"])
        self.summary.seconds = 5.0
        old = self.load()
        self.assertTrue(old["stored"])
        revenue = {shown["stored"]: shown["tiles"][9]["value"] for shown in (live, old)}
        self.assertEqual(revenue[False], revenue[True] + 1000.0)
        self.assertEqual(self.Summary._to_refresh() & self.shop, self.shop)
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["retention.summary"]._cron_refresh()
        self.env.invalidate_all()
        fresh = self.load()
        self.assertTrue(fresh["stored"])
        self.assertEqual(self.figures(fresh), self.figures(live))
        self.assertFalse(self.Summary._to_refresh() & self.shop)

    def test_who_sees_a_part_of_the_company_is_told_that_part(self):
        analyst = new_test_user(
            self.env, "part", "base.group_user,crm_analytics.group_analytics_user",
            company_id=self.shop.id, company_ids=[(6, 0, self.shop.ids)],
        )  # fmt: skip
        dashboard = self.Dashboard.with_user(analyst)
        whole = dashboard.load()
        self.assertTrue(whole["stored"])
        self.env["ir.rule"].create({
            "name": "Some customers only",
            "model_id": self.env["ir.model"]._get_id("customer.purchase.month"),
            "domain_force": [("partner_id", "in", self.people[:3].ids)],
        })  # fmt: skip
        part = dashboard.load()
        self.assertFalse(part["stored"])
        self.assertEqual(
            part["tiles"][0]["value"],
            len({sale[0] for sale in self.sales if str(sale[1]) >= "2001"} & {*self.people[:3]}),
        )
        self.assertLess(part["tiles"][0]["value"], whole["tiles"][0]["value"])
