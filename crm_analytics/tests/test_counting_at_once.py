import contextlib
import threading
from datetime import datetime
from unittest.mock import patch

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .. import rolls


@tagged("post_install", "-at_install")
class TestCountingAtOnce(BaseCase):
    """Real transactions at the same time, each on a connection of its own; what they leave is taken away at the end."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.take_away)
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            product = env["product.product"].create({"name": "Coffee of two counters", "taxes_id": []})
            partner = env["res.partner"].create({"name": "Siti of two counters"})
            self.product_id, self.partner_id = product.id, partner.id
        with self.registry.cursor() as cr:
            self.drain(cr)

    @staticmethod
    def env_of(cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def drain(self, cr, limit=5000):
        return self.env_of(cr)["customer.purchase.queue"]._drain_batch(limit)

    def buy(self, month, price=10.0):
        with self.registry.cursor() as cr:
            line = {"product_id": self.product_id, "price_unit": price, "tax_ids": []}
            order = self.env_of(cr)["sale.order"].create(
                {"partner_id": self.partner_id, "state": "sale", "date_order": datetime(2001, month, 10, 12)}
                | {"order_line": [(0, 0, line)]}
            )
            return order.id

    def change_price(self, order_id, price):
        with self.registry.cursor() as cr:
            self.env_of(cr)["sale.order"].browse(order_id).order_line.price_unit = price

    def figures(self):
        """:returns: list of (month, cohort's month, amount)"""
        with self.registry.cursor() as cr:
            rows = self.env_of(cr)["customer.purchase.month"].search(
                [("partner_id", "=", self.partner_id)], order="month"
            )
            return [(row.month.month, row.cohort_month.month, row.amount) for row in rows]

    def take_away(self):
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            partner = env["res.partner"].browse(self.partner_id)
            orders = env["sale.order"].search([("partner_id", "=", partner.id)])
            orders._action_cancel()
            orders.unlink()
            partner.unlink()
            env["product.product"].browse(self.product_id).unlink()

    def test_a_change_made_while_its_day_is_being_counted_is_counted_next_time(self):
        order_id = self.buy(3, 10.0)
        with self.registry.cursor() as counting:
            self.drain(counting)
            self.change_price(order_id, 25.0)
        self.assertEqual(self.figures(), [(3, 3, 10.0)])
        with self.registry.cursor() as counting:
            self.drain(counting)
        self.assertEqual(self.figures(), [(3, 3, 25.0)])

    def test_two_who_count_months_of_one_customer_at_once_agree_on_his_cohort(self):
        self.buy(5)
        self.buy(3)  # queued later, so the second to count finds the first purchase
        with self.registry.cursor() as cr:
            limit = len({*self.env_of(cr)["customer.purchase.queue"].search([("day", "=", "2001-05-10")]).ids})
        second = threading.Thread(target=self.count_rest)
        with self.registry.cursor() as first:
            self.drain(first, limit)
            second.start()
            second.join(0.5)
            self.assertTrue(second.is_alive(), "the second count does not wait for the first")
        second.join(20)
        self.assertEqual(self.figures(), [(3, 3, 10.0), (5, 3, 10.0)])

    def count_rest(self):
        with self.registry.cursor() as cr:
            self.drain(cr)

    def span(self, cr):
        company = self.env_of(cr).company
        return company.id, self.partner_id >> rolls.SPAN_BITS

    def roll(self, cr):
        self.env_of(cr)["customer.purchase.roll"]._make(*self.span(cr))

    def changes(self):
        with self.registry.cursor() as cr:
            return self.env_of(cr)["customer.purchase.change"].search_count([("partner_id", "=", self.partner_id)])

    def test_who_is_counted_while_rolls_are_made_stays_noted_for_the_next_time(self):
        order_id = self.buy(3)
        with self.registry.cursor() as cr:
            self.drain(cr)
        self.assertEqual(self.changes(), 1)
        with self.registry.cursor() as rolling:
            self.roll(rolling)
            self.merge_like_count(order_id)
        self.assertEqual(self.changes(), 1)
        with self.registry.cursor() as rolling:
            self.roll(rolling)
        self.assertEqual(self.changes(), 0)

    def make_rolls(self, cr):
        return self.env_of(cr)["customer.purchase.roll"]._make_next()

    def test_a_job_of_rolls_that_is_killed_goes_on_with_the_customers_where_it_was(self):
        self.buy(3)
        with self.registry.cursor() as cr:
            self.drain(cr)
        with patch.object(rolls, "SPAN_BITS", 4), patch.object(rolls, "SPAN", 16):
            with self.registry.cursor() as cr:
                env = self.env_of(cr)
                env["customer.purchase.roll"]._forget(env.company.ids)
                build = env["customer.purchase.build"].search([("company_id", "=", env.company.id)])
                build.write({"state": "done", "next_span": self.span(cr)[1] - 1})
            with self.registry.cursor() as cr:
                self.make_rolls(cr)
            before = self.rolled()
            self.kill_at_work(self.make_rolls)
            self.assertEqual(self.rolled(), before)
            self.assertEqual(before, (False, self.partner_id >> 4, 0))
            with self.registry.cursor() as cr:
                while self.make_rolls(cr):
                    pass
            self.assertEqual((self.rolled()[0], self.rolled()[2]), (True, 1))
        with self.registry.cursor() as cr:  # with spans as they are
            env = self.env_of(cr)
            env["customer.purchase.roll"]._forget(env.company.ids)
        with self.registry.cursor() as cr:
            while self.make_rolls(cr):
                pass

    def rolled(self):
        """:returns: (whether all rolls of the company are made, whose are made next, how many tell of Siti)"""
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            build = env["customer.purchase.build"].search([("company_id", "=", env.company.id)])
            found = env["customer.purchase.roll"].search(
                [
                    *(("company_id", "=", env.company.id), ("span", "=", self.span(cr)[1])),
                    *(("categ_id", "=", False), ("team_id", "=", False)),
                ]
            )
            return build.rolled, build.next_span, len(found)

    def merge_like_count(self, order_id):
        """As who merges contacts counts: at once, whoever else is counting."""
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            order = env["sale.order"].browse(order_id)
            env["customer.purchase"]._recompute_days([(self.partner_id, order.company_id.id, order.date_order.date())])

    def build(self, cr, limit=None):
        return self.env_of(cr)["customer.purchase.build"]._build_batch(limit)

    def progress(self):
        """:returns: (customers done, id of the last one) of the full count of the company"""
        with self.registry.cursor() as cr:
            build = self.env_of(cr)["customer.purchase.build"].search([], order="position", limit=1)
            return build.done, build.position

    def test_a_full_count_that_is_killed_in_its_batch_goes_on_where_it_was_and_counts_nothing_twice(self):
        self.buy(3)
        self.buy(5)
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            env["customer.purchase.build"]._request(env["res.company"].search([]))
        with self.registry.cursor() as cr:
            self.build(cr, 3)
        before = self.progress()
        self.assertTrue(all(before))
        self.kill_at_work(lambda cr: self.build(cr, 3))
        self.assertEqual(self.progress(), before)
        with self.registry.cursor() as cr:
            while self.build(cr):
                pass
        self.assertEqual(self.figures(), [(3, 3, 10.0), (5, 3, 10.0)])

    def kill_at_work(self, work):
        """The next batch is all done but for its commit when its connection dies, as when the process is killed."""
        dying = self.registry.cursor()
        work(dying)
        with self.registry.cursor() as cr:
            cr.execute("SELECT pg_terminate_backend(%s)", [dying.connection.get_backend_pid()])
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error):
            dying.execute("SELECT 1")
        with contextlib.suppress(psycopg2.Error):
            dying.close()
