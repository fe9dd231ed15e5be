from odoo.tests import tagged

from .common_sla import SlaCase


@tagged("post_install", "-at_install")
class TestSlaTicket(SlaCase):
    """How what happens to a ticket moves its clocks."""

    def test_a_new_ticket_starts_the_clocks_of_its_policy(self):
        ticket = self.ticket_at(9)
        answer, resolve = self.clock(ticket, "first_answer"), self.clock(ticket, "resolve")
        self.assertEqual((answer.deadline, resolve.deadline), (self.moment(14), self.moment(9, 2)))
        self.assertEqual((answer.policy_id, answer.team_id, answer.company_id), (self.policy, self.team, self.company))
        self.assertEqual((ticket.sla_state, ticket.sla_deadline), ("running", self.moment(14)))
        self.assertReplays(ticket)

    def test_no_policy_no_clocks(self):
        self.policy.active = False
        ticket = self.ticket_at(9)
        self.assertEqual((ticket.clock_ids.ids, ticket.sla_state, ticket.sla_deadline), ([], "none", False))

    def test_a_ticket_that_is_done_already_promises_nothing(self):
        self.assertFalse(self.ticket_at(9, stage_id=self.stage("closed").id).clock_ids)

    def test_imports_of_old_tickets_promise_nothing(self):
        self.assertFalse(
            self.env["service.ticket"].with_context(ticket_no_clocks=True).create({"name": "Old"}).clock_ids
        )

    def test_a_letter_counts_from_its_receipt(self):
        ticket = self.ticket_at(16, channel="letter", date_received=self.moment(8))
        answer = self.clock(ticket, "first_answer")
        self.assertEqual((answer.started, answer.state), (self.moment(8), "breached"))
        self.assertEqual(answer.breached_on, self.moment(12))
        self.assertReplays(ticket)

    def test_a_public_answer_keeps_the_first_answer(self):
        ticket = self.ticket_at(9)
        with self.at(11):
            self.say(ticket, self.agent)
        answer = self.clock(ticket, "first_answer")
        self.assertEqual((answer.state, answer.stopped, answer.elapsed_hours), ("kept", self.moment(11), 2))
        self.assertEqual((ticket.sla_state, ticket.sla_deadline), ("running", self.moment(9, 2)))
        self.assertEqual(ticket.date_first_answer, self.moment(11))
        self.assertReplays(ticket)

    def test_a_note_and_the_customers_own_words_answer_nothing(self):
        ticket = self.ticket_at(9)
        with self.at(10):
            ticket.with_user(self.agent).message_post(body="Hm", subtype_xmlid="mail.mt_note")
            self.say(ticket, self.siti_user)
        self.assertEqual(self.clock(ticket, "first_answer").state, "running")

    def test_an_answer_that_comes_too_late_is_a_breach_although_no_job_has_run(self):
        ticket = self.ticket_at(9)
        with self.at(16):
            self.say(ticket, self.agent)
        answer = self.clock(ticket, "first_answer")
        self.assertEqual((answer.state, answer.overdue_hours, answer.kept_share), ("breached", 2, 0))
        self.assertEqual(self.kinds(answer), ["start", "breach", "reach"])
        self.assertReplays(ticket)

    def test_waiting_for_the_customer_pauses_and_his_reply_resumes(self):
        ticket = self.ticket_at(9)
        self.move(ticket, "waiting_customer", 10)
        resolve = self.clock(ticket, "resolve")
        self.assertEqual((resolve.state, resolve.deadline, ticket.sla_state), ("paused", False, "paused"))
        self.assertFalse(ticket.sla_deadline)
        with self.at(15):
            self.say(ticket, self.siti_user)
        self.assertEqual((resolve.state, resolve.paused_hours), ("running", 4))
        self.assertEqual(resolve.deadline, self.moment(14, 2))
        self.assertReplays(ticket)

    def test_waiting_for_a_third_party_pauses_only_where_the_target_says_so(self):
        ticket = self.ticket_at(9)
        self.move(ticket, "waiting_third_party", 10)
        self.assertEqual(self.clock(ticket, "resolve").state, "running")
        self.policy.target_ids.pause_third_party = True
        other = self.ticket_at(9)
        self.move(other, "waiting_third_party", 10)
        self.assertEqual(self.clock(other, "resolve").state, "paused")

    def test_a_ticket_created_in_a_wait_is_paused_from_the_beginning(self):
        ticket = self.ticket_at(9, stage_id=self.stage("waiting_customer").id)
        self.assertEqual((ticket.sla_state, self.clock(ticket, "resolve").state), ("paused", "paused"))

    def test_resolving_keeps_the_resolution_and_drops_an_answer_never_given(self):
        ticket = self.ticket_at(9)
        self.move(ticket, "resolved", 11)
        self.assertEqual(self.clock(ticket, "resolve").state, "kept")
        self.assertEqual(self.clock(ticket, "first_answer").state, "cancelled")
        self.assertEqual((ticket.sla_state, ticket.sla_deadline), ("kept", False))
        self.move(ticket, "closed", 12)
        self.assertEqual(self.kinds(self.clock(ticket, "resolve")), ["start", "reach"])
        self.assertReplays(ticket)

    def test_reopening_goes_on_and_leaves_out_the_time_in_between(self):
        ticket = self.ticket_at(9)
        self.move(ticket, "resolved", 11)
        self.move(ticket, "in_progress", 11, day=1)
        resolve, answer = self.clock(ticket, "resolve"), self.clock(ticket, "first_answer")
        self.assertEqual((resolve.state, resolve.deadline), ("running", self.moment(9, 3)))
        self.assertEqual((answer.state, answer.deadline), ("running", self.moment(14, 1)))
        self.assertReplays(ticket)

    def test_an_answer_once_given_is_not_owed_again_by_reopening(self):
        ticket = self.ticket_at(9)
        with self.at(10):
            self.say(ticket, self.agent)
        self.move(ticket, "resolved", 11)
        self.move(ticket, "in_progress", 12)
        self.assertEqual(self.clock(ticket, "first_answer").state, "kept")

    def test_reopened_into_a_wait_it_stays_paused(self):
        ticket = self.ticket_at(9)
        self.move(ticket, "closed", 11)
        self.move(ticket, "waiting_customer", 12)
        self.assertEqual(self.clock(ticket, "resolve").state, "paused")
        self.assertReplays(ticket)

    def test_a_breach_is_not_undone_by_reopening_or_resolving(self):
        ticket = self.ticket_at(9)
        self.move(ticket, "resolved", 16, day=3)
        self.assertEqual((self.clock(ticket, "resolve").state, ticket.sla_state), ("breached", "breached"))
        self.move(ticket, "in_progress", 17, day=3)
        self.assertEqual((self.clock(ticket, "resolve").state, ticket.sla_state), ("breached", "breached"))
        self.assertReplays(ticket)


@tagged("post_install", "-at_install")
class TestSlaNextAnswer(SlaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.target_ids.unlink()
        cls.policy.write({"target_ids": [(0, 0, {"metric": "next_answer", "hours": 2})]})

    def answered(self):
        """A ticket that was filed at 8 and answered at 9."""
        ticket = self.ticket_at(8)
        with self.at(9):
            self.say(ticket, self.agent)
        return ticket

    def test_the_first_message_of_the_customer_starts_none(self):
        ticket = self.ticket_at(8)
        with self.at(9):
            self.say(ticket, self.siti_user)
        self.assertFalse(ticket.clock_ids)

    def test_a_reply_of_the_customer_starts_it_and_an_answer_keeps_it(self):
        ticket = self.answered()
        with self.at(10):
            self.say(ticket, self.siti_user)
        self.assertEqual((ticket.clock_ids.state, ticket.clock_ids.deadline), ("running", self.moment(12)))
        with self.at(11):
            self.say(ticket, self.agent)
        self.assertEqual((ticket.clock_ids.state, ticket.sla_state), ("kept", "kept"))
        self.assertReplays(ticket)

    def test_it_counts_from_the_oldest_message_that_waits(self):
        ticket = self.answered()
        for hour in (10, 11):
            with self.at(hour):
                self.say(ticket, self.siti_user)
        self.assertEqual(ticket.clock_ids.mapped("started"), [self.moment(10)])

    def test_each_wait_of_the_customer_is_a_clock_of_its_own(self):
        ticket = self.answered()
        for hour in (10, 14):
            with self.at(hour):
                self.say(ticket, self.siti_user)
            with self.at(hour + 1):
                self.say(ticket, self.agent)
        self.assertEqual(ticket.clock_ids.mapped("state"), ["kept", "kept"])
        self.assertReplays(ticket)


@tagged("post_install", "-at_install")
class TestSlaAcknowledge(SlaCase):
    """The customer is to know within an hour that we know."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.target_ids.unlink()
        cls.policy.write({"target_ids": [(0, 0, {"metric": "acknowledge", "hours": 1})]})

    def test_the_acknowledgement_by_mail_keeps_it(self):
        self.team.acknowledgement_template_id = self.env.ref("crm_service_desk.mail_template_acknowledgement")
        ticket = self.ticket_at(9, channel="email")
        with self.at(9.1):
            ticket._send_acknowledgement()
        self.assertEqual((ticket.clock_ids.state, self.kinds(ticket.clock_ids)), ("kept", ["start", "reach"]))
        self.assertReplays(ticket)

    def test_without_an_address_nothing_is_acknowledged(self):
        self.team.acknowledgement_template_id = self.env.ref("crm_service_desk.mail_template_acknowledgement")
        self.siti.email = False
        self.assertEqual(self.ticket_at(9, channel="letter").clock_ids.state, "running")

    def test_a_person_who_takes_the_ticket_up_keeps_it(self):
        ticket = self.ticket_at(9, channel="letter")
        self.move(ticket, "in_progress", 9.5)
        self.assertEqual(ticket.clock_ids.state, "kept")

    def test_an_answer_keeps_it(self):
        ticket = self.ticket_at(9, channel="letter")
        with self.at(9.5):
            self.say(ticket, self.agent)
        self.assertEqual((ticket.clock_ids.state, ticket.clock_ids.stopped), ("kept", self.moment(9.5)))

    def test_who_tells_it_to_a_person_need_not_be_told_that_he_was_heard(self):
        self.assertEqual(self.ticket_at(9, channel="phone").clock_ids.state, "kept")

    def test_assigning_it_is_nothing_that_the_customer_sees(self):
        ticket = self.ticket_at(9, channel="letter")
        with self.at(9.5):
            ticket.user_id = self.agent
        self.assertEqual(ticket.clock_ids.state, "running")
