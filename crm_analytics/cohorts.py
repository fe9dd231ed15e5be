"""The arithmetic of cohorts, in plain Python."""

from datetime import date


def first_of_month(day):
    return day.replace(day=1)


def add_months(month, number):
    """The first day of the month that lies `number` months after that of `month`."""
    years, index = divmod(month.year * 12 + month.month - 1 + number, 12)
    return date(years, index + 1, 1)


def months_between(first, last):
    """How many months after `first` the month of `last` is: 0 within the same month."""
    return (last.year - first.year) * 12 + last.month - first.month


def build_matrix(rows, last_month, running_month, step=1, later=False, told=lambda month: month):
    """Cohorts with their months, from grouped figures.

    A cohort is the customers who first bought in one month; its size is how many they are. The retention of a later
    month is the share of them who bought in it. The same with quarters or years in place of months, each told by its
    first month.

    :param rows: tuples (cohort's month, month, customers, amount or None)
    :param last_month: where observation ends: a cohort has a cell for each month until then, empty ones too
    :param running_month: the month of today; its figures still grow
    :param step: how many months a cell has: 1, 3 or 12
    :param later: False: customers of a row are those who bought in its month ("exact" or N-day retention). True: those
        whose last purchase was in it; a cell then tells who bought in its month or later ("unbounded" retention)
    :param told: function of a month: how the result names it
    :returns: list of cohorts by month, each a dict of `month`, `size` and `cells`; a cell is a dict of `month`,
        `age` (months, quarters or years since the cohort's own), `customers`, `retention` (0 to 1), `amount`,
        `incomplete` (it is not over yet)
    """
    figures, cohorts = {}, []
    for cohort, month, customers, amount in rows:
        figures.setdefault(cohort, {})[month] = (customers, amount)
    if not figures:
        return cohorts
    # What holds for a month, whatever the cohort, is worked out once: there are many more cells than months.
    first = min(figures)
    months = [add_months(first, age) for age in range(0, months_between(first, last_month) + 1, step)]
    columns = [(month, told(month), add_months(month, step) > running_month) for month in months]
    for cohort in sorted(figures):
        theirs, own = columns[months_between(first, cohort) // step :], figures[cohort]
        found = [own.get(month, (0, 0)) for month, _name, _incomplete in theirs]
        if later:
            found = _summed_from_the_end(found)
        size = found[0][0]
        cells = [
            {
                "month": name,
                "age": age,
                "customers": customers,
                "retention": customers / size if size else 0.0,
                "amount": amount,
                "incomplete": incomplete,
            }
            for age, ((_month, name, incomplete), (customers, amount)) in enumerate(zip(theirs, found, strict=True))
        ]
        cohorts.append({"month": theirs[0][1], "size": size, "cells": cells})
    return cohorts


def _summed_from_the_end(figures):
    customers, amount, found = 0, 0, []
    for these, what_for in reversed(figures):
        customers += these
        amount += what_for or 0
        found.append((customers, amount))
    return found[::-1]


def all_cohorts(cohorts):
    """All cohorts together, month by month since the first purchase.

    An incomplete month is left out, and with it, at that age, its cohort: half a month is no fair comparison.

    :returns: list of cells like a cohort's, with `size`: how many customers the cohorts of the cell have together
    """
    together = {}
    for cohort in cohorts:
        for cell in cohort["cells"]:
            if not cell["incomplete"]:
                total = together.get(cell["age"])
                if total is None:
                    total = together[cell["age"]] = {"age": cell["age"], "size": 0, "customers": 0, "amount": 0.0}
                total["size"] += cohort["size"]
                total["customers"] += cell["customers"]
                total["amount"] += cell["amount"] or 0.0
    cells = [together[age] for age in sorted(together)]
    for cell in cells:
        cell["retention"] = cell["customers"] / cell["size"] if cell["size"] else 0.0
    return cells
