from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from ..models import customer_purchase_build
from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestBuild(PurchaseCase):
    """The full count: in batches, resumed where it was, with progress."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["res.partner"].create([{"name": f"Customer {n}"} for n in range(6)])
        for number, partner in enumerate(cls.people):
            cls.buy(partner, "2025-03-14", number + 1.0)
        cls.count()
        cls.whole = cls.all_facts()

    def build(self):
        return self.Build.search([("company_id", "=", self.company.id)])

    def test_a_batch_that_fails_leaves_the_count_where_it_was_and_the_next_goes_on(self):
        self.Build._request(self.company)
        self.Build._build_batch(5)
        done, position = self.build().done, self.build().position
        self.assertTrue(done > 0 and position)
        with self.assertRaises(ZeroDivisionError), self.cr.savepoint():
            with patch.object(type(self.Build), "_note", lambda *args: 1 / 0):
                self.Build._build_batch(5)
        self.env.invalidate_all()
        self.assertEqual((self.build().done, self.build().position), (done, position))
        while self.Build._build_batch(5):
            pass
        self.assertEqual(self.build().state, "done")
        self.assertEqual(self.all_facts(), self.whole)

    def test_changes_made_while_it_runs_are_counted(self):
        self.Build._request(self.company)
        self.Build._build_batch(5)
        self.buy(self.people[0], "2025-04-14", 50.0)
        self.buy(self.people[5], "2025-04-14", 60.0)
        self.count()
        kept = self.all_facts()
        self.Purchase._rebuild()
        self.assertEqual(kept, self.all_facts())
        self.assertIn(("Customer 0", "2025-04-14", 1, 50.0), self.days(self.people))

    def test_what_was_counted_wrongly_is_mended(self):
        self.env.cr.execute("UPDATE customer_purchase SET amount = amount + 1000")
        self.env.cr.execute("DELETE FROM customer_purchase_category")
        self.Build._request(self.company)
        self.count()
        self.assertEqual(self.all_facts(), self.whole)

    def test_screens_are_told_how_far_it_is(self):
        self.assertIsNone(self.env["retention.dashboard"]._freshness()["building"])
        self.Build._request(self.company)
        self.assertEqual(self.env["retention.dashboard"]._freshness()["building"], 0)
        self.Build._build_batch(5)
        self.assertTrue(0 < self.env["retention.dashboard"]._freshness()["building"] < 1)
        while self.Build._build_batch():
            pass
        self.assertIsNone(self.env["retention.dashboard"]._freshness()["building"])

    def test_the_scheduled_job_counts_batch_by_batch_until_all_is_done(self):
        batches = []
        batch = type(self.Build)._build_batch
        self.Build._request(self.company)
        with (
            patch.object(customer_purchase_build, "BUILD_BATCH", 5),
            patch.object(type(self.Build), "_build_batch", lambda *a: batches.append(batch(*a)) or batches[-1]),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("crm_analytics.ir_cron_build_purchases").method_direct_trigger()
        self.env.invalidate_all()
        self.assertGreater(len(batches), 2)
        self.assertEqual((batches[-1], self.build().state), (0, "done"))
        self.assertEqual(self.all_facts(), self.whole)

    def test_a_manager_has_all_counted_anew_by_the_button(self):
        manager = new_test_user(self.env, "build_manager", "crm_analytics.group_analytics_manager")
        builds = self.Build.with_user(manager)
        job = self.env.ref("crm_analytics.ir_cron_build_purchases")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", job.id)])
        builds.action_count_anew()
        self.assertEqual(triggers.search_count([("cron_id", "=", job.id)]), before + 1)
        self.assertEqual(self.build().state, "waiting")
        self.assertEqual(builds.search([]).company_id, self.company)

    def test_a_batch_costs_the_same_number_of_queries_for_1_and_100_customers(self):
        def cost(limit):
            self.Build._request(self.company)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.Build._build_batch(limit)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.env["res.partner"].create([{"name": f"More {n}"} for n in range(150)])
        self.assertEqual(cost(1), cost(100))
