from datetime import datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_sla import SlaCase

HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestSlaCalendar(SlaCase):
    """Core's working hours as the clocks read them."""

    def after(self, calendar, start, hours):
        return self.calendar._working_time(calendar.id, self.company.id).after(start, hours * HOUR)

    def leave(self, calendar, start, end, **values):
        return self.env["resource.calendar.leaves"].create(
            {"name": "Holiday", "calendar_id": calendar.id, "date_from": start, "date_to": end, **values}
        )

    def test_as_core_plans_it(self):
        self.leave(self.calendar, self.moment(8, 1), self.moment(17, 1))
        for hours in (0.5, 3, 4, 8, 8.25, 40, 199):
            for start in (self.moment(7), self.moment(8.5), self.moment(12), self.moment(23, 4), self.moment(10, 5)):
                expected = self.calendar.plan_hours(hours, start, compute_leaves=True)
                self.assertEqual(self.after(self.calendar, start, hours), expected, (hours, start))

    def test_the_night_on_which_the_clock_is_put_back_has_an_hour_more(self):
        night = self.office("Night", tz="Europe/Berlin", hours=((0, 6),), days="0123456")
        # In Berlin 25 October 2026 has 25 hours: from 0:00 (22:00 UTC) to 6:00 (5:00 UTC) are seven.
        self.assertEqual(self.after(night, datetime(2026, 10, 24, 22), 7), datetime(2026, 10, 25, 5))
        self.assertEqual(self.after(night, datetime(2026, 10, 23, 22), 6), datetime(2026, 10, 24, 4))

    def test_the_night_on_which_the_clock_is_put_forward_has_an_hour_less(self):
        night = self.office("Night", tz="Europe/Berlin", hours=((0, 6),), days="0123456")
        # 29 March 2026: from 0:00 (23:00 UTC) to 6:00 (4:00 UTC) are five; the sixth hour is the next night's first.
        self.assertEqual(self.after(night, datetime(2026, 3, 28, 23), 5), datetime(2026, 3, 29, 4))
        self.assertEqual(self.after(night, datetime(2026, 3, 28, 23), 6), datetime(2026, 3, 29, 23))

    def test_the_office_opens_at_eight_in_summer_and_in_winter(self):
        office = self.office("Berlin", tz="Europe/Berlin")
        self.assertEqual(self.after(office, datetime(2026, 10, 23, 14), 2), datetime(2026, 10, 26, 8))

    def test_a_day_of_24_hours_has_no_gap_at_midnight(self):
        always = self.office("Always", hours=((0, 24),), days="0123456")
        self.assertEqual(self.after(always, self.moment(1), 1000), self.moment(1) + 1000 * HOUR)

    def test_holidays_of_another_company_do_not_count(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        leaves = self.env["resource.calendar.leaves"]
        day = {"name": "Holiday", "date_from": self.moment(8), "date_to": self.moment(17)}
        leaves.with_company(other).create(day).flush_recordset()  # core works the company out when it writes
        self.assertEqual(self.after(self.calendar, self.moment(9), 1), self.moment(10))
        leaves.create(day)
        self.assertEqual(self.after(self.calendar, self.moment(9), 1), self.moment(9, 1))

    def test_the_holiday_of_a_person_does_not_count(self):
        person = self.env["resource.resource"].create({"name": "Agus", "calendar_id": self.calendar.id})
        self.leave(self.calendar, self.moment(8), self.moment(17), resource_id=person.id)
        self.assertEqual(self.after(self.calendar, self.moment(9), 1), self.moment(10))

    def test_a_new_holiday_is_seen_at_once(self):
        self.assertEqual(self.after(self.calendar, self.moment(9), 1), self.moment(10))
        leave = self.leave(self.calendar, self.moment(8), self.moment(17))
        self.assertEqual(self.after(self.calendar, self.moment(9), 1), self.moment(9, 1))
        leave.unlink()
        self.assertEqual(self.after(self.calendar, self.moment(9), 1), self.moment(10))
        self.calendar.attendance_ids.filtered(lambda a: a.dayofweek == "0").unlink()
        self.assertEqual(self.after(self.calendar, self.moment(9), 1), self.moment(9, 1))

    # ------------------------------------------------------------ which hours

    def test_a_team_without_hours_has_those_of_the_company(self):
        self.team.calendar_id = False
        self.company.resource_calendar_id = self.calendar
        self.assertEqual(self.clock(self.ticket_at(16), "first_answer").deadline, self.moment(11, 1))

    def test_without_any_hours_it_is_around_the_clock_and_the_team_says_so(self):
        self.team.calendar_id = False
        self.company.resource_calendar_id = False
        self.assertIn("round the clock", self.team.calendar_hint)
        ticket = self.ticket_at(16)
        self.assertEqual(self.clock(ticket, "first_answer").deadline, self.moment(20))
        self.assertReplays(ticket)

    # ------------------------------------------------------------ hours that hold no time

    def test_empty_hours_are_refused_with_a_reason(self):
        empty = self.office("Empty", days="")
        with self.assertRaisesRegex(ValidationError, "Empty.*no deadline can be counted"):
            self.team.calendar_id = empty

    def test_attendances_of_zero_hours_are_refused(self):
        zero = self.office("Zero", days="")
        self.env["resource.calendar.attendance"].create(
            {"name": "Zero", "calendar_id": zero.id, "dayofweek": "0", "hour_from": 8, "hour_to": 8}
        )
        with self.assertRaisesRegex(ValidationError, "Zero"):
            self.team.calendar_id = zero

    def test_holidays_that_never_end_are_refused(self):
        office = self.office("Closed for ever")
        self.leave(office, self.moment(0), datetime(2090, 1, 1))
        with self.assertRaisesRegex(ValidationError, "Closed for ever"):
            self.team.calendar_id = office

    def test_flexible_hours_are_refused(self):
        flexible = self.office("Any time")
        flexible.write({"schedule_type": "flexible", "hours_per_day": 8, "full_time_required_hours": 40})
        with self.assertRaisesRegex(ValidationError, "flexible"):
            self.team.calendar_id = flexible

    def test_a_promise_that_no_team_can_keep_is_refused(self):
        rare = self.office("Rare", hours=((8, 8.25),), days="0")
        self.team.calendar_id = rare
        with self.assertRaisesRegex(ValidationError, "Rare"):
            self.new_policy(resolve=1000)

    def test_the_companys_empty_hours_are_found_when_a_policy_is_set_up(self):
        self.team.calendar_id = False
        self.company.resource_calendar_id = self.office("Empty", days="")
        with self.assertRaisesRegex(ValidationError, "Empty"):
            self.new_policy(resolve=1)

    def test_hours_emptied_later_give_no_deadline_and_no_hang(self):
        self.calendar.attendance_ids.unlink()
        ticket = self.ticket_at(9)
        self.assertEqual((ticket.sla_state, ticket.sla_deadline), ("running", False))
        self.move(ticket, "resolved", 9, day=5)
        self.assertEqual(self.clock(ticket, "resolve").state, "kept")
