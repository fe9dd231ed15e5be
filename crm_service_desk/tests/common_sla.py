from datetime import datetime

from freezegun import freeze_time
from odoo.fields import Command

from ..models.sla_clock import read
from .common import ServiceDeskCase

# Monday, 23 November 2026. The office is in UTC, so that the hours of the tests are those of the database.
MONDAY = datetime(2026, 11, 23)


class SlaCase(ServiceDeskCase):
    """An office with working hours from 8 to 12 and 13 to 17, Monday to Friday; the team promises an answer within 4 hours
    and the resolution within 16; nobody's acknowledgement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.office("Office")
        cls.team.write({"calendar_id": cls.calendar.id, "acknowledgement_template_id": False})
        cls.env["service.sla.policy"].search([]).active = False
        cls.policy = cls.new_policy(first_answer=4, resolve=16)

    @classmethod
    def office(cls, name, tz="UTC", hours=((8, 12), (13, 17)), days="01234"):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": tz,
                "attendance_ids": [
                    Command.create(
                        {"name": day, "dayofweek": day, "hour_from": low, "hour_to": high, "day_period": period}
                    )
                    for day in days
                    for (low, high), period in zip(hours, ("morning", "afternoon"), strict=False)
                ],
            }
        )

    @classmethod
    def new_policy(cls, values=(), targets=(), **hours):
        """A policy; ``hours`` by metric, ``targets`` with what they have besides, by metric."""
        more = dict(targets)
        return cls.env["service.sla.policy"].create(
            {
                "name": "Promise",
                "target_ids": [
                    Command.create({"metric": metric, "hours": value, **more.get(metric, {})})
                    for metric, value in hours.items()
                ],
                **dict(values),
            }
        )

    def at(self, hour, day=0):
        """Freeze the time: an hour of a day, counted from Monday."""
        return freeze_time(self.moment(hour, day))

    @staticmethod
    def moment(hour, day=0):
        minutes = round(hour * 60)
        return MONDAY.replace(day=MONDAY.day + day, hour=minutes // 60, minute=minutes % 60)

    def ticket_at(self, hour, day=0, **values):
        with self.at(hour, day):
            return self.new_ticket(**values)

    def move(self, ticket, category, hour, day=0):
        with self.at(hour, day):
            ticket.stage_id = self.stage(category)

    def clock(self, ticket, metric):
        return ticket.clock_ids.filtered(lambda clock: clock.metric == metric)

    def kinds(self, clock):
        return clock.event_ids.sorted("id").mapped("kind")

    def assertReplays(self, tickets):
        """What is stored of each clock is what its events say."""
        book = tickets._book()
        self.assertTrue(book.clocks)
        for booked in book.clocks:
            clock = self.env["service.sla.clock"].browse(booked.id)
            reading = read(booked.events, book.time_of(booked))
            self.assertEqual(clock.state, reading.state)
            self.assertEqual(
                (clock.started, clock.deadline or None, clock.stopped or None, clock.breached_on or None),
                (reading.plan.since, reading.deadline, reading.stopped, reading.breached_on),
            )
            for column, duration in {"elapsed_hours": reading.elapsed, "paused_hours": reading.paused}.items():
                self.assertEqual(clock[column], duration.total_seconds() / 3600)
            overdue = reading.overdue.total_seconds() / 3600 if reading.stopped else 0
            self.assertEqual(clock.overdue_hours, overdue)
