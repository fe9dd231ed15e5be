"""Periods of whole months, in plain Python."""

from datetime import date, timedelta
from typing import NamedTuple

from .cohorts import add_months, first_of_month, months_between

GRAINS = {"month": 1, "quarter": 3, "year": 12}  # months of each


def unit_of(day, grain):
    """The first day of the month, quarter or year in which `day` lies."""
    length = GRAINS[grain]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


class Period(NamedTuple):
    """Whole months, from the one that begins on `first` to the one that begins on `last`."""

    first: date
    last: date

    @classmethod
    def ending(cls, day, months):
        """So many months, the last of them that of `day`."""
        return cls(add_months(day, 1 - months), first_of_month(day))

    @property
    def months(self):
        return months_between(self.first, self.last) + 1

    @property
    def end(self):
        """The last day."""
        return add_months(self.last, 1) - timedelta(days=1)

    def before(self):
        """As many months, just before."""
        return Period.ending(add_months(self.first, -1), self.months)

    def year_before(self):
        return Period(add_months(self.first, -12), add_months(self.last, -12))

    def whole(self, grain):
        """The period that reaches to the ends of the quarters or years in which it begins and ends."""
        return Period(unit_of(self.first, grain), add_months(unit_of(self.last, grain), GRAINS[grain] - 1))
