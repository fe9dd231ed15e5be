"""Gamma-Gamma: P. S. Fader, B. G. S. Hardie, The Gamma-Gamma Model of Monetary Value, note 025, February 2013
(http://brucehardie.com/notes/025/).

A customer's purchases vary around a mean of his own; the means differ among customers, whatever the number of their
purchases (``correlation`` tells whether that holds).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

from .maximise import NoFit, maximise

START = (2.0, 3.0, 2.0)


def log_likelihood(parameters, x, m):
    """Equation (1a) of the note, summed over customers, with its gradient.

    :param parameters: p, q, gamma
    :param x, m: repeat purchases and their mean value; both above 0
    """
    p, q, scale = parameters
    shape, total = p * x, scale + x * m
    value = np.sum(
        gammaln(shape + q) - gammaln(shape) - gammaln(q)
        + q * np.log(scale) + (shape - 1) * np.log(m) + shape * np.log(x) - (shape + q) * np.log(total)
    )  # fmt: skip
    both = digamma(shape + q)
    gradient = [
        np.sum(x * (both - digamma(shape) + np.log(x) + np.log(m) - np.log(total))),
        np.sum(both - digamma(q) + np.log(scale) - np.log(total)),
        np.sum(q / scale - (shape + q) / total),
    ]
    return float(value), np.array(gradient)


@dataclass(frozen=True)
class FittedValue:
    """The model with its parameters p, q, gamma; money in the unit of the data."""

    parameters: tuple
    covariance: np.ndarray | None = None
    log_likelihood: float | None = None

    @property
    def errors(self):
        """Standard errors of the parameters."""
        return tuple(float(error) for error in np.sqrt(np.diag(self.covariance)) * np.array(self.parameters))

    def expected_value(self, x, m):
        """Equation (5) of the note: the mean value of a customer's purchases, given those he made.

        Between the mean of all customers (x = 0) and his own (x large).
        """
        p, q, scale = self.parameters
        x, m = (np.asarray(values, dtype=float) for values in (x, m))
        return p * (scale + x * m) / (p * x + q - 1)

    def expected_value_gradient(self, x, m):
        """Derivatives of the logarithm of ``expected_value`` by the logarithms of the parameters, one row each."""
        p, q, scale = self.parameters
        x, m = (np.asarray(values, dtype=float) for values in (x, m))
        below = p * x + q - 1
        return np.array([1 - p * x / below, -q / below, scale / (scale + x * m)])


def fit(x, m):
    """Section 4 of the note: maximum likelihood on the customers with repeat purchases.

    :param x, m: arrays; customers without repeat purchases or with a mean of 0 or less are to be left out
    :returns: FittedValue
    :raises NoFit: when there is no maximum, or values are so uneven that their mean is not finite (q of 1 or less)
    """
    x, m = (np.asarray(values, dtype=float) for values in (x, m))
    unit = float(np.mean(m))  # rupiah or dinar: the search sees numbers about 1
    found, covariance, value = maximise(lambda parameters: log_likelihood(parameters, x, m / unit), START)
    p, q, scale = map(float, found)
    if q <= 1:
        raise NoFit("what customers spend is so uneven that it has no mean")
    return FittedValue((p, q, scale * unit), covariance, value - len(x) * np.log(unit))


def correlation(x, m):
    """Of number and mean value of repeat purchases; the model takes it to be 0."""
    return float(np.corrcoef(x, m)[0, 1]) if len(x) > 1 and np.std(x) and np.std(m) else 0.0
