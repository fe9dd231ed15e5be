"""Working hours between many pairs of moments of one calendar. Pure functions, without Odoo."""

from bisect import bisect_right
from itertools import accumulate


class WorkingTime:
    """The working hours of a calendar, ready to be asked often: O(log n) each.

    :param intervals: (begin, end) each, in order, not overlapping
    """

    def __init__(self, intervals):
        self.intervals = list(intervals)
        self.begins = [begin for begin, _end in self.intervals]
        lengths = [(end - begin).total_seconds() / 3600 for begin, end in self.intervals]
        self.before = [0.0, *accumulate(lengths)]

    def _until(self, moment):
        index = bisect_right(self.begins, moment)
        if not index:
            return 0.0
        begin, end = self.intervals[index - 1]
        return self.before[index - 1] + (min(moment, end) - begin).total_seconds() / 3600

    def between(self, begin, end):
        """Working hours from ``begin`` to ``end``."""
        return self._until(end) - self._until(begin)


def middle_and_ninth(values):
    """The median and the 90th percentile, as PostgreSQL's ``percentile_cont`` gives them.

    :return: (median, p90); (None, None) of no value
    """
    values = list(values)
    if not values:
        return None, None
    if len(values) == 1:
        return values[0], values[0]
    from statistics import quantiles  # loads more than most workers ever need

    tenths = quantiles(values, n=10, method="inclusive")
    return tenths[4], tenths[8]
