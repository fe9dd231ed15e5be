from contextlib import closing
from unittest.mock import patch

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.service_stage import DONE_CATEGORIES
from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketSpeed(ServiceDeskCase):
    """The same number of queries for 1 and for 100 records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.acknowledgement_template_id = False
        cls.customers = cls.env["res.partner"].create([{"name": f"Customer {n}"} for n in range(100)])
        cls.tickets = cls.env["service.ticket"].create(
            [{"name": f"Ticket {n}", "partner_id": customer.id} for n, customer in enumerate(cls.customers)]
        )

    def queries(self, action):
        """The number of queries of ``action`` on a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def assertSameQueries(self, action, few, many):
        action(few)  # registry caches
        self.assertEqual(self.queries(lambda: action(few)), self.queries(lambda: action(many)))

    def test_the_agents_list(self):
        tickets = self.tickets.with_user(self.agent)
        specification = {
            name: {"fields": {"display_name": {}}} if tickets._fields[name].type == "many2one" else {}
            for name in (
                "number",
                "name",
                "conversation_state",
                "partner_id",
                "type",
                "priority",
                "user_id",
                "stage_id",
            )
        }
        self.assertSameQueries(lambda some: some.web_read(specification), tickets[:1], tickets)

    def test_the_kanban(self):
        card = {
            name: {} for name in ("number", "name", "conversation_state", "stage_category", "priority", "activity_ids")
        }
        card |= {name: {"fields": {"display_name": {}}} for name in ("partner_id", "category_id", "user_id")}

        def columns(some):
            self.env["service.ticket"].with_user(self.agent).web_read_group(
                [("id", "in", some.ids)], ["stage_id"], auto_unfold=True, unfold_read_specification=card
            )

        self.assertSameQueries(columns, self.tickets[:1], self.tickets)

    def test_the_badge_and_the_smart_button_of_many_customers(self):
        customers = self.customers.with_user(self.agent)
        self.assertSameQueries(lambda some: some._customer_badges(), customers[:1], customers)
        self.assertSameQueries(lambda some: some.mapped("open_ticket_count"), customers[:1], customers)

    def test_the_counters_of_the_teams(self):
        teams = self.env["service.team"].create([{"name": f"Team {n}"} for n in range(20)])
        self.assertSameQueries(lambda some: some.mapped("open_count"), teams[:1], teams)

    def test_rendering_in_the_history(self):
        self.assertSameQueries(lambda some: some._contact_history_render(), self.tickets[:1], self.tickets)

    def test_numbering_many_tickets(self):
        self.assertSameQueries(self.company._next_ticket_numbers, 1, 100)

    def test_assigning_many_tickets_to_me(self):
        quiet = self.tickets.with_user(self.agent).with_context(
            tracking_disable=True, mail_auto_subscribe_no_notify=True
        )
        few, many = self.queries(quiet[:1].action_assign_to_me), self.queries(quiet[1:].action_assign_to_me)
        self.assertLessEqual(many - few, 5)

    def test_creating_tickets_with_their_numbers_stages_teams_and_followers(self):
        quiet = self.env["service.ticket"].with_context(tracking_disable=True, mail_create_nosubscribe=True)

        def create(number):
            quiet.create([{"name": f"New {n}", "partner_id": self.customers[n].id} for n in range(number)])

        self.assertSameQueries(create, 1, 100)


@tagged("post_install", "-at_install")
class TestTicketSearchPlans(ServiceDeskCase):
    """What the ORM really asks is served by the index that was made for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.acknowledgement_template_id = False
        done = cls.stage("closed").id
        quiet = cls.env["service.ticket"].with_context(tracking_disable=True, mail_create_nosubscribe=True)
        customers = cls.siti | cls.env["res.partner"].create([{"name": f"Customer {n}"} for n in range(19)])
        quiet.create(
            [
                {"name": f"Old {n}", "partner_id": customers[n % 20].id, "user_id": cls.agent.id, "stage_id": done}
                for n in range(400)
            ]
        )
        cls.new_ticket(user_id=cls.agent.id)
        cls.env.flush_all()
        cls.env.cr.execute("ANALYZE service_ticket")

    def plan(self, others, query):
        """The plan with the other indexes out of the way: the few rows of a test would be found by any of them."""
        with closing(self.cr.savepoint()):
            for other in others:
                self.cr.execute(SQL("DROP INDEX %s", SQL.identifier(other)))
            self.cr.execute("SET LOCAL enable_seqscan = off")
            return str(self.env.execute_query(SQL("EXPLAIN %s", query)))

    def test_each_list_of_open_tickets_has_its_index(self):
        still_open = Domain("stage_category", "not in", DONE_CATEGORIES)
        to_answer = still_open & Domain("unanswered", "=", True)
        lists = {
            "service_ticket_user_open_idx": still_open & Domain("user_id", "=", self.agent.id),
            "service_ticket_unanswered_idx": to_answer & Domain("team_id", "in", self.team.ids),
            "service_ticket_open_account_idx": still_open & Domain("commercial_partner_id", "=", self.siti.id),
            "service_ticket_open_complaint_idx": still_open
            & Domain("commercial_partner_id", "in", self.siti.ids)
            & Domain("type", "=", "complaint"),
            "service_ticket_silent_idx": self.team._silent() & Domain("close_warned_at", "=", False),
        }
        for index, domain in lists.items():
            with self.subTest(index):
                query = self.env["service.ticket"]._search(domain, order="id").select()
                plan = self.plan(lists.keys() - {index}, query)
                self.assertIn(f"using {index}", plan)
                self.assertIn("Index Cond", plan)

    def test_the_list_and_the_kanban_of_all_open_tickets_read_none_that_is_done(self):
        tickets = self.env["service.ticket"].with_user(self.agent)
        still_open = [("stage_category", "not in", DONE_CATEGORIES)]
        most_urgent = "unanswered desc, priority desc, id desc"
        for screen in (
            lambda: tickets.web_search_read(still_open, {"name": {}}, limit=80, order=most_urgent),
            lambda: tickets.web_read_group(
                still_open, ["stage_id"], ["__count"], auto_unfold=True, unfold_read_specification={"name": {}}
            ),
        ):
            asked = [query for query in self.asked(screen) if "stage_category" in query.code.partition("WHERE")[2]]
            self.assertTrue(asked)
            for query in asked:
                self.assertRegex(self.plan([], query), r"service_ticket_(user_open|unanswered|open_account)_idx")

    def asked(self, action):
        """The queries of ``action`` that look for tickets."""
        seen, execute = [], type(self.env.cr).execute

        def spy(cursor, query, *args, **kwargs):
            if isinstance(query, SQL) and 'FROM "service_ticket"' in query.code:
                seen.append(query)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", spy):
            action()
        return seen
