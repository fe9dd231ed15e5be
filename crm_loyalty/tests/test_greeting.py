from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..models import loyalty_greeting_job
from .occasion_case import NOON, OccasionCase


@tagged("post_install", "-at_install")
class TestGreeting(OccasionCase):
    """What is sent, to whom not, and that it is sent once."""

    def gift(self, **vals):
        return self.env["loyalty.program"].create(
            {
                "name": "A free cup",
                "program_type": "coupons",
                "applies_on": "current",
                "trigger": "with_code",
                "company_id": self.company.id,
                "reward_ids": [
                    Command.create({"reward_type": "discount", "discount": 10, "discount_mode": "per_order"})
                ],
                **vals,
            }
        )

    def test_each_gets_one_mail_that_is_a_message_on_his_contact(self):
        self.assertEqual(self.greet(), self.siti | self.budi)
        mail = self.env["mail.mail"].search([("recipient_ids", "in", self.siti.ids)])
        self.assertEqual((mail.model, mail.res_id, mail.state), ("res.partner", self.siti.id, "outgoing"))
        self.assertEqual(mail.subject, "Happy birthday, Siti!")
        self.assertIn(mail.mail_message_id, self.siti.message_ids)
        self.assertIn("Dear Siti", mail.body_html)

    def test_the_greeting_stands_in_the_history_of_the_contact(self):
        self.greet()
        entries = self.env["contact.history.entry"].search([("partner_id", "=", self.siti.id), ("kind", "=", "email")])
        self.assertEqual(entries.mapped("direction"), ["out"])

    def test_the_text_is_in_the_language_of_the_recipient(self):
        self.env["res.lang"]._activate_lang("id_ID")
        self.occasion.template_id.with_context(lang="id_ID").subject = "Selamat ulang tahun, {{ object._first_word() }}"
        self.siti.lang = "id_ID"
        self.greet()
        subjects = self.greetings().sorted("id").mapped("message_id.subject")
        self.assertEqual(sorted(subjects), ["Happy birthday, Budi!", "Selamat ulang tahun, Siti"])

    def test_running_the_job_again_sends_nothing_more(self):
        for hours in (0, 1, 24):
            self.greet(NOON + timedelta(hours=hours))
        self.assertEqual(len(self.greetings()), 2)
        self.assertEqual(self.env["mail.mail"].search_count([("recipient_ids", "in", self.siti.ids)]), 1)

    def test_next_year_he_is_greeted_again(self):
        self.greet()
        self.greet(NOON.replace(year=2027))
        self.assertEqual(
            self.greetings("sent").filtered(lambda one: one.partner_id == self.siti).mapped("date"),
            [date(2027, 6, 15), date(2026, 6, 15)],
        )

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_second_greeting_of_the_same_day(self):
        self.greet()
        first = self.greetings()[0]
        again = {name: first[name] for name in ("date", "send_on")}
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            first.create({**again, "occasion_id": self.occasion.id, "partner_id": first.partner_id.id})

    def test_a_stopped_run_is_continued_by_the_next(self):
        self.patch(loyalty_greeting_job, "GREETING_BATCH", 1)
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda cron, processed, **how: not processed)
        sent = []
        for _run in range(3):
            with self.at(NOON):
                self.env["loyalty.occasion"]._cron_greet()
            sent.append(len(self.greetings("sent")))
        self.assertEqual(sent, [1, 2, 2])

    # ------------------------------------------------------------ gifts

    def test_each_gets_a_coupon_of_his_own_and_its_code_in_the_mail(self):
        self.occasion.write({"gift_program_id": self.gift().id, "gift_days": 10})
        self.greet()
        greeting = self.greetings().filtered(lambda one: one.partner_id == self.siti)
        coupon = greeting.coupon_id
        self.assertEqual((coupon.partner_id, coupon.points), (self.siti, 1))
        self.assertEqual(coupon.expiration_date, date(2026, 6, 25))
        self.assertIn(coupon.code, greeting.message_id.body)
        self.assertEqual(len(self.greetings().coupon_id), 2)

    def test_the_occasion_tells_of_coupons_used_and_their_orders(self):
        self.occasion.write({"gift_program_id": self.gift().id, "gift_days": 0})
        self.greet()
        coupon = self.greetings().coupon_id.filtered(lambda one: one.partner_id == self.siti)
        order = self.quotation(self.siti)
        (rewards,) = order._try_apply_code(coupon.code).values()
        order._apply_program_reward(rewards[:1], coupon)
        self.assertEqual((self.occasion.coupon_count, self.occasion.order_count), (2, 0))
        order.action_confirm()
        self.occasion.invalidate_recordset()
        figures = [self.occasion[name] for name in ("sent_count", "coupon_used_count", "order_count")]
        self.assertEqual(figures, [2, 1, 1])
        self.assertEqual(self.env["sale.order"].search(self.occasion.action_open_orders()["domain"]), order)

    def test_a_gift_is_a_coupon_program(self):
        with self.assertRaisesRegex(UserError, "Coupons"):
            self.occasion.gift_program_id = self.club.program_id

    # ------------------------------------------------------------ who is not greeted

    def reasons(self):
        return {one.partner_id: one.reason for one in self.greetings("skipped")}

    def test_who_refused_is_on_the_blacklist_or_has_no_address_is_not_greeted_and_it_says_why(self):
        self.siti.greeting_consent = "refused"
        self.env["mail.blacklist"]._add(self.budi.email)
        self.rina.birthday = "1990-06-15"
        self.enrol(self.textile)
        self.assertFalse(self.greet())
        self.assertEqual(self.reasons(), {self.siti: "no_consent", self.budi: "blacklisted", self.rina: "no_address"})
        self.assertFalse(self.env["mail.mail"].search([("recipient_ids", "in", (self.siti | self.budi).ids)]))

    def test_an_occasion_for_those_who_agreed_greets_nobody_else(self):
        self.occasion.consent = "agreed"
        self.siti.greeting_consent = "agreed"
        self.assertEqual(self.greet(), self.siti)
        self.assertEqual(self.reasons(), {self.budi: "no_consent"})

    def test_who_leaves_the_club_between_planning_and_sending_is_not_greeted(self):
        with self.at(NOON):
            self.occasion._plan(NOON)
            self.siti._running_memberships()._end("left")
        self.assertEqual(self.greet(), self.budi)
        self.assertEqual(self.reasons(), {self.siti: "audience"})

    def test_what_waited_too_long_is_not_sent(self):
        with self.at(NOON):
            self.occasion._plan(NOON)
        self.assertFalse(self.greet(NOON + timedelta(days=5)))
        self.assertEqual(set(self.reasons().values()), {"late"})

    def test_a_stopped_occasion_greets_nobody(self):
        self.occasion.action_stop()
        self.assertFalse(self.greet())
        self.assertFalse(self.greetings())

    def test_archiving_stops(self):
        self.occasion.active = False
        self.assertEqual(self.occasion.state, "stopped")

    # ------------------------------------------------------------ failures

    @mute_logger("odoo.addons.crm_loyalty.models.loyalty_greeting_job", "odoo.addons.mail.models.mail_render_mixin")
    def test_a_text_that_fails_for_one_greets_the_others_and_says_why(self):
        self.occasion.gift_program_id = self.gift()
        self.occasion.template_id.body_html = "<p t-out=\"1 / (object.partner_id.name != 'Siti')\"/>"
        self.assertEqual(self.greet(), self.budi)
        failed = self.greetings("failed")
        self.assertEqual(failed.partner_id, self.siti)
        self.assertIn("division by zero", failed.error)
        self.assertFalse(failed.coupon_id)

    def test_a_mail_that_the_server_refuses_is_a_failed_greeting_and_can_be_sent_again(self):
        self.greet()
        greeting = self.greetings().filtered(lambda one: one.partner_id == self.siti)
        first = self.env["mail.mail"].search([("mail_message_id", "=", greeting.message_id.id)])
        first._postprocess_sent_message([], [], failure_reason="no such mailbox", failure_type="mail_smtp")
        self.assertEqual((greeting.state, greeting.error), ("failed", "no such mailbox"))
        with self.at(NOON + timedelta(days=1)):
            greeting.with_user(self.manager).action_send_again()
        self.assertEqual(self.greet(NOON + timedelta(days=1)), self.siti | self.budi)
        self.assertEqual(first.state, "cancel")
        with self.assertRaisesRegex(UserError, "not sent again"):
            greeting.action_send_again()

    def test_a_failed_greeting_whose_mail_is_sent_from_cores_queue_after_all_is_sent(self):
        self.company.email = "club@kopibraga.example"
        self.greet()
        failed = self.greetings()
        mails = self.env["mail.mail"].search([("mail_message_id", "in", failed.message_id.ids)])
        mails.write({"state": "exception"})
        mails._postprocess_sent_message([], [], failure_reason="no route to host", failure_type="mail_smtp")
        self.assertEqual(set(failed.mapped("state")), {"failed"})
        later = NOON + timedelta(hours=2)
        with self.at(later):
            mails.action_retry()
            mails.send()
        self.assertEqual(set(mails.mapped("state")), {"sent"})
        self.assertEqual(set(failed.mapped(lambda one: (one.state, one.error, one.sent_at))), {("sent", False, later)})
        with self.assertRaisesRegex(UserError, "not sent again"):
            failed[:1].with_user(self.manager).action_send_again()

    # ------------------------------------------------------------ other ways

    def test_a_call_is_an_activity_of_the_salesperson_else_of_whom_the_occasion_names(self):
        self.siti.write({"user_id": self.seller.id, "phone": "+62 812 5550 8831"})
        self.budi.phone = "+62 812 5550 8832"
        self.occasion.write({"channel": "call", "user_id": self.manager.id, "gift_program_id": self.gift().id})
        self.greet()
        calls = self.greetings("sent").activity_id
        by_customer = {call.res_id: call for call in calls}
        self.assertEqual(by_customer[self.siti.id].user_id, self.seller)
        self.assertEqual(by_customer[self.budi.id].user_id, self.manager)
        self.assertEqual(set(calls.mapped("summary")), {"Birthday of our members"})
        self.assertIn(self.greetings()[0].coupon_code, by_customer[self.greetings()[0].partner_id.id].note)

    def test_who_wants_no_advertising_calls_is_not_called(self):
        self.siti.phone = "+62 812 5550 8831"
        self.env["phone.blacklist"]._add([self.siti.phone_sanitized])
        self.occasion.channel = "call"
        self.greet()
        self.assertEqual(self.reasons(), {self.siti: "blacklisted", self.budi: "no_address"})

    def test_printed_cards_wait_for_the_button_and_are_then_letters_in_the_history(self):
        self.siti.write({"street": "Jl. Naripan 27", "city": "Bandung"})
        self.occasion.channel = "print"
        self.greet()
        card = self.greetings("to_print")
        self.assertEqual(card.partner_id, self.siti)
        action = card.with_user(self.manager).action_print()
        self.assertEqual((action["report_name"], card.state), ("crm_loyalty.greeting_cards", "sent"))
        letter = self.env["crm.touchpoint"].search([("partner_id", "=", self.siti.id)])
        self.assertEqual((letter.channel_id.code, letter.direction), ("letter", "out"))
        for report in ("greeting_cards", "greeting_labels"):
            page = (
                self.env["ir.actions.report"]
                .with_user(self.manager)
                ._render_qweb_html(f"crm_loyalty.{report}", card.ids)[0]
            )
            self.assertIn(b"Jl. Naripan 27", page)
        self.assertIn("Dear Siti", card.with_user(self.clerk)._card_text())

    # ------------------------------------------------------------ contacts

    def test_merging_contacts_keeps_both_greetings_and_greets_once(self):
        self.budi.birthday = "1990-06-16"
        self.greet()
        self.budi.birthday = "1990-06-15"
        with self.at(NOON):
            self.occasion._plan(NOON)  # Budi's is planned, Siti's sent
        self.env["base.partner.merge.automatic.wizard"]._merge((self.siti | self.budi).ids, self.budi)
        self.env.invalidate_all()
        self.assertEqual(self.greet(), self.budi)
        rows = self.greetings().sorted("is_duplicate")
        self.assertEqual(rows.mapped("state"), ["sent", "skipped"])
        self.assertEqual((rows.partner_id, rows[1].reason), (self.budi, "merged"))

    def test_anonymising_takes_birthday_and_error(self):
        self.greet()
        self.greetings().error = "siti@rahmawati.example: no such mailbox"
        self.siti._anonymise()
        self.assertFalse(self.siti.birthday)
        self.assertFalse(self.greetings().filtered(lambda one: one.partner_id == self.siti).error)

    def test_the_privacy_look_up_finds_greetings(self):
        self.greet()
        wizard = self.env["privacy.lookup.wizard"].create({"name": "Siti", "email": self.siti.email})
        wizard.action_lookup()
        self.assertIn("loyalty.greeting", wizard.line_ids.mapped("res_model"))

    # ------------------------------------------------------------ preview

    def test_the_preview_lists_who_comes_when_and_who_is_not_greeted_and_greets_nobody(self):
        self.budi.write({"birthday": "1990-07-01", "greeting_consent": "refused"})
        occasion = self.make_occasion(start=False)
        with self.at(NOON):
            action = occasion.with_user(self.manager).action_preview()
            rows = self.env["loyalty.occasion.preview"].with_user(self.manager).search(action["domain"])
        self.assertEqual(
            [(row.partner_id, row.send_on, row.reason) for row in rows],
            [(self.siti, date(2026, 6, 15), False), (self.budi, date(2026, 7, 1), "no_consent")],
        )
        self.assertIn("2 in the next 30 days", action["name"])
        self.assertFalse(self.greetings(occasion=occasion))

    def test_starting_needs_a_text_or_somebody_who_calls(self):
        occasion = self.make_occasion(start=False, template_id=False)
        occasion.template_id = False
        with self.assertRaisesRegex(UserError, "choose a text"):
            occasion.action_start()
        occasion.write({"channel": "call", "user_id": False})
        with self.assertRaisesRegex(UserError, "who calls"):
            occasion.action_start()
