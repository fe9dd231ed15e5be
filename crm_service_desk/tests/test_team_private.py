from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTeamPrivate(ServiceDeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = new_test_user(cls.env, "ani", groups="crm_service_desk.group_service_user")
        cls.leader = new_test_user(cls.env, "lia", groups="crm_service_desk.group_service_user")
        cls.private = cls.env["service.team"].create(
            {
                "name": "Ombudsman",
                "private": True,
                "user_id": cls.leader.id,
                "member_ids": [(4, cls.member.id), (4, cls.leader.id)],
                "acknowledgement_template_id": False,
            }
        )
        cls.ticket = cls.new_ticket(team_id=cls.private.id)

    def sees(self, user):
        return self.ticket in self.env["service.ticket"].with_user(user).search([])

    def test_members_leader_and_managers_see_its_tickets(self):
        self.assertTrue(self.sees(self.member) and self.sees(self.leader) and self.sees(self.manager))

    def test_another_agent_sees_none_not_even_one_that_he_follows_or_is_assigned_to(self):
        self.ticket.user_id = self.agent
        self.ticket.message_subscribe(self.agent.partner_id.ids)
        self.assertFalse(self.sees(self.agent))
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.agent).read(["name"])

    def test_what_was_said_on_it_cannot_be_read_by_another_agent(self):
        message = self.say(self.ticket, self.siti_user, "Between us")
        self.assertFalse(self.env["mail.message"].with_user(self.agent).search([("id", "=", message.id)]))

    def test_a_private_team_without_members_is_open_to_nobody_but_managers_and_the_leader(self):
        self.private.member_ids = False
        self.assertTrue(self.sees(self.manager))
        self.assertFalse(self.sees(self.agent))

    def test_the_customer_sees_his_ticket(self):
        self.assertTrue(self.sees(self.siti_user))
