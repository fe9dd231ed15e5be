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

    def test_the_dashboard_opens_in_at_most_twelve_queries_whatever_the_number_of_customers(self):
        self.assertTrue(self.load()["stored"])
        counts = []
        for _size in (1, 2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(self.load()["stored"])
            counts.append(self.env.cr.sql_log_count - before)
            people = self.env["res.partner"].create([{"name": f"Guest {n}"} for n in range(100)])
            self.sell([(who, self.sales[-1][1], 5.0, None) for who in people])
            self.Summary._refresh(self.shop)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 12)

    def test_a_filtered_view_takes_as_many_queries_for_a_hundred_customers_more(self):
        self.people[0].country_id = self.env.ref("base.id")
        filters = {"country_ids": self.env.ref("base.id").ids, "team_ids": self.teams.ids}
        counts = []
        self.load(**filters)
        for _size in (1, 2):
            self.env.invalidate_all()
            self.load(**filters)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.load(**filters)
            counts.append(self.env.cr.sql_log_count - before)
            people = self.env["res.partner"].create(
                [{"name": f"Guest {n}", "country_id": self.env.ref("base.id").id} for n in range(100)]
            )
            self.sell([(who, self.sales[-1][1], 5.0, self.teams[0]) for who in people])
        self.assertEqual(counts[0], counts[1])

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
