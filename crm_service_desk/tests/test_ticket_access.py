from odoo.addons.crm_service_desk.hooks import agents_become_leaders
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import PIXEL, ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketAccess(ServiceDeskCase):
    def sees(self, user, ticket):
        return bool(self.env["service.ticket"].with_user(user).search_count([("id", "=", ticket.id)]))

    def test_a_customer_sees_his_own_tickets_only(self):
        ticket = self.new_ticket()
        self.assertTrue(self.sees(self.siti_user, ticket))
        self.assertFalse(self.sees(self.budi_user, ticket))
        with self.assertRaises(AccessError):
            ticket.with_user(self.budi_user).read(["name"])

    def test_the_main_contact_of_an_account_sees_the_tickets_of_the_account(self):
        firm = self.env["res.partner"].create({"name": "PT Tekstil", "is_company": True})
        (self.siti + self.budi).parent_id = firm
        self.budi.is_ticket_main_contact = True
        self.assertTrue(self.sees(self.budi_user, self.new_ticket()))

    def test_a_customer_changes_creates_and_deletes_nothing_directly(self):
        ticket = self.new_ticket().with_user(self.siti_user)
        for attack in (
            lambda: ticket.write({"name": "x"}),
            lambda: ticket.action_assign_to_me(),
            lambda: ticket.unlink(),
            lambda: ticket.create({"name": "x"}),
        ):
            with self.assertRaises(AccessError):
                attack()

    def test_a_customer_does_not_see_how_urgent_we_find_him(self):
        with self.assertRaises(AccessError):
            self.new_ticket().with_user(self.siti_user).read(["priority"])

    def test_nobody_but_the_system_reads_which_form_was_sent(self):
        for user in (self.siti_user, self.agent, self.manager):
            with self.assertRaises(AccessError):
                self.new_ticket().with_user(user).read(["submission_token"])

    def test_a_customer_reads_no_internal_note(self):
        ticket = self.new_ticket()
        note = ticket.with_user(self.agent).message_post(body="Difficult", subtype_xmlid="mail.mt_note")
        self.assertFalse(self.env["mail.message"].with_user(self.siti_user).search([("id", "=", note.id)]))

    def test_a_plain_employee_reaches_no_ticket(self):
        ticket = self.new_ticket()
        with self.assertRaises(AccessError):
            ticket.with_user(self.employee).read(["name"])
        with self.assertRaises(AccessError):
            self.env["service.ticket"].with_user(self.employee).search([])
        with self.assertRaises(AccessError):
            self.say(ticket, self.employee)

    def new_team(self, *members, **values):
        return self.env["service.team"].create({"name": "Board", "member_ids": [user.id for user in members], **values})

    def test_an_agent_sees_what_nobody_has_taken_in_his_teams(self):
        self.assertTrue(self.sees(self.agent, self.new_ticket(team_id=self.new_team(self.agent).id)))
        self.assertFalse(self.sees(self.agent, self.new_ticket(team_id=self.new_team(self.manager).id)))

    def test_an_agent_does_not_see_what_a_colleague_has_taken(self):
        for team in (self.team, self.new_team(self.agent)):
            self.assertFalse(self.sees(self.agent, self.new_ticket(team_id=team.id, user_id=self.manager.id)))

    def test_an_agent_sees_what_he_was_given_wherever_it_is(self):
        ticket = self.new_ticket(team_id=self.new_team(self.manager).id, user_id=self.agent.id)
        self.assertTrue(self.sees(self.agent, ticket))

    def test_an_agent_sees_what_he_wrote_down_and_somebody_else_took(self):
        ticket = self.env["service.ticket"].with_user(self.agent).create({"name": "x", "user_id": self.manager.id})
        self.assertTrue(self.sees(self.agent, ticket))

    def test_an_agent_sees_what_he_follows_in_his_teams_only(self):
        for team, seen in ((self.new_team(self.agent), True), (self.new_team(self.manager), False)):
            ticket = self.new_ticket(team_id=team.id, user_id=self.manager.id)
            ticket.message_subscribe(self.agent.partner_id.ids)
            self.assertEqual(self.sees(self.agent, ticket), seen)

    def test_a_leader_sees_all_tickets_of_the_teams_he_leads_or_belongs_to(self):
        for team, seen in (
            (self.new_team(self.manager, user_id=self.leader.id), True),
            (self.new_team(self.leader), True),
            (self.team, True),
            (self.new_team(self.manager), False),
        ):
            ticket = self.new_ticket(team_id=team.id, user_id=self.manager.id)
            self.assertEqual(self.sees(self.leader, ticket), seen)

    def test_the_tickets_of_a_private_team_are_its_peoples_and_the_managers(self):
        """Even when one was given the ticket before: it may be a complaint about himself."""
        board = self.new_team(self.agent, private=True)
        ticket = self.new_ticket(team_id=board.id, user_id=self.leader.id)
        self.assertFalse(self.sees(self.leader, ticket))
        ticket.user_id = False
        self.assertTrue(self.sees(self.agent, ticket))
        self.assertTrue(self.sees(self.manager, ticket))
        board.write({"member_ids": False})
        self.assertFalse(self.sees(self.agent, ticket), "without members it is not open to all")
        self.assertFalse(self.sees(self.leader, ticket))
        board.user_id = self.leader
        self.assertTrue(self.sees(self.leader, ticket))

    def test_a_team_without_members_is_open_to_all_agents(self):
        self.assertFalse(self.team.member_ids)
        self.assertTrue(self.sees(self.agent, self.new_ticket()))

    def test_a_manager_sees_all_teams(self):
        self.assertTrue(self.sees(self.manager, self.new_ticket(team_id=self.new_team(self.agent, private=True).id)))

    def test_who_was_an_agent_before_there_were_leaders_loses_sight_of_nothing(self):
        ticket = self.new_ticket(team_id=self.new_team(self.agent).id, user_id=self.manager.id)
        self.assertFalse(self.sees(self.agent, ticket))
        agents_become_leaders(self.env)
        self.assertTrue(self.sees(self.agent, ticket))
        self.assertFalse(self.employee.has_group("crm_service_desk.group_service_leader"))

    def test_nobody_sees_tickets_of_another_company(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        ticket = self.new_ticket(company_id=other.id, user_id=False)
        for user in (self.siti_user, self.agent, self.leader, self.manager):
            self.assertFalse(self.sees(user, ticket), user.name)

    def test_an_agent_of_another_company_sees_neither_tickets_nor_counts(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        stranger = new_test_user(
            self.env,
            "dago",
            groups="crm_service_desk.group_service_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        self.new_ticket()
        self.assertEqual(self.siti.with_user(stranger)._customer_badges()[self.siti.id], [])
        self.assertEqual(self.team.with_user(stranger).open_count, 0)

    def test_an_agent_sets_nothing_up_and_deletes_nothing(self):
        for record in (self.team, self.stage("new")):
            with self.assertRaises(AccessError):
                record.with_user(self.agent).name = "x"
        with self.assertRaises(AccessError):
            self.new_ticket().with_user(self.agent).unlink()

    def test_only_customers_and_the_desk_can_file(self):
        values = {"name": "x", "type": "question", "description": "y", "sale_order_id": False}
        with self.assertRaises(AccessError):
            self.env["service.ticket"].with_user(self.employee)._file(values)


@tagged("post_install", "-at_install")
class TestTicketFiles(ServiceDeskCase):
    def file_on(self, ticket, **values):
        return self.env["ir.attachment"].create(
            {"name": "cup.png", "raw": PIXEL, "res_model": "service.ticket", "res_id": ticket.id, **values}
        )

    def can_read(self, user, file):
        return file.with_user(user).has_access("read")

    def test_customers_reach_files_through_the_page_of_the_ticket_only(self):
        ticket = self.new_ticket()
        ticket.attachment_ids = file = self.file_on(ticket)
        for user in (self.siti_user, self.budi_user, self.employee):
            self.assertFalse(self.can_read(user, file), user.name)
        self.assertTrue(self.can_read(self.agent, file))

    def test_a_file_of_an_internal_note_is_not_for_the_customer(self):
        ticket = self.new_ticket()
        file = self.file_on(ticket)
        ticket.message_post(body="Evidence", subtype_xmlid="mail.mt_note", attachment_ids=file.ids)
        with self.assertRaises(AccessError):
            file.with_user(self.siti_user).read(["name"])
        self.assertNotIn(file, ticket.attachment_ids)
        self.assertTrue(self.can_read(self.agent, file))

    def test_files_chosen_before_the_first_save_become_the_tickets(self):
        file = self.env["ir.attachment"].with_user(self.agent).create({"name": "a", "res_model": "service.ticket"})
        ticket = self.env["service.ticket"].with_user(self.agent).create({"name": "x", "attachment_ids": file.ids})
        self.assertEqual(file.res_id, ticket.id)

    def test_other_peoples_loose_files_cannot_be_claimed(self):
        file = self.env["ir.attachment"].with_user(self.manager).create({"name": "a", "res_model": "service.ticket"})
        with self.assertRaises(AccessError):
            self.env["service.ticket"].with_user(self.agent).create({"name": "x", "attachment_ids": file.ids})
