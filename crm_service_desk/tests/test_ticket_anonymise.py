from odoo.tests import tagged

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketAnonymise(ServiceDeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.new_ticket(description="<p>I am Siti and my coffee was cold</p>", user_id=cls.agent.id)
        cls.say(cls.ticket, cls.siti_user, "Call me at home")

    def anonymise(self):
        customer = self.siti.with_user(self.env.ref("base.user_admin"))
        customer._check_anonymise()
        customer._anonymise()

    def test_what_he_complained_of_and_said_goes(self):
        token = self.ticket.access_token
        self.anonymise()
        self.assertEqual(self.ticket.name, "Ticket of an anonymised contact")
        self.assertFalse(
            self.ticket.description or self.ticket.message_ids or self.ticket.message_partner_ids & self.siti
        )
        self.assertNotEqual(self.ticket.access_token, token, "the link in his mail opens nothing any more")

    def test_that_there_was_a_ticket_stays_with_its_number_times_and_marks(self):
        kept = (self.ticket.number, self.ticket.date_received, self.ticket.type, self.ticket.user_id)
        rating = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("service.ticket"),
                "res_id": self.ticket.id,
                "partner_id": self.siti.id,
                "message_id": self.ticket.message_ids[:1].id,
                "rating": 1,
                "feedback": "Siti is angry",
                "consumed": True,
            }
        )
        self.anonymise()
        ticket = self.ticket
        self.assertEqual((ticket.number, ticket.date_received, ticket.type, ticket.user_id), kept)
        self.assertEqual((rating.exists(), rating.rating, rating.feedback), (rating, 1, False))

    def test_the_tickets_of_others_are_not_touched(self):
        other = self.new_ticket(self.budi)
        self.anonymise()
        self.assertEqual(other.name, "Cold coffee")

    def test_his_address_goes_from_the_mail_of_other_peoples_tickets_and_theirs_stay(self):
        other = self.new_ticket(self.budi, email_cc="Siti <siti@rahmawati.example>, ani@kopi.example")
        message = self.env["mail.message"].create(
            {
                "model": "service.ticket",
                "res_id": other.id,
                "message_type": "email",
                "email_from": '"Siti Rahmawati" <Siti@rahmawati.example>',
                "reply_to": "siti@rahmawati.example",
                "incoming_email_to": "desk@braga.example, siti@rahmawati.example",
                "incoming_email_cc": '"Ani, of Kopi" <ani@kopi.example>, siti@rahmawati.example',
                "outgoing_email_to": "siti@rahmawati.example",
            }
        )
        mail = self.env["mail.mail"].create(
            {
                "mail_message_id": message.id,
                "email_to": "siti@rahmawati.example, ani@kopi.example",
                "email_cc": "siti@rahmawati.example",
            }
        )
        self.anonymise()
        self.assertEqual(other.email_cc, "ani@kopi.example")
        self.assertFalse(message.email_from or message.reply_to or message.outgoing_email_to)
        self.assertEqual(message.incoming_email_to, "desk@braga.example")
        self.assertEqual(message.incoming_email_cc, '"Ani, of Kopi" <ani@kopi.example>')
        self.assertEqual((mail.email_to, mail.email_cc), ("ani@kopi.example", False))
