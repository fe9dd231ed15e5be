"""A fitted model of purchases: what it says about customers."""

from dataclasses import dataclass

import numpy as np

from . import beta_geometric
from .maximise import maximise

STEP = 1e-3


@dataclass(frozen=True)
class Fitted:
    """BG/NBD or MBG/NBD with its parameters.

    :param parameters: r, alpha, a, b; time in the unit of the data
    :param first_may_leave: 0 for BG/NBD, 1 for MBG/NBD
    :param covariance: of the logarithms of the parameters; None where unknown
    """

    parameters: tuple
    first_may_leave: int
    covariance: np.ndarray | None = None
    log_likelihood: float | None = None

    @classmethod
    def to(cls, data, first_may_leave):
        """The model fitted to customers by maximum likelihood.

        :param data: Collapsed
        :raises NoFit: see ``maximise``
        """
        found, covariance, value = maximise(
            lambda parameters: beta_geometric.log_likelihood(parameters, data, first_may_leave), beta_geometric.START
        )
        return cls(tuple(map(float, found)), first_may_leave, covariance, value)

    @property
    def errors(self):
        """Standard errors of the parameters."""
        return tuple(float(error) for error in np.sqrt(np.diag(self.covariance)) * np.array(self.parameters))

    def probability_alive(self, x, t_x, age):
        """The chance that a customer has not left: 1 / (1 + odds that he has)."""
        x, t_x, age = _arrays(x, t_x, age)
        return 1 / (1 + beta_geometric.odds_gone(self.parameters, x, t_x, age, self.first_may_leave))

    def expected_purchases(self, x, t_x, age, weeks):
        """Purchases expected within the next weeks of a customer with this past."""
        x, t_x, age = _arrays(x, t_x, age)
        alive = self.probability_alive(x, t_x, age)
        return alive * beta_geometric.purchases_if_alive(self.parameters, x, age, weeks, self.first_may_leave)

    def score(self, x, t_x, age, weeks, per_week=0.0):
        """All estimates at once; what needs the quadrature is worked out once per (x, T).

        :param per_week: the discount of a week, as a continuous rate
        :returns: dict of arrays: ``alive``, ``expected``, ``discounted`` (purchases, weighed), and ``error``: the standard
            error of the logarithm of ``discounted`` that the uncertain parameters bring about, by the delta method
        """
        x, t_x, age = _arrays(x, t_x, age)
        few_x, few_age, where = _distinct(x, age)
        alive = self.probability_alive(x, t_x, age)

        def if_alive(parameters):
            return beta_geometric.discounted_if_alive(parameters, few_x, few_age, weeks, per_week, self.first_may_leave)

        expected = beta_geometric.purchases_if_alive(self.parameters, few_x, few_age, weeks, self.first_may_leave)
        discounted = if_alive(self.parameters) if per_week else expected
        return {
            "alive": alive,
            "expected": alive * expected[where],
            "discounted": alive * discounted[where],
            "error": self._error(if_alive, x, t_x, age, alive, where),
        }

    def _error(self, if_alive, x, t_x, age, alive, where):
        if self.covariance is None:
            return np.full(len(x), np.nan)
        variance = np.zeros(len(x))
        by_odds = beta_geometric.odds_gone_gradient(self.parameters, x, t_x, age, self.first_may_leave)
        slopes = [self._slope(if_alive, index)[where] - (1 - alive) * by_odds[index] for index in range(4)]
        for first in range(4):
            for second in range(4):
                variance += self.covariance[first, second] * slopes[first] * slopes[second]
        return np.sqrt(np.maximum(variance, 0))

    def _slope(self, if_alive, index):
        """The derivative of the logarithm by the logarithm of a parameter, by central differences."""
        factors = np.ones(4)
        factors[index] = np.exp(STEP)
        parameters = np.array(self.parameters)
        return (np.log(if_alive(parameters * factors)) - np.log(if_alive(parameters / factors))) / (2 * STEP)


def _arrays(*columns):
    return tuple(np.atleast_1d(np.asarray(column, dtype=float)) for column in columns)


def _distinct(x, age):
    """:returns: x and age of the distinct pairs, and which pair each customer is"""
    ages, of_age = np.unique(age, return_inverse=True)
    pairs, where = np.unique(x.astype(np.int64) * len(ages) + of_age, return_inverse=True)
    return (pairs // len(ages)).astype(float), ages[pairs % len(ages)], where
