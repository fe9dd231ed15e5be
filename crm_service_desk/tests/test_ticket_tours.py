from odoo.tests import tagged

from .common import ServiceDeskHttpCase


@tagged("post_install", "-at_install")
class TestTicketTours(ServiceDeskHttpCase):
    def test_the_customer_files_the_agent_answers_the_customer_replies(self):
        self.start_tour("/my", "crm_service_desk.customer_files_complaint", login=self.siti_user.login, timeout=120)
        ticket = self.newest_ticket()
        self.assertEqual((ticket.partner_id, ticket.channel), (self.siti, "portal"))
        self.assertEqual(ticket.attachment_ids.mapped("name"), ["cup.png"])

        self.start_tour("/odoo/tickets", "crm_service_desk.agent_answers", login=self.agent.login, timeout=120)
        self.assertEqual((ticket.user_id, ticket.stage_category, ticket.unanswered), (self.agent, "in_progress", False))

        ticket.stage_id = self.stage("waiting_customer")
        self.start_tour("/my/tickets", "crm_service_desk.customer_replies", login=self.siti_user.login, timeout=120)
        self.assertEqual((ticket.stage_category, ticket.unanswered), ("in_progress", True))
