from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_sla import SlaCase


@tagged("post_install", "-at_install")
class TestSlaAccess(SlaCase):
    """Clocks and what happened to them are for whom the ticket is for."""

    def sees(self, user, ticket):
        clocks = self.env["service.sla.clock"].with_user(user).search([("ticket_id", "=", ticket.id)])
        events = self.env["service.sla.event"].with_user(user).search([("clock_id.ticket_id", "=", ticket.id)])
        self.assertEqual(bool(clocks), bool(events))
        return bool(clocks)

    def test_an_agent_sees_the_clocks_of_tickets_he_sees(self):
        self.assertTrue(self.sees(self.agent, self.ticket_at(9)))
        board = self.team.create({"name": "Board", "private": True, "member_ids": self.manager.ids})
        ticket = self.ticket_at(9, team_id=board.id)
        self.assertFalse(self.sees(self.agent, ticket))
        self.assertTrue(self.sees(self.manager, ticket))

    def test_nobody_sees_or_counts_clocks_of_another_company(self):
        ticket = self.ticket_at(9)
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        stranger = new_test_user(
            self.env,
            "dago",
            groups="crm_service_desk.group_service_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        self.assertFalse(self.sees(stranger, ticket))
        counts = self.env["service.sla.clock"].with_user(stranger).formatted_read_group([], ["state"], ["__count"])
        self.assertEqual(counts, [])

    def test_customers_and_plain_employees_reach_no_clock_no_event_and_no_deadline(self):
        ticket = self.ticket_at(9)
        for user in (self.siti_user, self.employee):
            for model in ("service.sla.clock", "service.sla.event", "service.sla.policy", "service.sla.target"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
        for field in ("clock_ids", "sla_deadline", "sla_state", "sla_countdown", "date_first_answer"):
            with self.assertRaises(AccessError):
                ticket.with_user(self.siti_user).read([field])

    def test_the_report_groups_by_what_the_ticket_says(self):
        self.ticket_at(9)
        clocks = self.env["service.sla.clock"].with_user(self.manager)
        for field in ("type", "category_id", "user_id", "team_id", "started:month"):
            rows = clocks.formatted_read_group([], [field], ["__count", "kept_share:avg", "overdue_hours:avg"])
            self.assertTrue(rows, field)
