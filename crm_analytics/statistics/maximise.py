"""Maximum likelihood for a few positive parameters."""

import numpy as np
from scipy.optimize import minimize

# Parameters are sought as logarithms within these bounds: who ends at one has no maximum.
LOWEST, HIGHEST = -12.0, 12.0
STEP = 1e-4


class NoFit(Exception):
    """The data have no maximum of the likelihood, or the search did not find it; the text says which."""


def maximise(log_likelihood, start):
    """The parameters under which the data are most likely.

    :param log_likelihood: function of an array of positive parameters, giving the log-likelihood and its gradient
    :param start: where to begin
    :returns: parameters, covariance of their logarithms, log-likelihood. The covariance is the inverse of the Hessian
        at the maximum; a parameter's standard error is, by the delta method, itself times that of its logarithm.
    :raises NoFit: when there is no maximum within the bounds
    """

    def downhill(logs):
        parameters = np.exp(logs)
        value, gradient = log_likelihood(parameters)
        return -value / scale, -gradient * parameters / scale

    scale = 1.0
    scale = max(abs(downhill(np.log(start))[0]), 1.0)  # the search's own tolerance asks for numbers about 1
    found = minimize(
        downhill,
        np.log(start),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LOWEST, HIGHEST)] * len(start),
        options={"maxiter": 500, "ftol": 1e-15, "gtol": 1e-9},
    )
    logs, scale = found.x, 1.0
    if not np.all(np.isfinite(logs)) or np.any(logs <= LOWEST + 0.01) or np.any(logs >= HIGHEST - 0.01):
        raise NoFit("the likelihood has no maximum")
    curvature = _hessian(lambda point: downhill(point)[1], logs)
    try:
        np.linalg.cholesky(curvature)  # of a maximum it is positive definite
        # One step of Newton's method: what the search stops short of matters in the fourth decimal.
        logs = logs - np.linalg.solve(curvature, downhill(logs)[1])
        covariance = np.linalg.inv(curvature)
    except np.linalg.LinAlgError as error:
        raise NoFit("the search ended where the likelihood has no maximum") from error
    parameters = np.exp(logs)
    return parameters, covariance, float(log_likelihood(parameters)[0])


def _hessian(gradient, point):
    """By central differences of the gradient, made symmetric."""
    columns = []
    for index in range(len(point)):
        step = np.zeros(len(point))
        step[index] = STEP
        columns.append((gradient(point + step) - gradient(point - step)) / (2 * STEP))
    matrix = np.array(columns)
    return (matrix + matrix.T) / 2
