import re

from odoo.tests import tagged

from .common import ServiceDeskHttpCase

QUESTIONS = [{"name": "boxes", "type": "integer", "string": "How many boxes?"}]


class IntakeTourCase(ServiceDeskHttpCase):
    def setUp(self):
        super().setUp()
        self.category = self.env["service.category"].create(
            {"name": "Parcels", "ticket_properties_definition": QUESTIONS}
        )

    def walk_in(self):
        """A guest files in public, confirms by the link in his mail, and his ticket is there."""
        self.start_tour("/service/new", "crm_service_desk.guest_asks", timeout=180)
        asked = self.env["service.filing.request"].search([], limit=1)
        mail = self.env["mail.mail"].search([("model", "=", asked._name), ("res_id", "=", asked.id)])
        link = re.search(r"/service/confirm/[^\"]+", mail.body_html)[0]
        self.start_tour(link, "crm_service_desk.guest_confirms", timeout=180)
        ticket = self.newest_ticket()
        self.assertEqual((ticket.partner_id.email, ticket.channel), ("dewi@lestari.example", "web"))
        self.assertEqual(ticket._answers()[ticket], [("How many boxes?", "2")])


@tagged("post_install", "-at_install")
class TestTicketIntakeTours(IntakeTourCase):
    def test_a_guest_files_and_confirms(self):
        self.walk_in()

    def test_a_customer_answers_the_questions_and_the_agent_sees_what_he_told_before(self):
        self.new_ticket(name="The box was wet", description="<p>It stood in the rain.</p>")
        self.start_tour(
            "/my/tickets/new",
            "crm_service_desk.customer_is_asked_questions",
            login=self.siti_user.login,
            timeout=180,
        )
        ticket = self.newest_ticket()
        self.assertEqual(ticket._answers()[ticket], [("How many boxes?", "3")])
        self.start_tour(
            f"/odoo/tickets/{ticket.id}",
            "crm_service_desk.agent_sees_what_was_told",
            login=self.agent.login,
            timeout=180,
        )


@tagged("post_install", "-at_install")
class TestTicketIntakeToursPhone(IntakeTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_guest_files_and_confirms_on_his_phone(self):
        self.walk_in()
