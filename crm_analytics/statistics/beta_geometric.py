"""What BG/NBD and MBG/NBD share.

Both say: while a customer lives he buys at random at his own rate; after a purchase he may leave for good, with a chance
of his own. Rates differ among customers as a gamma distribution (r, alpha), chances to leave as a beta distribution
(a, b). They differ in one thing: under BG/NBD nobody leaves before his first repeat purchase, under MBG/NBD one may leave
right after the very first purchase. So ``survived``, the chances to leave a customer has had, is x or x + 1, and all
else is the same.
"""

from functools import lru_cache

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.special import digamma, gammaln

NODES = 40  # of the quadrature: more than 1e-9 exact for what customers do
START = (1.0, 10.0, 1.0, 2.5)


def log_likelihood(parameters, data, first_may_leave):
    """Of all customers, with its gradient.

    :param parameters: r, alpha, a, b
    :param data: Collapsed
    :param first_may_leave: 0 for BG/NBD, 1 for MBG/NBD
    :returns: log-likelihood, array of its derivatives by the parameters
    """
    r, alpha, a, b = parameters
    survived = data.x + first_may_leave
    power = r + data.x
    log_age, log_last = (data.of(name, lambda time: np.log(alpha + time)) for name in ("age", "t_x"))
    lives = -power * log_age
    can_have_left = survived > 0
    # Where nobody can have left yet the divisor is a stand-in, and the share `left` is 0.
    divisor = np.where(can_have_left, b + survived - 1, 1.0)
    gone = np.where(can_have_left, np.log(a) - np.log(divisor) - power * log_last, -np.inf)
    either = np.logaddexp(lives, gone)
    left = np.exp(gone - either)
    total = (
        data.sum_of("x", lambda x: _of_counts(parameters, x, first_may_leave))
        + data.customers * (r * np.log(alpha) - gammaln(r) + gammaln(a + b) - gammaln(b))
        + np.dot(data.counts, either)
    )
    by_x = [
        data.sum_of("x", lambda x: digamma(r + x)),
        data.sum_of("x", lambda x: digamma(b + x + first_may_leave)),
        data.sum_of("x", lambda x: digamma(a + b + x + first_may_leave)),
    ]
    many, weighed = data.customers, data.counts * left
    stays = data.counts - weighed
    gradient = [
        by_x[0] + many * (np.log(alpha) - digamma(r)) - np.dot(stays, log_age) - np.dot(weighed, log_last),
        many * r / alpha
        - np.dot(stays, power * data.of("age", lambda time: 1 / (alpha + time)))
        - np.dot(weighed, power * data.of("t_x", lambda time: 1 / (alpha + time))),
        many * digamma(a + b) - by_x[2] + weighed.sum() / a,
        many * (digamma(a + b) - digamma(b)) + by_x[1] - by_x[2] - np.sum(weighed / divisor),
    ]
    return total, np.array(gradient)


def _of_counts(parameters, x, first_may_leave):
    r, _alpha, a, b = parameters
    survived = x + first_may_leave
    return gammaln(r + x) + gammaln(b + survived) - gammaln(a + b + survived)


def odds_gone(parameters, x, t_x, age, first_may_leave):
    """How much likelier it is that a customer has left than that he lives."""
    r, alpha, a, b = parameters
    survived = x + first_may_leave
    odds = a / np.where(survived > 0, b + survived - 1, np.inf)
    with np.errstate(over="ignore"):  # who bought daily and then for years not at all has surely left
        return odds * np.exp((r + x) * (np.log(alpha + age) - np.log(alpha + t_x)))


def odds_gone_gradient(parameters, x, t_x, age, first_may_leave):
    """Derivatives of the logarithm of ``odds_gone`` by the logarithms of the parameters, one row each."""
    r, alpha, _a, b = parameters
    survived = x + first_may_leave
    return np.array(
        [
            r * (np.log(alpha + age) - np.log(alpha + t_x)),
            alpha * (r + x) * (1 / (alpha + age) - 1 / (alpha + t_x)),
            np.ones(len(x)),
            -b / np.where(survived > 0, b + survived - 1, 1.0),
        ]
    )


def purchases_if_alive(parameters, x, age, weeks, first_may_leave):
    """Purchases expected within the next weeks of a customer who lives.

    With rate and chance to leave known they are (1 - exp(-rate * chance * weeks)) / chance; of the rate, whose
    distribution is now gamma (r + x, alpha + T), the mean is taken in closed form, and of the chance, beta
    (a, b + survived), by Gauss-Jacobi quadrature. That is Euler's integral of the papers' hypergeometric function, and
    unlike its series it keeps its digits for hundreds of purchases and for any a, 1 included.

    :param weeks: a number, or an array that is broadcast against x and age
    :returns: array
    """
    r, alpha, a, b = parameters
    x, age, weeks = np.broadcast_arrays(*(np.asarray(values, dtype=float) for values in (x, age, weeks)))
    result = np.empty(x.shape)
    for count in np.unique(x):
        mine = x == count
        chance, weights = _nodes(a, b + count + first_may_leave)
        span = weeks[mine] / (alpha + age[mine])
        bought = -np.expm1(-(r + count) * np.log1p(np.multiply.outer(span, chance))) / chance
        result[mine] = bought @ weights
    return result


@lru_cache(maxsize=2000)
def _nodes(a, b):
    """Gauss-Jacobi quadrature of a beta distribution: where to look, and how much each place weighs.

    By Golub and Welsch: eigenvalues of the tridiagonal matrix of the orthogonal polynomials' recurrence.
    """
    left, right = a - 1, b - 1
    both, k = left + right, np.arange(1, NODES)
    middle = np.empty(NODES)
    middle[0] = (left - right) / (both + 2)
    middle[1:] = (left**2 - right**2) / ((2 * k + both) * (2 * k + both + 2))
    beside = 4 * k * (k + left) * (k + right) / ((2 * k + both) ** 2 * (2 * k + both + 1))
    # The first has a factor that cancels, and would divide 0 by 0 for a + b = 1.
    beside[1:] *= (k[1:] + both) / (2 * k[1:] + both - 1)
    values, vectors = eigh_tridiagonal(middle, np.sqrt(beside))
    return (1 + values) / 2, vectors[0] ** 2


def discounted_if_alive(parameters, x, age, weeks, per_week, first_may_leave):
    """The same, each purchase weighed by exp(-per_week * time until then).

    By parts: what is expected by the end, weighed by the end, and the interest on what comes earlier, whose integral
    over time takes few nodes, since it grows evenly.
    """
    total = np.exp(-per_week * weeks) * purchases_if_alive(parameters, x, age, weeks, first_may_leave)
    if per_week:
        nodes, weights = np.polynomial.legendre.leggauss(4)
        for node, weight in zip((1 + nodes) * weeks / 2, weights * weeks / 2, strict=True):
            earlier = purchases_if_alive(parameters, x, age, node, first_may_leave)
            total = total + weight * per_week * np.exp(-per_week * node) * earlier
    return total
