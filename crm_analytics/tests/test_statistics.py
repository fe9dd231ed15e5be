"""The statistics without data: published figures for given parameters, limits, and what has to hold for any.

The published fits to published data are in tests/test_statistics_cdnow.py of the repository.
"""

import numpy as np
from odoo.tests import BaseCase, tagged
from scipy.integrate import quad
from scipy.special import hyp2f1
from scipy.stats import beta

from ..statistics import beta_geometric, bg_nbd, gamma_gamma, holdout, mbg_nbd
from ..statistics.collapsed import Collapsed
from ..statistics.maximise import NoFit

PUBLISHED = (0.243, 4.414, 0.793, 2.426)  # Fader, Hardie and Lee (2005), table 2


def simulated(number, weeks, weeks_after=0, parameters=(0.8, 6.0, 1.0, 3.0), first_may_leave=1, seed=11):
    """Customers who behave as the model says, all first buying at the start.

    :returns: x, t_x, T after some weeks, and the purchases of each in the weeks after
    """
    chance = np.random.default_rng(seed)
    r, alpha, a, b = parameters
    x, t_x, later = np.zeros(number), np.zeros(number), np.zeros(number)
    rates, leaving = chance.gamma(r, 1 / alpha, number), chance.beta(a, b, number)
    for customer in range(number):
        time = 0.0
        alive = not first_may_leave or chance.random() > leaving[customer]
        while alive and (time := time + chance.exponential(1 / rates[customer])) < weeks + weeks_after:
            if time < weeks:
                x[customer], t_x[customer] = x[customer] + 1, time
            else:
                later[customer] += 1
            alive = chance.random() > leaving[customer]
    return x, t_x, np.full(number, float(weeks)), later


@tagged("post_install", "-at_install")
class TestExpectedPurchases(BaseCase):
    def test_the_published_customer_is_expected_to_buy_1226_times_in_39_weeks(self):
        [expected] = bg_nbd.with_parameters(*PUBLISHED).expected_purchases(2, 30.43, 38.86, 39)
        self.assertAlmostEqual(expected, 1.226, places=3)

    def test_the_quadrature_is_the_papers_hypergeometric_function(self):
        r, alpha, a, b = PUBLISHED
        for x, age, weeks in ((1, 20, 39), (2, 38.86, 39), (12, 30, 8), (29, 38, 52)):
            z = weeks / (alpha + age + weeks)
            term = hyp2f1(r + x, b + x, a + b + x - 1, z) * ((alpha + age) / (alpha + age + weeks)) ** (r + x)
            paper = (a + b + x - 1) / (a - 1) * (1 - term)
            [ours] = beta_geometric.purchases_if_alive(PUBLISHED, [x], [age], weeks, 0)
            self.assertAlmostEqual(ours / paper, 1, places=9)

    def test_it_holds_for_hundreds_of_purchases_and_where_the_formula_divides_by_zero(self):
        for x, a in ((900, 0.793), (3, 1.0), (400, 1.0)):
            parameters = (0.243, 4.414, a, 2.426)
            [ours] = beta_geometric.purchases_if_alive(parameters, [x], [150.0], 52, 0)

            def integrand(p, x=x, a=a):
                bought = (1 - (1 + p * 52 / 154.414) ** -(0.243 + x)) / p
                return bought * beta.pdf(p, a, 2.426 + x)

            exact, _error = quad(integrand, 0, 1, points=[a / (a + x), 20 / (20 + x)], limit=500, epsrel=1e-10)
            with self.subTest(x=x, a=a):
                self.assertAlmostEqual(ours / exact, 1, places=5)

    def test_of_who_bought_once_the_two_models_say_different_things(self):
        self.assertEqual(bg_nbd.with_parameters(*PUBLISHED).probability_alive(0, 0, 100), 1)
        modified = mbg_nbd.with_parameters(0.525, 6.183, 0.891, 1.614).probability_alive([0, 0], [0, 0], [1, 100])
        self.assertLess(modified[1], modified[0])
        self.assertLess(modified[0], 1)

    def test_the_discounted_purchases_are_those_of_week_by_week(self):
        model = mbg_nbd.with_parameters(0.525, 6.183, 0.891, 1.614)
        ends = np.linspace(0, 52, 5201)
        steps = np.diff([model.expected_purchases(2, 30, 38, end)[0] for end in ends])
        by_steps = np.sum(steps * np.exp(-0.01 * (ends[1:] + ends[:-1]) / 2))
        [discounted] = model.score(2, 30, 38, 52, 0.01)["discounted"]
        self.assertAlmostEqual(discounted, by_steps, places=6)

    def test_without_discount_nothing_is_taken_off(self):
        score = bg_nbd.with_parameters(*PUBLISHED).score([2, 0], [30, 0], [38, 5], 39)
        self.assertEqual(score["discounted"].tolist(), score["expected"].tolist())


@tagged("post_install", "-at_install")
class TestFit(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.truth = (0.8, 6.0, 1.0, 3.0)
        cls.x, cls.t_x, cls.age, _later = simulated(6000, 60, parameters=cls.truth)
        cls.fitted = mbg_nbd.fit(Collapsed(cls.x, cls.t_x, cls.age))

    def test_what_made_the_data_is_found_again(self):
        for found, error, truth in zip(self.fitted.parameters, self.fitted.errors, self.truth, strict=True):
            self.assertLess(abs(found - truth), 3 * error)

    def test_the_gradient_is_the_slope_of_the_likelihood(self):
        data = Collapsed(self.x[:300], self.t_x[:300], self.age[:300])
        for first_may_leave in (0, 1):
            point = np.array([0.7, 5.0, 0.9, 2.0])
            _value, gradient = beta_geometric.log_likelihood(point, data, first_may_leave)
            for index in range(4):
                step = np.zeros(4)
                step[index] = 1e-5
                above, below = (
                    beta_geometric.log_likelihood(point + sign * step, data, first_may_leave)[0] for sign in (1, -1)
                )
                self.assertAlmostEqual((above - below) / 2e-5, gradient[index], places=3)

    def test_no_other_parameters_are_likelier(self):
        data = Collapsed(self.x, self.t_x, self.age)
        for index in range(4):
            for factor in (0.99, 1.01):
                other = np.array(self.fitted.parameters)
                other[index] *= factor
                self.assertLess(mbg_nbd.log_likelihood(other, data), self.fitted.log_likelihood)

    def test_customers_counted_together_give_the_same_as_one_by_one(self):
        days = [(0, 0, 70), (2, 35, 70), (0, 0, 70), (2, 35, 70), (1, 7, 70)]
        x, t_x, age = np.array(days, dtype=float).T
        together, apart = Collapsed.of_rows(x, t_x, age), Collapsed(x, t_x / 7, age / 7)
        self.assertEqual((len(together.x), together.customers), (3, 5))
        for module in (bg_nbd, mbg_nbd):
            self.assertAlmostEqual(
                module.log_likelihood(PUBLISHED, together), module.log_likelihood(PUBLISHED, apart), places=9
            )

    def test_the_error_of_an_estimate_is_how_it_moves_with_the_parameters(self):
        """Against drawing parameters from their distribution and looking at the spread."""
        chance = np.random.default_rng(3)
        draws = chance.multivariate_normal(np.log(self.fitted.parameters), self.fitted.covariance, 400)
        customers = ([0, 3, 10], [0, 40, 50], [60, 60, 60])
        spread = np.std([np.log(mbg_nbd.with_parameters(*np.exp(one)).score(*customers, 52)["discounted"])
                         for one in draws], axis=0)  # fmt: skip
        error = self.fitted.score(*customers, 52)["error"]
        for one in range(3):
            self.assertAlmostEqual(error[one] / spread[one], 1, delta=0.15)

    def test_without_anybody_who_leaves_there_is_no_fit(self):
        x = np.full(200, 30.0)
        with self.assertRaises(NoFit):
            bg_nbd.fit(Collapsed(x, np.full(200, 51.9), np.full(200, 52.0)))

    def test_impossible_customers_are_refused(self):
        for x, t_x, age in ((1, 5, 4), (0, 3, 4), (-1, 0, 4)):
            with self.assertRaises(ValueError):
                Collapsed([x], [t_x], [age])
        with self.assertRaises(ValueError):
            Collapsed([], [], [])

    def test_the_prediction_beats_the_naive_rate_on_customers_who_leave(self):
        x, t_x, age, later = simulated(2000, 40, 40, self.truth, seed=5)
        found = holdout.compare(self.fitted, x, t_x, age, later, 40)
        self.assertEqual(sum(part["customers"] for part in found["deciles"]), 2000)
        predicted = [part["predicted"] for part in found["deciles"]]
        self.assertEqual(predicted, sorted(predicted, reverse=True))
        self.assertLess(abs(found["predicted"] - found["actual"]), abs(found["naive"] - found["actual"]))


@tagged("post_install", "-at_install")
class TestValue(BaseCase):
    def test_the_expected_value_lies_between_all_and_the_customer_s_own(self):
        model = gamma_gamma.FittedValue((6.25, 3.74, 15.44))
        everybody = model.expected_value(0, 0)
        self.assertAlmostEqual(float(everybody), 6.25 * 15.44 / 2.74, places=6)
        self.assertTrue(everybody < model.expected_value(1, 100) < model.expected_value(9, 100) < 100)

    def test_the_unit_of_money_does_not_matter(self):
        chance = np.random.default_rng(2)
        x = chance.integers(1, 8, 800)
        m = chance.gamma(6 * x, 1 / (chance.gamma(4, 1 / 15, 800) * x))
        euro, rupiah = gamma_gamma.fit(x, m), gamma_gamma.fit(x, m * 18_000)
        self.assertAlmostEqual(rupiah.expected_value(2, 18_000) / euro.expected_value(2, 1), 18_000, delta=0.5)

    def test_money_without_a_mean_is_not_fitted(self):
        chance = np.random.default_rng(4)
        x = np.full(2000, 3)
        m = 1 / chance.gamma(0.5, 1, 2000)
        with self.assertRaises(NoFit):
            gamma_gamma.fit(x, m)
