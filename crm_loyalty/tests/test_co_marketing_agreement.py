from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .co_marketing_case import SIGNATURE, PactCase


@tagged("post_install", "-at_install")
class TestCoMarketingAgreement(PactCase):
    """From the draft to the end."""

    def draft(self, **vals):
        return self.make_agreement([{"name": "Tea"}], accept=False, **vals)

    def accepted(self, **vals):
        return self.make_agreement([{"name": "Tea"}], **vals)

    def test_an_agreement_has_a_number_of_its_own(self):
        one, two = self.draft(), self.draft()
        self.assertRegex(one.name, r"^CMA/\d{4}/\d{4}$")
        self.assertNotEqual(one.name, two.name)

    def test_it_is_proposed_accepted_and_runs_from_its_first_day(self):
        agreement = self.draft(date_start=self.today)
        agreement.with_user(self.manager).action_propose()
        self.assertEqual((agreement.state, agreement.open_version_id.state), ("proposed", "proposed"))
        agreement.open_version_id._accept("Agus Warung", SIGNATURE, self.agus)
        version = agreement.version_id
        self.assertEqual(
            (agreement.state, version.signed_by, version.signed_partner_id), ("running", "Agus Warung", self.agus)
        )
        self.assertTrue(version.signed_on and version.signature)

    def test_accepted_beforehand_it_waits_for_its_first_day(self):
        agreement = self.accepted(date_start=self.today + timedelta(days=3))
        self.assertEqual(agreement.state, "accepted")
        self.assertIsNone(self.offer(agreement.version_id.benefit_ids))

    def test_nothing_is_proposed_that_promises_nothing_or_nowhere(self):
        empty = self.make_agreement([], accept=False)
        with self.assertRaisesRegex(UserError, "no benefits"):
            empty.action_propose()
        with self.assertRaisesRegex(UserError, "no outlets"):
            self.draft(outlet_ids=False).action_propose()

    def test_what_was_proposed_is_never_changed(self):
        agreement, another = self.draft(), self.draft()
        agreement.action_propose()
        version, benefit = agreement.open_version_id, agreement.open_version_id.benefit_ids
        for change in (
            lambda: version.write({"terms": "Other"}),
            lambda: benefit.write({"percent": 90}),
            lambda: benefit.copy(),
            lambda: benefit.unlink(),
            lambda: version.unlink(),
            lambda: agreement.with_user(self.manager).write({"date_end": "2030-01-01"}),
            lambda: agreement.with_user(self.manager).write({"state": "running"}),
            lambda: version.with_user(self.manager).write({"state": "accepted"}),
            lambda: version.with_user(self.manager).write({"signed_by": "Nobody"}),
            lambda: agreement.unlink(),
            lambda: agreement.with_user(self.manager).copy({"state": "running"}),
            lambda: version.with_user(self.manager).create({"agreement_id": agreement.id, "state": "accepted"}),
            lambda: version.with_user(self.manager).create({"agreement_id": agreement.id, "signed_by": "Nobody"}),
            lambda: another.open_version_id.benefit_ids.write({"version_id": version.id}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()

    def test_no_default_that_a_caller_sends_makes_an_agreement_that_was_never_accepted(self):
        forged = {"default_state": "running", "default_signed_by": "Nobody"}
        agreements = self.env["co.marketing.agreement"].with_user(self.manager).with_context(**forged)
        agreement = agreements.create({"partner_id": self.warung.id})
        version = self.env["co.marketing.version"].with_user(self.manager)
        version = version.with_context(default_state="accepted", default_signed_by="Nobody")
        version = version.create({"agreement_id": agreement.id})
        self.assertEqual((agreement.state, version.state, version.signed_by), ("draft", "draft", False))

    def test_a_declined_proposal_goes_back_with_the_reason(self):
        agreement = self.draft()
        agreement.action_propose()
        agreement.open_version_id._decline("Too much", self.agus)
        self.assertEqual((agreement.state, agreement.open_version_id.decline_reason), ("draft", "Too much"))
        agreement.open_version_id.benefit_ids.percent = 5
        agreement.action_propose()
        self.assertEqual(agreement.state, "proposed")

    def test_only_managers_of_clubs_take_steps_and_each_step_has_its_time(self):
        agreement = self.draft()
        with self.assertRaises(AccessError):
            agreement.with_user(self.clerk).action_propose()
        for step in ("action_suspend", "action_resume", "action_change_terms", "action_end", "action_give_notice"):
            with self.assertRaisesRegex(UserError, agreement.name):
                getattr(agreement, step)()
        with self.assertRaises(UserError):
            agreement.open_version_id._accept("Agus", SIGNATURE, self.agus)

    def test_there_is_one_new_version_at_a_time_and_it_changes_nothing_until_accepted(self):
        agreement = self.accepted()
        first = agreement.version_id
        agreement.action_change_terms()
        agreement.action_change_terms()
        draft = agreement.open_version_id
        self.assertEqual((len(agreement.version_ids), draft.number, agreement.version_id), (2, 2, first))
        draft.date_end = self.today + timedelta(days=90)
        agreement.action_propose()
        self.assertEqual(agreement.state, "running")
        draft._accept("Agus", SIGNATURE, self.agus)
        self.assertEqual((agreement.version_id, first.state), (draft, "replaced"))
        self.assertEqual(agreement.date_end, draft.date_end)

    def run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_co_marketing_calendar").method_direct_trigger()

    def test_the_daily_job_begins_ends_and_prolongs(self):
        begins = self.accepted(date_start=self.today + timedelta(days=1))
        ends = self.accepted(date_start="2020-01-01", date_end=self.today)
        goes_on = self.accepted(date_start="2020-01-01", date_end=self.today, renewal="renews", renewal_months=3)
        given = self.accepted(date_start="2020-01-01", date_end=self.today, renewal="renews", notice_days=0)
        given.action_give_notice()
        yesterday = self.today - timedelta(days=1)
        begins.date_start = yesterday
        (ends | goes_on | given).date_end = yesterday
        for _time in range(2):
            self.run_job()
            self.assertEqual(
                [one.state for one in (begins, ends, goes_on, given)], ["running", "ended", "running", "ended"]
            )
            self.assertEqual(goes_on.date_end, fields.Date.add(yesterday, months=3))

    def test_notice_that_comes_too_late_is_none(self):
        agreement = self.accepted(date_end=self.today + timedelta(days=5), renewal="renews", notice_days=30)
        with self.assertRaisesRegex(UserError, "had to be given"):
            agreement.action_give_notice()

    def test_who_looks_after_it_is_reminded_of_notice_and_end_once(self):
        notice = self.accepted(
            date_end=self.today + timedelta(days=40), renewal="renews", notice_days=30, remind_days=14
        )
        end = self.accepted(date_end=self.today + timedelta(days=10), remind_days=14)
        far = self.accepted(date_end=self.today + timedelta(days=100), remind_days=14)
        silent = self.accepted(date_end=self.today + timedelta(days=10), remind_days=0)
        for _time in range(2):
            self.run_job()
            self.assertEqual([len(one.activity_ids) for one in (notice, end, far, silent)], [1, 1, 0, 0])
        self.assertEqual(notice.activity_ids.date_deadline, notice.notice_date)
        end.date_end += timedelta(days=1)
        self.run_job()
        self.assertEqual(len(end.activity_ids), 2)

    def test_ended_and_suspended_agreements_serve_nobody(self):
        agreement = self.accepted()
        benefit = agreement.version_id.benefit_ids
        agreement.action_suspend()
        with self.assertRaisesRegex(UserError, "not offered"):
            self.redeem(benefit)
        agreement.action_resume()
        self.redeem(benefit)
        agreement.action_end()
        self.assertEqual((agreement.state, agreement.date_end), ("ended", agreement._today()))
        with self.assertRaisesRegex(UserError, "not offered"):
            self.redeem(benefit)

    def test_outlets_belong_to_the_partner_and_benefits_to_the_agreement(self):
        stranger = self.env["co.marketing.outlet"].create({"name": "Elsewhere", "partner_id": self.textile.id})
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.draft(outlet_ids=stranger.ids)
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_club("Foreign", company_id=other.id)
        for vals in ({"outlet_ids": stranger.ids}, {"club_ids": foreign.ids}, {"tier_ids": foreign.tier_ids.ids}):
            with self.assertRaisesRegex(ValidationError, "do not belong"):
                self.make_agreement([{"name": "Tea", **vals}], accept=False)

    def test_benefits_that_promise_nonsense_are_refused(self):
        for vals in (
            {"percent": 0}, {"percent": 101}, {"percent": -1}, {"kind": "amount"}, {"kind": "points"},
            {"settlement_kind": "bill", "settlement_figure": 101}, dict.fromkeys(
                ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), False
            ),
        ):  # fmt: skip
            with self.assertRaises(ValidationError, msg=vals), self.env.cr.savepoint():
                self.make_agreement([{"name": "Tea", **vals}], accept=False)

    def test_a_copy_is_a_draft_with_the_same_benefits_that_counts_anew(self):
        agreement = self.accepted()
        copied = agreement.copy()
        self.assertEqual((copied.state, copied.outlet_ids), ("draft", agreement.outlet_ids))
        self.assertEqual(copied.open_version_id.benefit_ids.mapped("name"), ["Tea"])
        self.assertFalse(copied.open_version_id.benefit_ids.counted_benefit_id)

    def test_a_hundred_agreements_are_listed_with_as_many_queries_as_one(self):
        def queries(agreements):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            agreements.with_user(self.manager).web_read(
                {
                    "display_name": {},
                    "benefit_count": {},
                    "redemption_count": {},
                    "version_id": {},
                    "open_version_id": {},
                }
            )
            return self.env.cr.sql_log_count - start

        many = self.agreement
        for _one in range(20):
            many |= self.draft()
        queries(many)
        self.assertLessEqual(queries(many), queries(self.agreement))
