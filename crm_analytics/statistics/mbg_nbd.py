"""MBG/NBD: E. P. Batislam, M. Denizel, A. Filiztekin, Empirical Validation and Comparison of Models for Customer Base
Analysis, International Journal of Research in Marketing 24 (3), 2007, pages 201 to 209.

As BG/NBD, but one may leave right after the very first purchase. That is what most shops see: many buy once only.
"""

from . import beta_geometric
from .fitted import Fitted

FIRST_MAY_LEAVE = 1


def log_likelihood(parameters, data):
    """The paper's likelihood of MBG/NBD, summed over customers; of one it is, with B the beta function,

        Gamma(r + x) alpha^r / Gamma(r) / B(a, b)
            * (B(a, b + x + 1) / (alpha + T)^(r + x) + B(a + 1, b + x) / (alpha + t_x)^(r + x))

    :param parameters: r, alpha, a, b
    :param data: Collapsed
    """
    return float(beta_geometric.log_likelihood(parameters, data, FIRST_MAY_LEAVE)[0])


def fit(data):
    """Maximum likelihood, as in the paper.

    :returns: Fitted; ``probability_alive`` and ``expected_purchases`` are the paper's for MBG/NBD
    :raises NoFit: when the data have no maximum
    """
    return Fitted.to(data, FIRST_MAY_LEAVE)


def with_parameters(r, alpha, a, b):
    """The model with given parameters."""
    return Fitted((r, alpha, a, b), FIRST_MAY_LEAVE)
