"""How sure a figure is. Pure functions, without Odoo.

Shares: Wilson's score interval (E. B. Wilson, JASA 22 (1927) 209-212), which R. G. Newcombe (Statistics in Medicine 17 (1998)
857-872) and L. D. Brown, T. T. Cai and A. DasGupta (Statistical Science 16 (2001) 101-133) recommend for small numbers: unlike
p ± 1.96 s it never leaves 0 to 1 and says something sensible of 0 of 20. Means: Student's t ("The probable error of a mean",
Biometrika 6 (1908) 1-25).
"""

import math
from collections import Counter

LEVEL = 0.95
# Fewer answers than this say little about a month or a person, whatever the interval: the reports say so beside the figure.
FEW = 10


def is_few(number):
    """Whether a figure from so many answers is told as "too few answers"."""
    return number < FEW


def wilson(hits, number, level=LEVEL):
    """The interval of a share.

    :param int hits: how many of ``number``
    :return: (low, high), shares from 0 to 1; (0.0, 1.0) of nothing: nothing is known
    """
    if not 0 <= hits <= number:
        raise ValueError(f"{hits} of {number} is no share")
    if not number:
        return 0.0, 1.0
    from statistics import NormalDist  # loads more than most workers ever need

    z = NormalDist().inv_cdf((1 + level) / 2)
    share, square = hits / number, z * z
    middle = share + square / (2 * number)
    half = z * math.sqrt(share * (1 - share) / number + square / (4 * number * number))
    whole = 1 + square / number
    # At the ends the formula gives 0 and 1 but for the last digit of floating point.
    low = 0.0 if hits == 0 else (middle - half) / whole
    high = 1.0 if hits == number else (middle + half) / whole
    return low, high


def mean_interval(values, level=LEVEL, lowest=None, highest=None):
    """A mean and its interval.

    :param values: numbers
    :param lowest, highest: the ends of the scale, which the interval does not leave
    :return: (mean, low, high); (None, None, None) of no value; low and high None of one value
    """
    return mean_of_counts(Counter(values), level, lowest, highest)


def mean_of_counts(counts, level=LEVEL, lowest=None, highest=None):
    """As :func:`mean_interval`, of values that are counted already.

    :param counts: {value: how often it was given}
    """
    number = sum(counts.values())
    if not number:
        return None, None, None
    middle = sum(value * count for value, count in counts.items()) / number
    if number == 1:
        return float(middle), None, None
    variance = sum(count * (value - middle) ** 2 for value, count in counts.items()) / (number - 1)
    half = t_quantile((1 + level) / 2, number - 1) * math.sqrt(variance / number)
    low, high = middle - half, middle + half
    return (
        float(middle),
        low if lowest is None else max(low, lowest),
        high if highest is None else min(high, highest),
    )


def t_quantile(probability, degrees):
    """The quantile of Student's t.

    :param float probability: above 0.5 and below 1
    :param int degrees: of freedom, at least 1
    """
    if not 0.5 < probability < 1 or degrees < 1:
        raise ValueError(f"no quantile {probability} with {degrees} degrees of freedom")
    low, high = 0.0, 1.0
    while _t_below(high, degrees) < probability:
        low, high = high, high * 2
    for _step in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_below(middle, degrees) < probability else (low, middle)
    return (low + high) / 2


def _t_below(value, degrees):
    """P(T < value) for a positive value; finite sums (Abramowitz and Stegun 26.7.3 and 26.7.4), no approximation."""
    angle = math.atan(value / math.sqrt(degrees))
    cosine, sine = math.cos(angle), math.sin(angle)
    if degrees % 2:
        term, total = cosine, 0.0
        for step in range(1, (degrees - 1) // 2 + 1):
            total += term
            term *= cosine * cosine * (2 * step) / (2 * step + 1)
        both = 2 / math.pi * (angle + sine * total)
    else:
        term, total = 1.0, 0.0
        for step in range(1, degrees // 2 + 1):
            total += term
            term *= cosine * cosine * (2 * step - 1) / (2 * step)
        both = sine * total
    return 0.5 + both / 2
