from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import tagged

from .common import ServiceDeskCase

MAIL = """From: {email_from}
To: {to}
Cc: {cc}
Subject: {subject}
Message-Id: {msg_id}
{extra}
Content-Type: text/plain; charset=utf-8

The coffee was cold.
"""


@tagged("post_install", "-at_install", "mail_gateway")
class TestTicketMail(MailCommon, ServiceDeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write({"alias_domain_id": cls.mail_alias_domain.id, "alias_name": "service"})

    def receive(self, sender, subject="Cold coffee by mail", extra="", cc=""):
        with self.mock_mail_gateway():
            return self.format_and_process(
                MAIL, sender, self.team.alias_email, subject=subject, target_model="service.ticket", extra=extra, cc=cc
            )

    def mail_to(self, address):
        return self._new_mails.filtered(
            lambda mail: address in (mail.email_to or "") or address in mail.recipient_ids.mapped("email")
        )

    # In

    def test_a_mail_to_the_team_becomes_a_ticket_of_the_known_sender(self):
        ticket = self.receive('"Siti" <siti@rahmawati.example>')
        self.assertEqual(
            (ticket.partner_id, ticket.team_id, ticket.channel, ticket.type, ticket.user_id.ids),
            (self.siti, self.team, "email", "complaint", []),
        )
        self.assertIn("The coffee was cold.", ticket.message_ids.filtered(lambda m: m.message_type == "email").body)

    def test_an_unknown_sender_becomes_a_contact(self):
        ticket = self.receive('"Ani Yudhoyono" <ani@baru.example>')
        self.assertEqual((ticket.partner_id.name, ticket.partner_id.email), ("Ani Yudhoyono", "ani@baru.example"))

    def test_a_mail_without_subject_becomes_a_ticket_too(self):
        with self.mock_mail_gateway():
            self.format_and_process(
                MAIL, "siti@rahmawati.example", self.team.alias_email, subject="", target_model="service.ticket"
            )
        self.assertTrue(
            self.env["service.ticket"].search([("partner_id", "=", self.siti.id), ("name", "=", "No subject")])
        )

    def test_copies_to_others_are_remembered(self):
        self.assertIn(
            "dewi@lestari.example", self.receive("siti@rahmawati.example", cc="dewi@lestari.example").email_cc
        )

    def test_a_reply_by_mail_joins_its_ticket_and_moves_it_back_to_the_team(self):
        ticket = self.new_ticket(stage_id=self.stage("waiting_customer").id)
        answer = self.say(ticket, self.agent, "Which branch was it?")
        ticket.stage_id = self.stage("waiting_customer")
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(
                None,
                MAIL.format(
                    email_from="siti@rahmawati.example",
                    to=self.team.alias_email,
                    cc="",
                    subject="Re: Which branch",
                    msg_id="<reply@rahmawati.example>",
                    extra=f"In-Reply-To: {answer.message_id}",
                ),
            )
        self.assertEqual((ticket.stage_category, ticket.unanswered), ("in_progress", True))
        self.assertEqual(ticket.message_ids[0].author_id, self.siti)

    # Out

    def test_the_customer_gets_the_number_at_once(self):
        with self.mock_mail_gateway():
            ticket = self.new_ticket()
        mail = self.mail_to("siti@rahmawati.example")
        self.assertIn(ticket.number, mail.subject)
        self.assertIn(f"/my/tickets/{ticket.id}?access_token={ticket.access_token}", mail.body_html)

    def test_the_acknowledgement_is_no_answer(self):
        ticket = self.new_ticket()
        self.assertEqual((ticket.stage_category, ticket.unanswered), ("new", True))

    def test_each_of_many_customers_gets_his_own_number(self):
        with self.mock_mail_gateway():
            tickets = self.new_ticket() + self.new_ticket(partner=self.budi)
        for ticket in tickets:
            self.assertIn(ticket.number, self.mail_to(ticket.partner_id.email).subject)

    def test_a_team_without_acknowledgement_sends_none(self):
        self.team.acknowledgement_template_id = False
        with self.mock_mail_gateway():
            self.new_ticket()
        self.assertFalse(self.mail_to("siti@rahmawati.example"))

    def test_a_customer_without_address_disturbs_nothing(self):
        self.siti.email = False
        with self.mock_mail_gateway():
            self.new_ticket()
        self.assertFalse(self._new_mails.filtered(lambda mail: mail.model == "service.ticket" and mail.recipient_ids))

    def test_the_answer_reaches_the_customer_with_a_link_to_his_ticket(self):
        ticket = self.new_ticket()
        with self.mock_mail_gateway():
            self.say(ticket, self.agent, "We are sorry, Siti.")
        mail = self.mail_to("siti@rahmawati.example")
        self.assertIn("We are sorry, Siti.", mail.body_html)
        self.assertIn(f"access_token={ticket.access_token}", mail.body_html)
        self.assertIn(f"Read and reply: {ticket.number}", mail.body_html)
        self.assertIn(self.team.alias_email, mail.reply_to)

    def test_an_internal_note_reaches_no_customer(self):
        ticket = self.new_ticket()
        with self.mock_mail_gateway():
            ticket.with_user(self.agent).message_post(body="Difficult", subtype_xmlid="mail.mt_note")
        self.assertFalse(self.mail_to("siti@rahmawati.example"))

    def test_after_a_change_of_customer_the_former_one_hears_no_more(self):
        ticket = self.new_ticket()
        ticket.partner_id = self.budi
        with self.mock_mail_gateway():
            self.say(ticket, self.agent)
        self.assertFalse(self.mail_to("siti@rahmawati.example"))
        self.assertTrue(self.mail_to("budi@surel.example"))

    def test_the_old_link_of_the_former_customer_opens_nothing_any_more(self):
        ticket = self.new_ticket()
        old = ticket.access_token
        ticket.partner_id = self.budi
        self.assertNotEqual(ticket.access_token, old)
