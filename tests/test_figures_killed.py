"""The nightly work on figures of customers, whose process is killed: nothing is half done, it goes on where it was, and nothing
is done twice. That work is the fit of the statistics, and then customers, batch by batch."""

import os
import random
import tempfile
import time
from datetime import timedelta

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL

from tests.killing import kill_when

CUSTOMERS, BATCH = 200, 20

# In small batches, and slowly before each commit: that is when the process is killed.
SCRIPT = """
import time
company = env['res.company'].browse({company})
Run, Fit, Cron = (type(env[name]) for name in ('customer.metric.run', 'retention.model', 'ir.cron'))
begin, next_batch, fit, commit = Run._begin, Run._next_batch, Fit._fit, Cron._commit_progress
def begin_at_first_customer(self, company, kind, as_of):
    run = begin(self, company, kind, as_of)
    run.next_partner = max(run.next_partner, {first})
    return run
def fit_and_tell(self, company):
    found = fit(self, company)
    env.flush_all()
    open({file!r}, 'w').close()
    return found
def slow(self, *args, **options):
    time.sleep(0.3)
    return commit(self, *args, **options)
Run._begin, Run._next_batch = begin_at_first_customer, lambda run: next_batch(run, {batch})
Fit._fit, Cron._commit_progress = fit_and_tell, slow
env['customer.metric.run']._work_on(company, lambda: env['ir.cron']._commit_progress(1, remaining=1))
"""


@tagged("post_install", "-at_install")
class TestFiguresKilled(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.take_away)
        with self.registry.cursor() as cr:
            self.trade(self.env_of(cr))
        file = os.path.join(tempfile.mkdtemp(), "fitted")
        self.fitted = file
        self.script = SCRIPT.format(company=self.company_id, first=self.partner_ids[0], file=file, batch=BATCH)

    @staticmethod
    def env_of(cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def trade(self, env):
        """Customers who buy for a while and stop, by chance but the same each time."""
        self.company_id = env.company.id
        partners = env["res.partner"].create([{"name": f"Customer {number}"} for number in range(CUSTOMERS)])
        self.partner_ids = partners.ids
        dice, today, rows = random.Random(1), env.company._purchase_today(), []
        for partner_id in partners.ids:
            ago, leaving = dice.randrange(30, 540), dice.betavariate(1, 2)
            days = {ago}
            while dice.random() > leaving and (ago := ago - 1 - int(dice.expovariate(1 / 40))) >= 0:
                days.add(ago)
            rows += [
                (partner_id, self.company_id, today - timedelta(day), 1, round(20 * dice.uniform(0.5, 2), 2))
                for day in days
            ]
        values = SQL(", ").join(SQL("%s", row) for row in rows)
        env.cr.execute(
            SQL("INSERT INTO customer_purchase (partner_id, company_id, day, orders, amount) VALUES %s", values)
        )

    def take_away(self):
        with self.registry.cursor() as cr:
            for table in (
                "customer_metric", "customer_metric_run", "retention_model", "retention_change", "customer_purchase"
            ):  # fmt: skip
                cr.execute(SQL("DELETE FROM %s WHERE company_id = %s", SQL.identifier(table), self.company_id))
            self.env_of(cr)["res.partner"].browse(self.partner_ids).unlink()

    def ask(self, query):
        with self.registry.cursor() as cr:
            cr.execute(SQL(query, company=self.company_id, first=self.partner_ids[0]))
            return cr.fetchall()

    def fits(self):
        return self.ask("SELECT id, state FROM retention_model WHERE company_id = %(company)s")

    def runs(self):
        return self.ask(
            "SELECT next_partner, finished_at IS NOT NULL FROM customer_metric_run WHERE company_id = %(company)s"
        )

    def rows(self):
        """:returns: list of (transaction that wrote it, the figures of a customer as dict)"""
        return self.ask(
            "SELECT xmin::text, to_jsonb(figures) - 'id' FROM customer_metric figures"
            " WHERE company_id = %(company)s AND partner_id >= %(first)s ORDER BY partner_id"
        )

    def work(self):
        """What the job does for the company, in this process."""
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            company = env["res.company"].browse(self.company_id)
            env["customer.metric.run"]._work_on(company, lambda: env["ir.cron"]._commit_progress(1, remaining=1))

    def go_on(self):
        """The next runs of the job, until all is done: the server takes a moment to notice the death."""
        deadline = time.monotonic() + 30
        while not self.runs()[0][1] and time.monotonic() < deadline:
            try:
                self.work()
            except psycopg2.OperationalError:
                time.sleep(0.2)

    def test_killed_while_fitting_and_while_working_customers_out_it_ends_whole_and_nothing_is_done_twice(self):
        kill_when(self.script, lambda: os.path.exists(self.fitted))
        self.assertEqual((self.fits(), self.runs(), self.rows()), ([], [], []))

        kill_when(self.script, lambda: len(self.rows()) >= 2 * BATCH)
        [(fit, state)], [(next_partner, finished)], half = self.fits(), self.runs(), self.rows()
        self.assertEqual((state, finished), ("fitted", False))
        customers = [row["partner_id"] for _written_by, row in half]
        self.assertEqual(customers, [id_ for id_ in self.partner_ids if id_ < next_partner])
        self.assertTrue(2 * BATCH <= len(half) < CUSTOMERS, len(half))

        self.go_on()
        whole = self.rows()
        self.assertEqual([row["partner_id"] for _written_by, row in whole], self.partner_ids)
        self.assertEqual({row["retention_model_id"] for _written_by, row in whole}, {fit})
        self.assertEqual(whole[: len(half)], half)  # written before the kill, and not again
        self.work()
        self.assertEqual((self.fits(), self.rows()), ([(fit, "fitted")], whole))

        # It is what comes of a night without any kill.
        with self.registry.cursor() as cr:
            cr.execute(SQL("DELETE FROM customer_metric_run WHERE company_id = %s", self.company_id))
        self.work()
        self.assertEqual([row for _written_by, row in self.rows()], [row for _written_by, row in whole])
