from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import Form, freeze_time, tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestMembershipFreeze(ClubCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club.write({"validity": "rolling", "validity_months": 12})
        with freeze_time("2025-03-10"):
            cls.membership = cls.club._enrol(cls.siti)

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_memberships").method_direct_trigger()
        self.env.invalidate_all()

    def counts(self, day):
        return bool(self.siti._running_memberships(date=day))

    @freeze_time("2025-06-01")
    def test_frozen_days_are_added_to_the_end(self):
        self.membership._freeze(date(2025, 6, 1), date(2025, 6, 30), "abroad")
        self.assertEqual((self.membership.state, self.membership.date_end), ("frozen", date(2026, 4, 8)))

    @freeze_time("2025-06-01")
    def test_while_frozen_it_gives_neither_discount_nor_points(self):
        order = self.quotation(self.siti)
        self.assertPrice(order, 95)
        self.membership._freeze(reason="abroad")
        self.assertPrice(order, 100)
        self.assertFalse(self.siti.grade_id)
        order.action_confirm()
        self.assertEqual(self.membership.card_id.points, 0)

    def test_days_before_a_freeze_still_count_and_so_do_those_after(self):
        with freeze_time("2025-06-01"):
            self.membership._freeze(date(2025, 6, 10), date(2025, 6, 12), "abroad")
        self.assertEqual([self.counts(f"2025-06-{day:02}") for day in (9, 10, 12, 13)], [True, False, False, True])

    def test_the_past_stays_exact_after_it_was_unfrozen(self):
        with freeze_time("2025-06-01"):
            self.membership._freeze(reason="abroad")
        with freeze_time("2025-06-11"):
            self.membership._unfreeze("back early")
        self.assertEqual((self.membership.state, self.membership.date_end), ("running", date(2026, 3, 19)))
        self.assertEqual(
            [self.counts(day) for day in ("2025-05-31", "2025-06-01", "2025-06-10", "2025-06-11")],
            [True, False, False, True],
        )

    def test_unfrozen_early_only_the_days_that_were_frozen_are_added(self):
        with freeze_time("2025-06-01"):
            self.membership._freeze(date(2025, 6, 1), date(2025, 6, 30), "abroad")
        with freeze_time("2025-06-11"):
            self.membership._unfreeze("back early")
        self.assertEqual(self.membership.date_end, date(2026, 3, 19))
        self.assertEqual(self.membership.freeze_ids.date_until, date(2025, 6, 10))

    def test_unfrozen_on_the_same_day_nothing_has_happened(self):
        with freeze_time("2025-06-01"):
            self.membership._freeze(reason="by mistake")
            self.membership._unfreeze("by mistake")
        self.assertEqual((self.membership.state, self.membership.date_end), ("running", date(2026, 3, 9)))
        self.assertTrue(self.counts("2025-06-01"))
        self.assertFalse(self.membership.freeze_ids)

    def test_a_planned_freeze_begins_and_ends_by_itself(self):
        with freeze_time("2025-06-01"):
            self.membership._freeze(date(2025, 6, 10), date(2025, 6, 12), "abroad")
            self.assertEqual(self.membership.state, "running")
        states = []
        for day in ("2025-06-09", "2025-06-10", "2025-06-12", "2025-06-13"):
            with freeze_time(day):
                self.run_cron()
            states.append(self.membership.state)
        self.assertEqual(states, ["running", "frozen", "frozen", "running"])
        self.assertEqual(
            self.membership.log_ids.sorted("id").mapped("event"), ["enrolled", "freeze_planned", "frozen", "unfrozen"]
        )

    def test_the_end_does_not_come_while_it_is_frozen(self):
        with freeze_time("2026-03-05"):
            self.membership._freeze(reason="long illness")
        with freeze_time("2026-08-01"):
            self.run_cron()
            self.assertEqual(self.membership.state, "frozen")
            self.membership._unfreeze("well again")
        self.assertEqual((self.membership.state, self.membership.date_end), ("running", date(2026, 8, 5)))

    def test_ended_while_frozen_it_is_over(self):
        with freeze_time("2025-06-01"):
            self.membership._freeze(reason="abroad")
        with freeze_time("2025-06-05"):
            self.membership._end("stays abroad")
            self.assertFalse(self.membership.next_change_on)
        self.assertEqual(self.membership.freeze_ids.date_until, date(2025, 6, 4))
        self.assertEqual([self.counts(day) for day in ("2025-05-31", "2025-06-02", "2025-06-05")], [True, False, False])

    def test_notice_given_while_frozen_ends_it_on_that_day(self):
        with freeze_time("2025-06-01"):
            self.membership._freeze(reason="abroad")
            self.membership._end("stays abroad", date(2025, 7, 1))
        with freeze_time("2025-07-01"):
            self.run_cron()
        self.assertEqual((self.membership.state, self.membership.ended_on), ("ended", date(2025, 7, 1)))

    @freeze_time("2025-06-01")
    def test_what_cannot_be_frozen_says_why(self):
        for first, last, reason in (
            ("2025-05-20", None, "The past stays as it was"),
            ("2025-06-10", "2025-06-05", "cannot end before it begins"),
            ("2026-05-01", None, "is not running then"),
        ):
            with self.assertRaisesRegex(UserError, reason):
                self.membership._freeze(date.fromisoformat(first), last and date.fromisoformat(last), "abroad")
        self.membership._freeze(date(2025, 6, 10), date(2025, 6, 12), "abroad")
        with self.assertRaisesRegex(UserError, "frozen already"):
            self.membership._freeze(date(2025, 8, 1), date(2025, 8, 2), "again")

    @freeze_time("2025-06-01")
    def test_what_is_not_frozen_cannot_be_unfrozen(self):
        with self.assertRaisesRegex(UserError, "is not frozen"):
            self.membership._unfreeze("mistake")

    def test_it_can_be_frozen_again_later(self):
        with freeze_time("2025-06-01"):
            self.membership._freeze(date(2025, 6, 1), date(2025, 6, 10), "abroad")
        with freeze_time("2025-09-01"):
            self.run_cron()
            self.membership._freeze(date(2025, 9, 1), date(2025, 9, 5), "abroad again")
        self.assertEqual(self.membership.date_end, date(2026, 3, 24))
        self.assertEqual([self.counts(day) for day in ("2025-06-05", "2025-08-01", "2025-09-03")], [False, True, False])

    def test_for_life_it_can_be_frozen_too(self):
        self.club.validity = "lifetime"
        with freeze_time("2025-06-01"):
            membership = self.club._enrol(self.budi)
            membership._freeze(date(2025, 6, 1), date(2025, 6, 10), "abroad")
        self.assertEqual((membership.state, membership.date_end), ("frozen", False))

    def test_what_counts_is_the_same_in_the_database_and_on_records_in_hand(self):
        with freeze_time("2025-06-01"):
            self.membership._freeze(date(2025, 6, 10), date(2025, 6, 12), "abroad")
            other = self.club._enrol(self.budi)
        both = self.membership | other
        for day, counting in (("2025-06-05", both), ("2025-06-11", other), ("2025-06-13", both)):
            domain = both._running_domain(day)
            self.assertEqual(both.filtered_domain(domain), counting, day)
            self.assertEqual(both.search(domain & Domain("id", "in", both.ids), order="id"), counting, day)
            of_all = both.browse(list(both._running_query(day, Domain("id", "in", both.ids))))
            self.assertEqual(of_all.sorted("id"), counting, day)

    @freeze_time("2025-06-01")
    def test_asked_for_all_at_once_one_that_has_just_been_frozen_does_not_count(self):
        tier = Domain("tier_id", "=", self.membership.tier_id.id)
        self.assertIn(self.membership.id, list(self.membership._running_query("2025-06-01", tier)))
        self.membership._freeze(reason="abroad")
        self.assertNotIn(self.membership.id, list(self.membership._running_query("2025-06-01", tier)))

    def test_asked_for_all_at_once_the_days_before_after_and_of_grace_are_told_as_of_each(self):
        self.club.grace_days = 10
        with freeze_time("2025-03-10"):
            other = self.club._enrol(self.budi)
        tier = Domain("tier_id", "=", other.tier_id.id)
        for day, counts in (("2025-03-09", False), ("2025-03-10", True), ("2026-03-19", True), ("2026-03-20", False)):
            self.assertEqual(other.id in list(other._running_query(day, tier)), counts, day)
            self.assertEqual(bool(self.budi._running_memberships(date=day)), counts, day)

    @freeze_time("2025-06-01")
    def test_merged_with_one_that_runs_it_is_no_longer_frozen(self):
        other = self.club._enrol(self.budi)
        self.membership._freeze(reason="abroad")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((self.siti | self.budi).ids, self.siti)
        self.env.invalidate_all()
        self.assertEqual((self.membership.state, other.state), ("running", "ended"))

    @freeze_time("2025-06-01")
    def test_a_manager_freezes_and_unfreezes_with_the_buttons(self):
        for button, values, state in (
            ("action_freeze", {"date_until": date(2025, 6, 30), "reason": "abroad"}, "frozen"),
            ("action_unfreeze", {"reason": "back"}, "running"),
        ):
            action = getattr(self.membership.with_user(self.manager), button)()
            wizard = Form(
                self.env["loyalty.membership.wizard"].with_user(self.manager).with_context(**action["context"])
            )
            for name, value in values.items():
                setattr(wizard, name, value)
            wizard.save().action_apply()
            self.assertEqual(self.membership.state, state)

    @freeze_time("2025-06-01")
    def test_a_change_without_a_reason_is_not_made(self):
        wizard = self.env["loyalty.membership.wizard"].create(
            {"change": "freeze", "membership_ids": [(4, self.membership.id)]}
        )
        with self.assertRaisesRegex(UserError, "Enter why"):
            wizard.action_apply()
        self.assertEqual(self.membership.state, "running")

    def test_the_days_are_those_of_the_company(self):
        self.company.partner_id.tz = "Asia/Jakarta"
        with freeze_time("2025-06-01 18:00:00"):  # 2 June in Jakarta
            self.membership._freeze(reason="abroad")
        self.assertEqual(self.membership.freeze_ids.date_from, date(2025, 6, 1) + timedelta(days=1))
