from odoo.tests import tagged

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
