from datetime import timedelta

from odoo import fields
from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import tagged

from .common import ServiceDeskCase

REPLY = """From: Siti Rahmawati <siti@rahmawati.example>
To: service@{domain}
Subject: Re: Cold coffee
Message-ID: <{number}@rahmawati.example>
In-Reply-To: {answer}
References: {answer}
Content-Type: text/plain

It is cold again.
"""


@tagged("post_install", "-at_install")
class TestTicketReopeningMail(ServiceDeskCase, MailCommon):
    def reply(self, answer, number="1"):
        """Siti replies by mail to an answer of ours."""
        mail = REPLY.format(domain=self.alias_domain, answer=answer.message_id, number=number)
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(None, mail)

    def answered_and_closed(self, days_ago):
        ticket = self.new_ticket()
        answer = self.say(ticket, self.agent, "We are sorry")
        ticket.stage_id = self.stage("closed")
        ticket.date_closed = fields.Datetime.now() - timedelta(days=days_ago)
        self.env.flush_all()
        return ticket, answer

    def test_a_reply_by_mail_in_time_reopens(self):
        ticket, answer = self.answered_and_closed(days_ago=1)
        self.reply(answer)
        self.assertEqual((ticket.stage_category, ticket.reopen_count), ("in_progress", 1))

    def test_a_late_reply_by_mail_is_a_new_ticket_and_the_customer_gets_its_number(self):
        ticket, answer = self.answered_and_closed(days_ago=99)
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(
                None, REPLY.format(domain=self.alias_domain, answer=answer.message_id, number="2")
            )
            self.acknowledge()
            sent = self._new_mails.filtered(lambda mail: mail.model == "service.ticket")
        new = self.env["service.ticket"].search([("origin_id", "=", ticket.id)])
        self.assertEqual((new.channel, new.partner_id, ticket.stage_category), ("email", self.siti, "closed"))
        self.assertIn("cold again", new.message_ids.filtered(lambda one: one.message_type == "email").body)
        self.assertIn(new.number, " ".join(sent.mapped("subject")))

    def test_a_reply_to_a_mail_of_a_merged_ticket_reaches_its_survivor(self):
        ticket, answer = self.answered_and_closed(days_ago=1)
        survivor = self.new_ticket()
        survivor._merge(ticket)
        self.reply(answer)
        self.assertIn("cold again", survivor.message_ids.filtered(lambda one: one.message_type == "email").body)
        self.assertTrue(survivor.unanswered)
