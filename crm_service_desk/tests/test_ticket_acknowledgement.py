from odoo import fields
from odoo.addons.crm_service_desk.models import service_ticket_acknowledgement
from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketAcknowledgement(MailCommon, ServiceDeskCase):
    """The customer is told at once."""

    def mail_to(self, address):
        return self._new_mails.filtered(
            lambda mail: address in (mail.email_to or "") or address in mail.recipient_ids.mapped("email")
        )

    def test_a_new_ticket_calls_the_job_at_once(self):
        job = self.env.ref("crm_service_desk.ir_cron_acknowledge")
        calls = [("cron_id", "=", job.id)]
        before = self.env["ir.cron.trigger"].search_count(calls)
        self.new_ticket()
        self.assertEqual(self.env["ir.cron.trigger"].search_count(calls), before + 1)

    def test_the_customer_gets_number_and_link(self):
        with self.mock_mail_gateway():
            ticket = self.new_ticket()
            self.acknowledge()
        mail = self.mail_to("siti@rahmawati.example")
        self.assertIn(ticket.number, mail.subject)
        self.assertIn(f"/my/tickets/{ticket.id}?access_token={ticket.access_token}", mail.body_html)
        self.assertIn("as soon as possible", mail.body_html)

    def test_he_is_told_until_when_we_have_promised_an_answer(self):
        promise = fields.Datetime.from_string("2026-11-23 10:00:00")
        self.patch(self.registry["service.ticket"], "_promised_answer", lambda ticket: promise)
        self.siti.tz = "Asia/Jakarta"
        with self.mock_mail_gateway():
            self.new_ticket()
            self.acknowledge()
        self.assertRegex(self.mail_to("siti@rahmawati.example").body_html, "Monday 23 November 2026, 17:00")

    def test_the_promise_is_that_of_the_clock_of_the_first_answer(self):
        self.env["service.sla.policy"].search([]).active = False
        policy = self.env["service.sla.policy"].create(
            {"name": "All", "target_ids": [(0, 0, {"metric": "first_answer", "hours": 4})]}
        )
        self.assertTrue(policy)
        ticket = self.new_ticket()
        self.assertEqual(ticket._promised_answer(), ticket.clock_ids.deadline)
        self.assertTrue(ticket._promised_answer())

    def test_without_a_promise_there_is_none(self):
        self.env["service.sla.policy"].search([]).active = False
        self.assertFalse(self.new_ticket()._promised_answer())

    def test_an_indonesian_customer_is_told_in_indonesian_and_an_english_one_in_english(self):
        self.env["res.lang"]._activate_lang("id_ID")
        template = self.team.acknowledgement_template_id
        template.with_context(lang="id_ID").subject = "{{ object.number }}: pesan Anda sudah kami terima"
        self.siti.lang, self.budi.lang = "id_ID", "en_US"
        with self.mock_mail_gateway():
            self.new_ticket(self.siti)
            self.new_ticket(self.budi)
            self.acknowledge()
        self.assertIn("pesan Anda sudah kami terima", self.mail_to("siti@rahmawati.example").subject)
        self.assertIn("we have received your message", self.mail_to("budi@surel.example").subject)

    def test_each_of_many_customers_gets_his_own_number_and_each_once(self):
        with self.mock_mail_gateway():
            tickets = self.new_ticket() + self.new_ticket(partner=self.budi)
            self.acknowledge()
            self.acknowledge()
        for ticket in tickets:
            mail = self.mail_to(ticket.partner_id.email)
            self.assertEqual(len(mail), 1)
            self.assertIn(ticket.number, mail.subject)

    def test_more_than_a_batch_is_told(self):
        self.patch(service_ticket_acknowledgement, "BATCH", 2)
        with self.mock_mail_gateway():
            for _number in range(5):
                self.new_ticket()
            self.acknowledge()
        self.assertEqual(len(self.mail_to("siti@rahmawati.example")), 5)

    def test_a_ticket_whose_mail_fails_does_not_stop_the_others_and_says_so(self):
        self.team.acknowledgement_template_id.body_html = """<p t-out="1 / (object.name != 'Bad')"/>"""
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_render_mixin"):
            bad, good = self.new_ticket(name="Bad"), self.new_ticket(partner=self.budi)
            with self.assertLogs("odoo.addons.crm_service_desk.models.service_ticket_acknowledgement", "ERROR"):
                self.acknowledge()
        self.assertFalse(self.mail_to("siti@rahmawati.example"))
        self.assertTrue(self.mail_to("budi@surel.example"))
        self.assertIn("could not be sent", bad.message_ids[0].body)
        self.assertFalse((bad | good).filtered("acknowledgement_due"))

    def test_the_acknowledgement_is_no_answer_and_asks_for_none(self):
        with self.mock_mail_gateway():
            ticket = self.new_ticket()
            self.acknowledge()
        self.assertEqual((ticket.stage_category, ticket.unanswered), ("new", True))
        self.assertIn("'Auto-Submitted': 'auto-replied'", self.mail_to("siti@rahmawati.example").headers)

    def test_a_team_without_acknowledgement_sends_none(self):
        self.team.acknowledgement_template_id = False
        with self.mock_mail_gateway():
            self.new_ticket()
            self.acknowledge()
        self.assertFalse(self.mail_to("siti@rahmawati.example"))

    def test_imported_tickets_are_not_acknowledged(self):
        tickets = self.env["service.ticket"].with_context(ticket_no_acknowledgement=True)
        with self.mock_mail_gateway():
            tickets.create({"name": "Old", "partner_id": self.siti.id})
            self.acknowledge()
        self.assertFalse(self._new_mails)

    def test_a_customer_without_address_disturbs_nothing(self):
        self.siti.email = False
        with self.mock_mail_gateway():
            ticket = self.new_ticket()
            self.acknowledge()
        self.assertFalse(self._new_mails.filtered(lambda mail: mail.model == "service.ticket" and mail.recipient_ids))
        self.assertFalse(ticket.acknowledgement_due)

    def test_who_is_not_known_yet_is_told_at_the_address_he_wrote_from(self):
        with self.mock_mail_gateway():
            ticket = self.env["service.ticket"].create({"name": "Cold", "sender_email": "twins@surel.example"})
            self.acknowledge()
        self.assertIn(ticket.number, self.mail_to("twins@surel.example").subject)

    def test_acknowledging_many_costs_few_queries_more_than_one(self):
        """Core renders and makes a mail per ticket; nothing of ours is added per ticket."""
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {n}", "email": f"customer{n}@surel.example"} for n in range(20)]
        )
        tickets = self.env["service.ticket"].create([{"name": "x", "partner_id": one.id} for one in customers])
        tickets[:1]._send_acknowledgement()
        queries = []
        for some in (tickets[1:2], tickets[2:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._send_acknowledgement()
            self.env.flush_all()
            queries.append(self.env.cr.sql_log_count - before)
        self.assertLess(queries[1] - queries[0], 4 * 18)

    def test_the_job_finds_its_work_by_an_index(self):
        self.env["service.ticket"].create([{"name": f"x{n}"} for n in range(300)])
        self.env["service.ticket"].search([])[1:].acknowledgement_due = False
        self.env.flush_all()
        self.env.cr.execute("ANALYZE service_ticket")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        waiting = self.env["service.ticket"]._search([("acknowledgement_due", "=", True)], order="id", limit=50)
        self.env.cr.execute(SQL("EXPLAIN %s", waiting.select()))
        self.assertIn("acknowledgement_due_idx", str(self.env.cr.fetchall()))
