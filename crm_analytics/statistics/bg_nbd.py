"""BG/NBD: P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting Your Customers" the Easy Way: An Alternative to the
Pareto/NBD Model, Marketing Science 24 (2), 2005, pages 275 to 284.

Nobody leaves before his first repeat purchase: of one who bought once the chance to be alive is 1, however long ago.
"""

from . import beta_geometric
from .fitted import Fitted

FIRST_MAY_LEAVE = 0


def log_likelihood(parameters, data):
    """Equation (6), summed over customers as in (7).

    :param parameters: r, alpha, a, b
    :param data: Collapsed
    """
    return float(beta_geometric.log_likelihood(parameters, data, FIRST_MAY_LEAVE)[0])


def fit(data):
    """Section 4 of the paper: maximum likelihood.

    :returns: Fitted; its ``expected_purchases`` is equation (10), its ``probability_alive`` that of the authors' note
        "Computing P(alive) Using the BG/NBD Model" (2008)
    :raises NoFit: when the data have no maximum
    """
    return Fitted.to(data, FIRST_MAY_LEAVE)


def with_parameters(r, alpha, a, b):
    """The model with given parameters."""
    return Fitted((r, alpha, a, b), FIRST_MAY_LEAVE)
