"""The clocks of some tickets: read at once, changed in memory, written at once. The only place that writes clocks."""

from collections import defaultdict
from datetime import timedelta

from odoo.tools import SQL

from .service_stage import DONE_CATEGORIES
from .sla_clock import POLICY, Event, Plan, moment_of, overrun, read

WAITS = ("waiting_customer", "waiting_third_party")

# The columns of an event, and of a clock, in the order in which they are written; with their types in the database.
EVENT = ("clock_id", "date", "kind", "reason", "hours", "since", "calendar_id", "pause_customer", "pause_third_party")
CLOCK = {
    "ticket_id": "int4",
    "metric": "varchar",
    "policy_id": "int4",
    "target_id": "int4",
    "company_id": "int4",
    "team_id": "int4",
    "warned_on": "timestamp",
    "escalated_on": "timestamp",
    # what the events say
    "calendar_id": "int4",
    "state": "varchar",
    "started": "timestamp",
    "deadline": "timestamp",
    "stopped": "timestamp",
    "breached_on": "timestamp",
    "hours": "float8",
    "elapsed_hours": "float8",
    "paused_hours": "float8",
    "overdue_hours": "float8",
    "kept_share": "float8",
    "next_check": "timestamp",
}
HEAD = ("ticket_id", "metric", "policy_id", "target_id", "company_id", "team_id", "warned_on", "escalated_on")


class BookedClock:
    """A clock in memory: its events, and who it belongs to."""

    def __init__(self, id=None, events=(), **head):
        self.id = id
        self.events = list(events)
        self.written = len(self.events)
        self.touched = not id
        for name in HEAD:
            setattr(self, name, head.get(name))

    @property
    def new_events(self):
        return self.events[self.written :]

    @property
    def cancelled_by_policy(self):
        kinds = [(event.kind, event.reason) for event in self.events if event.kind in ("cancel", "replan")]
        return bool(kinds) and kinds[-1] == ("cancel", POLICY)

    @property
    def ended(self):
        """Reached, or given up since the ticket was done; not opened again since."""
        ends = [
            event for event in self.events if event.kind in ("reach", "resume", "cancel") and event.reason != POLICY
        ]
        return bool(ends) and ends[-1].kind != "resume"


class SlaBook:
    """The clocks of ``tickets``.

    :param now: the moment at which what is recorded happens
    :param new: the tickets are new, and have no clocks yet
    """

    def __init__(self, tickets, now, new=False):
        self.env = tickets.env
        self.tickets = tickets
        self.now = now
        self.targets = self.env["service.sla.policy"]._targets()
        self._times = {}
        self.clocks = [] if new or not tickets else self._load()

    def of(self, ticket, metrics=None):
        return [c for c in self.clocks if c.ticket_id == ticket.id and (not metrics or c.metric in metrics)]

    # ------------------------------------------------------------ recording

    def start(self, ticket, target, plan):
        """A new clock of a ticket; a deadline that has passed already (a letter is older than its ticket) is a breach."""
        clock = BookedClock(
            ticket_id=ticket.id,
            metric=target.metric,
            policy_id=target.policy,
            target_id=target.id,
            company_id=ticket.company_id.id,
            team_id=ticket.team_id.id or None,
            events=[Event(self.now, "start", plan)],
        )
        clock.written = 0
        self.clocks.append(clock)
        if ticket.stage_category in WAITS:
            self.record(clock, "pause", reason=ticket.stage_category)
        self.catch_up(clock)
        return clock

    def record(self, clock, kind, plan=None, reason=None):
        """Something happens to a clock now; if its deadline has passed meanwhile, that comes first."""
        self.catch_up(clock)
        clock.events.append(Event(self.now, kind, plan, reason))
        clock.touched = True

    def catch_up(self, clock):
        """Write down that the deadline has passed, if it has."""
        if breach := overrun(clock.events, self.time_of(clock), self.now):
            clock.events.append(breach)
            clock.touched = True

    def time_of(self, clock):
        """``working_time`` of :func:`~.sla_clock.read` for this clock."""
        company = clock.company_id

        def working_time(calendar):
            if (calendar, company) not in self._times:
                self._times[calendar, company] = self.env["resource.calendar"]._working_time(calendar, company)
            return self._times[calendar, company]

        return working_time

    # ------------------------------------------------------------ what the stored clock shows

    def reading(self, clock):
        return read(clock.events, self.time_of(clock))

    def row(self, clock):
        """The values of a clock's columns."""
        reading = self.reading(clock)
        return {
            **{name: getattr(clock, name) for name in HEAD},
            "calendar_id": reading.plan.calendar or None,
            "state": reading.state,
            "started": reading.plan.since,
            "deadline": reading.deadline,
            "stopped": reading.stopped,
            "breached_on": reading.breached_on,
            "hours": reading.plan.hours,
            "elapsed_hours": _hours(reading.elapsed),
            "paused_hours": _hours(reading.paused),
            "overdue_hours": _hours(reading.overdue) if reading.breached_on and reading.stopped else None,
            "kept_share": {"kept": 100, "breached": 0}.get(reading.state),
            "next_check": self._next_check(clock, reading),
        }

    def warning_on(self, clock, reading):
        """When the person in charge is to be warned, None when not."""
        target = self.targets.get(clock.target_id)
        if target is None or target.warning_share is None or not reading.counts or reading.breached_on:
            return None
        return moment_of(clock.events, self.time_of(clock), target.warning_share)

    def _next_check(self, clock, reading):
        """When the job must look at the clock again."""
        target = self.targets.get(clock.target_id)
        if not reading.open:
            return None
        if reading.breached_on:
            return reading.breached_on if target and target.escalates and not clock.escalated_on else None
        warning = self.warning_on(clock, reading)
        if warning and (not clock.warned_on or warning > self.now):
            return warning
        return reading.deadline

    # ------------------------------------------------------------ reading and writing

    def _load(self):
        """All clocks of the tickets with all their events: one query."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT clock.id, %(head)s, event.date, event.kind, event.reason, event.hours, event.since,
                       event.calendar_id, event.pause_customer, event.pause_third_party
                  FROM service_sla_clock clock JOIN service_sla_event event ON event.clock_id = clock.id
                 WHERE clock.ticket_id = ANY(%(tickets)s)
              ORDER BY clock.id, event.id
                """,
                head=SQL(", ").join(SQL.identifier("clock", name) for name in HEAD),
                tickets=list(self.tickets.ids),
            )
        )
        clocks, width = {}, 1 + len(HEAD)
        for row in rows:
            clock = clocks.get(row[0])
            if clock is None:
                clock = clocks[row[0]] = BookedClock(row[0], **dict(zip(HEAD, row[1:width], strict=True)))
            clock.events.append(_event(*row[width:]))
            clock.written += 1
        return list(clocks.values())

    def save(self):
        """Write what is new: an INSERT of clocks, one of events, an UPDATE of clocks; and show it on the tickets."""
        touched = [clock for clock in self.clocks if clock.touched]
        if not touched:
            return
        rows = [(clock, self.row(clock)) for clock in touched]
        self._insert_clocks([(clock, row) for clock, row in rows if not clock.id])
        self._insert_events(touched)
        self._update_clocks([(clock, row) for clock, row in rows if clock.written])
        for clock in touched:
            clock.written, clock.touched = len(clock.events), False
        self._invalidate(touched)
        self.show(self.tickets.browse({clock.ticket_id for clock in touched}))

    def _insert_clocks(self, rows):
        if rows:
            ids = self.env.execute_query(
                SQL(
                    "INSERT INTO service_sla_clock (%s) VALUES %s RETURNING id",
                    SQL(", ").join(map(SQL.identifier, CLOCK)),
                    SQL(", ").join(tuple(row[name] for name in CLOCK) for _clock, row in rows),
                )
            )
            for (clock, _row), (new_id,) in zip(rows, ids, strict=True):
                clock.id = new_id

    def _insert_events(self, clocks):
        values = [(clock.id, *_columns(event)) for clock in clocks for event in clock.new_events]
        if values:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO service_sla_event (%s) VALUES %s",
                    SQL(", ").join(map(SQL.identifier, EVENT)),
                    SQL(", ").join(values),
                )
            )

    def _update_clocks(self, rows):
        if rows:
            columns = [name for name in CLOCK if name not in ("ticket_id", "metric")]
            self.env.cr.execute(
                SQL(
                    "UPDATE service_sla_clock SET %s FROM (VALUES %s) AS new (id, %s) WHERE service_sla_clock.id = new.id",
                    SQL(", ").join(
                        SQL("%s = new.%s::%s", SQL.identifier(name), SQL.identifier(name), SQL(CLOCK[name]))
                        for name in columns
                    ),
                    SQL(", ").join((clock.id, *(row[name] for name in columns)) for clock, row in rows),
                    SQL(", ").join(map(SQL.identifier, columns)),
                )
            )

    def _invalidate(self, clocks):
        self.env["service.sla.clock"].browse([clock.id for clock in clocks]).invalidate_recordset(flush=False)
        self.tickets.browse({clock.ticket_id for clock in clocks}).invalidate_recordset(["clock_ids"], flush=False)

    # ------------------------------------------------------------ the tickets

    def show(self, tickets):
        """Say on the tickets what their clocks show: the next deadline, and how it stands."""
        readings = defaultdict(list)
        for clock in self.clocks:
            reading = self.reading(clock)
            warning = self.warning_on(clock, reading)
            readings[clock.ticket_id].append((reading, bool(warning and warning <= self.now)))
        fields = [tickets._fields["sla_deadline"], tickets._fields["sla_state"]]
        # As a computed field: no rights asked, no message, no other rule; written with what else is pending.
        with self.env.protecting(fields, tickets):
            for ticket in tickets:
                shown = readings[ticket.id]
                deadlines = [reading.deadline for reading, _risk in shown if reading.counts]
                ticket.sla_deadline = min(deadlines, default=False)
                ticket.sla_state = state_of(shown)


def state_of(shown):
    """How a ticket stands: the worst of its open clocks; when none is open, how it ended.

    :param shown: [(reading, whether its warning is due)] of all its clocks
    """
    still = [(reading, risk) for reading, risk in shown if reading.open]
    if not still:
        states = {reading.state for reading, _risk in shown}
        return next((state for state in ("breached", "kept") if state in states), "none")
    if any(reading.breached_on for reading, _risk in still):
        return "breached"
    if any(risk for _reading, risk in still):
        return "at_risk"
    return "running" if any(reading.state == "running" for reading, _risk in still) else "paused"


def is_done(category):
    return category in DONE_CATEGORIES


def _hours(duration):
    return duration / timedelta(hours=1)


def _event(date, kind, reason, hours, since, calendar_id, pause_customer, pause_third_party):
    plan = None
    if since:
        excused = zip(WAITS, (pause_customer, pause_third_party), strict=True)
        plan = Plan(since, hours, calendar_id or False, frozenset(wait for wait, pauses in excused if pauses))
    return Event(date, kind, plan, reason)


def _columns(event):
    plan = event.plan
    return (
        event.date,
        event.kind,
        event.reason,
        plan and plan.hours,
        plan and plan.since,
        (plan and plan.calendar) or None,
        bool(plan) and WAITS[0] in plan.pauses,
        bool(plan) and WAITS[1] in plan.pauses,
    )
