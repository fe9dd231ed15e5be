"""Rolls: who bought in a month, one bit a customer, in plain Python.

Customers are told apart by their ids. Those of one *span*, so many ids one after the other, share a roll: a whole number, whose
bit ``id % SPAN`` is the customer. Python's whole numbers are bit sets that need no package: of a million customers and three
years all cells of the cohort triangle are told in a tenth of a second, whoever is meant.
"""

import sys
import zlib
from array import array

SPAN_BITS = 16  # what a customer's place among them takes, see sums.py
SPAN = 1 << SPAN_BITS  # a roll is 8 kB of bits, which a processor has at hand while it compares it with others

BIT = ord("1")


def of_ids(packed):
    """:param packed: ids of customers of one span, four bytes each, as PostgreSQL's ``INT4SEND`` writes them; in any order
    :returns: their roll
    """
    ids = array("i")
    ids.frombytes(packed)
    if sys.byteorder == "little":
        ids.byteswap()
    digits = bytearray(b"0") * SPAN
    for customer in ids:
        digits[-1 - customer % SPAN] = BIT
    return int(digits, 2)


def write(roll):
    """:returns: bytes to be stored: of few customers few"""
    return zlib.compress(roll.to_bytes(SPAN // 8, "little"), 1)


def read(stored):
    """:returns: the roll that was written so"""
    return int.from_bytes(zlib.decompress(stored), "little")


def triangle(units, first, later=False):
    """Of how many customers the cells of a span's cohort triangle are.

    A cohort is those whose first unit it is: all units are to be given, also those before the triangle begins.

    :param units: {unit (a month, quarter or year, by its first day): roll of those who bought in it}
    :param first: the first unit of the triangle
    :param later: count a customer only in the last unit in which he bought
    :returns: {(cohort's unit, unit): customers}, cells of nobody left out
    """
    known, cohorts, cells = 0, {}, {}
    counted = last_units(units) if later else units
    for unit in sorted(units):
        came = units[unit] & ~known
        known |= units[unit]
        if unit < first:
            continue
        cohorts[unit] = came
        for cohort, who in cohorts.items():
            if customers := (who & counted[unit]).bit_count():
                cells[cohort, unit] = customers
    return cells


def last_units(units):
    """:returns: the same with each customer in the last of his units only"""
    known, last = 0, {}
    for unit in sorted(units, reverse=True):
        last[unit] = units[unit] & ~known
        known |= units[unit]
    return last
