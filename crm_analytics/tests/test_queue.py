from unittest.mock import patch

from odoo.tests import tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestQueue(PurchaseCase):
    """How changes are noted and counted."""

    def test_changes_that_change_no_figure_are_not_noted(self):
        order = self.buy(self.siti, "2025-03-14")
        self.count()
        order.write({"note": "Milk, no sugar", "client_order_ref": "7", "user_id": self.env.uid})
        self.assertEqual(self.queued(), 0)

    def test_a_moved_order_notes_its_old_and_its_new_day(self):
        order = self.buy(self.siti, "2025-03-14")
        self.count()
        order.date_order = "2025-04-02 05:00:00"
        self.queued()
        self.assertEqual(sorted(str(day) for day in self.Queue.search([]).mapped("day")), ["2025-03-14", "2025-04-02"])

    def test_confirming_a_quotation_notes_its_day_by_one_statement(self):
        quotation = self.quotation(self.siti, "2025-03-14")
        self.count()
        noted = []
        enqueue = type(self.Queue)._enqueue
        with patch.object(type(self.Queue), "_enqueue", lambda *args: noted.append(1) or enqueue(*args)):
            quotation.action_confirm()
            self.env.flush_all()
        self.assertEqual((len(noted), self.queued()), (1, 1))

    def test_an_order_cancelled_and_confirmed_anew_in_one_transaction_notes_both_days(self):
        order = self.buy(self.siti, "2025-03-14")
        self.count()
        order._action_cancel()
        order.action_draft()
        order.write({"date_order": "2025-04-02 05:00:00", "state": "sale"})
        self.queued()
        days = {str(day) for day in self.Queue.search([]).mapped("day")}
        self.assertLessEqual({"2025-03-14", "2025-04-02"}, days)

    def test_noting_costs_the_same_number_of_queries_for_1_and_100_orders(self):
        orders = self.env["sale.order"].union(*(self.buy(self.siti, "2025-03-14") for _ in range(101)))
        self.count()

        def cost(some, date):
            with Counter(self) as counter:
                some.write({"date_order": date})
                self.env.flush_all()
            return counter()

        self.assertEqual(cost(orders[0], "2025-04-02 05:00:00"), cost(orders[1:], "2025-04-02 05:00:00"))

    def test_counting_costs_the_same_number_of_queries_for_1_and_100_customers(self):
        partners = self.env["res.partner"].create([{"name": f"Customer {n}"} for n in range(101)])
        self.buy(self.siti, "2025-03-14")
        self.count()  # what is looked up once and kept
        for partner in partners[:1]:
            self.buy(partner, "2025-03-14")
        self.env.flush_all()
        with Counter(self) as one:
            self.Queue._drain_batch()
        for partner in partners[1:]:
            self.buy(partner, "2025-03-14")
        self.env.flush_all()
        with Counter(self) as hundred:
            self.Queue._drain_batch()
        self.assertEqual(one(), hundred())
        self.assertEqual(len(self.days(partners)), 101)

    def test_counting_twice_counts_once(self):
        self.buy(self.siti, "2025-03-14")
        self.env.flush_all()
        keys = [(row.partner_id.id, row.company_id.id, row.day) for row in self.Queue.search([])]
        self.count()
        self.Purchase._recompute_days(keys)
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 10.0)])

    def test_the_scheduled_job_empties_the_queue_batch_by_batch(self):
        for day in range(1, 8):
            self.buy(self.siti, f"2025-03-0{day}")
        self.env.flush_all()
        sizes = []
        drain = type(self.Queue)._drain_batch

        def small(queue, limit=3):
            sizes.append(drain(queue, limit))
            return sizes[-1]

        waiting = self.queued()
        with patch.object(type(self.Queue), "_drain_batch", small), self.enter_registry_test_mode():
            self.env.ref("crm_analytics.ir_cron_count_purchases").method_direct_trigger()
        self.assertEqual(sizes, [3] * (waiting // 3) + ([waiting % 3] if waiting % 3 else []) + [0])
        self.assertEqual(self.queued(), 0)
        self.assertEqual(len(self.days()), 7)

    def test_a_batch_takes_what_has_waited_longest(self):
        self.buy(self.siti, "2025-03-14")
        self.env.flush_all()
        first = self.Queue.search([], limit=1)
        self.buy(self.budi, "2025-03-15")
        self.env.flush_all()
        self.Queue._drain_batch(limit=1)
        self.assertFalse(first.exists())
        self.assertTrue(self.queued())


class Counter:
    """Counts the queries within a `with` block."""

    def __init__(self, case):
        self.case = case

    def __enter__(self):
        self.case.env.flush_all()
        self.before = self.case.env.cr.sql_log_count
        return lambda: self.after - self.before

    def __exit__(self, *_):
        self.after = self.case.env.cr.sql_log_count
