import random
from datetime import timedelta
from unittest.mock import patch

import numpy as np
from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from ..statistics import bg_nbd, gamma_gamma, mbg_nbd
from ..statistics.maximise import NoFit
from ..streaming import read_columns, write_rows
from .metric_case import TODAY, MetricCase


class FitCase(MetricCase):
    """A shop with some hundred customers of a year and a half."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 12:00:00"))
        cls.Model = cls.env["retention.model"]

    @classmethod
    def trade(cls, number, seed=1):
        """Customers who buy for a while and stop, by chance; half of them buy once."""
        chance = random.Random(seed)
        cls.partners = cls.customers(*(f"Customer {at}" for at in range(number)))
        rows = []
        for partner in cls.partners:
            ago, level = chance.randrange(30, 540), chance.gammavariate(4, 8)
            mean_wait, leaving = chance.choice([20, 45, 90]), chance.betavariate(1, 2)
            days = {ago}
            while chance.random() > leaving and (ago := ago - 1 - int(chance.expovariate(1 / mean_wait))) >= 0:
                days.add(ago)
            rows += [
                (partner.id, cls.company.id, TODAY - timedelta(day), 1, round(level * chance.uniform(0.6, 1.5), 2))
                for day in days
            ]
        cls.env.cr.execute(
            SQL(
                "INSERT INTO customer_purchase (partner_id, company_id, day, orders, amount) VALUES %s",
                SQL(", ").join(SQL("%s", row) for row in rows),
            )
        )


@tagged("post_install", "-at_install")
class TestRetentionModel(FitCase):
    """Fits: kept with their test, used for estimates, and honest about what they do not know."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trade(400)
        cls.fit = cls.Model._fit(cls.company)
        cls.work_out()
        cls.metrics = cls.Metric.search([("company_id", "=", cls.company.id)])

    def test_a_fit_keeps_its_parameters_with_their_errors(self):
        self.assertEqual((self.fit.state, self.fit.message), ("fitted", False))
        self.assertEqual(self.fit.customers, 400)
        self.assertEqual(self.fit.repeat_customers, len(self.metrics.filtered("frequency")))
        self.assertEqual(set(self.fit.parameters), {"r", "alpha", "a", "b", "p", "q", "v", "correlation"})
        self.assertTrue(all(one["value"] > 0 and one["error"] > 0
                            for name, one in self.fit.parameters.items() if name != "correlation"))  # fmt: skip

    def test_the_likelier_of_the_two_models_is_taken(self):
        x, t_x, age, _m = self.Model._read_customers(self.company, TODAY)
        from ..statistics.collapsed import Collapsed

        data = Collapsed.of_rows(x, t_x, age)
        values = {"bg_nbd": bg_nbd.fit(data).log_likelihood, "mbg_nbd": mbg_nbd.fit(data).log_likelihood}
        self.assertEqual(self.fit.name, max(values, key=values.get))
        self.assertAlmostEqual(self.fit.log_likelihood, max(values.values()), places=4)

    def test_the_hold_out_compares_the_last_third_with_its_prediction(self):
        found = self.fit.holdout
        self.assertEqual(found["date_to"], str(TODAY))
        later = SQL(
            "SELECT COUNT(*) FROM customer_purchase WHERE company_id = %s AND day >= %s", self.company.id,
            found["date_from"],
        )  # fmt: skip
        new = SQL(
            """SELECT COUNT(*) FROM customer_purchase later WHERE company_id = %(company)s AND day >= %(day)s
                  AND NOT EXISTS (SELECT 1 FROM customer_purchase earlier WHERE earlier.day < %(day)s
                                     AND (earlier.partner_id, earlier.company_id)
                                       = (later.partner_id, later.company_id))""",
            company=self.company.id, day=found["date_from"],
        )  # fmt: skip
        [[all_later]], [[of_new]] = self.env.execute_query(later), self.env.execute_query(new)
        self.assertEqual(found["actual"], all_later - of_new)
        self.assertEqual(len(found["deciles"]), 10)
        self.assertAlmostEqual(
            sum(part["predicted"] * part["customers"] for part in found["deciles"]), found["predicted"], places=6
        )

    def test_each_customer_is_estimated_as_the_papers_say(self):
        fitted = self.fit._fitted()
        value = gamma_gamma.FittedValue(
            tuple(self.fit.parameters[name]["value"] for name in "pqv"), np.array(self.fit.covariance["value"])
        )
        for metric in self.metrics[:60]:
            x, t_x, age = metric.frequency, metric.t_x / 7, metric.age_days / 7
            score = fitted.score(x, t_x, age, self.fit._horizon_weeks(), self.fit._discount_per_week())
            [[first]] = self.env.execute_query(
                SQL("SELECT amount FROM customer_purchase WHERE partner_id = %s AND day = %s", metric.partner_id.id,
                    metric.first_day)
            )  # fmt: skip
            m = (metric.amount - float(first)) / x if x else 0
            expected = score["discounted"][0] * value.expected_value(x, m)
            slopes = value.expected_value_gradient(x, m)
            spread = 1.96 * np.sqrt(score["error"][0] ** 2 + slopes @ value.covariance @ slopes)
            self.assertAlmostEqual(metric.probability_alive, score["alive"][0], places=3)
            self.assertAlmostEqual(metric.expected_purchases, score["expected"][0], places=2)
            self.assertAlmostEqual(metric.lifetime_value, expected, places=1)
            self.assertAlmostEqual(metric.lifetime_value_low, expected * np.exp(-spread), places=1)
            self.assertAlmostEqual(metric.lifetime_value_high, expected * np.exp(spread), places=1)

    def test_every_customer_has_an_estimate_that_names_its_fit(self):
        self.assertEqual(self.metrics.retention_model_id, self.fit)
        self.assertTrue(all(0 < metric.lifetime_value_low <= metric.lifetime_value for metric in self.metrics))

    def test_a_longer_horizon_is_fitted_at_once_and_raises_what_is_expected(self):
        before = sum(self.metrics.mapped("expected_purchases"))
        self.Model._fit_if_due(self.company)
        self.assertEqual(self.Model.search([("company_id", "=", self.company.id)]), self.fit)
        self.company.retention_horizon = 24
        self.Model._fit_if_due(self.company)
        self.work_out()
        self.assertEqual(self.metrics.retention_model_id.horizon_months, 24)
        self.assertGreater(sum(self.metrics.mapped("expected_purchases")), before)

    def test_it_is_fitted_once_a_week(self):
        with freeze_time(TODAY + timedelta(6)):
            self.Model._fit_if_due(self.company)
        self.assertEqual(self.Model.search_count([("company_id", "=", self.company.id)]), 1)
        with freeze_time(TODAY + timedelta(8)):
            self.Model._fit_if_due(self.company)
        self.assertEqual(self.Model.search_count([("company_id", "=", self.company.id)]), 2)

    @mute_logger("odoo.addons.crm_analytics.models.retention_model_fit")
    def test_when_a_fit_fails_the_last_good_one_stays_with_its_date(self):
        with freeze_time(TODAY + timedelta(8)):
            with patch("odoo.addons.crm_analytics.statistics.fitted.maximise", side_effect=NoFit("no maximum")):
                failed = self.Model._fit(self.company)
            self.work_out(fields.Date.today())
        self.assertEqual(failed.state, "failed")
        self.assertIn("no maximum", failed.message)
        self.assertEqual(self.metrics.retention_model_id, self.fit)
        self.assertEqual(self.fit.as_of, TODAY)
        self.assertTrue(all(self.metrics.mapped("lifetime_value")))

    def test_a_snapshot_holds_the_estimates_of_its_time_only(self):
        self.work_out(TODAY, kind="snapshot")
        self.work_out(TODAY.replace(day=1) - timedelta(1), kind="snapshot")
        june, may = (self.env["customer.metric.snapshot"].search(
            [("company_id", "=", self.company.id), ("month", "=", month)]
        ) for month in ("2025-06-01", "2025-05-01"))  # fmt: skip
        self.assertTrue(all(june.mapped("lifetime_value")))
        self.assertFalse(any(may.mapped("lifetime_value")))

    def test_its_screen_tells_in_words_how_good_it_is(self):
        self.assertIn("400 customers", self.fit.summary)
        self.assertIn("12 months ahead", self.fit.summary)
        self.assertIn(f"{self.fit.holdout['actual']:,.0f} came", self.fit.holdout_words)
        self.assertEqual(self.fit.holdout_table.count("<tr>"), 1 + 10)
        self.assertEqual(self.fit.parameter_table.count("<tr>"), 1 + len(self.fit.parameters))

    def test_estimates_are_deterministic_whatever_the_size_of_a_piece(self):
        before = self.metrics.read(["probability_alive", "lifetime_value", "lifetime_value_high"])
        with patch("odoo.addons.crm_analytics.models.retention_model_estimates.PIECE", 50):
            self.work_out()
        self.metrics.invalidate_recordset()
        self.assertEqual(self.metrics.read(["probability_alive", "lifetime_value", "lifetime_value_high"]), before)


@tagged("post_install", "-at_install")
class TestTooLittle(FitCase):
    def test_with_few_customers_it_says_so_and_shows_no_estimate(self):
        self.trade(60)
        fit = self.Model._fit(self.company)
        self.work_out()
        self.assertEqual(fit.state, "too_little")
        self.assertIn("60 customers", fit.summary)
        self.assertFalse(fit.holdout_words or fit.parameter_table)
        self.assertFalse(fit.parameters or fit.holdout or fit.name)
        [[none]] = self.env.execute_query(
            SQL("SELECT COUNT(*) FROM customer_metric WHERE company_id = %s AND (probability_alive IS NOT NULL OR "
                "expected_purchases IS NOT NULL OR lifetime_value IS NOT NULL)", self.company.id)
        )  # fmt: skip
        self.assertEqual(none, 0)

    def test_an_empty_shop_has_too_little(self):
        self.assertEqual(self.Model._fit(self.company).state, "too_little")

    def test_a_month_is_too_little_however_many_buy(self):
        partners = self.customers(*(f"Customer {at}" for at in range(120)))
        for partner in partners:
            self.bought(partner, {25: 10.0, 5: 12.0})
        fit = self.Model._fit(self.company)
        self.assertEqual((fit.state, fit.customers), ("too_little", 120))
        self.assertIn("25 days", fit.message)


@tagged("post_install", "-at_install")
class TestStreaming(MetricCase):
    def test_numbers_go_to_the_database_and_come_back_in_pieces(self):
        numbers = np.arange(40_000)
        self.env.cr.execute(SQL("CREATE TEMPORARY TABLE streamed (a int8, b float8) ON COMMIT DROP"))
        write_rows(self.env.cr, SQL("streamed"), [numbers, numbers / 7])
        with patch("odoo.addons.crm_analytics.streaming.PIECE", 1000):
            a, b = read_columns(self.env.cr, SQL("SELECT a, b FROM streamed ORDER BY a"), 2)
        self.assertEqual(a.tolist(), numbers.tolist())
        self.assertEqual(b.tolist(), (numbers / 7).tolist())

    def test_nothing_comes_back_as_empty_columns(self):
        a, b = read_columns(self.env.cr, SQL("SELECT 1, 2 WHERE FALSE"), 2)
        self.assertEqual((len(a), len(b)), (0, 0))
