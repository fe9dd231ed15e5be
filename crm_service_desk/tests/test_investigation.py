from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestInvestigation(ServiceDeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.new_ticket(user_id=cls.agent.id)

    def new_action(self, **values):
        values = {"ticket_id": self.ticket.id, "text": "Change the seal", "user_id": self.agent.id, **values}
        return self.env["service.action"].with_user(self.agent).create(values)

    def test_the_customer_reads_nothing_of_the_investigation(self):
        for field in ("findings", "root_cause_id", "action_ids", "remedy_ids", "outcome", "external_route", "csat"):
            with self.assertRaises(AccessError, msg=field):
                self.ticket.with_user(self.siti_user).read([field])
        for model in ("service.action", "service.root.cause", "service.feedback"):
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.siti_user).search([])

    def test_a_plain_employee_reaches_nothing_of_it(self):
        for model in ("service.action", "service.root.cause", "service.remedy", "service.feedback"):
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.employee).search([])

    def test_causes_are_a_tree_with_full_names(self):
        machine = self.env["service.root.cause"].create({"name": "Machine"})
        seal = machine.create({"name": "Seal", "parent_id": machine.id})
        self.assertEqual(seal.complete_name, "Machine / Seal")

    def test_an_action_is_overdue_from_the_day_after_its_due_date_until_it_is_done(self):
        action = self.new_action(date_due="2020-01-01")
        overdue = self.env["service.action"].search([("is_overdue", "=", True)])
        self.assertTrue(action.is_overdue and action in overdue)
        action.date_done = "2020-02-01"
        self.assertFalse(action.is_overdue)
        self.assertIn(action, self.env["service.action"].search([("is_overdue", "=", False)]))
