"""Rolls: who bought in a month, and for how much, as numbers side by side.

Customers are told apart by their ids. Those of one *span*, so many ids one after the other, share a roll: *places*, two bytes
a customer (his id within the span), and *amounts*, four bytes each, or eight where four are too few, in the smallest unit of
the currency. First those who bought, then those who were only given money back. Numpy reads them as they are stored, without a
step in between: so the cohort triangle of any customers is told exactly, from four million months of customers, in a tenth of
a second.
"""

from operator import itemgetter
from typing import NamedTuple

from odoo.tools import groupby

from .cohorts import add_months, months_between
from .periods import GRAINS, unit_of

SPAN_BITS = 16  # what two bytes tell
SPAN = 1 << SPAN_BITS

# Fewer customers of a span are picked out of who bought; of more, the others are counted with them, and left aside.
FEW = SPAN // 4

PLACE, SMALL, LARGE = "<u2", "<i4", "<i8"
SENT_ID, SENT_AMOUNT = ">i4", ">i8"  # as PostgreSQL's INT4SEND and INT8SEND write them


def write(ids, amounts):
    """:param bytes ids: of customers of one span, as ``INT4SEND`` writes them, in any order
    :param bytes amounts: theirs, in the smallest unit of the currency, as ``INT8SEND`` writes them
    :returns: (places, amounts), bytes to be stored
    """
    import numpy as np  # only a worker that has to do with rolls loads it

    places = np.frombuffer(ids, SENT_ID) % SPAN
    told = np.frombuffer(amounts, SENT_AMOUNT)
    small = not len(told) or np.abs(told).max() < 1 << 31
    return places.astype(PLACE).tobytes(), told.astype(SMALL if small else LARGE).tobytes()


class Roll(NamedTuple):
    """Who of a span bought in a month from one company, of what is told apart.

    :param month: its first day
    :param customers: how many bought
    :param places, amounts: as ``write`` made them; amounts are None where they are not asked for
    :param unit: what 1 of the amounts is worth
    """

    month: object
    customers: int
    places: object
    amounts: object = None
    unit: float = 1.0

    @property
    def width(self):
        """How many bytes tell an amount; 0: they are not asked for."""
        return 0 if self.amounts is None else 2 * len(self.amounts) // len(self.places)


class Chosen:
    """Which customers count: who is in each of some sets, and in none of others.

    :ivar changed: list of the ids of those who would count, but have changed since the rolls were made: they are left out
    """

    def __init__(self, wanted=(), left_out=(), changed=b""):
        """:param wanted, left_out: lists of sets, each bytes of ids as ``INT4SEND`` writes them
        :param changed: a set of who has changed since the rolls were made
        """
        import numpy as np

        self.all, self.beyond = not (wanted or left_out or changed), not wanted
        *sets, changed = (np.frombuffer(ids, SENT_ID) for ids in (*wanted, *left_out, changed))
        last = max((int(ids.max()) for ids in (*sets, changed) if len(ids)), default=0)
        self.marks = np.ones(((last >> SPAN_BITS) + 1) << SPAN_BITS, bool)
        for ids in sets[: len(wanted)]:
            theirs = np.zeros(len(self.marks), bool)
            theirs[ids] = True
            self.marks &= theirs
        for ids in sets[len(wanted) :]:
            self.marks[ids] = False
        self.changed = np.unique(changed[self.marks[changed]]).tolist()
        self.marks[changed] = False

    def of_span(self, span):
        """:returns: for each place, whether the customer counts; None: all do"""
        import numpy as np

        if self.all:
            return None
        found = self.marks[span << SPAN_BITS : (span + 1) << SPAN_BITS]
        return found if len(found) else np.full(SPAN, self.beyond)


class Month(NamedTuple):
    """Rolls of a month, read: arrays. Where units or widths of amounts differ, a month has several of them.

    :param number: see ``Triangle``
    :param bought, others: places of who bought, and of who was only given money back
    :param spent, given_back: their amounts, None where they are not asked for
    :param unit: what 1 of the amounts is worth
    :param once: whether each customer is in it once
    """

    number: int
    bought: object
    others: object
    spent: object
    given_back: object
    unit: float
    once: bool


class Triangle:
    """The cells of a period's cohort triangle, added up span by span: its memory is that of one span.

    A cohort is those who first bought in a month, quarter or year. Money given back before that is in no cell; who never
    bought, but has been given money, is of the month of that.
    """

    def __init__(self, period, grain, later=False):
        """:param later: count a customer only in the last unit in which he bought"""
        import numpy as np

        self.np, self.period, self.grain, self.later = np, period, grain, later
        # Months are numbered: 1 is the first of the period, 0 are all before it, the last number are all after it.
        self.after, self.numbers = period.months + 1, {}
        self.customers = np.zeros((self.after + 1, self.after + 1), np.int64)  # by month of the cohort and unit
        self.amounts = np.zeros((self.after + 1, self.after + 1))  # by month of the cohort and month

    def add(self, of_span, chosen=None):
        """:param of_span: list of all Rolls of a span: those before the period tell who is no new customer in it
        :param chosen: see ``Chosen.of_span``
        """
        few = chosen is not None and self.np.count_nonzero(chosen) < FEW
        months = self._months(of_span, chosen if few else None)
        cohorts = self._cohorts(months)
        if chosen is not None:
            cohorts[~chosen] = self.after  # in no cell
        for month in months:
            for who, amounts in ((month.bought, month.spent), (month.others, month.given_back)):
                if amounts is not None and len(who):
                    sums = self.np.bincount(cohorts.take(who), amounts, self.after + 1)
                    self.amounts[:, month.number] += sums * month.unit
        self._add_customers(months, cohorts)

    def cells(self):
        """:returns: {(cohort's unit, unit): (customers, amount)}, each unit by its first day; cells of nothing left out"""
        found = {}
        months = [add_months(self.period.first, number) for number in range(self.period.months)]
        units = [unit_of(month, self.grain) for month in months]
        for cohort, number in zip(*self.np.nonzero((self.customers != 0) | (self.amounts != 0)), strict=True):
            if 1 <= cohort <= number < self.after:
                cell = units[cohort - 1], units[number - 1]
                customers, amount = found.get(cell, (0, 0.0))
                found[cell] = (
                    customers + int(self.customers[cohort, number]),
                    amount + float(self.amounts[cohort, number]),
                )
        return found

    def _months(self, of_span, chosen):
        """:returns: list of Months by their numbers, rolls of the same month together: each needs some calls of numpy"""
        numbered = [((self._number(roll.month), roll.unit, roll.width), roll) for roll in of_span]
        found = groupby(sorted(numbered, key=itemgetter(0)), key=itemgetter(0))
        return [self._read(*how, [roll for _how, roll in same], chosen) for how, same in found]

    def _read(self, number, unit, width, same, chosen):
        """:param same: list of Rolls
        :param chosen: for each place, whether the customer is picked out; None: all are
        :returns: the Month
        """
        bought = self._told(PLACE, [roll.places[: 2 * roll.customers] for roll in same])
        others = self._told(PLACE, [roll.places[2 * roll.customers :] for roll in same])
        spent = given_back = None
        if width:
            kind = SMALL if width == 4 else LARGE
            spent = self._told(kind, [roll.amounts[: width * roll.customers] for roll in same])
            given_back = self._told(kind, [roll.amounts[width * roll.customers :] for roll in same])
        if chosen is not None:
            bought, spent = self._picked(chosen, bought, spent)
            others, given_back = self._picked(chosen, others, given_back)
        return Month(number, bought, others, spent, given_back, unit, len(same) == 1)

    def _told(self, kind, parts):
        told = self.np.frombuffer(b"".join(parts), kind)
        return told.astype(self.np.intp) if kind == PLACE else told  # `take` has no need to convert them each time

    def _picked(self, chosen, who, amounts):
        which = self.np.flatnonzero(chosen.take(who))
        return who.take(which), None if amounts is None else amounts.take(which)

    def _number(self, month):
        if month not in self.numbers:  # it is asked of thousands of rolls
            self.numbers[month] = min(max(months_between(self.period.first, month) + 1, 0), self.after)
        return self.numbers[month]

    def _unit(self, number):
        """:returns: the number of the last month of a month's unit: none in it is before a cohort that began in it"""
        length = GRAINS[self.grain]  # a period is of whole units
        return (number + length - 1) // length * length

    def _cohorts(self, months):
        """:returns: of each place the number of the month of the first purchase; -1: nothing is known of it"""
        cohorts = self.np.full(SPAN, -1, self.np.intp)
        for month in reversed(months):  # what stays is the first
            cohorts[month.bought] = month.number
        for month in months:
            cohorts[month.others[cohorts[month.others] < 0]] = month.number
        return cohorts

    def _add_customers(self, months, cohorts):
        """Count each customer once in a unit of the period."""
        ranks, bounds, seen = None, None, self.np.zeros(SPAN, bool)
        of_period = [month for month in reversed(months) if 0 < month.number < self.after]
        for unit, of_unit in groupby(of_period, key=lambda month: self._unit(month.number)):
            if len(of_unit) == 1 and of_unit[0].once and not self.later:
                self.customers[:, unit] += self.np.bincount(cohorts.take(of_unit[0].bought), minlength=self.after + 1)
                continue
            if ranks is None:
                ranks, bounds = self._ranks(cohorts)
            marks = self.np.zeros(SPAN, bool)
            for month in of_unit:
                marks[ranks.take(month.bought)] = True
            if self.later:
                marks &= ~seen
                seen |= marks
            for cohort in range(1, unit + 1):
                self.customers[cohort, unit] += self.np.count_nonzero(marks[bounds[cohort] : bounds[cohort + 1]])

    def _ranks(self, cohorts):
        """Places in the order of their cohorts. Marks set by rank are counted side by side, however often each was set.

        :returns: of each place its rank; of each cohort the rank that is its first one
        """
        order = self.np.argsort(cohorts.astype(self.np.int16), kind="stable")
        ranks = self.np.empty(SPAN, self.np.intp)
        ranks[order] = self.np.arange(SPAN)
        return ranks, self.np.searchsorted(cohorts.take(order), range(self.after + 2)).tolist()
