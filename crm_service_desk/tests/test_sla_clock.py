"""The clock alone: no database, no Odoo model."""

import random
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..models.sla_clock import (
    BLOCK,
    DONE,
    FIRST_MONDAY,
    POLICY,
    AroundTheClock,
    Event,
    Plan,
    WorkingTime,
    block_bounds,
    moment_of,
    overrun,
    read,
)

CUSTOMER, COURIER = "waiting_customer", "waiting_third_party"
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 11, 23)


def office(fetched=None):
    """Monday to Friday, 8 to 12 and 13 to 17."""

    def fetch(number):
        if fetched is not None:
            fetched.append(number)
        start, _end = block_bounds(number)
        days = [start + timedelta(days=day) for day in range(28) if day % 7 < 5]
        return [(day + low * HOUR, day + high * HOUR) for day in days for low, high in ((8, 12), (13, 17))]

    return WorkingTime(fetch)


def at(hour, day=0):
    """A moment in the week: ``day`` days after Monday."""
    return MONDAY + timedelta(days=day) + hour * HOUR


def start(moment, hours, pauses=(CUSTOMER,), calendar=None):
    return Event(moment, "start", Plan(moment, hours, calendar, frozenset(pauses)))


@tagged("post_install", "-at_install")
class TestWorkingTime(BaseCase):
    def test_hours_between_two_moments_leave_out_lunch_and_night(self):
        self.assertEqual(office().between(at(11), at(9, day=1)), 6 * HOUR)

    def test_hours_over_a_weekend(self):
        self.assertEqual(office().between(at(16, day=4), at(9, day=7)), 2 * HOUR)

    def test_nothing_lies_between_a_moment_and_an_earlier_one(self):
        self.assertEqual(office().between(at(16), at(9)), timedelta())
        self.assertEqual(AroundTheClock().between(at(16), at(9)), timedelta())

    def test_planning_ends_with_the_working_day_not_with_the_next_morning(self):
        self.assertEqual(office().after(at(13), 4 * HOUR), at(17))
        self.assertEqual(office().after(at(13), 4 * HOUR + timedelta(seconds=1)), at(8, day=1) + timedelta(seconds=1))

    def test_planning_from_outside_working_time(self):
        self.assertEqual(office().after(at(20), HOUR), at(9, day=1))

    def test_planning_over_several_blocks(self):
        working, since = office(), at(10)
        self.assertEqual(working.after(since, 1000 * HOUR), at(10, day=25 * 7))
        self.assertEqual(working.between(since, at(10, day=25 * 7)), 1000 * HOUR)

    def test_an_interval_across_the_border_of_two_blocks_is_not_cut_short(self):
        border = FIRST_MONDAY + 700 * BLOCK
        night = {699: [(border - 4 * HOUR, border)], 700: [(border, border + 4 * HOUR)]}
        working = WorkingTime(lambda number: night.get(number, []))
        self.assertEqual(working.between(border - 9 * HOUR, border + 9 * HOUR), 8 * HOUR)
        self.assertEqual(working.after(border - 4 * HOUR, 4 * HOUR), border)
        self.assertEqual(working.after(border - 4 * HOUR, 6 * HOUR), border + 2 * HOUR)

    def test_a_calendar_without_working_time_gives_no_moment_and_ends_its_search(self):
        self.assertIsNone(WorkingTime(lambda number: []).after(at(8), HOUR))

    def test_a_block_is_fetched_once(self):
        fetched = []
        working = office(fetched)
        for _turn in range(5):
            working.after(at(8), HOUR)
            working.between(at(8), at(17, day=3))
        self.assertEqual(len(fetched), len(set(fetched)))

    def test_between_and_after_are_each_others_inverse(self):
        dice, working = random.Random(11), office()
        for _round in range(300):
            moment = at(0) + dice.randrange(60 * 24 * 60) * timedelta(minutes=1)
            duration = dice.randrange(1, 400 * 60) * timedelta(minutes=1)
            end = working.after(moment, duration)
            self.assertEqual(working.between(moment, end), duration)
            self.assertLess(working.between(moment, end - timedelta(seconds=1)), duration)


@tagged("post_install", "-at_install")
class TestClock(BaseCase):
    """An office that works eight hours, on Monday."""

    def reading(self, *events, moment=None):
        working = office()
        return read(events, lambda calendar: working, moment)

    def test_it_runs_until_its_hours_are_used(self):
        reading = self.reading(start(at(9), 4), moment=at(11))
        self.assertEqual((reading.state, reading.deadline), ("running", at(14)))
        self.assertEqual(reading.elapsed, 2 * HOUR)

    def test_a_deadline_over_night(self):
        self.assertEqual(self.reading(start(at(16), 4)).deadline, at(11, day=1))

    def test_reached_in_time_is_kept(self):
        reading = self.reading(start(at(9), 4), Event(at(11), "reach"))
        self.assertEqual((reading.state, reading.stopped, reading.deadline), ("kept", at(11), at(14)))

    def test_reached_in_the_very_moment_of_the_deadline_is_kept(self):
        self.assertEqual(self.reading(start(at(9), 4), Event(at(14), "reach")).state, "kept")

    def test_reached_too_late_is_breached_and_says_by_how_much(self):
        reading = self.reading(start(at(9), 4), Event(at(14), "breach"), Event(at(16), "reach"))
        self.assertEqual((reading.state, reading.overdue, reading.stopped), ("breached", 2 * HOUR, at(16)))
        self.assertEqual(reading.breached_on, at(14))

    def test_the_night_is_not_overdue(self):
        reading = self.reading(start(at(13), 4), moment=at(7, day=1))
        self.assertEqual((reading.state, reading.overdue), ("breached", timedelta()))

    def test_the_breach_is_found_once_and_dated_with_the_deadline(self):
        working = office()
        events = [start(at(9), 4)]
        self.assertIsNone(overrun(events, lambda calendar: working, at(14)))
        breach = overrun(events, lambda calendar: working, at(15))
        self.assertEqual(breach, Event(at(14), "breach"))
        self.assertIsNone(overrun([*events, breach], lambda calendar: working, at(16)))

    def test_a_clock_that_begins_in_the_past_is_breached_at_once(self):
        events = [Event(at(16), "start", Plan(at(9), 4))]
        working = office()
        self.assertEqual(overrun(events, lambda calendar: working, at(16)), Event(at(14), "breach"))

    def test_it_does_not_count_while_the_customer_is_awaited(self):
        paused = [start(at(9), 4), Event(at(10), "pause", reason=CUSTOMER)]
        reading = self.reading(*paused, moment=at(15))
        self.assertEqual((reading.state, reading.deadline, reading.elapsed), ("paused", None, HOUR))
        self.assertEqual(reading.paused, 4 * HOUR)
        self.assertEqual(self.reading(*paused, Event(at(15), "resume")).deadline, at(9, day=1))

    def test_it_counts_on_while_somebody_is_awaited_for_whom_we_are_not_excused(self):
        reading = self.reading(start(at(9), 4), Event(at(10), "pause", reason=COURIER))
        self.assertEqual((reading.state, reading.deadline), ("running", at(14)))

    def test_waiting_for_somebody_else_ends_the_pause(self):
        events = [
            start(at(9), 4),
            Event(at(10), "pause", reason=CUSTOMER),
            Event(at(11), "pause", reason=COURIER),
            Event(at(12), "resume"),
        ]
        self.assertEqual(self.reading(*events).deadline, at(15))

    def test_any_order_of_pauses_gives_the_same_sum(self):
        hours = [(9, 10), (10, 11), (13, 14), (15, 16)]
        for waits in (hours, hours[::-1]):
            events = [start(at(8), 6)]
            for low, high in sorted(waits):
                events += [Event(at(low), "pause", reason=CUSTOMER), Event(at(high), "resume")]
            reading = self.reading(*events, Event(at(17), "reach"))
            self.assertEqual((reading.paused, reading.elapsed), (4 * HOUR, 4 * HOUR))

    def test_paused_after_the_deadline_it_is_late_and_counts_no_further(self):
        events = [start(at(9), 1), Event(at(10), "breach"), Event(at(11), "pause", reason=CUSTOMER)]
        reading = self.reading(*events, moment=at(16))
        self.assertEqual(
            (reading.state, reading.waits, reading.counts, reading.overdue), ("breached", True, False, HOUR)
        )

    def test_a_pause_outside_working_time_excuses_nothing(self):
        events = [start(at(16), 2), Event(at(18), "pause", reason=CUSTOMER), Event(at(7, day=1), "resume")]
        self.assertEqual(self.reading(*events).deadline, at(9, day=1))

    def test_another_plan_counts_from_the_original_start(self):
        events = [start(at(9), 4), Event(at(11), "replan", Plan(at(9), 6, None, frozenset({CUSTOMER})))]
        self.assertEqual(self.reading(*events).deadline, at(16))

    def test_another_plan_excuses_waits_that_were_over_before_it(self):
        events = [
            start(at(9), 4, pauses=()),
            Event(at(10), "pause", reason=COURIER),
            Event(at(11), "resume"),
            Event(at(11), "replan", Plan(at(9), 4, None, frozenset({COURIER}))),
        ]
        self.assertEqual(self.reading(*events).deadline, at(15))

    def test_another_plan_never_takes_a_breach_back(self):
        events = [
            start(at(9), 1),
            Event(at(10), "breach"),
            Event(at(12), "replan", Plan(at(9), 80)),
            Event(at(13), "reach"),
        ]
        reading = self.reading(*events)
        self.assertEqual((reading.state, reading.overdue, reading.breached_on), ("breached", 2 * HOUR, at(10)))

    def test_cancelled_and_wanted_again_counts_as_if_nothing_had_been(self):
        events = [start(at(9), 4), Event(at(10), "cancel", reason=POLICY)]
        self.assertEqual(self.reading(*events).state, "cancelled")
        self.assertIsNone(self.reading(*events).deadline)
        again = self.reading(*events, Event(at(11), "replan", Plan(at(9), 4)))
        self.assertEqual((again.state, again.deadline, again.stopped), ("running", at(14), None))

    def test_cancelling_never_takes_a_breach_back(self):
        events = [start(at(9), 1), Event(at(10), "breach"), Event(at(11), "cancel", reason=POLICY)]
        self.assertEqual(self.reading(*events).state, "breached")

    def test_opened_again_it_goes_on_and_the_time_while_it_was_done_does_not_count(self):
        events = [start(at(9), 4), Event(at(11), "reach"), Event(at(15), "resume")]
        reading = self.reading(*events)
        self.assertEqual((reading.state, reading.deadline, reading.stopped), ("running", at(17), None))
        self.assertEqual((reading.elapsed, reading.paused), (2 * HOUR, timedelta()))

    def test_done_without_it_and_opened_again_it_is_due_again(self):
        events = [start(at(9), 4), Event(at(10), "cancel", reason=DONE)]
        self.assertEqual(self.reading(*events).state, "cancelled")
        again = self.reading(*events, Event(at(11), "resume"))
        self.assertEqual((again.state, again.deadline), ("running", at(15)))

    def test_without_working_time_there_is_no_deadline_and_no_breach(self):
        reading = read([start(at(9), 4)], lambda calendar: WorkingTime(lambda number: []), at(9, day=90))
        self.assertEqual((reading.state, reading.deadline), ("running", None))

    def test_the_moment_of_a_warning(self):
        working = office()
        self.assertEqual(moment_of([start(at(9), 4)], lambda calendar: working, 0.75), at(12))

    def test_another_calendar_by_plan(self):
        times = {"office": office(), "always": AroundTheClock()}
        events = [
            start(at(16), 4, calendar="office"),
            Event(at(16.5), "replan", Plan(at(16), 4, "always")),
        ]
        self.assertEqual(read(events, times.get).deadline, at(20))


@tagged("post_install", "-at_install")
class TestClockAgainstCounting(BaseCase):
    """Random series of events, compared with a clock that counts minute by minute."""

    def series(self, dice):
        """Random events: a start, then waits, resumes, plans, ends and openings at random minutes."""
        moment = at(0) + dice.randrange(7 * 24 * 60) * timedelta(minutes=1)
        plans = [
            Plan(moment, hours, calendar, frozenset(pauses))
            for hours in (0.5, 3, 9.25)
            for calendar in ("office", "always")
            for pauses in ((), (CUSTOMER,), (CUSTOMER, COURIER))
        ]
        events, done = [Event(moment, "start", dice.choice(plans))], False
        for _each in range(dice.randrange(12)):
            moment += dice.choice([0, 1, 20, 90, 400, 1500]) * timedelta(minutes=1)
            kind = dice.choice(["pause", "pause", "resume", "replan", "reach"])
            if done and kind != "resume":
                continue
            done = kind == "reach"
            plan = dice.choice(plans) if kind == "replan" else None
            reason = dice.choice([CUSTOMER, COURIER]) if kind == "pause" else None
            events.append(Event(moment, kind, plan, reason))
        return events

    def count(self, events, times):
        """Elapsed and paused minutes at the last event, counted one by one under the last plan."""
        plan = [event.plan for event in events if event.plan][-1]
        elapsed = paused = 0
        minute, gap, queue = events[0].date, None, list(events)
        while minute <= events[-1].date:
            while queue and queue[0].date <= minute:
                event = queue.pop(0)
                gap = {"pause": event.reason, "resume": None, "reach": DONE}.get(event.kind, gap)
            if minute == events[-1].date:
                break
            if times[plan.calendar].between(minute, minute + timedelta(minutes=1)):
                elapsed += gap not in plan.pauses and gap != DONE
                paused += gap in plan.pauses
            minute += timedelta(minutes=1)
        return timedelta(minutes=elapsed), timedelta(minutes=paused)

    def test_random_series(self):
        dice = random.Random(5)
        times = {"office": office(), "always": AroundTheClock()}
        for number in range(400):
            events = self.series(dice)
            with self.subTest(number=number):
                reading = read(events, times.get)
                self.assertEqual((reading.elapsed, reading.paused), self.count(events, times))
                if reading.counts:
                    # its deadline is the first moment at which all its hours are used
                    at_deadline = read(events, times.get, reading.deadline)
                    if reading.deadline >= events[-1].date:
                        self.assertEqual(at_deadline.elapsed, reading.plan.duration)
                        self.assertEqual(at_deadline.breached_on, None)
                        later = read(events, times.get, reading.deadline + timedelta(minutes=1))
                        self.assertEqual(later.breached_on, reading.deadline)
                    else:
                        self.assertGreater(reading.elapsed, reading.plan.duration)

    def test_a_breach_written_down_is_never_lost_by_what_follows(self):
        dice = random.Random(6)
        times = {"office": office(), "always": AroundTheClock()}
        for number in range(400):
            events, breach = [], None
            for event in self.series(dice):
                if events and breach is None:
                    breach = overrun(events, times.get, event.date)
                    events += [breach] if breach else []
                events.append(event)
                if breach:
                    with self.subTest(number=number):
                        self.assertEqual(read(events, times.get).breached_on, breach.date)
