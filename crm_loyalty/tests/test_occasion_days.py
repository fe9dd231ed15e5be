from datetime import date, datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase, freeze_time, tagged

from ..models import greeting_days
from .occasion_case import NOON, OccasionCase


@tagged("post_install", "-at_install")
class TestGreetingDays(BaseCase):
    """Pure functions of days and time zones."""

    def test_29_february_is_kept_on_the_28th_in_years_without_it(self):
        days = (date(2027, 2, 28), date(2028, 2, 28), date(2028, 2, 29), date(2100, 2, 28), date(2027, 3, 1))
        self.assertEqual([greeting_days.kept_on(day) for day in days], [[228, 229], [228], [229], [228, 229], [301]])

    def test_at_one_moment_the_hour_has_come_on_different_days(self):
        days = greeting_days.last_days(datetime(2026, 6, 15, 2), 9)
        self.assertIn("Asia/Jakarta", days[date(2026, 6, 15)])  # it is 9 there
        self.assertIn("America/Los_Angeles", days[date(2026, 6, 14)])  # 19 of the day before
        self.assertIn("Europe/Berlin", days[date(2026, 6, 14)])  # 4 in the morning: it was 9 yesterday

    def test_an_hour_that_the_clock_leaves_out_comes_with_the_next(self):
        """On 29 March 2026 it goes from 2 to 3 in Berlin."""
        before, after = datetime(2026, 3, 29, 0, 59), datetime(2026, 3, 29, 1, 0)
        at = [greeting_days.last_day(moment, 2, "Europe/Berlin").day for moment in (before, after)]
        self.assertEqual(at, [28, 29])


@tagged("post_install", "-at_install")
class TestOccasionDays(OccasionCase):
    """Whose day it is."""

    def due(self, moment, occasion=None):
        """Contacts that are due at a moment in UTC."""
        self.env.flush_all()
        return self.env["res.partner"].browse(
            row[0] for row in self.env.execute_query((occasion or self.occasion)._due_sql(moment))
        )

    def test_a_person_in_jakarta_and_one_in_los_angeles_are_greeted_at_nine_of_their_own_clock(self):
        self.budi.tz = "America/Los_Angeles"
        at = {hour: self.due(datetime(2026, 6, 15) + timedelta(hours=hour)) for hour in (1, 2, 15, 16)}
        self.assertEqual(list(at.values()), [self.env["res.partner"], self.siti, self.siti, self.siti | self.budi])

    def test_a_person_without_time_zone_is_greeted_by_the_clock_of_the_company(self):
        self.siti.tz = self.budi.tz = False
        self.assertFalse(self.due(datetime(2026, 6, 15, 1, 59)))
        self.assertEqual(self.due(datetime(2026, 6, 15, 2)), self.siti | self.budi)

    def test_a_job_that_is_two_days_late_still_greets_and_later_does_not(self):
        self.assertEqual(self.due(NOON + timedelta(days=2)), self.siti | self.budi)
        self.assertFalse(self.due(NOON + timedelta(days=3)))

    def test_what_was_due_before_the_start_is_not_greeted(self):
        self.occasion.started_on = "2026-06-16"
        self.assertFalse(self.due(NOON + timedelta(days=1)))

    def test_who_was_born_on_29_february_is_greeted_every_year(self):
        self.siti.birthday = "1992-02-29"
        self.occasion.started_on = "2026-01-01"
        asked = [datetime(2027, 2, 28, 3), datetime(2028, 2, 28, 3), datetime(2028, 2, 29, 3), datetime(2027, 3, 1, 3)]
        with freeze_time("2027-02-28"):
            found = [bool(self.due(moment)) for moment in asked]
        self.assertEqual(found, [True, False, True, True])  # the last one: a day late is still in time
        with freeze_time("2027-03-01"):
            self.greet(asked[0])
            self.assertFalse(self.due(asked[3]))  # and was greeted

    def test_days_before_and_after(self):
        before = self.make_occasion(timing="before", shift_days=3)
        after = self.make_occasion(timing="after", shift_days=2)
        self.assertTrue(self.due(datetime(2026, 6, 12, 3), before))
        self.assertFalse(self.due(datetime(2026, 6, 11, 3), before))
        self.assertFalse(self.due(datetime(2026, 6, 16, 3), after))
        self.assertTrue(self.due(datetime(2026, 6, 17, 3), after))

    def test_a_birthday_before_its_first_day_and_a_company_have_none(self):
        self.siti.birthday = "2026-06-15"
        self.budi.is_company = True
        self.assertFalse(self.due(NOON))

    def test_the_anniversary_of_a_membership_comes_after_a_year(self):
        years = self.make_occasion(kind="membership")
        self.club._enrol(self.textile, date=date(2026, 6, 15))
        self.assertEqual(self.due(NOON, years), self.siti | self.budi)

    def buy(self, partner, day, **vals):
        order = self.quotation(partner, **vals)
        order.write({"state": "sale", "date_order": day})
        return order

    def test_a_first_purchase_is_greeted_once_the_customer_has_bought_for_the_first_time(self):
        first = self.make_occasion(kind="first_purchase", timing="after", shift_days=1, club_ids=[])
        self.buy(self.siti, "2026-06-14 05:00:00")
        self.buy(self.rina, "2026-06-14 05:00:00")  # a contact of PT Tekstil: the company is greeted
        self.buy(self.budi, "2026-01-01 05:00:00")
        self.buy(self.budi, "2026-06-14 05:00:00")
        self.assertEqual(self.due(NOON, first), self.siti | self.textile)

    def test_a_day_of_purchase_is_one_of_the_companys_clock(self):
        first = self.make_occasion(kind="first_purchase", club_ids=[])
        self.buy(self.siti, "2026-06-14 17:30:00")  # 0:30 on 15 June in Jakarta
        self.assertFalse(self.due(datetime(2026, 6, 14, 3), first))
        self.assertEqual(self.due(datetime(2026, 6, 15, 3), first), self.siti)

    def test_a_long_absence_is_over_with_the_next_purchase(self):
        absence = self.make_occasion(kind="absence", absence_days=90, club_ids=[])
        self.buy(self.siti, NOON - timedelta(days=90))
        self.buy(self.budi, NOON - timedelta(days=90))
        self.buy(self.budi, NOON - timedelta(days=10))
        self.assertEqual(self.due(NOON, absence), self.siti)

    def test_a_fixed_day_is_everybodys_who_is_a_customer(self):
        feast = self.make_occasion(kind="fixed", fixed_month="6", fixed_day=15, club_ids=[])
        self.buy(self.textile, "2026-05-01")
        self.assertEqual(self.due(NOON, feast), self.siti | self.budi | self.textile | self.rina)

    def test_there_is_no_30_february(self):
        with self.assertRaisesRegex(ValidationError, "no such day"):
            self.make_occasion(kind="fixed", fixed_month="2", fixed_day=30)

    def test_a_tier_limits_the_audience(self):
        self.siti._running_memberships()._change_tier(self.gold, "test")
        self.occasion.write({"club_ids": [(5,)], "tier_ids": self.gold.ids})
        self.assertEqual(self.due(NOON), self.siti)

    def test_the_contacts_of_a_member_company_are_greeted_where_the_club_says_so(self):
        self.rina.birthday = "1985-06-15"
        self.club._enrol(self.textile)
        self.assertIn(self.rina, self.due(NOON))
        self.club.member_level = "person"
        self.assertNotIn(self.rina, self.due(NOON))

    def test_an_address_for_deliveries_and_a_contact_of_another_company_are_not_greeted(self):
        self.siti.type = "delivery"
        self.budi.company_id = self.env["res.company"].create({"name": "Other"})
        self.occasion.club_ids = False
        self.assertFalse(self.due(NOON))
