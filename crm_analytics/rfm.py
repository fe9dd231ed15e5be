"""Recency, frequency, money: scores of 1 to 5 and the eleven segments made of them.

**Scores.** The customers of a company who ever bought are lined up three times: by days since the last purchase (few
to many), by purchase days and by amount (little to much). Each line is cut into five parts of equal length. Equal
values are never parted: all of them belong to the part in which the first of them stands. So a score is a pure function
of a customer's value and four cut points, whatever the order of the rows; of customers who bought once all have the
frequency 1, and on the first day of a shop all are recent. The first part of the line scores 5 for recency, 1 for
frequency and money; the last part 1 and 5.

**Segments.** FM is the mean of frequency and money, halves rounded up. The table gives the segment for each recency (R)
and FM; it is the usual table of eleven names, with its overlaps decided.
"""

import math
from bisect import bisect_left
from itertools import accumulate

SHARES = (0.2, 0.4, 0.6, 0.8)

# R: segments for FM 1, 2, 3, 4, 5
TABLE = {
    5: ("new_customers", "potential_loyalist", "potential_loyalist", "champions", "champions"),
    4: ("promising", "potential_loyalist", "potential_loyalist", "loyal", "champions"),
    3: ("about_to_sleep", "need_attention", "need_attention", "loyal", "loyal"),
    2: ("about_to_sleep", "about_to_sleep", "at_risk", "at_risk", "at_risk"),
    1: ("lost", "hibernating", "hibernating", "cannot_lose", "cannot_lose"),
}


def cut_points(counts):
    """The values at the ``SHARES`` of a line, of which is known how many customers have each value.

    :param counts: pairs (value, customers), in any order
    :returns: the value of the first customer at whom so large a share of the line has come; empty when there are none
    """
    values, customers = zip(*sorted(counts), strict=True) if counts else ((), ())
    so_far = list(accumulate(customers))
    return [values[bisect_left(so_far, math.ceil(share * so_far[-1]))] for share in SHARES] if counts else []


def part(value, cuts):
    """In which part of the line a value stands.

    :param cuts: the values at 20, 40, 60 and 80 % of the line, ascending
    :returns: 1 to 5
    """
    return 1 + sum(cut < value for cut in cuts)


def segment(r, f, m):
    """The name of the segment for three scores."""
    return TABLE[r][(f + m + 1) // 2 - 1]
