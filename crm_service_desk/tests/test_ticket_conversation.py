from odoo.tests import tagged

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketConversation(ServiceDeskCase):
    def test_a_new_ticket_waits_for_an_answer(self):
        ticket = self.new_ticket()
        self.assertEqual((ticket.stage_category, ticket.unanswered, ticket.conversation_state), ("new", True, "new"))

    def test_the_first_answer_puts_a_new_ticket_in_progress(self):
        ticket = self.new_ticket()
        self.say(ticket, self.agent)
        self.assertEqual((ticket.stage_category, ticket.unanswered), ("in_progress", False))

    def test_who_answers_a_ticket_of_nobody_takes_it(self):
        ticket = self.new_ticket()
        self.say(ticket, self.agent)
        self.assertEqual(ticket.user_id, self.agent)

    def test_who_answers_the_ticket_of_a_colleague_does_not_take_it(self):
        ticket = self.new_ticket(user_id=self.manager.id)
        self.say(ticket, self.leader)
        self.assertEqual(ticket.user_id, self.manager)

    def test_an_internal_note_is_no_answer(self):
        ticket = self.new_ticket()
        ticket.with_user(self.agent).message_post(body="He called twice", subtype_xmlid="mail.mt_note")
        self.assertEqual((ticket.stage_category, ticket.unanswered), ("new", True))

    def test_a_reply_puts_a_ticket_that_waits_for_the_customer_back_in_progress(self):
        ticket = self.new_ticket(stage_id=self.stage("waiting_customer").id)
        self.say(ticket, self.siti_user)
        self.assertEqual((ticket.stage_category, ticket.conversation_state), ("in_progress", "to_answer"))

    def test_a_reply_reopens_a_resolved_ticket(self):
        ticket = self.new_ticket(stage_id=self.stage("resolved").id)
        self.assertTrue(ticket.date_closed)
        self.say(ticket, self.siti_user)
        self.assertEqual((ticket.stage_category, ticket.date_closed), ("in_progress", False))

    def test_a_reply_on_a_new_ticket_leaves_it_new(self):
        ticket = self.new_ticket()
        self.say(ticket, self.siti_user)
        self.assertEqual(ticket.stage_category, "new")

    def test_a_team_without_a_stage_in_progress_keeps_the_ticket_where_it_is(self):
        self.env["service.stage"].search([("category", "=", "in_progress")]).active = False
        ticket = self.new_ticket()
        self.say(ticket, self.agent)
        self.assertEqual(ticket.stage_category, "new")

    def test_the_day_of_closing_stays_when_resolved_becomes_closed(self):
        ticket = self.new_ticket(stage_id=self.stage("resolved").id)
        ticket.date_closed = "2026-01-02 03:04:05"
        ticket.stage_id = self.stage("closed")
        self.assertEqual(str(ticket.date_closed), "2026-01-02 03:04:05")

    def test_assign_to_me_takes_all_chosen_tickets(self):
        tickets = self.new_ticket() + self.new_ticket()
        tickets.with_user(self.agent).action_assign_to_me()
        self.assertEqual(tickets.user_id, self.agent)

    def test_an_employee_who_is_the_customer_does_not_answer_himself(self):
        ticket = self.new_ticket(partner=self.agent.partner_id)
        self.say(ticket, self.agent)
        self.assertEqual((ticket.stage_category, ticket.unanswered), ("new", True))
