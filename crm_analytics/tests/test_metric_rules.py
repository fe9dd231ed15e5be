import random

from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .. import rfm
from ..models.customer_metric import SEGMENTS
from .metric_case import MetricCase


@tagged("post_install", "-at_install")
class TestRfm(MetricCase):
    """Scores and segments."""

    def scores(self, partners):
        return [self.metric(partner).rfm for partner in partners]

    def test_ten_different_customers_stand_in_five_parts_of_two(self):
        partners = self.customers(*"ABCDEFGHIJ")
        for number, partner in enumerate(partners):
            self.bought(partner, dict.fromkeys(range(number, 2 * number + 1), 10.0 * (number + 1)))
        self.work_out()
        self.assertEqual(self.scores(partners), ["511", "511", "422", "422", "333", "333", "244", "244", "155", "155"])

    def test_equal_values_share_a_score_whoever_comes_first(self):
        partners = self.customers(*"ABCDEFGHIJ")
        for number, partner in enumerate(partners):
            days = {10: 10.0} if number < 7 else {10: 10.0, 20: 10.0}
            self.bought(partner, days)
        self.work_out()
        self.assertEqual(self.scores(partners), ["511"] * 7 + ["544"] * 3)

    def test_the_only_customer_is_a_new_one(self):
        [siti] = self.customers("Siti")
        self.bought(siti, {0: 10.0})
        self.work_out()
        self.assertEqual((self.metric(siti).rfm, self.metric(siti).segment), ("511", "new_customers"))

    def test_the_table_names_each_of_the_eleven_segments(self):
        named = {name for row in rfm.TABLE.values() for name in row}
        self.assertEqual(named, {key for key, _label in SEGMENTS})
        self.assertEqual(len(named), 11)

    def test_sql_and_python_give_the_same_scores_and_segments(self):
        chance = random.Random(7)
        partners = self.customers(*(f"Customer {number}" for number in range(40)))
        for partner in partners:
            days = chance.sample(range(200), chance.choice([1, 1, 2, 3, 5]))
            self.bought(partner, {ago: chance.choice([5.0, 10.0, 20.0]) for ago in days})
        cuts = self.work_out().cuts
        for metric in self.Metric.search([("company_id", "=", self.company.id)]):
            r = 6 - rfm.part(metric.recency_days, cuts["recency_days"])
            f = rfm.part(metric.purchase_days, cuts["purchase_days"])
            m = rfm.part(metric.amount, cuts["amount"])
            self.assertEqual((metric.r_score, metric.f_score, metric.m_score), (r, f, m))
            self.assertEqual((metric.rfm, metric.segment), (f"{r}{f}{m}", rfm.segment(r, f, m)))


@tagged("post_install", "-at_install")
class TestLifecycle(MetricCase):
    """The stage of a customer by the rules of his company."""

    def stage(self, *days_ago):
        [siti] = self.customers("Siti")
        self.bought(siti, dict.fromkeys(days_ago, 10.0))
        self.work_out()
        return self.metric(siti).lifecycle

    def test_one_purchase_makes_a_customer_new(self):
        self.assertEqual(self.stage(20), "new")

    def test_the_second_makes_him_growing(self):
        self.assertEqual(self.stage(40, 20), "growing")

    def test_the_fourth_makes_him_loyal(self):
        self.assertEqual(self.stage(80, 60, 40, 20), "loyal")

    def test_more_than_twice_his_usual_interval_puts_him_at_risk(self):
        self.assertEqual(self.stage(140, 120, 100, 40), "loyal")  # usually every 33 days: until 66 days
        self.assertEqual(self.stage(170, 150, 130, 70), "at_risk")

    def test_who_buys_every_few_days_is_not_at_risk_within_a_month(self):
        self.assertEqual(self.stage(38, 36, 34, 30), "loyal")
        self.assertEqual(self.stage(39, 37, 35, 31), "at_risk")

    def test_more_than_four_times_his_usual_interval_means_lost(self):
        self.assertEqual(self.stage(220, 200, 180, 160), "lost")

    def test_who_bought_once_is_expected_again_within_the_company_s_interval(self):
        self.assertEqual(self.stage(120), "new")
        self.assertEqual(self.stage(121), "at_risk")
        self.assertEqual(self.stage(241), "lost")

    def test_who_buys_again_after_having_been_lost_is_won_back(self):
        self.assertEqual(self.stage(300, 280, 260, 5), "won_back")

    def test_who_was_won_back_and_buys_on_becomes_loyal(self):
        self.assertEqual(self.stage(300, 280, 260, 20, 15, 10), "won_back")
        self.assertEqual(self.stage(300, 280, 260, 20, 15, 10, 5), "loyal")

    def test_a_long_wait_that_did_not_mean_lost_is_no_return(self):
        self.assertEqual(self.stage(250, 200, 100, 5), "loyal")

    def test_each_company_has_rules_of_its_own(self):
        self.company.write({"lifecycle_loyal_days": 2, "lifecycle_at_risk_days": 10, "lifecycle_at_risk_factor": 1})
        self.assertEqual(self.stage(60, 30), "loyal")
        self.assertEqual(self.stage(61, 31), "at_risk")

    @mute_logger("odoo.sql_db")
    def test_rules_that_make_no_sense_are_refused(self):
        for rule in ({"lifecycle_lost_factor": 1.0}, {"lifecycle_loyal_days": 1}, {"retention_horizon": 0}):
            with self.subTest(**rule), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.company.write(rule)
                self.env.flush_all()
