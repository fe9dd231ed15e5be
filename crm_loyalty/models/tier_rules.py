"""Which tier a member has: plain functions of the tier he has, what he has done, and the day.

Nothing here reads the database, and nothing remembers. Given the same, they say the same; given what they have just
said, they say it again: evaluating twice changes nothing.

The words. A *value* is what the member has done in the club's metric (money, purchases, points) in the current period.
At the *review* the tier is judged by what he did in the period that is over, and in the days of grace after it; until
then it can only go up.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

YEAR = relativedelta(years=1)
DAY = timedelta(days=1)

# Why a tier changes.
FIRST, REACHED, REVIEWED, HAND_OVER = "first", "reached", "reviewed", "hand_over"


class Rules(NamedTuple):
    """What the club says.

    :ivar tiers: list of (tier, threshold), the best tier first. The last one is where everybody begins, whatever its
        threshold; another one with a threshold of 0 is given by hand only
    :ivar period: ``rolling``, ``calendar_year``, ``membership_year`` or ``lifetime``
    :ivar downgrade: ``never``, ``one_step`` or ``earned``
    :ivar grace_days: days between the end of a period and the review; what is bought in them still counts for it
    """

    tiers: tuple
    period: str
    downgrade: str = "earned"
    grace_days: int = 0


class Standing(NamedTuple):
    """How a member stands: what is stored of him.

    :ivar tier: one of ``Rules.tiers``, or None
    :ivar since: the day since when he has it
    :ivar review: the day of the next review; None: nothing to review
    :ivar by_hand: None; ``raised``: given by hand, at least this tier; ``lowered``: given by hand, at most this tier
    :ivar until: the last day of a tier given by hand; None: until it is changed by hand
    """

    tier: object
    since: date | None = None
    review: date | None = None
    by_hand: str | None = None
    until: date | None = None


def earned(rules, value):
    """The tier for this value."""
    for tier, threshold in rules.tiers[:-1]:
        if 0 < threshold <= value:
            return tier
    return rules.tiers[-1][0]


def rank(rules, tier):
    """0 is the best; a tier that is none of the club's comes after all of them."""
    for position, (other, _threshold) in enumerate(rules.tiers):
        if other == tier:
            return position
    return len(rules.tiers)


def next_tier(rules, tier):
    """The nearest better tier that can be earned, and its threshold; (None, None) on top."""
    for better, threshold in reversed(rules.tiers[: rank(rules, tier)]):
        if threshold > 0:
            return better, threshold
    return None, None


def hand_given(rules, tier, value):
    """How a tier given by hand relates to what is earned: ``raised`` or ``lowered``."""
    return "lowered" if rank(rules, tier) > rank(rules, earned(rules, value)) else "raised"


def decide(rules, standing, value, judged, joined, today):
    """How a member stands on ``today``.

    :param value: what he has done in the current period
    :param judged: what he has done in the period that the review judges (:func:`judged_from`), needed only when
        ``standing.review`` has come
    :param joined: first day of the membership
    :return: the new :class:`Standing`, and why the tier changed: one of the words above, or None
    """
    best, why = earned(rules, value), None
    if standing.by_hand and standing.until and standing.until < today:
        why = HAND_OVER if best != standing.tier else None
        standing = standing._replace(tier=best, review=None, by_hand=None, until=None)
    if rank(rules, standing.tier) == len(rules.tiers):
        standing, why = standing._replace(tier=best), FIRST
    elif rank(rules, best) < rank(rules, standing.tier) and standing.by_hand != "lowered":
        standing, why = standing._replace(tier=best, review=None, by_hand=None, until=None), REACHED
    elif standing.review and standing.review <= today and _is_reviewed(rules, standing):
        tier = _after_review(rules, standing.tier, max(value, judged or 0.0))
        why = REVIEWED if tier != standing.tier else why
        standing = standing._replace(tier=tier, review=next_review(rules, standing.review, joined))
    if why:
        standing = standing._replace(since=today)
    if not _is_reviewed(rules, standing):
        standing = standing._replace(review=None)
    elif not standing.review:
        standing = standing._replace(review=first_review(rules, today, joined))
    return standing, why


def _is_reviewed(rules, standing):
    """Whether there is anything to lose: not for the lowest tier, nor for one given by hand."""
    return rules.downgrade != "never" and not standing.by_hand and rank(rules, standing.tier) < len(rules.tiers) - 1


def _after_review(rules, tier, value):
    """Where a member goes who is judged by ``value``: the tier he has, or a lower one, as the club says."""
    was, is_worth = rank(rules, tier), rank(rules, earned(rules, value))
    if is_worth <= was:
        return tier
    return rules.tiers[was + 1 if rules.downgrade == "one_step" else is_worth][0]


# ---------------------------------------------------------------- periods


def period_start(period, joined, today):
    """The first day of the current period; None: all of time counts.

    :param joined: first day of the membership
    """
    if period == "rolling":
        return today - YEAR + DAY
    if period == "calendar_year":
        return today.replace(month=1, day=1)
    if period == "membership_year":
        return _anniversary(joined, today)
    return None


def first_review(rules, day, joined):
    """When a tier that a member has from ``day`` on is reviewed for the first time."""
    return _period_end(rules.period, day, joined) + timedelta(days=rules.grace_days)


def next_review(rules, review, joined):
    """The review after the one on ``review``."""
    return first_review(rules, review - timedelta(days=rules.grace_days), joined)


def judged_from(rules, review, joined):
    """The first day of what the review on ``review`` judges; the day before the review is the last. None: all."""
    end = review - timedelta(days=rules.grace_days)
    if rules.period == "rolling":
        return end - YEAR
    return period_start(rules.period, joined, end - DAY)


def _period_end(period, day, joined):
    """The first day after the period in which ``day`` is."""
    if period == "calendar_year":
        return day.replace(year=day.year + 1, month=1, day=1)
    if period == "membership_year":
        years = day.year - joined.year
        return next(end for end in (joined + years * YEAR, joined + (years + 1) * YEAR) if end > day)
    return _year_after(day)


@lru_cache(maxsize=1000)
def _year_after(day):
    """Of thousands who move on a day it is asked of the same one."""
    return day + YEAR


def _anniversary(joined, day):
    """The last anniversary of ``joined`` until ``day``; ``joined`` itself before the first."""
    years = day.year - joined.year
    last = joined + relativedelta(years=years)
    return max(last if last <= day else joined + relativedelta(years=years - 1), joined)


def anniversaries(after, until):
    """The (month, day) of members who have an anniversary after ``after``, until ``until``; of all, when that is a year.

    Who joined on 29 February has it on the 28th of other years.
    """
    found = set()
    day = after + DAY
    while day <= until and len(found) < 366:
        found.add((day.month, day.day))
        if (day.month, day.day) == (2, 28) and (day + DAY).month == 3:
            found.add((2, 29))
        day += DAY
    return found
