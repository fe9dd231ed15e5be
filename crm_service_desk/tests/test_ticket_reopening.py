from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketReopening(ServiceDeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write({"reopen_days": 14, "acknowledgement_template_id": False})

    def closed(self, days_ago, category="closed"):
        """A ticket of Siti that was closed so many days ago."""
        ticket = self.new_ticket()
        ticket.stage_id = self.stage(category)
        ticket.date_closed = fields.Datetime.now() - timedelta(days=days_ago)
        self.env.flush_all()
        return ticket

    def follow_up(self, ticket):
        return self.env["service.ticket"].search([("origin_id", "=", ticket.id)])

    def test_a_reply_in_time_reopens_a_closed_ticket(self):
        ticket = self.closed(days_ago=13)
        self.say(ticket, self.siti_user)
        self.assertEqual((ticket.stage_category, ticket.unanswered), ("in_progress", True))
        self.assertFalse(self.follow_up(ticket))

    def test_a_reply_that_comes_too_late_is_a_new_ticket_linked_to_the_old_one(self):
        ticket = self.closed(days_ago=15)
        message = self.say(ticket, self.siti_user, "It happened again")
        new = self.follow_up(ticket)
        self.assertEqual((ticket.stage_category, new.stage_category), ("closed", "new"))
        self.assertEqual((new.partner_id, new.team_id, new.name), (self.siti, ticket.team_id, ticket.name))
        self.assertEqual((message.model, message.res_id), ("service.ticket", new.id))
        self.assertIn("It happened again", message.body)

    def test_a_resolved_ticket_that_was_forgotten_is_not_reopened_either(self):
        ticket = self.closed(days_ago=15, category="resolved")
        self.say(ticket, self.siti_user)
        self.assertEqual(ticket.stage_category, "resolved")
        self.assertTrue(self.follow_up(ticket))

    def test_a_team_that_reopens_nothing_makes_a_new_ticket_at_once(self):
        self.team.reopen_days = 0
        ticket = self.closed(days_ago=0)
        self.say(ticket, self.siti_user)
        self.assertTrue(self.follow_up(ticket))

    def test_a_late_answer_or_note_of_the_team_stays_on_the_old_ticket(self):
        ticket = self.closed(days_ago=99)
        message = self.say(ticket, self.agent)
        self.assertEqual(message.res_id, ticket.id)
        self.assertFalse(self.follow_up(ticket))

    def test_a_second_late_reply_is_another_ticket_only_when_the_first_is_over(self):
        ticket = self.closed(days_ago=99)
        self.say(ticket, self.siti_user)
        new = self.follow_up(ticket)
        self.say(new, self.siti_user)
        self.assertEqual(len(self.follow_up(ticket)), 1)

    def test_somebody_who_may_not_read_the_ticket_makes_none_by_writing_on_it(self):
        ticket = self.closed(days_ago=99)
        with self.assertRaises(AccessError):
            self.say(ticket, self.budi_user)
        self.assertFalse(self.follow_up(ticket))

    def test_first_and_last_closing_stay_when_it_is_reopened(self):
        ticket = self.new_ticket()
        for day, category in (("01", "resolved"), ("02", "in_progress"), ("05", "closed"), ("06", "in_progress")):
            with freeze_time(f"2026-03-{day} 10:00:00"):
                ticket.stage_id = self.stage(category)
                self.env.flush_all()
        self.assertEqual(
            (str(ticket.date_first_closed), str(ticket.date_last_closed), ticket.date_closed, ticket.reopen_count),
            ("2026-03-01 10:00:00", "2026-03-05 10:00:00", False, 2),
        )

    def test_resolved_that_becomes_closed_is_one_closing(self):
        ticket = self.new_ticket()
        ticket.stage_id = self.stage("resolved")
        first = ticket.date_closed
        ticket.stage_id = self.stage("closed")
        self.assertEqual((ticket.date_closed, ticket.reopen_count), (first, 0))
