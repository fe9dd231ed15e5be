import importlib.util
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import file_path

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestMembershipRenewal(ClubCase):
    def member_from(self, first_day, **validity):
        """Siti, enrolled on a day in a club of that validity; the clock stands on that day."""
        self.club.write(validity)
        with freeze_time(first_day):
            return self.club._enrol(self.siti)

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_memberships").method_direct_trigger()
        self.env.invalidate_all()

    def test_the_new_period_follows_the_old_one_without_gap_or_overlap(self):
        membership = self.member_from("2025-03-10", validity="rolling", validity_months=12)
        with freeze_time("2026-01-20"):
            self.assertEqual(membership._renew("paid at the desk"), {membership: (date(2026, 3, 10), date(2027, 3, 9))})
        self.assertEqual((membership.date_start, membership.date_end), (date(2025, 3, 10), date(2027, 3, 9)))

    def test_months_of_one_who_joined_on_the_31st_do_not_shrink(self):
        membership = self.member_from("2025-01-31", validity="rolling", validity_months=1)
        ends = [membership.date_end]
        with freeze_time("2025-02-01"):
            for _month in range(4):
                membership._renew("again")
                ends.append(membership.date_end)
        self.assertEqual(
            ends, [date(2025, 2, 27), date(2025, 3, 30), date(2025, 4, 29), date(2025, 5, 30), date(2025, 6, 29)]
        )

    def test_one_who_joined_on_29_february_keeps_the_day_in_leap_years(self):
        membership = self.member_from("2024-02-29", validity="rolling", validity_months=12)
        self.assertEqual(membership.date_end, date(2025, 2, 27))
        with freeze_time("2025-02-01"):
            membership._renew("again", periods=3)
        self.assertEqual(membership.date_end, date(2028, 2, 28))

    def test_a_calendar_year_is_followed_by_the_next(self):
        membership = self.member_from("2025-05-05", validity="calendar_year")
        with freeze_time("2025-12-01"):
            membership._renew("next year too")
        self.assertEqual(membership.date_end, date(2026, 12, 31))

    def test_a_fixed_day_is_moved_on_the_club_first(self):
        membership = self.member_from("2025-05-05", validity="fixed", validity_date="2025-09-30")
        with freeze_time("2025-09-01"):
            with self.assertRaisesRegex(UserError, "enter a later last day on the club"):
                membership._renew("next season")
            self.club.validity_date = "2026-09-30"
            membership._renew("next season")
        self.assertEqual(membership.date_end, date(2026, 9, 30))

    def test_for_life_there_is_nothing_to_renew(self):
        membership = self.member_from("2025-05-05", validity="lifetime")
        with self.assertRaisesRegex(UserError, "for life: there is nothing to renew"):
            membership._renew("again")

    def test_an_ended_one_is_not_renewed_but_enrolled_anew(self):
        membership = self.member_from("2025-05-05", validity="rolling", validity_months=12)
        card = membership.card_id
        with freeze_time("2025-06-01"):
            membership._end("moved away")
            with self.assertRaisesRegex(UserError, "Enrol the customer anew"):
                membership._renew("again")
            card.points = 12
            again = self.club._enrol(self.siti)
        self.assertEqual((again.card_id, again.card_id.points), (card, 12))
        self.assertEqual(again.log_ids.mapped("event"), ["returned"])

    def test_only_a_manager_renews_freezes_and_unfreezes(self):
        membership = self.member_from(self.today, validity="rolling")
        for user in (self.clerk, self.seller, self.employee):
            for change in ("_renew", "_freeze", "_unfreeze"):
                with self.assertRaises(AccessError):
                    getattr(membership.with_user(user), change)()
        self.assertEqual(membership.state, "running")

    # ------------------------------------------------------------ grace

    def in_grace(self):
        membership = self.member_from("2025-03-10", validity="rolling", validity_months=12, grace_days=14)
        with freeze_time("2026-03-12"):
            self.run_cron()
        return membership

    def test_days_of_grace_count_and_the_status_says_so(self):
        membership = self.in_grace()
        self.assertEqual((membership.state, membership.counts_until), ("grace", date(2026, 3, 23)))
        for day, counts in (("2026-03-09", True), ("2026-03-23", True), ("2026-03-24", False)):
            self.assertEqual(bool(self.siti._running_memberships(date=day)), counts, day)
        self.assertEqual(self.siti.grade_id, self.green)

    def test_the_badge_says_that_it_is_to_be_renewed(self):
        self.in_grace()
        with freeze_time("2026-03-12"):
            (badge,) = self.siti.with_user(self.clerk)._customer_badges()[self.siti.id]
        self.assertEqual((badge["severity"], badge["value"]), ("warning", "Green, to be renewed by 03/23/2026"))

    def test_after_the_grace_it_ends(self):
        membership = self.in_grace()
        with freeze_time("2026-03-24"):
            self.run_cron()
        self.assertEqual((membership.state, membership.ended_on), ("ended", date(2026, 3, 24)))
        self.assertFalse(membership.has_left)
        self.assertFalse(self.siti.grade_id)
        self.assertEqual(membership.log_ids.sorted("id").mapped("event"), ["enrolled", "grace", "ended"])

    def test_renewed_in_grace_it_goes_on_from_its_old_end(self):
        membership = self.in_grace()
        with freeze_time("2026-03-20"):
            membership._renew("late but here")
        self.assertEqual((membership.state, membership.date_end), ("running", date(2027, 3, 9)))

    def test_more_grace_helps_those_who_are_in_not_those_who_were_out(self):
        membership = self.member_from("2025-03-10", validity="rolling", validity_months=12)
        with freeze_time("2026-03-12"):
            self.club.grace_days = 30
        self.assertEqual(membership.counts_until, date(2026, 3, 9))
        with freeze_time("2026-03-01"):
            self.club.grace_days = 10
        self.assertEqual(membership.counts_until, date(2026, 3, 19))

    def test_less_grace_does_not_change_days_that_are_over(self):
        membership = self.in_grace()
        with freeze_time("2026-03-15"):
            self.club.grace_days = 0
            self.assertEqual(membership.counts_until, date(2026, 3, 14))
            self.run_cron()
        self.assertEqual((membership.state, membership.ended_on), ("ended", date(2026, 3, 15)))

    def test_notice_given_has_no_grace(self):
        membership = self.member_from("2025-03-10", validity="rolling", validity_months=12, grace_days=14)
        reason = self.env.ref("crm_loyalty.leave_reason_moved")
        with freeze_time("2025-06-01"):
            membership._end("to Medan", date(2025, 7, 1), reason)
        self.assertEqual((membership.date_end, membership.counts_until), (date(2025, 6, 30), date(2025, 6, 30)))
        self.assertEqual((membership.has_left, membership.leave_reason_id), (True, reason))
        self.assertEqual(membership.log_ids.sorted("id")[-1].reason, "Moved away: to Medan")

    def test_one_cannot_leave_later_than_the_end(self):
        membership = self.member_from("2025-03-10", validity="rolling", validity_months=12)
        with freeze_time("2025-06-01"), self.assertRaisesRegex(UserError, "enter an earlier day, or renew it"):
            membership._end("much later", date(2029, 1, 1))

    # ------------------------------------------------------------ time zones, the past, future ones

    def test_the_day_is_that_of_the_company(self):
        self.company.partner_id.tz = "Asia/Jakarta"
        membership = self.member_from("2025-03-10", validity="rolling", validity_months=1)
        self.assertEqual(membership.date_end, date(2025, 4, 9))
        with freeze_time("2025-04-09 16:30:00"):  # 23:30 in Jakarta
            self.run_cron()
            self.assertEqual(membership.state, "running")
        with freeze_time("2025-04-09 17:30:00"):  # half past midnight there
            self.run_cron()
            self.assertEqual(membership.state, "ended")

    def test_a_future_membership_begins_on_its_day_and_can_be_renewed_before(self):
        self.club.write({"validity": "rolling", "validity_months": 12})
        membership = self.club._enrol(self.siti, date=self.today + timedelta(days=10))
        membership._renew("two years at once")
        self.assertEqual(membership.state, "future")
        self.assertEqual(membership.next_change_on, self.today + timedelta(days=10))
        self.assertFalse(self.siti._running_memberships())

    def test_the_status_is_what_the_dates_say_on_every_day_of_a_life(self):
        membership = self.member_from("2025-01-31", validity="rolling", validity_months=2, grace_days=5)
        with freeze_time("2025-02-10"):
            membership._freeze(date(2025, 2, 15), date(2025, 2, 20), "ill")
        day = date(2025, 1, 29)
        while day < date(2025, 4, 20):
            state = membership._state_on(day)
            counts = bool(self.siti._running_memberships(date=day))
            self.assertEqual(counts, state in ("running", "grace"), (day, state))
            day += timedelta(days=1)
        # 2 months and 6 frozen days: to 5 April; 5 days of grace
        self.assertEqual((membership.date_end, membership.counts_until), (date(2025, 4, 5), date(2025, 4, 10)))

    def test_a_manager_renews_with_the_button(self):
        membership = self.member_from(self.today, validity="rolling", validity_months=12)
        end = membership.date_end
        action = membership.with_user(self.manager).action_renew()
        wizard = Form(self.env["loyalty.membership.wizard"].with_user(self.manager).with_context(**action["context"]))
        self.assertEqual(wizard.new_end, membership._next_period()[1])
        wizard.reason = "thanks for the coffee"
        wizard.save().action_apply()
        self.assertGreater(membership.date_end, end)
        self.assertIn("thanks for the coffee", membership.log_ids.sorted("id")[-1].reason)

    def test_an_upgrade_fills_the_new_dates_as_the_memberships_had_them(self):
        self.club.write({"validity": "rolling", "validity_months": 12})
        running = self.club._enrol(self.siti)
        future = self.club._enrol(self.budi, date=self.today + timedelta(days=9))
        ended = self.club._enrol(self.textile)
        ended._end("moved away")
        memberships = running | future | ended
        names = ["counts_until", "next_change_on"]
        before = memberships.read(names)
        self.env.cr.execute(
            "UPDATE loyalty_membership SET counts_until = NULL, next_change_on = NULL WHERE id IN %s",
            [tuple(memberships.ids)],
        )
        path = file_path("crm_loyalty/migrations/19.0.1.2.0/pre-lifecycle.py")
        spec = importlib.util.spec_from_file_location("pre_lifecycle", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        for _time in range(2):
            script.migrate(self.env.cr, "19.0.1.1.0")
            memberships.invalidate_recordset()
            self.assertEqual(memberships.read(names), before)
