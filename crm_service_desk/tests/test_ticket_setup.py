import re

from lxml import etree
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketSetup(ServiceDeskCase):
    def test_a_ticket_goes_to_the_first_team_of_its_company(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        theirs = self.env["service.team"].create({"name": "Dago", "company_id": other.id, "sequence": 1})
        self.assertEqual(self.new_ticket().team_id, self.team)
        self.assertEqual(
            self.new_ticket(partner=self.env["res.partner"].create({"name": "Ani"}), company_id=other.id).team_id,
            theirs,
        )

    def test_a_ticket_of_a_team_is_of_the_teams_company(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        theirs = self.env["service.team"].create({"name": "Dago", "company_id": other.id})
        self.assertEqual(self.env["service.ticket"].create({"name": "x", "team_id": theirs.id}).company_id, other)

    def test_another_team_has_its_own_first_stage(self):
        own = self.env["service.team"].create({"name": "Roastery"})
        received = self.env["service.stage"].create(
            {"name": "Received", "category": "new", "team_ids": own.ids, "sequence": 1}
        )
        self.assertEqual(self.new_ticket(team_id=own.id).stage_id, received)
        self.assertEqual(self.new_ticket().stage_id, self.env.ref("crm_service_desk.stage_new"))

    def test_the_kanban_of_a_team_shows_its_stages_only(self):
        own = self.env["service.team"].create({"name": "Roastery"})
        received = self.env["service.stage"].create({"name": "Received", "category": "new", "team_ids": own.ids})
        tickets, none = self.env["service.ticket"], self.env["service.stage"]
        self.assertIn(received, tickets.with_context(default_team_id=own.id)._read_group_stage_id(none, []))
        self.assertNotIn(received, tickets.with_context(default_team_id=self.team.id)._read_group_stage_id(none, []))

    def test_a_category_knows_its_full_name(self):
        product = self.env["service.category"].create({"name": "Product"})
        coffee = self.env["service.category"].create({"name": "Coffee", "parent_id": product.id})
        self.assertEqual(coffee.display_name, "Product / Coffee")

    def test_a_category_cannot_be_part_of_itself(self):
        product = self.env["service.category"].create({"name": "Product"})
        coffee = self.env["service.category"].create({"name": "Coffee", "parent_id": product.id})
        with self.assertRaises(UserError):
            product.parent_id = coffee

    def test_an_order_of_another_company_cannot_be_the_order_concerned(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        order = self.env["sale.order"].sudo().create({"partner_id": self.siti.id, "company_id": other.id})
        with self.assertRaises(UserError):
            self.new_ticket(sale_order_id=order.id)

    def test_a_filter_chosen_beside_the_default_one_narrows_the_list(self):
        """The client joins the filters of a group by "or": "Open" or "At Risk" would be all that are open."""
        opposites = {
            "open": {"done"},
            "mine": {"unassigned"},
            "current": {"archived"},
            "over": {"open"},
            "ended": {"lasting"},
        }
        actions = self.env["ir.actions.act_window"].search(
            [("res_model", "=like", "service.%"), ("context", "like", "search_default_")]
        )
        self.assertGreater(len(actions), 5)
        for action in actions:
            arch = self.env[action.res_model].get_views([(action.search_view_id.id, "search")])["views"]["search"][
                "arch"
            ]
            for default in re.findall(r"search_default_(\w+)", action.context):
                [beside] = [group - {default} for group in self.filter_groups(arch) if default in group]
                self.assertLessEqual(beside, opposites.get(default, set()), f"{action.name}: {default}")

    def filter_groups(self, arch):
        """The names of the filters of a search view, as the client joins them: whatever else stands between separates."""
        groups = [set()]
        for node in etree.fromstring(arch):
            if node.tag == "filter":
                groups[-1].add(node.get("name"))
            else:
                groups.append(set())
        return groups

    def test_an_agent_writes_down_a_call_in_the_form(self):
        with Form(self.env["service.ticket"].with_user(self.agent)) as form:
            form.name = "Cold coffee"
            form.partner_id = self.siti
        self.assertEqual((form.record.channel, form.record.team_id), ("phone", self.team))

    def test_the_counters_of_a_team_count_open_tickets(self):
        team = self.env["service.team"].create({"name": "Roastery"})
        self.new_ticket(team_id=team.id)
        self.new_ticket(team_id=team.id, user_id=self.agent.id, unanswered=False)
        self.new_ticket(team_id=team.id, stage_id=self.stage("closed").id)
        self.assertEqual((team.open_count, team.unanswered_count, team.unassigned_count), (2, 1, 1))

    def test_a_rating_of_the_customer_is_kept_on_the_ticket(self):
        ticket = self.new_ticket(user_id=self.agent.id)
        token = ticket._rating_get_access_token()
        ticket.rating_apply(5, token=token, feedback="Quick and friendly")
        self.assertEqual((ticket.rating_last_value, ticket.rating_count), (5, 1))
        self.assertEqual(ticket.rating_ids.rated_partner_id, self.agent.partner_id)

    def test_the_time_in_each_stage_is_known(self):
        ticket = self.new_ticket()
        self.assertIn(str(ticket.stage_id.id), ticket.duration_tracking)

    def test_a_stage_in_use_keeps_its_meaning(self):
        ticket = self.new_ticket(stage_id=self.stage("in_progress").id)
        with self.assertRaisesRegex(UserError, "1 tickets are in the stage “In Progress”.*archive this one"):
            ticket.stage_id.category = "resolved"
        ticket.stage_id.write({"category": "in_progress", "name": "At work"})
        self.assertFalse(ticket.date_closed)

    def test_a_stage_that_no_ticket_is_in_may_get_another_meaning(self):
        stage = self.env["service.stage"].create({"name": "At the roastery", "category": "in_progress"})
        stage.category = "waiting_third_party"
        self.assertEqual(self.new_ticket(stage_id=stage.id).stage_category, "waiting_third_party")
