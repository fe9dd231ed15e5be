"""The statistics of retention on published records: the CDNOW sample of 2,357 customers (Fader and Hardie).

Fitted to the first 39 weeks, as the papers do; the 39 weeks after are the hold-out.
"""

import datetime
import itertools

import numpy as np
from odoo.addons.crm_analytics.statistics import bg_nbd, gamma_gamma, holdout, mbg_nbd
from odoo.addons.crm_analytics.statistics.collapsed import Collapsed
from odoo.tests import BaseCase, tagged

from tools import purchases

END = datetime.date(1997, 9, 30)


def customers():
    """:returns: rows of x, t_x, T (weeks), mean amount of a repeat day, purchase days after END"""
    for _number, bought in itertools.groupby(purchases.read(True), key=lambda purchase: purchase.customer):
        amounts, later = {}, set()
        for purchase in bought:
            if purchase.day > END:
                later.add(purchase.day)
            else:
                amounts[purchase.day] = amounts.get(purchase.day, 0) + purchase.cents / 100
        first, *others = sorted(amounts)
        mean = sum(amounts[day] for day in others) / len(others) if others else 0
        yield len(others), (max(amounts) - first).days / 7, (END - first).days / 7, mean, len(later)


@tagged("post_install", "-at_install")
class TestStatisticsOnCdnow(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.x, cls.t_x, cls.age, cls.m, cls.later = np.array(list(customers())).T
        cls.data = Collapsed(cls.x, cls.t_x, cls.age)
        cls.bg_nbd = bg_nbd.fit(cls.data)

    def assert_parameters(self, fitted, published, places):
        for found, expected in zip(fitted.parameters, published, strict=True):
            self.assertEqual(round(found, places), expected)

    def test_the_sample_is_the_published_one(self):
        self.assertEqual((len(self.x), int(self.x.sum()), int((self.x > 0).sum())), (2357, 2457, 946))

    def test_bg_nbd_gives_the_published_parameters_and_likelihood(self):
        self.assert_parameters(self.bg_nbd, (0.243, 4.414, 0.793, 2.426), 3)
        self.assertEqual(round(self.bg_nbd.log_likelihood, 1), -9582.4)

    def test_bg_nbd_expects_what_is_published_of_a_customer(self):
        [expected] = self.bg_nbd.expected_purchases(2, 30.43, 38.86, 39)
        self.assertEqual(round(expected, 3), 1.226)

    def test_mbg_nbd_gives_the_published_parameters(self):
        self.assert_parameters(mbg_nbd.fit(self.data), (0.525, 6.183, 0.891, 1.614), 3)

    def test_gamma_gamma_gives_the_published_parameters_on_946_customers(self):
        buys = self.m > 0
        self.assertEqual(int(buys.sum()), 946)
        self.assert_parameters(gamma_gamma.fit(self.x[buys], self.m[buys]), (6.25, 3.74, 15.44), 2)

    def test_the_hold_out_is_predicted_better_than_by_the_naive_rate(self):
        found = holdout.compare(self.bg_nbd, self.x, self.t_x, self.age, self.later, 39)
        self.assertEqual(found["actual"], 1882)
        self.assertLess(abs(found["predicted"] / found["actual"] - 1), 0.13)
        self.assertGreater(found["naive"] / found["actual"], 1.5)
        self.assertLess(found["mae"], found["naive_mae"])
        best, worst = found["deciles"][0], found["deciles"][-1]
        self.assertGreater(best["actual"], 5 * worst["actual"])
