"""Weekdays and hours of a benefit: is it open at this moment of the wall clock? Knows no Odoo."""

from datetime import timedelta


def is_open(weekdays, hour_from, hour_to, local):
    """Whether something that holds on some weekdays, from one hour to another, holds at ``local``.

    Where the hours go over midnight, the small hours belong to the day before: Friday 22 to 2 holds on Saturday at 1.

    :param weekdays: of seven booleans, Monday first
    :param hour_from: 9.5 for 9:30
    :param hour_to: the first moment at which it is over; both 0: all day
    :param local: datetime as the clock on the wall shows it

    >>> from datetime import datetime
    >>> friday = [False] * 4 + [True, False, False]
    >>> [is_open(friday, 22, 2, datetime(2026, 11, day, hour)) for day, hour in ((20, 21), (20, 22), (21, 1), (21, 2), (20, 1))]
    [False, True, True, False, False]
    """
    hour = local.hour + local.minute / 60 + local.second / 3600
    if hour_from == hour_to:
        return weekdays[local.weekday()]
    if hour_from < hour_to:
        return weekdays[local.weekday()] and hour_from <= hour < hour_to
    if hour >= hour_from:
        return weekdays[local.weekday()]
    return hour < hour_to and weekdays[(local - timedelta(days=1)).weekday()]
