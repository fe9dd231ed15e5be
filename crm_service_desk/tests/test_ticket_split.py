from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketSplit(ServiceDeskCase):
    def setUp(self):
        super().setUp()
        self.ticket = self.new_ticket(user_id=self.agent.id)
        self.first = self.say(self.ticket, self.siti_user, "The coffee was cold")
        self.second = self.say(self.ticket, self.siti_user, "And where is my order?")

    def split(self, *messages, user=None):
        with Form(
            self.env["service.ticket.split"]
            .with_user(user or self.agent)
            .with_context(default_ticket_id=self.ticket.id)
        ) as form:
            form.name = "Order missing"
            for index, line in enumerate(self.ticket._split_lines()):
                if line["message_id"] in [message.id for message in messages]:
                    with form.line_ids.edit(index) as chosen:
                        chosen.is_taken = True
        action = form.record.action_split()
        return self.env["service.ticket"].browse(action["res_id"])

    def test_the_chosen_messages_are_a_new_ticket_that_refers_to_the_old_one(self):
        new = self.split(self.second)
        self.assertEqual((self.first.res_id, self.second.res_id), (self.ticket.id, new.id))
        self.assertEqual(
            (new.name, new.partner_id, new.user_id, new.origin_id, new.unanswered),
            ("Order missing", self.siti, self.agent, self.ticket, True),
        )
        self.assertIn(new.number, self.ticket.message_ids[0].body)
        self.assertIn(self.ticket.number, " ".join(new.message_ids.mapped("body")))

    def test_files_of_the_messages_go_along(self):
        file = self.env["ir.attachment"].create(
            {"name": "receipt.png", "raw": b"x", "res_model": "service.ticket", "res_id": self.ticket.id}
        )
        self.second.sudo().attachment_ids = file
        new = self.split(self.second)
        self.assertEqual(file.res_id, new.id)

    def test_a_new_ticket_of_what_we_have_answered_needs_no_answer(self):
        answer = self.say(self.ticket, self.agent, "It is on its way")
        self.assertFalse(self.split(self.second, answer).unanswered)

    def test_notes_and_tracking_are_not_offered(self):
        self.ticket._message_log(body="note")
        self.assertEqual({line["message_id"] for line in self.ticket._split_lines()}, {self.first.id, self.second.id})

    def test_without_a_message_there_is_no_new_ticket(self):
        with self.assertRaisesRegex(UserError, "at least one message"):
            self.split()

    def test_messages_of_another_ticket_cannot_be_taken(self):
        stolen = self.say(self.new_ticket(), self.siti_user)
        with self.assertRaisesRegex(UserError, "not of ticket"):
            self.ticket.with_user(self.manager)._split(stolen.with_user(self.manager), "Stolen")

    def test_who_may_not_write_the_ticket_does_not_split_it(self):
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.employee)._split(self.second.with_user(self.employee), "x")
