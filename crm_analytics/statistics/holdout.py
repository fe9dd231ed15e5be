"""Does it hold? Fit on the first part of the time, predict the rest, and compare with what came."""

import numpy as np


def compare(fitted, x, t_x, age, actual, weeks):
    """Prediction against what happened, beside the naive rate: everybody goes on as before, x / T per week.

    :param fitted: Fitted to the first part
    :param x, t_x, age: of each customer at the end of the first part
    :param actual: purchase days of each in the weeks after
    :returns: dict of ``customers``, ``weeks``, ``actual``, ``predicted``, ``naive`` (purchase days of all together),
        ``mae``, ``naive_mae`` (mean absolute error per customer) and ``deciles``: ten parts of the customers, those of
        whom most is predicted first, each a dict of ``decile`` (1 to 10), ``customers``, ``actual``, ``predicted``,
        ``naive`` (means per customer)
    """
    x, t_x, age, actual = (np.asarray(values, dtype=float) for values in (x, t_x, age, actual))
    predicted = fitted.score(x, t_x, age, weeks)["expected"]
    naive = np.divide(x, age, out=np.zeros(len(x)), where=age > 0) * weeks
    order = np.lexsort((age, t_x, x, -predicted))
    return {
        "customers": len(x),
        "weeks": float(weeks),
        "actual": float(actual.sum()),
        "predicted": float(predicted.sum()),
        "naive": float(naive.sum()),
        "mae": float(np.abs(predicted - actual).mean()),
        "naive_mae": float(np.abs(naive - actual).mean()),
        "deciles": [
            {
                "decile": number,
                "customers": len(part),
                "actual": float(actual[part].mean()),
                "predicted": float(predicted[part].mean()),
                "naive": float(naive[part].mean()),
            }
            for number, part in enumerate(np.array_split(order, 10), 1)
            if len(part)
        ],
    }
