from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ServiceDeskCase

ACTIONS = (
    "action_assign_to_me",
    "action_wait_customer",
    "action_resolve",
    "action_make_opportunity",
)


@tagged("post_install", "-at_install")
class TestTicketWorkAccess(ServiceDeskCase):
    """What agents do with tickets, tried by a plain employee, by the customer himself, by another customer, by an
    agent without this ticket, and by people of another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.new_ticket(user_id=cls.manager.id)
        cls.other = cls.new_ticket(user_id=cls.manager.id)
        elsewhere = cls.env["res.company"].create({"name": "Kopi Dago"})
        cls.foreign_manager = new_test_user(
            cls.env,
            "dewi.dago",
            groups="crm_service_desk.group_service_manager",
            company_id=elsewhere.id,
            company_ids=elsewhere.ids,
        )
        cls.strangers = {
            "employee": cls.employee,
            "customer": cls.siti_user,
            "another customer": cls.budi_user,
            "another agent": cls.agent,
            "manager of another company": cls.foreign_manager,
        }

    def state(self):
        self.env.invalidate_all()
        return [
            (t.stage_id, t.user_id, t.merged_into_id, t.lead_id, t.wait_until, t.priority, len(t.message_ids))
            for t in self.ticket + self.other
        ]

    def assertRefused(self, attempt):
        before = self.state()
        for who, user in self.strangers.items():
            with self.subTest(who):
                with self.assertRaises(UserError):  # AccessError is one
                    attempt(user)
                    self.env.flush_all()
                self.assertEqual(self.state(), before)

    def test_no_button_does_anything_for_them(self):
        for name in ACTIONS:
            with self.subTest(name):
                self.assertRefused(lambda user, name=name: getattr(self.ticket.with_user(user), name)())

    def test_nor_does_a_wizard(self):
        both = (self.ticket + self.other).ids

        def ask(model, action, **values):
            return lambda user: getattr(self.env[model].with_user(user).create(values), action)()

        self.assertRefused(ask("service.ticket.merge", "action_merge", ticket_ids=both, survivor_id=self.ticket.id))
        self.assertRefused(ask("service.ticket.wait", "action_wait", ticket_ids=both, until="2026-12-24"))
        self.assertRefused(ask("service.ticket.bulk", "action_apply", ticket_ids=both, priority="3"))
        self.assertRefused(ask("service.ticket.split", "action_split", ticket_id=self.ticket.id, name="x"))

    def test_a_question_of_somebody_else_cannot_be_read_or_answered(self):
        mine = self.env["service.ticket.merge"].with_user(self.manager).create({"ticket_ids": self.ticket.ids})
        with self.assertRaises(AccessError):
            mine.with_user(self.agent).read(["ticket_ids"])
        with self.assertRaises(AccessError):
            mine.with_user(self.foreign_manager).read(["ticket_ids"])

    def test_similar_tickets_of_a_ticket_that_one_may_not_read_are_not_told(self):
        for user in (self.employee, self.budi_user, self.agent, self.foreign_manager):
            with self.assertRaises(AccessError):
                self.ticket.with_user(user).similar_tickets()

    def test_nobody_writes_who_was_merged_into_what_or_when_it_closed_from_the_portal(self):
        for values in ({"merged_into_id": self.other.id}, {"reopen_count": 9}, {"turn": 1}, {"parent_id": False}):
            with self.assertRaises(AccessError):
                self.ticket.with_user(self.siti_user).write(values)

    def test_an_agent_sets_up_neither_teams_nor_what_members_take(self):
        with self.assertRaises(AccessError):
            self.team.with_user(self.agent).assignment = "turn"
        with self.assertRaises(AccessError):
            self.env["service.team.skill"].with_user(self.agent).create(
                {"team_id": self.team.id, "user_id": self.agent.id}
            )
