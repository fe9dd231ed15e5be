from odoo.tests import tagged

from .common_sla import SlaCase


@tagged("post_install", "-at_install")
class TestSlaPromise(SlaCase):
    """What the clocks tell: the customer a promise, the agent a countdown."""

    def test_the_customer_is_promised_the_first_answer_in_his_words_and_time_zone(self):
        self.env["res.lang"]._activate_lang("id_ID")
        self.siti.write({"lang": "id_ID", "tz": "Asia/Jakarta"})
        ticket = self.ticket_at(9)
        with self.at(9):
            self.assertEqual(ticket._promised_answer(), self.moment(14))
            self.assertEqual(ticket._shown_promise(), "Senin 23 November 2026, 21:00")

    def test_the_next_answer_is_promised_too(self):
        self.policy.write({"target_ids": [(0, 0, {"metric": "next_answer", "hours": 2})]})
        ticket = self.ticket_at(8)
        with self.at(9):
            self.say(ticket, self.agent)
        with self.at(10):
            self.say(ticket, self.siti_user)
            self.assertEqual(ticket._promised_answer(), self.moment(12))

    def test_a_promise_that_is_broken_paused_or_kept_is_not_given(self):
        ticket = self.ticket_at(9)
        with self.at(15):
            self.assertFalse(ticket._promised_answer())
        self.move(ticket, "waiting_customer", 10)
        with self.at(10):
            self.assertFalse(ticket._promised_answer())
        other = self.ticket_at(9)
        with self.at(10):
            self.say(other, self.agent)
            self.assertFalse(other._promised_answer())

    def test_without_a_policy_nothing_is_promised(self):
        self.policy.active = False
        self.assertFalse(self.ticket_at(9)._promised_answer())

    def countdown(self, ticket, hour, day=0):
        with self.at(hour, day):
            ticket.invalidate_recordset()
            return ticket.with_user(self.agent).sla_countdown

    def seconds(self, countdown):
        return sum(high - low for low, high in countdown["hours"])

    def test_the_countdown_holds_the_working_hours_until_the_deadline(self):
        shown = self.countdown(self.ticket_at(11), 11)
        self.assertEqual((shown["state"], shown["promise"], len(shown["hours"])), ("running", "First answer", 2))
        self.assertEqual((self.seconds(shown), shown["left"]), (4 * 3600, 4 * 3600))

    def test_after_the_deadline_it_holds_the_working_hours_since(self):
        shown = self.countdown(self.ticket_at(9), 16)
        self.assertEqual(self.seconds(shown), 2 * 3600)

    def test_paused_it_says_what_is_left(self):
        ticket = self.ticket_at(9)
        self.move(ticket, "waiting_customer", 10)
        shown = self.countdown(ticket, 16)
        self.assertEqual((shown["state"], shown["deadline"], shown["left"]), ("paused", False, 3 * 3600))

    def test_late_and_paused_it_counts_no_further(self):
        ticket = self.ticket_at(9)
        self.move(ticket, "waiting_customer", 15)
        shown = self.countdown(ticket, 16, day=1)
        self.assertEqual((shown["state"], shown["deadline"], shown["left"]), ("breached", False, -3600))
        self.assertEqual((ticket.sla_state, ticket.sla_deadline), ("breached", False))

    def test_of_a_ticket_that_is_done_it_says_how_it_ended(self):
        ticket = self.ticket_at(9)
        self.move(ticket, "resolved", 16, day=3)
        shown = self.countdown(ticket, 17, day=3)
        self.assertEqual((shown["state"], shown["overdue"]), ("breached", 14 * 3600))

    def test_without_clocks_there_is_nothing_to_show(self):
        self.policy.active = False
        self.assertFalse(self.countdown(self.ticket_at(9), 9))

    def test_many_tickets_cost_as_many_queries_as_one(self):
        with self.at(9):
            tickets = self.env["service.ticket"].create([{"name": f"Ticket {number}"} for number in range(80)])
        for record in (tickets[0], tickets):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.at(9), self.assertQueryCount(4):
                record.mapped("sla_countdown")
