from odoo.tests import tagged

from .common import ServiceDeskHttpCase


@tagged("post_install", "-at_install")
class TestSlaTours(ServiceDeskHttpCase):
    def test_the_clock_of_a_ticket_runs_pauses_and_is_kept(self):
        # Around the clock, so that it runs whatever the hour of the test is.
        self.team.calendar_id = self.company.resource_calendar_id = False
        targets = [
            (0, 0, {"metric": metric, "hours": hours}) for metric, hours in (("first_answer", 4), ("resolve", 16))
        ]
        self.env["service.sla.policy"].create({"name": "Complaints", "sequence": -1, "target_ids": targets})
        ticket = self.new_ticket(user_id=self.agent.id)
        tour = "crm_service_desk.clock_runs_pauses_is_kept"
        self.start_tour("/odoo/tickets", tour, login=self.agent.login, timeout=120)
        self.assertEqual(ticket.clock_ids.mapped("state"), ["cancelled", "kept"])
