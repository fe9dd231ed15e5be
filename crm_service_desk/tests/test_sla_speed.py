from odoo.tests import tagged

from .common_sla import SlaCase


@tagged("post_install", "-at_install")
class TestSlaSpeed(SlaCase):
    """Fifty tickets with two clocks each, all that follows included: clocks, tracking, messages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.member_ids = cls.agent
        cls.customers = cls.env["res.partner"].create([{"name": f"Customer {n}"} for n in range(100)])

    def new_tickets(self, number, **context):
        return (
            self.env["service.ticket"]
            .with_context(**context)
            .create([{"name": f"Ticket {n}", "partner_id": self.customers[n].id} for n in range(number)])
        )

    def queries(self, work):
        """The queries of ``work`` with what a commit brings about, on a cold cache."""
        self.env.cr.flush()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def test_moving_fifty_tickets_costs_at_most_15_queries_in_all(self):
        self.assertMovesAreCheap()

    def test_moving_fifty_of_a_team_that_is_open_to_all_agents_costs_no_more(self):
        self.team.member_ids = False
        self.assertMovesAreCheap()

    def assertMovesAreCheap(self):
        tickets = self.new_tickets(50).with_user(self.agent)
        self.assertEqual(len(tickets.clock_ids), 100)
        for category in ("in_progress", "waiting_customer"):  # what is read once per process
            self.queries(lambda category=category: tickets.write({"stage_id": self.stage(category).id}))
        moves = ("in_progress", "waiting_customer", "waiting_third_party", "resolved", "closed", "in_progress")
        for stage in [self.stage(category) for category in moves]:
            messages = len(tickets.message_ids)
            cost = self.queries(lambda stage=stage: tickets.write({"stage_id": stage.id}))
            self.assertLessEqual(cost, 15, stage.name)
            self.assertEqual(len(tickets.message_ids), messages + 50)
        self.assertReplays(tickets)

    def test_the_log_of_a_move_says_from_where_to_where(self):
        ticket = self.new_tickets(2)[0]
        self.env.cr.flush()
        ticket.stage_id = self.stage("in_progress")
        self.env.cr.flush()
        tracked = ticket.message_ids.tracking_value_ids.filtered(lambda value: value.field_id.name == "stage_id")
        self.assertEqual((tracked.old_value_char, tracked.new_value_char), ("New", "In Progress"))
        message = tracked.mail_message_id
        self.assertEqual(
            (message.res_id, message.author_id, message.is_internal), (ticket.id, self.env.user.partner_id, True)
        )

    def test_nobody_can_suppress_the_log_of_a_change_from_outside(self):
        ticket = self.new_tickets(1)
        self.env.cr.flush()
        before = ticket.message_ids
        ticket.with_context(ticket_logs=[]).write({"stage_id": self.stage("in_progress").id})
        self.env.cr.flush()
        self.assertEqual(len(ticket.message_ids - before), 1)

    def test_creating_many_costs_as_many_queries_as_one(self):
        quiet = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_create_nolog": True}
        self.new_tickets(2, **quiet)
        few, many = (self.queries(lambda n=n: self.new_tickets(n, **quiet)) for n in (1, 100))
        self.assertLessEqual(many, few + 1, f"{few} queries for 1, {many} for 100")

    def test_reclassifying_many(self):
        self.new_policy({"sequence": 1, "severity": "critical"}, first_answer=1, resolve=2)
        tickets = self.new_tickets(100)
        tickets[:2].write({"severity": "critical"})
        few, many = (self.queries(lambda t=t: t.write({"severity": "critical"})) for t in (tickets[2:3], tickets[3:]))
        self.assertLessEqual(many, few + 1, f"{few} queries for 1, {many} for 97")

    def test_arranging_a_category_with_many_tickets(self):
        above, few_of, many_of = self.env["service.category"].create([{"name": name} for name in "abc"])
        self.new_policy({"sequence": 1, "category_ids": above.ids}, first_answer=1, resolve=2)
        tickets = self.new_tickets(100)
        tickets[:1].category_id = few_of
        tickets[1:].category_id = many_of
        few, many = (self.queries(lambda c=c: c.write({"parent_id": above.id})) for c in (few_of, many_of))
        self.assertLessEqual(many, few + 1, f"{few} queries for 1, {many} for 100")
        self.assertEqual(set(tickets.clock_ids.mapped("hours")), {1, 2})

    def test_a_list_of_80_with_its_countdowns(self):
        tickets = self.new_tickets(80).with_user(self.agent)
        shown = {"number": {}, "name": {}, "sla_deadline": {}, "sla_state": {}, "sla_countdown": {}}
        tickets[:1].web_read(shown)
        few, many = (self.queries(lambda t=t: t.web_read(shown)) for t in (tickets[:1], tickets))
        self.assertEqual(few, many)

    # ------------------------------------------------------------ indexes

    def plan(self, query, *params):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(f"EXPLAIN {query}", params)
        return "\n".join(line for (line,) in self.env.cr.fetchall())

    def assertIndexed(self, index, query, *params):
        self.assertIn(index, self.plan(query, *params))

    def test_the_searches_have_their_indexes(self):
        self.assertIndexed(
            "service_sla_clock_next_check_idx",
            "SELECT id FROM service_sla_clock WHERE next_check < now() ORDER BY next_check, id LIMIT 100",
        )
        self.assertIndexed(
            "service_sla_clock_open_calendar_idx",
            "SELECT id FROM service_sla_clock WHERE calendar_id = 1 AND stopped IS NULL",
        )
        self.assertIndexed(
            "service_sla_clock_company_started_idx",
            "SELECT count(*) FROM service_sla_clock WHERE company_id = 1 AND started > now() - interval '1 month'",
        )
        self.assertIndexed("service_sla_clock", "SELECT id FROM service_sla_clock WHERE ticket_id = ANY('{1,2}')")
        self.assertIndexed(
            "service_sla_event__clock_id_index", "SELECT id FROM service_sla_event WHERE clock_id = ANY('{1,2}')"
        )

    def test_at_risk_goes_by_the_index_of_open_deadlines(self):
        tickets = self.env["service.ticket"]
        at_risk = [("sla_deadline", "!=", False), ("sla_state", "in", ("at_risk", "breached"))]
        query = tickets._search(at_risk, order="sla_deadline, id", limit=80).select()
        self.assertIndexed("service_ticket_sla_deadline_idx", query.code, *query.params)
