"""The purchases: what is read from the records, and what a load that is killed leaves behind."""

import datetime
import itertools
import os
import signal
import subprocess
import unittest
from collections import Counter

from tools import database, odoo_run, paths, purchases

CUSTOMERS = 400  # three batches


class TestRead(unittest.TestCase):
    def test_the_records_are_all_there(self):
        bought = list(purchases.read(sample=False))
        self.assertEqual(len(bought), 69_659)
        self.assertEqual(len({one.customer for one in bought}), 23_570)
        self.assertEqual((min(bought, key=lambda o: o.day).day, max(bought, key=lambda o: o.day).day),
                         (datetime.date(1997, 1, 1), purchases.LAST_DAY))  # fmt: skip

    def test_the_sample_is_part_of_the_records_under_the_same_numbers(self):
        sample = Counter(purchases.read(sample=True))
        self.assertEqual(sample.total(), 6_919)
        self.assertEqual(len({one.customer for one in sample}), 2_357)
        self.assertFalse(sample - Counter(purchases.read(sample=False)))


class TestLoad(unittest.TestCase):
    def setUp(self):
        self.name = database.clone(database.addons_template(), f"crm_test_load_{os.getpid()}")
        self.addCleanup(database.drop, self.name)

    def ask(self, query):
        return database.psql(query, self.name).split()

    def loaded(self):
        """:returns: customers, orders, amount in cents"""
        return self.ask(
            "SELECT count(DISTINCT p.id), count(*), (sum(o.amount_total) * 100)::bigint FROM sale_order o"
            " JOIN res_partner p ON p.id = o.partner_id WHERE p.ref LIKE 'CDNOW-%' AND o.state = 'sale'"
        )[0].split("|")

    def first_and_last_day(self):
        query = "SELECT min(date_order)::date, max(date_order)::date FROM sale_order WHERE name LIKE 'CDNOW%'"
        return self.ask(query)[0].split("|")

    def expected(self):
        by_customer = itertools.groupby(purchases.read(sample=True), key=lambda one: one.customer)
        bought = [one for _customer, some in itertools.islice(by_customer, CUSTOMERS) for one in some]
        return [str(CUSTOMERS), str(len(bought)), str(sum(one.cents for one in bought))]

    def test_a_killed_load_goes_on_where_it_was_and_adds_nobody_twice(self):
        self.kill_after_first_batch()
        customers = int(self.loaded()[0])
        self.assertTrue(0 < customers < CUSTOMERS, f"{customers} customers after the kill")
        purchases.load(self.name, first=CUSTOMERS)
        self.assertEqual(self.loaded(), self.expected())
        purchases.load(self.name, first=CUSTOMERS)
        self.assertEqual(self.loaded(), self.expected())
        self.assertEqual(self.ask("SELECT count(*) FROM res_partner WHERE ref LIKE 'CDNOW-%'"), [str(CUSTOMERS)])
        self.assert_figures_and_silence()

    def kill_after_first_batch(self):
        process = subprocess.Popen(
            purchases.loading_command(self.name, "small", False, CUSTOMERS),
            cwd=paths.ROOT, env=odoo_run.environment(), stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        for text in process.stdout:
            if text.startswith("progress"):
                break
        # At work on the second batch by now: the first is committed before its progress is told.
        process.send_signal(signal.SIGKILL)
        process.stdout.close()
        process.wait()

    def assert_figures_and_silence(self):
        self.assertEqual(self.ask("SELECT count(*) FROM customer_purchase_queue"), ["0"])
        self.assertEqual(self.ask("SELECT sum(orders) FROM customer_purchase"), [self.expected()[1]])
        self.assertEqual(self.ask("SELECT count(*) FROM mail_mail"), ["0"])
        self.assertEqual(self.ask("SELECT count(*) FROM mail_message WHERE model = 'sale.order'"), ["0"])
        # Each purchase keeps its day.
        self.assertEqual(self.first_and_last_day()[0], "1997-01-01")

    def test_shifted_dates_end_today(self):
        purchases.load(self.name, first=20, shift=True)
        by_customer = itertools.groupby(purchases.read(sample=True), key=lambda one: one.customer)
        newest = max(one.day for _customer, some in itertools.islice(by_customer, 20) for one in some)
        expected = newest + (datetime.date.today() - purchases.LAST_DAY)
        self.assertEqual(self.first_and_last_day()[1], str(expected))
