from odoo.tests import tagged

from .common import ServiceDeskHttpCase
from .common_remedy import RemedyCase


class CustomerSideTours(ServiceDeskHttpCase, RemedyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.service_external_route = "<p>BPSK Bandung</p>"
        cls.team.remedy_program_ids = cls.coupons
        cls.env["service.root.cause"].create(
            {"name": "Seal", "parent_id": cls.env["service.root.cause"].create({"name": "Machine"}).id}
        )

    def as_customer(self, tour):
        self.start_tour("/my/tickets", tour, login=self.siti_user.login, timeout=120)


@tagged("post_install", "-at_install")
class TestCustomerSideTours(CustomerSideTours):
    def test_the_agent_investigates_and_gives_a_coupon(self):
        self.start_tour("/odoo/tickets", "crm_service_desk.agent_gives_a_coupon", login=self.agent.login, timeout=120)
        self.assertEqual(self.ticket.root_cause_id.complete_name, "Machine / Seal")
        self.assertEqual((self.ticket.action_ids.text, self.ticket.action_ids.user_id), ("Change the seal", self.agent))
        self.assertEqual(self.ticket.action_ids.activity_ids.user_id, self.agent)
        self.assertEqual(self.ticket.remedy_ids.state, "proposed")


@tagged("post_install", "-at_install")
class TestCustomerSideToursOnPhone(CustomerSideTours):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_customer_rejects_then_accepts_closes_and_rates(self):
        coupon = self.a_coupon()
        self.as_customer("crm_service_desk.customer_rejects_an_offer")
        self.assertEqual(coupon.decision_reason, "I do not drink coffee any more")
        self.assertEqual((self.ticket.stage_category, self.ticket.unanswered), ("in_progress", True))

        explanation = self.offer("explanation")
        self.as_customer("crm_service_desk.customer_accepts_closes_rates")
        self.assertEqual((explanation.state, self.ticket.outcome), ("done", "accepted"))
        self.assertEqual(self.ticket.stage_category, "closed")
        self.assertEqual((self.ticket.csat, self.ticket.csat_handling, self.ticket.ces), (5, 4, 7))
        self.assertEqual(self.ticket.feedback_ids.comment, "Quick and friendly")
