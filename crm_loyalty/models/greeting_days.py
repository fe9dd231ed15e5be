"""Which day it is for whom, and which birthdays are kept on it. Knows no Odoo.

A day is greeted when the hour of the greeting has come where the recipient lives. Who was born on 29 February is greeted
on 28 February in years that have no 29th.
"""

from calendar import isleap
from datetime import timedelta

import pytz

LATE_DAYS = 2  # a greeting that could not be sent for longer (the server was down) is not sent at all


def year_day(day):
    """A day of the year as one number: 1231 for 31 December, as the index on birthdays has it."""
    return day.month * 100 + day.day


def kept_on(day):
    """The days of the year that are kept on ``day``.

    >>> from datetime import date
    >>> kept_on(date(2027, 2, 28)), kept_on(date(2028, 2, 28)), kept_on(date(2028, 2, 29))
    ([228, 229], [228], [229])
    """
    own = year_day(day)
    return [own, 229] if own == 228 and not isleap(day.year) else [own]


def last_days(moment, hour):
    """The last day of which the hour has come, in every time zone.

    :param moment: naive datetime in UTC
    :param hour: 0 to 23, as the clock on the recipient's wall shows it
    :return: ``{day: names of the time zones}``; two or three days at any moment
    """
    moment = pytz.utc.localize(moment)
    days = {}
    for name in pytz.all_timezones:
        local = moment.astimezone(pytz.timezone(name))
        day = local.date() if local.hour >= hour else local.date() - timedelta(days=1)
        days.setdefault(day, []).append(name)
    return days


def last_day(moment, hour, zone):
    """As :func:`last_days`, in one time zone."""
    local = pytz.utc.localize(moment).astimezone(pytz.timezone(zone))
    return local.date() if local.hour >= hour else local.date() - timedelta(days=1)
