"""Sums: how much the customers of a span bought for in a month, customer by customer, as numbers side by side.

A roll (see ``rolls``) tells who bought; sums need an amount for each. They are stored as numpy reads them, without a step in
between: *places*, two bytes a customer (his id within the span), and *amounts*, four bytes each, or eight where four are too
few, in the smallest unit of the currency. First those who bought, then those who were only given money back. So the revenue
of any customers, cohort by cohort, is added up exactly, and four million months of customers in a tenth of a second.
"""

from typing import NamedTuple

from . import rolls
from .cohorts import add_months, months_between
from .periods import GRAINS, unit_of

PLACE, SMALL, LARGE = "<u2", "<i4", "<i8"


class Sums(NamedTuple):
    """What the customers of a span bought for in a month: from one company, and of what is told apart.

    :param month: its first day
    :param customers: how many of them bought
    :param places, amounts: as ``write`` made them; amounts are None where they are not asked for
    :param unit: what 1 of the amounts is worth
    """

    month: object
    customers: int
    places: object
    amounts: object
    unit: float


def write(ids, amounts):
    """:param bytes ids: four bytes each, as PostgreSQL's ``INT4SEND`` writes them
    :param bytes amounts: theirs, in the smallest unit of the currency, as ``INT8SEND`` writes them
    :returns: (places, amounts), bytes to be stored
    """
    import numpy as np  # only a worker that adds up loads it

    places = np.frombuffer(ids, ">i4") % rolls.SPAN
    told = np.frombuffer(amounts, ">i8")
    small = not len(told) or np.abs(told).max() < 1 << 31
    return places.astype(PLACE).tobytes(), told.astype(SMALL if small else LARGE).tobytes()


class Triangle:
    """The cells of a period's cohort triangle, added up span by span: its memory is that of one span."""

    def __init__(self, period, grain, later=False):
        """:param later: count a customer only in the last unit in which he bought"""
        import numpy as np

        self.np, self.period, self.grain, self.later = np, period, grain, later
        # Months are numbered: 1 is the first of the period, 0 are all before it, the last number are all after it.
        self.after = period.months + 1
        self.customers = np.zeros((self.after + 1, self.after + 1), np.int64)  # by month of the cohort and unit
        self.amounts = np.zeros((self.after + 1, self.after + 1))  # by month of the cohort and month

    def chosen(self, wanted, left_out):
        """Which customers of a span count.

        :param bytes wanted: ids as of ``write``; None: all
        :param bytes left_out: of those who do not; None: nobody
        :returns: what ``add`` takes
        """
        if wanted is None and left_out is None:
            return None
        marks = self.np.full(rolls.SPAN, wanted is None)
        for ids, mark in ((wanted, True), (left_out, False)):
            if ids is not None:
                marks[self.np.frombuffer(ids, ">i4") % rolls.SPAN] = mark
        return marks

    def add(self, of_span, chosen=None):
        """:param of_span: list of all Sums of a span: those before the period tell who is no new customer in it
        :param chosen: see ``chosen``
        """
        told = sorted((self._read(sums, chosen) for sums in of_span), key=lambda read: read[0])
        cohorts = self._cohorts(told)
        for number, _unit, _bought, places, amounts, worth in told:
            if amounts is not None:
                sums = self.np.bincount(cohorts[places], amounts, self.after + 1)
                self.amounts[:, number] += sums * worth
        for unit, who in self._customers(told):
            self.customers[:, unit] += self.np.bincount(cohorts[who], minlength=self.after + 1)

    def cells(self):
        """:returns: {(cohort's unit, unit): (customers, amount)}, cells of nothing left out"""
        found = {}
        months = [add_months(self.period.first, number) for number in range(self.period.months)]
        units = [unit_of(month, self.grain) for month in months]
        for cohort, of_cohort in enumerate(units, 1):
            for number in range(cohort, self.after):  # money given back before anything was bought is in no cell
                customers, amount = self.customers[cohort, number], self.amounts[cohort, number]
                if customers or amount:
                    before = found.get((of_cohort, units[number - 1]), (0, 0.0))
                    found[of_cohort, units[number - 1]] = before[0] + int(customers), before[1] + float(amount)
        return found

    def _read(self, sums, chosen):
        """:returns: tuple (number of the month, that of the last month of its unit, places of those who bought, of all,
        amounts of all or None, what 1 of them is worth)
        """
        places = self.np.frombuffer(sums.places, PLACE)
        amounts, bought = None, places[: sums.customers]
        if sums.amounts is not None:
            amounts = self.np.frombuffer(sums.amounts, SMALL if len(sums.amounts) == 4 * len(places) else LARGE)
        if chosen is not None:
            theirs = chosen[places]
            bought = bought[theirs[: sums.customers]]
            places, amounts = places[theirs], amounts if amounts is None else amounts[theirs]
        return self._number(sums.month), self._unit(sums.month), bought, places, amounts, sums.unit

    def _number(self, month):
        return min(max(months_between(self.period.first, month) + 1, 0), self.after)

    def _unit(self, month):
        """Units are told by their last month: none of a customer's purchases in it is before his cohort."""
        return self._number(add_months(unit_of(month, self.grain), GRAINS[self.grain] - 1))

    def _cohorts(self, told):
        """Who never bought, but has been given money, is of the month of that.

        :returns: of each place the number of the month of the first purchase
        """
        cohorts = self.np.full(rolls.SPAN, -1, self.np.int16)
        for who in (2, 3):
            for read in told:
                places = read[who]
                cohorts[places[cohorts[places] < 0]] = read[0]
        return cohorts

    def _customers(self, told):
        """:returns: tuples (unit of the period, places of its customers, each once)"""
        units = {}
        for number, unit, bought, *_others in told:
            if 0 < number < self.after:
                units.setdefault(unit, []).append(bought)
        seen = self.np.zeros(rolls.SPAN, bool)
        for unit in sorted(units, reverse=True):
            who = self._each_once(units[unit])
            if self.later:
                who = who[~seen[who]]
                seen[who] = True
            yield unit, who

    def _each_once(self, places):
        if len(places) == 1:
            return places[0]
        marks = self.np.zeros(rolls.SPAN, bool)
        for some in places:
            marks[some] = True
        return self.np.flatnonzero(marks)
