"""Fitting BG/NBD and estimating for every customer, against `lifetimes` on the same customers.

Both read the customers from the database, find the likeliest parameters, and work out the chance to be alive and the
purchases of the next 52 weeks for each. Ours also works out the error of each estimate.
"""

from odoo.tools import SQL

from ..row import Row, Side
from .customer_metrics import LAST_DAY, worked_out

WEEKS = 52


def customers(env):
    return SQL(
        "SELECT frequency, t_x, %s - first_day FROM customer_metric WHERE orders > 0 AND company_id = %s",
        LAST_DAY,
        env.company.id,
    )


def by_lifetimes(env, _prepared):
    """:returns: log-likelihood, sum of the chances, sum of the purchases"""
    import io
    import warnings

    import numpy
    import pandas

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes import BetaGeoFitter

        text = io.StringIO()
        env.cr.copy_expert(b"COPY (" + env.cr.mogrify(customers(env)) + b") TO STDOUT WITH CSV", text)
        text.seek(0)
        frame = pandas.read_csv(text, names=["x", "t_x", "age"]).astype(float)
        x, t_x, age = frame.x, frame.t_x / 7, frame.age / 7
        fitter = BetaGeoFitter(penalizer_coef=0.0).fit(x, t_x, age)
        alive = fitter.conditional_probability_alive(x, t_x, age)
        expected = fitter.conditional_expected_number_of_purchases_up_to_time(WEEKS, x, t_x, age)
        # Its own likelihood, a mean, on the numbers as they are: while fitting it uses them scaled.
        mean = fitter._negative_log_likelihood(
            numpy.log(fitter.params_.to_numpy()), x.to_numpy(), t_x.to_numpy(), age.to_numpy(), numpy.ones(len(x)), 0.0
        )
    return -float(mean) * len(frame), float(alive.sum()), float(expected.sum())


def by_ours(env, _prepared):
    from odoo.addons.crm_analytics.models.retention_model_estimates import PIECE
    from odoo.addons.crm_analytics.statistics import bg_nbd
    from odoo.addons.crm_analytics.statistics.collapsed import Collapsed
    from odoo.addons.crm_analytics.streaming import read_columns

    data = Collapsed.of_rows(*read_columns(env.cr, customers(env), 3))
    fitted = bg_nbd.fit(data)
    alive = expected = 0.0
    for first in range(0, len(data.x), PIECE):
        mine = slice(first, first + PIECE)
        score = fitted.score(data.x[mine], data.t_x[mine], data.age[mine], WEEKS)
        alive += float(score["alive"] @ data.counts[mine])
        expected += float(score["expected"] @ data.counts[mine])
    return fitted.log_likelihood, alive, expected


def difference(baseline, ours):
    """The likelihood, relative, within 1e-4 of 1 %: ours may be likelier, lifetimes stops earlier; sums within 1 in 1,000."""
    if ours[0] < baseline[0] - 1e-4 or abs(ours[0] - baseline[0]) > 1e-6 * abs(baseline[0]):
        return f"log-likelihood {baseline[0]} against {ours[0]}"
    sums = list(zip(baseline[1:], ours[1:], strict=True))
    return "" if all(abs(one - other) < one / 1000 for one, other in sums) else f"sums {sums}"


def setup(env):
    """The figures of all customers."""
    worked_out(env, LAST_DAY)
    env.cr.execute(SQL("ANALYZE customer_metric"))


ROWS = [
    Row(
        name="retention_fit",
        title="BG/NBD fitted, chances and purchases of all customers estimated",
        baseline=Side("`lifetimes`", by_lifetimes),
        ours=Side("ours, with errors", by_ours),
        difference=difference,
        modules=("crm_analytics",),
        setup=setup,
        runs={"L": 3},
    ),
]
