import uuid

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

WITH_FILE = """From: siti@rahmawati.example
To: {to}
Subject: With a file
Message-Id: <file@rahmawati.example>
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain

See the file.
--b
Content-Type: text/plain
Content-Disposition: attachment; filename="a.txt"

Rp 1
--b--
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

    def mail(self, sender, extra="", to=None, subject="Cold coffee"):
        return MAIL.format(
            email_from=sender,
            to=to or self.team.alias_email,
            cc="",
            subject=subject,
            msg_id=f"<{uuid.uuid4().hex}@machine.example>",
            extra=extra or "X-Nothing: yes",
        )

    def reply(self, message, sender, extra=""):
        """A mail that names a message of ours as the one that it answers."""
        with self.mock_mail_gateway():
            headers = f"In-Reply-To: {message.message_id}\n{extra}".strip()
            self.env["mail.thread"].message_process(None, self.mail(sender, headers, subject="Re: your answer"))

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

    def test_a_reply_of_somebody_else_joins_the_ticket_too(self):
        ticket = self.new_ticket(stage_id=self.stage("waiting_customer").id)
        answer = self.say(ticket, self.agent, "Which branch was it?")
        ticket.stage_id = self.stage("waiting_customer")
        self.reply(answer, '"A colleague" <colleague@rahmawati.example>')
        self.assertEqual((ticket.stage_category, ticket.unanswered), ("in_progress", True))
        message = ticket.message_ids[0]
        self.assertEqual(
            (message.email_from, message.author_id.ids), ('"A colleague" <colleague@rahmawati.example>', [])
        )

    def test_files_of_a_mail_are_kept(self):
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(None, WITH_FILE.format(to=self.team.alias_email))
        ticket = self.env["service.ticket"].search([("name", "=", "With a file")])
        self.assertEqual(
            (ticket.message_ids.attachment_ids.name, ticket.message_ids.attachment_ids.raw), ("a.txt", b"Rp 1")
        )

    # By the number in the subject

    def test_a_mail_with_the_number_in_its_subject_joins_the_ticket_of_its_sender(self):
        ticket = self.new_ticket()
        before = self.env["service.ticket"].search_count([])
        for subject in (
            f"Re: {ticket.number}: we have received",
            f"[{ticket.number}]",
            f"about {ticket.number.lower()}",
        ):
            self.receive("siti@rahmawati.example", subject=subject)
        self.assertEqual(self.env["service.ticket"].search_count([]), before)
        self.assertEqual(len(ticket.message_ids.filtered(lambda m: m.message_type == "email")), 3)

    def test_a_colleague_and_who_was_in_copy_may_join_by_the_number_too(self):
        firm = self.env["res.partner"].create({"name": "PT Tekstil", "is_company": True})
        (self.siti + self.budi).parent_id = firm
        ticket = self.new_ticket(email_cc="dewi@lestari.example")
        for sender in ("budi@surel.example", "dewi@lestari.example"):
            self.receive(sender, subject=ticket.number)
        self.assertEqual(len(ticket.message_ids.filtered(lambda m: m.message_type == "email")), 2)

    def test_a_stranger_with_the_number_gets_a_ticket_of_his_own(self):
        ticket = self.new_ticket()
        own = self.receive("budi@surel.example", subject=f"Re: {ticket.number}")
        self.assertNotEqual(own, ticket)
        self.assertEqual(own.partner_id, self.budi)

    def test_a_number_of_another_company_joins_nothing(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        ticket = self.new_ticket(company_id=other.id, team_id=False)
        self.team.company_id = self.company
        self.assertNotEqual(self.receive("siti@rahmawati.example", subject=ticket.number), ticket)

    # Who writes

    def test_several_contacts_of_one_account_are_one_customer(self):
        firm = self.env["res.partner"].create(
            {"name": "PT Tekstil", "is_company": True, "email": "info@tekstil.example"}
        )
        self.env["res.partner"].create({"name": "Clerk", "parent_id": firm.id, "email": "INFO@tekstil.example"})
        self.assertEqual(self.receive("info@tekstil.example").partner_id, firm)

    def test_between_two_customers_with_one_address_nobody_guesses(self):
        self.env["res.partner"].create({"name": "Siti's sister", "email": "siti@rahmawati.example"})
        ticket = self.receive("siti@rahmawati.example")
        self.assertFalse(ticket.partner_id or ticket.message_ids.author_id)
        self.assertEqual((ticket.sender_email, ticket.sender_is_unclear), ("siti@rahmawati.example", True))

    def test_of_two_with_one_address_the_reply_is_of_the_one_whose_ticket_it_is(self):
        twin = self.env["res.partner"].create({"name": "Siti's sister", "email": "siti@rahmawati.example"})
        ticket = self.new_ticket(twin)
        self.reply(self.say(ticket, self.agent), "siti@rahmawati.example")
        self.assertEqual(ticket.message_ids[0].author_id, twin)

    def test_a_customer_of_another_company_writes_to_a_shared_team(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        ani = self.env["res.partner"].create({"name": "Ani", "email": "ani@baru.example", "company_id": other.id})
        ticket = self.receive("ani@baru.example")
        self.assertEqual((ticket.partner_id, ticket.company_id), (ani, other))

    def test_to_a_team_of_one_company_he_is_somebody_new(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        ani = self.env["res.partner"].create({"name": "Ani", "email": "ani@baru.example", "company_id": other.id})
        self.team.company_id = self.company
        ticket = self.receive("ani@baru.example")
        self.assertTrue(ticket.partner_id)
        self.assertNotEqual(ticket.partner_id, ani)

    # Machines

    def test_an_automatic_reply_is_a_note_and_moves_nothing(self):
        for headers in (
            "Auto-Submitted: auto-replied",
            "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All",
            "X-Autoreply: yes",
            "Precedence: bulk",
            "Precedence: auto_reply",
            "Return-Path: <>",
        ):
            ticket = self.new_ticket()
            answer = self.say(ticket, self.agent, "Which branch was it?")
            ticket.stage_id = self.stage("waiting_customer")
            self.reply(answer, "siti@rahmawati.example", extra=headers)
            self.assertEqual((ticket.stage_category, ticket.unanswered), ("waiting_customer", False), headers)
            self.assertTrue(ticket.message_ids[0].is_internal, headers)
            self.assertFalse(self._new_mails, headers)

    def test_an_automatic_answer_that_belongs_to_nothing_makes_no_ticket(self):
        before = self.env["service.ticket"].search_count([])
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(None, self.mail("x@robot.example", "Auto-Submitted: auto-replied"))
        self.assertEqual(self.env["service.ticket"].search_count([]), before)

    def test_a_mail_of_a_machine_makes_a_ticket_and_is_not_answered(self):
        for sender, headers in (
            ("alarm@machine.example", "Auto-Submitted: auto-generated"),
            ("list@machine.example", "Precedence: list"),
            ("no-reply@machine.example", ""),
            ("desk@machine.example", "X-Auto-Response-Suppress: All"),
        ):
            ticket = self.receive(sender, subject=sender, extra=headers)
            self.assertTrue(ticket, sender)
            self.assertFalse(ticket.acknowledgement_due, sender)

    def test_a_person_who_answers_from_a_system_is_heard(self):
        ticket = self.new_ticket()
        answer = self.say(ticket, self.agent, "Which branch was it?")
        ticket.stage_id = self.stage("waiting_customer")
        self.reply(answer, "siti@rahmawati.example", extra="X-Auto-Response-Suppress: All")
        self.assertEqual((ticket.stage_category, ticket.unanswered), ("in_progress", True))

    def test_two_robots_that_thank_each_other_come_to_an_end(self):
        """A machine that says nowhere that it is one answers each acknowledgement with a mail of its own."""
        tickets = self.env["service.ticket"]
        for number in range(25):
            self.receive("robot@machine.example", subject=f"Thank you for your mail {number} x")
        tickets = tickets.search([("sender_email", "=", "robot@machine.example")])
        self.assertEqual(len(tickets), 20, "core's limit for a sender in two hours")
        self.assertEqual(len(tickets.filtered("acknowledgement_due")), 3)

    def test_our_own_acknowledgement_to_another_team_makes_no_ticket(self):
        other = self.env["service.team"].create(
            {"name": "Roastery", "alias_name": "roastery", "alias_domain_id": self.mail_alias_domain.id}
        )
        contacts = self.env["res.partner"].search_count([])
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(
                None, self.mail(self.team.alias_email, "Auto-Submitted: auto-replied", to=other.alias_email)
            )
            self.env["mail.thread"].message_process(None, self.mail(self.team.alias_email, to=other.alias_email))
        ticket = self.env["service.ticket"].search([("team_id", "=", other.id)])
        self.assertEqual(len(ticket), 1, "a person may write from our address")
        self.assertFalse(ticket.partner_id)
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)

    def test_a_mail_that_comes_back_is_told_to_the_agent_and_moves_nothing(self):
        ticket = self.new_ticket()
        ticket._message_receive_bounce("siti@rahmawati.example", self.siti)
        self.assertIn("came back", ticket.message_ids[0].body)
        self.assertEqual(ticket.stage_category, "new")

    # Out

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
