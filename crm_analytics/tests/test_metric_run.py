from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .metric_case import TODAY, MetricCase


@tagged("post_install", "-at_install")
class TestMetricRun(MetricCase):
    """The nightly work: batch by batch, resumed, nothing twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.siti, cls.budi, cls.rina = cls.customers("Siti", "Budi", "Rina")
        for partner in (cls.siti, cls.budi, cls.rina):
            cls.bought(partner, {40: 10.0, 20: 10.0})

    def triggers(self):
        job = self.env.ref("crm_analytics.ir_cron_customer_metrics")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])

    def batches_of_one(self, run):
        run.next_partner = self.siti.id
        run.last_partner = self.rina.id

    def test_a_run_that_was_stopped_goes_on_where_it_was(self):
        run = self.Run._begin(self.company, "figures", TODAY)
        self.batches_of_one(run)
        self.assertTrue(run._next_batch(1))
        self.assertEqual(self.Metric.search([("company_id", "=", self.company.id)]).partner_id, self.siti)
        self.assertEqual(self.Run._begin(self.company, "figures", TODAY), run)
        self.assertEqual(run.next_partner, self.siti.id + 1)
        self.assertTrue(run._next_batch(1))
        self.assertFalse(run._next_batch(1))
        self.assertTrue(run.finished_at)
        self.assertEqual(self.Metric.search_count([("company_id", "=", self.company.id)]), 3)

    def test_what_is_finished_is_not_done_twice_on_a_day(self):
        run = self.work_out()
        self.assertEqual(self.Run._begin(self.company, "figures", TODAY), run)
        self.assertFalse(run._next_batch())

    def test_a_new_day_begins_a_new_run_and_forgets_the_old_one(self):
        old = self.work_out()
        new = self.work_out(TODAY + timedelta(1))
        self.assertFalse(old.exists())
        self.assertEqual(self.metric(self.siti).as_of, new.as_of)
        self.assertEqual(self.metric(self.siti).recency_days, 21)

    def test_readers_see_the_old_figures_until_a_batch_is_done(self):
        self.work_out()
        run = self.Run._begin(self.company, "figures", TODAY + timedelta(1))
        self.batches_of_one(run)
        run._next_batch(1)
        self.assertEqual(self.metric(self.siti).recency_days, 21)
        self.assertEqual(self.metric(self.rina).recency_days, 20)

    def test_a_snapshot_tells_what_was_at_the_end_of_the_month(self):
        self.work_out(date(2025, 5, 31), kind="snapshot")
        [snapshot] = self.Snapshot.search([("partner_id", "=", self.siti.id)])
        self.assertEqual(snapshot.month, date(2025, 5, 1))
        self.assertEqual((snapshot.amount, snapshot.lifecycle), (10.0, "new"))  # 20 of May only

    def test_a_snapshot_stays_as_it_was(self):
        self.work_out(date(2025, 5, 31), kind="snapshot")
        self.bought(self.siti, {50: 990.0})
        self.work_out(date(2025, 5, 31), kind="snapshot")
        self.assertEqual(self.Snapshot.search([("partner_id", "=", self.siti.id)]).amount, 10.0)

    def test_the_job_works_on_all_companies_and_keeps_the_months_that_are_over(self):
        self.env["customer.purchase.month"]._recompute_customers([(self.siti.id, self.company.id)])
        with freeze_time("2025-08-02 05:00:00"), self.enter_registry_test_mode():
            self.env.ref("crm_analytics.ir_cron_customer_metrics").method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(self.metric(self.siti).as_of, date(2025, 8, 2))
            months = self.Snapshot.search([("partner_id", "=", self.siti.id)], order="month").mapped("month")
            self.assertEqual(months, [date(2025, 5, 1), date(2025, 6, 1), date(2025, 7, 1)])
            runs = self.Run.search([("company_id", "=", self.company.id)])
            self.assertTrue(all(runs.mapped("finished_at")))
            with patch.object(type(self.Metric), "_fill_batch") as filled:
                self.env.ref("crm_analytics.ir_cron_customer_metrics").method_direct_trigger()
            filled.assert_not_called()

    def test_after_a_full_count_of_purchases_the_figures_are_due_again(self):
        self.work_out()
        builds = self.env["customer.purchase.build"]
        builds._request(self.company)
        before = self.triggers()
        while builds._build_batch():
            pass
        self.assertEqual(self.triggers(), before + 1)
        self.assertFalse(self.Run.search([("company_id", "=", self.company.id), ("kind", "=", "figures")]))

    def test_an_administrator_has_the_figures_worked_out_by_a_button(self):
        manager = new_test_user(
            self.env,
            "figures_lead",
            "crm_analytics.group_analytics_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.work_out()
        before = self.triggers()
        self.Metric.with_user(manager).action_refresh()
        self.assertEqual(self.triggers(), before + 1)
        self.bought(self.siti, {5: 70.0})
        self.assertFalse(self.Run._begin(self.company, "figures", TODAY).finished_at)

    def test_an_analyst_has_no_such_button(self):
        analyst = new_test_user(self.env, "figures_reader", "crm_analytics.group_analytics_user")
        with self.assertRaises(AccessError):
            self.Metric.with_user(analyst).action_refresh()


@tagged("post_install", "-at_install")
class TestMetricContacts(MetricCase):
    """Merging and deleting contacts."""

    def merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"]._merge((source + target).ids, target)

    def order(self, partner, ago, amount):
        product = self.env["product.product"].create({"name": "Coffee", "taxes_id": []})
        return self.env["sale.order"].create({
            "partner_id": partner.id,
            "company_id": self.company.id,
            "state": "sale",
            "date_order": fields.Datetime.to_datetime(TODAY - timedelta(ago)),
            "order_line": [(0, 0, {"product_id": product.id, "price_unit": amount, "tax_ids": []})],
        })  # fmt: skip

    def test_the_figures_of_two_who_are_one_are_worked_out_at_once(self):
        siti, budi = self.customers("Siti", "Budi")
        self.order(siti, 10, 10.0)
        self.order(budi, 30, 20.0)
        self.env["customer.purchase"]._rebuild()
        self.work_out()
        self.merge(budi, siti)
        metric = self.metric(siti)
        self.assertEqual((metric.orders, metric.amount, metric.first_day), (2, 30.0, TODAY - timedelta(30)))
        self.assertFalse(self.Metric.search([("partner_id", "=", budi.id)]))

    def test_months_that_only_the_merged_one_had_are_kept_and_the_others_added_up(self):
        siti, budi = self.customers("Siti", "Budi")
        self.bought(siti, {40: 10.0})
        self.bought(budi, {75: 5.0, 45: 20.0})
        for month_end in (date(2025, 4, 30), date(2025, 5, 31)):
            self.work_out(month_end, kind="snapshot")
        self.merge(budi, siti)
        snapshots = self.Snapshot.search([("partner_id", "=", siti.id)], order="month")
        self.assertEqual(snapshots.mapped("amount"), [5.0, 35.0])

    def test_three_are_merged_as_well(self):
        siti, budi, rina = self.customers("Siti", "Budi", "Rina")
        for partner in (siti, budi, rina):
            self.bought(partner, {40: 10.0})
        self.work_out(date(2025, 5, 31), kind="snapshot")
        self.merge(budi + rina, siti)
        self.assertEqual(self.Snapshot.search([("partner_id", "=", siti.id)]).amount, 30.0)

    def test_figures_keep_no_contact_from_being_deleted(self):
        [siti] = self.customers("Siti")
        self.env["crm.lead"].create({"name": "Beans", "partner_id": siti.id, "company_id": self.company.id})
        self.work_out()
        self.work_out(date(2025, 5, 31), kind="snapshot")
        self.assertTrue(self.metric(siti))
        self.env["crm.lead"].search([("partner_id", "=", siti.id)]).unlink()
        siti.unlink()
        self.assertFalse(siti.exists())

    def test_a_contact_without_figures_rights_is_deleted_by_who_may_delete_contacts(self):
        [siti] = self.customers("Siti")
        self.env["crm.lead"].create({"name": "Beans", "partner_id": siti.id, "company_id": self.company.id})
        self.work_out()
        self.env["crm.lead"].search([("partner_id", "=", siti.id)]).unlink()
        clerk = new_test_user(self.env, "clerk", "base.group_partner_manager")
        siti.with_user(clerk).unlink()
        self.assertFalse(siti.exists())


@tagged("post_install", "-at_install")
class TestRiskReasons(MetricCase):
    """Why a customer may leave, in words."""

    def reasons(self, days_ago, complaints=0):
        [siti] = self.customers("Siti")
        self.bought(siti, dict.fromkeys(days_ago, 10.0))
        self.env["service.ticket"].create([
            {"name": "Cold", "type": "complaint", "partner_id": siti.id, "company_id": self.company.id}
            for _ in range(complaints)
        ])  # fmt: skip
        self.work_out()
        metric = self.metric(siti)
        return metric._risk_reasons()[metric.id]

    def test_who_has_waited_longer_than_usual(self):
        self.assertEqual(self.reasons([127, 106, 85, 64]), ["usually buys every 21 days, last 64 days ago"])

    def test_open_complaints_are_a_reason(self):
        self.assertEqual(self.reasons([25, 4], complaints=1), ["1 open complaint"])
        self.assertEqual(self.reasons([25, 4], complaints=2), ["2 open complaints"])

    def test_who_bought_once_and_did_not_come_back(self):
        self.assertEqual(self.reasons([130]), ["bought once, on 02/20/2025"])

    def test_who_buys_as_ever_gives_no_reason(self):
        self.assertEqual(self.reasons([25, 4]), [])

    def test_reasons_of_1_and_100_customers_cost_the_same_number_of_queries(self):
        partners = self.customers(*(f"Customer {number}" for number in range(100)))
        for partner in partners:
            self.bought(partner, {130: 10.0, 110: 5.0})
        self.work_out()
        metrics = self.Metric.search([("company_id", "=", self.company.id)])
        costs = []
        for some in (metrics[:1], metrics):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(all(some._risk_reasons().values()))
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[0], costs[1])
