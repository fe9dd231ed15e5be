"""The vital few and the useful many (J. M. Juran, Quality Control Handbook, 1951). Pure functions, without Odoo."""

from typing import NamedTuple

# The few that together make up this share are the ones to begin with.
VITAL = 0.8


class Bar(NamedTuple):
    """One cause in its place.

    :ivar key: what it is
    :ivar value: how often, or how much
    :ivar share: of all, 0 to 1
    :ivar cumulative: of all, together with those before it, 0 to 1
    :ivar is_vital: needed to reach :data:`VITAL`
    """

    key: object
    value: float
    share: float
    cumulative: float
    is_vital: bool


def pareto(values, vital=VITAL):
    """Put what was counted in order, the greatest first; what is equal keeps its order.

    :param values: (key, value) each; values of zero are left out
    :return: list of :class:`Bar`
    :raise ValueError: for a negative value: shares of a whole have none
    """
    counted = [(key, value) for key, value in values if value]
    if any(value < 0 for _key, value in counted):
        raise ValueError("a negative value has no place in a Pareto chart")
    total = sum(value for _key, value in counted)
    bars, before = [], 0
    for key, value in sorted(counted, key=lambda pair: -pair[1]):
        bars.append(Bar(key, value, value / total, (before + value) / total, before / total < vital))
        before += value
    return bars
