"""The arithmetic of points that expire: pure functions, without database.

A *lot* is what was credited at once and expires on one day. A *debit* takes its points from lots, nearest expiry first.
What a debit cannot take from any lot is a *debt*: later credits clear it before they can be spent.
"""

from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

DIGITS = 6  # what the ledger keeps of a point
SMALLEST = 10**-DIGITS


class Open(NamedTuple):
    """A lot, or a debit, with what is left of it.

    :ivar id: of the ledger entry
    :ivar points: what is left, above 0 for both
    :ivar expires_on: of a lot: the last day on which it may be spent; None: never
    :ivar source: what it was booked for, as (model, id); a debit that takes back takes first from the
        lots of its own source, so that a cancelled order loses the very points it gave
    """

    id: int
    points: float
    expires_on: date | None = None
    source: tuple | None = None


def expiry_date(day, months, rounding="none"):
    """The last day on which points credited on ``day`` may be spent.

    :param months: how many months they last; 0: for ever
    :param rounding: ``none``, or to the end of the ``month``, ``quarter`` or ``year``
    :return: a date, or None

    >>> expiry_date(date(2026, 1, 31), 1), expiry_date(date(2026, 1, 31), 1, "quarter")
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
    """
    if not months:
        return None
    last = day + relativedelta(months=months)
    month = {"none": 0, "month": last.month, "quarter": (last.month + 2) // 3 * 3, "year": 12}[rounding]
    return last + relativedelta(month=month, day=31) if month else last


def settle(debits, lots):
    """Which debit takes how much from which lot.

    :param debits: :class:`Open` records, in the order in which they were booked
    :param lots: :class:`Open` records
    :return: list of (debit id, lot id, points); each takes nearest expiry first, but what takes back takes first from
        the lots of its own source, latest first
    """
    left = {lot.id: lot.points for lot in lots}
    by_expiry = sorted(lots, key=lambda lot: (lot.expires_on or date.max, lot.id))
    rows = []
    for debit in debits:
        missing = debit.points
        own = [lot for lot in reversed(by_expiry) if debit.source and lot.source == debit.source]
        for lot in own + [lot for lot in by_expiry if lot not in own]:
            taken = round(min(missing, left[lot.id]), DIGITS)
            if taken >= SMALLEST:
                rows.append((debit.id, lot.id, taken))
                left[lot.id] -= taken
                missing = round(missing - taken, DIGITS)
            if missing < SMALLEST:
                break
    return rows


def faults(entries, allocations):
    """What is wrong with a card's ledger: sentences, none when all is right. The check of what :func:`settle` left.

    :param entries: list of (id, points)
    :param allocations: list of (debit id, lot id, points)
    """
    points = dict(entries)
    used = dict.fromkeys(points, 0.0)
    found = []
    for debit, lot, taken in allocations:
        if points[debit] >= 0 or points[lot] <= 0 or taken <= 0:
            found.append(f"entry {debit} takes {taken:g} from entry {lot}")
        used[debit] += taken
        used[lot] += taken
    found += [f"more than its points are used of entry {one}" for one in points if used[one] > abs(points[one]) + 1e-5]
    rest = {one: abs(points[one]) - used[one] for one in points}
    lots_left = sum(rest[one] for one in points if points[one] > 0)
    debts_left = sum(rest[one] for one in points if points[one] < 0)
    if lots_left > 1e-5 and debts_left > 1e-5:
        found.append(f"{debts_left:g} points are owed while {lots_left:g} are left to spend")
    return found
