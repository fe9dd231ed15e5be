from datetime import date

from odoo.addons.crm_loyalty.models import loyalty_membership_reminder
from odoo.addons.mail.tests.common import MockEmail
from odoo.tests import freeze_time, tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestMembershipReminder(ClubCase, MockEmail):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.siti.email = "siti@rahmawati.example"
        cls.club.write({"validity": "rolling", "validity_months": 12, "renewal_days": 30, "renewal_days_again": 7})
        with freeze_time("2025-03-10"):
            cls.membership = cls.club._enrol(cls.siti)
            cls.env.flush_all()

    def remind(self, day):
        """The mails that the nightly job sends on a day."""
        with freeze_time(day), self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_memberships_remind").method_direct_trigger()
            mails = self._new_mails.mapped("body_html")
        self.env.invalidate_all()
        return mails

    def make_it_paid(self):
        fee = self.env["loyalty.club"]._make_fee_product("Kopi Braga Club", 50, self.company)
        fee.taxes_id = False
        with freeze_time("2025-03-11"):
            self.club.write({"enrolment": "paid", "fee_product_id": fee.id, "grace_days": 14})

    def test_the_member_is_told_once_in_time_and_once_more(self):
        days = ("2026-02-06", "2026-02-07", "2026-02-08", "2026-03-02", "2026-03-03", "2026-03-09", "2026-03-10")
        self.assertEqual([len(self.remind(day)) for day in days], [0, 1, 0, 1, 0, 0, 0])
        self.assertEqual(self.membership.log_ids.mapped("event").count("reminded"), 2)

    def test_a_job_that_did_not_run_for_weeks_sends_one_mail_not_two(self):
        self.assertEqual([len(self.remind(day)) for day in ("2026-03-05", "2026-03-06")], [1, 0])

    def test_the_mail_names_club_card_and_day(self):
        (body,) = self.remind("2026-02-20")
        for text in ("Kopi Braga Club", self.membership.card_code, "03/09/2026", "Show your card at our counter"):
            self.assertIn(text, body)

    def test_the_mail_is_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("id_ID")
        template = self.env.ref("crm_loyalty.mail_template_membership_ends")
        template.with_context(lang="id_ID").body_html = "<p>Berakhir <t t-out='object._day_text(object.date_end)'/></p>"
        self.siti.lang = "id_ID"
        (body,) = self.remind("2026-02-20")
        self.assertIn("Berakhir 09/03/2026", body)

    def test_after_a_renewal_the_next_end_is_told(self):
        self.remind("2026-02-20")
        with freeze_time("2026-02-21"):
            self.membership._renew("paid")
            self.env.flush_all()
        self.assertEqual([len(self.remind(day)) for day in ("2026-03-05", "2027-02-20")], [0, 1])

    def test_who_has_left_has_no_address_or_is_frozen_is_not_told(self):
        with freeze_time("2026-02-01"):
            left, frozen = (self.club._enrol(partner) for partner in (self.budi, self.textile))
            (self.budi | self.textile).write({"email": "somebody@example.com"})
            (left | frozen).date_end = date(2026, 3, 1)
            left._end("moved away", date(2026, 2, 25))
            frozen._freeze(reason="ill")
            self.env.flush_all()
        self.siti.email = False
        self.assertEqual(self.remind("2026-02-20"), [])

    def test_a_club_that_wants_none_sends_none(self):
        self.club.write({"renewal_days": 0, "renewal_days_again": 0})
        self.assertEqual(self.remind("2026-03-05"), [])

    # ------------------------------------------------------------ clubs that are bought

    def test_a_club_that_is_bought_sends_a_quotation_to_pay(self):
        self.make_it_paid()
        (body,) = self.remind("2026-02-20")
        order = self.membership.renewal_order_id
        self.assertEqual((order.state, order.amount_total, order.partner_id), ("sent", 50, self.siti))
        self.assertTrue(order.require_payment)
        self.assertIn(order.get_portal_url(), body.replace("&amp;", "&"))
        self.assertIn("50.00", body)

    def test_there_is_one_quotation_for_a_period(self):
        self.make_it_paid()
        self.remind("2026-02-20")
        order = self.membership.renewal_order_id
        (body,) = self.remind("2026-03-05")
        self.assertEqual(self.env["sale.order"].search([("partner_id", "=", self.siti.id)]), order)
        self.assertIn(order.get_portal_url(), body.replace("&amp;", "&"))

    def test_one_who_declined_it_gets_no_other_for_this_period(self):
        self.make_it_paid()
        self.remind("2026-02-20")
        self.membership.renewal_order_id._action_cancel()
        (body,) = self.remind("2026-03-05")
        self.assertNotIn("Renew and pay", body)
        self.assertEqual(self.env["sale.order"].search_count([("partner_id", "=", self.siti.id)]), 1)

    def test_the_fee_in_the_mail_is_the_fee_without_discount_of_the_tier(self):
        self.make_it_paid()
        self.remind("2026-02-20")
        self.assertPrice(self.membership.renewal_order_id, 50)

    def test_paying_it_renews_the_membership_from_its_old_end(self):
        self.make_it_paid()
        self.remind("2026-02-20")
        with freeze_time("2026-03-12"):
            self.membership.renewal_order_id.action_confirm()
        self.assertEqual(self.membership.date_end, date(2027, 3, 9))
        self.assertFalse(self.membership.renewal_order_id)

    def test_the_customer_opens_the_page_of_the_link_and_is_asked_to_pay(self):
        self.make_it_paid()
        self.remind("2026-02-20")
        order = self.membership.renewal_order_id
        with freeze_time("2026-02-21"):
            self.assertTrue(order._has_to_be_paid())
        order.invalidate_recordset(["is_expired"])
        with freeze_time("2026-03-25"):  # the days of grace are over
            self.assertFalse(order._has_to_be_paid())

    def test_a_killed_run_is_continued_by_the_next(self):
        customers = self.env["res.partner"].create(
            [{"name": f"Member {number}", "email": f"member{number}@example.com"} for number in range(4)]
        )
        with freeze_time("2025-03-10"):
            self.club._enrol(customers)
            self.env.flush_all()
        self.patch(loyalty_membership_reminder, "REMINDER_BATCH", 2)
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda cron, *args, **kwargs: 0)
        with freeze_time("2026-02-20"), self.mock_mail_gateway():
            told = []
            for _run in range(4):
                before = len(self._new_mails)
                self.env["loyalty.membership.reminder"]._cron_remind()
                told.append(len(self._new_mails) - before)
        self.assertEqual(told, [2, 2, 1, 0])
