"""The clock of a promise, such as "answered within 4 working hours": a pure function of what happened.

Nothing here knows Odoo. A clock has *events*, in the order in which they were written down; :func:`read` makes of them, and
of the working time, what the clock shows: state, deadline, time used, paused and overdue. The same events always give the
same reading, so that a stored clock can be checked and mended at any time.

All times are naive datetimes in UTC; all durations are ``timedelta`` in *working time*.

The rules:

* A clock counts from ``Plan.since``, in the working time of the plan's calendar, until it has counted ``Plan.hours``: that
  moment is the deadline. What happens in the very moment of the deadline is in time.
* It does not count while the ticket waits for somebody whom the plan excuses (``Plan.pauses``), nor while the ticket was
  done. That the ticket waits is written down whether the plan excuses it or not; so another plan gives the right sum.
* A new plan (the ticket was reclassified) counts from its start again, as if it had been the plan all the time.
* A breach stays a breach, whatever comes afterwards.
"""

from bisect import bisect_right
from datetime import datetime, timedelta
from typing import NamedTuple

NOTHING = timedelta()
SECOND = timedelta(seconds=1)
FIRST_MONDAY = datetime(1970, 1, 5)
BLOCK = timedelta(days=28)
HORIZON = 131  # blocks, ten years: what cannot be done by then is never done

# Why a clock does not count.
DONE = "done"
POLICY = "policy"


# ------------------------------------------------------------------------------------------------ working time


class AroundTheClock:
    """Working time of a team that always works."""

    def between(self, start, end):
        return max(end - start, NOTHING)

    def after(self, start, duration):
        return start + duration

    def intervals(self, start, end):
        return [(start, end)] if start < end else []


class WorkingTime:
    """Working time of a calendar, fetched in blocks of four weeks that begin on a Monday, each when it is first needed.

    The blocks do not depend on the question asked; so two questions about the same time never see different hours.

    :param fetch: ``fetch(number)`` gives the working intervals of a block, sorted and apart: [(start, end), …]
    """

    def __init__(self, fetch):
        self._fetch = fetch
        self._blocks = {}

    def between(self, start, end):
        """How much working time lies between two moments; nothing when the second is not later."""
        total = NOTHING
        if start >= end:
            return total
        for number in range(_block_of(start), _block_of(end) + 1):
            block = self._block(number)
            total += block.until(end) - block.until(start)
        return total

    def after(self, start, duration):
        """The first moment at which ``duration`` of working time has passed since ``start``.

        :return: a datetime, or None when ten years do not hold that much working time
        """
        if duration <= NOTHING:
            return start
        first = _block_of(start)
        duration += self._block(first).until(start)
        for number in range(first, first + HORIZON):
            block = self._block(number)
            if duration <= block.total:
                return block.moment(duration)
            duration -= block.total
        return None

    def intervals(self, start, end):
        """The working intervals between two moments: [(start, end), …]."""
        found = []
        for number in range(_block_of(start), _block_of(end) + 1) if start < end else ():
            found += [
                (max(low, start), min(high, end))
                for low, high in self._block(number).intervals
                if low < end and high > start
            ]
        return found

    def _block(self, number):
        if number not in self._blocks:
            self._blocks[number] = _Block(self._fetch(number))
        return self._blocks[number]


class _Block:
    """The intervals of four weeks, and how much working time has passed at the start of each."""

    def __init__(self, intervals):
        self.intervals = intervals
        self.starts = [start for start, _end in intervals]
        self.before, self.total = [], NOTHING
        for start, end in intervals:
            self.before.append(self.total)
            self.total += end - start

    def until(self, moment):
        """Working time of the block that has passed at ``moment``."""
        index = bisect_right(self.starts, moment) - 1
        if index < 0:
            return NOTHING
        start, end = self.intervals[index]
        return self.before[index] + min(moment, end) - start

    def moment(self, passed):
        """The first moment at which ``passed`` working time of the block has passed; more than nothing, not over the total."""
        index = bisect_right(self.before, passed - timedelta.resolution) - 1
        return self.starts[index] + passed - self.before[index]


def _block_of(moment):
    return (moment - FIRST_MONDAY) // BLOCK


def block_bounds(number):
    """First moment of a block, and first moment of the next."""
    start = FIRST_MONDAY + number * BLOCK
    return start, start + BLOCK


# ------------------------------------------------------------------------------------------------ events


class Plan(NamedTuple):
    """What is promised, from an event on.

    :param since: when the time began to count
    :param hours: how many working hours there are
    :param calendar: whose working time; handed to ``working_time``
    :param pauses: the reasons to wait for which we are excused
    """

    since: datetime
    hours: float
    calendar: object = None
    pauses: frozenset = frozenset()

    @property
    def duration(self):
        return timedelta(seconds=round(self.hours * 3600))


class Event(NamedTuple):
    """One thing that happened to a clock.

    =======  =====================================================================================
    start    with the first ``plan``
    replan   with another ``plan``; a clock that was cancelled since no policy wanted it counts again
    pause    the ticket waits, for ``reason``; also: it waits for something else now
    resume   the ticket waits no more, or it was done and is opened again
    reach    what was promised is done
    breach   the deadline passed, at ``date``
    cancel   for ``reason``: DONE, the ticket was done without it; POLICY, nobody promises it any more
    =======  =====================================================================================
    """

    date: datetime
    kind: str
    plan: Plan | None = None
    reason: str | None = None


# ------------------------------------------------------------------------------------------------ reading


class Reading(NamedTuple):
    """What a clock shows.

    :param state: running, paused, kept, breached or cancelled; breached also while it still runs
    :param plan: what is promised
    :param deadline: when the time is, or was, over; None while it is paused or when there is no such time
    :param stopped: when it ended, None while it is open
    :param elapsed: working time used
    :param paused: working time during which it was paused
    :param overdue: working time used beyond the deadline, at most under any of its plans
    :param breached_on: when the deadline passed, or None
    :param waits: whether it is paused, be it breached or not
    """

    state: str
    plan: Plan
    deadline: datetime | None
    stopped: datetime | None
    elapsed: timedelta
    paused: timedelta
    overdue: timedelta
    breached_on: datetime | None
    waits: bool

    @property
    def open(self):
        return self.stopped is None

    @property
    def counts(self):
        """Whether its time passes now."""
        return self.open and not self.waits and self.deadline is not None


def read(events, working_time, at=None):
    """What a clock shows at a moment.

    :param events: its :class:`Event` objects, in the order in which they were written down; the first is its start
    :param working_time: ``working_time(calendar)`` gives a :class:`WorkingTime` or the like
    :param at: when; left out: when the last of the events was written down
    """
    tape = _played(events, working_time)
    return tape.reading(max(at, tape.now) if at else tape.now)


def overrun(events, working_time, at):
    """The breach that has come about by ``at`` and is not among the events yet: an :class:`Event` or None.

    It must be written down before anything else happens to the clock: a pause, or a new plan, would hide it.
    """
    tape = _played(events, working_time)
    if tape.breached_on is None and not tape.ended:
        deadline = tape.moment(tape.plan.duration)
        if deadline is not None and deadline < at:
            return Event(deadline, "breach")
    return None


def moment_of(events, working_time, share):
    """When a clock that counts will have used ``share`` (0 … 1) of its time; None when it does not count."""
    tape = _played(events, working_time)
    return tape.moment(timedelta(seconds=round(tape.plan.duration.total_seconds() * share)))


def _played(events, working_time):
    tape = _Tape(working_time)
    for event in events:
        tape.play(event)
    return tape


class _Tape:
    """Events played one after the other."""

    def __init__(self, working_time):
        self.working_time = working_time
        self.plan = None
        self.now = datetime.min
        self.gaps = []  # (from, to or None, reason): when the ticket waited or was done
        self.stopped = self.cancelled = self.breached_on = None
        self.overdue_before = NOTHING  # under former plans

    def play(self, event):
        self.now = max(self.now, event.date)
        getattr(self, f"_on_{event.kind}")(event)

    def _on_breach(self, event):
        self.breached_on = event.date

    def _on_start(self, event):
        self.plan = event.plan

    def _on_replan(self, event):
        self.overdue_before = self._overdue(event.date)
        self.plan = event.plan
        self.cancelled = None

    def _on_pause(self, event):
        self._close_gap(event.date)
        self.gaps.append((event.date, None, event.reason))

    def _on_resume(self, event):
        self._close_gap(event.date)
        self.stopped = None

    def _on_reach(self, event):
        self._close_gap(event.date)
        self.gaps.append((event.date, None, DONE))
        self.stopped = event.date

    def _on_cancel(self, event):
        if event.reason == DONE:
            self._on_reach(event)
        self.cancelled = (event.date, event.reason)

    def _close_gap(self, date):
        if self.gaps and self.gaps[-1][1] is None:
            start, _end, reason = self.gaps.pop()
            self.gaps.append((start, date, reason))
            if reason == DONE and self.cancelled and self.cancelled[1] == DONE:
                self.cancelled = None

    # ------------------------------------------------------------ what it shows

    @property
    def ended(self):
        """When it ended, or None."""
        return self.cancelled[0] if self.cancelled else self.stopped

    def reading(self, at):
        counted_until = self.ended or at
        deadline = self.moment(self.plan.duration, although_done=True) if self._promised() else None
        breached_on = self.breached_on
        if breached_on is None and deadline is not None and deadline < counted_until:
            breached_on = deadline
        return Reading(
            state=self._state(breached_on),
            plan=self.plan,
            deadline=deadline,
            stopped=self.ended,
            elapsed=self._elapsed(counted_until),
            paused=self._paused(counted_until),
            overdue=self._overdue(counted_until) if breached_on else NOTHING,
            breached_on=breached_on,
            waits=self._waits(),
        )

    def moment(self, duration, although_done=False):
        """When ``duration`` will have been counted; None while the clock is paused, or when there is no such moment.

        :param although_done: of a clock that has ended, as if it had gone on
        """
        time = self.working_time(self.plan.calendar)
        since, left = self.plan.since, duration
        for start, end, reason in self._gaps():
            if although_done and reason == DONE and end is None:
                break
            counted = time.between(since, start)
            if left <= counted:
                return time.after(since, left)
            left -= counted
            if end is None:
                return None
            since = max(since, end)
        return time.after(since, left)

    def _promised(self):
        return not (self.cancelled and not self.breached_on)

    def _state(self, breached_on):
        if breached_on is not None:
            return "breached"
        if self.cancelled:
            return "cancelled"
        if self.stopped:
            return "kept"
        return "paused" if self._waits() else "running"

    def _waits(self):
        return bool(self.gaps) and self.gaps[-1][1] is None and self.gaps[-1][2] in self.plan.pauses

    def _gaps(self):
        return [gap for gap in self.gaps if gap[2] == DONE or gap[2] in self.plan.pauses]

    def _elapsed(self, until):
        time = self.working_time(self.plan.calendar)
        return time.between(self.plan.since, until) - self._within_gaps(until, self._gaps())

    def _paused(self, until):
        return self._within_gaps(until, [gap for gap in self._gaps() if gap[2] != DONE])

    def _within_gaps(self, until, gaps):
        time = self.working_time(self.plan.calendar)
        parts = (
            time.between(max(start, self.plan.since), until if end is None else min(end, until))
            for start, end, _reason in gaps
        )
        return sum(parts, NOTHING)

    def _overdue(self, until):
        return max(self.overdue_before, self._elapsed(until) - self.plan.duration, NOTHING)
