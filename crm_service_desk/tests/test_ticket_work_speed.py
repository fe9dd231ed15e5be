from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..models.service_ticket_silence import SILENCE_BATCH
from .common import ServiceDeskCase

MANY = 100


@tagged("post_install", "-at_install")
class TestTicketWorkSpeed(ServiceDeskCase):
    """The same number of queries for 1 and for 100 tickets, for everything that an agent does with tickets.

    Tracking is off: core writes a message per ticket moved, each with queries of its own.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "mail_auto_subscribe_no_notify": True})
        cls.team = cls.team.with_env(cls.env)
        cls.team.write({"acknowledgement_template_id": False, "member_ids": [(4, cls.agent.id), (4, cls.manager.id)]})

    def many(self, count, **values):
        return self.env["service.ticket"].create(
            [{"name": f"Ticket {n}", "partner_id": self.siti.id, **values} for n in range(count)]
        )

    def queries(self, action, tickets):
        """The queries of ``action`` on a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action(tickets)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def assertSameQueries(self, action, **values):
        # the first time fills caches of the registry
        once, one, hundred = (self.queries(action, self.many(count, **values)) for count in (1, 1, MANY))
        self.assertEqual(one, hundred, f"1 ticket: {one}, {MANY} tickets: {hundred} queries (first time {once})")

    def test_moving_fifty_tickets_with_their_clocks_stays_within_fifteen_queries(self):
        stage = self.stage("waiting_customer")
        found = [self.queries(lambda tickets: tickets.write({"stage_id": stage.id}), self.many(50)) for _each in "ab"]
        self.assertLessEqual(found[-1], 15)

    def test_waiting_for_the_customer(self):
        self.assertSameQueries(lambda tickets: tickets.action_wait_customer())

    def test_resolving(self):
        self.assertSameQueries(lambda tickets: tickets.action_resolve())

    def test_closing_parts_and_telling_their_whole(self):
        whole = self.many(1)
        self.assertSameQueries(lambda tickets: tickets._move_to("closed"), parent_id=whole.id)

    def test_reopening(self):
        done = self.stage("closed").id
        self.assertSameQueries(lambda tickets: tickets._move_to("in_progress"), stage_id=done)

    def test_waiting_for_a_third_party_with_its_note(self):
        self.assertSameQueries(lambda tickets: tickets._wait_for_third_party(whom="The roastery"))

    def test_waiting_for_a_third_party_with_a_reminder(self):
        until = fields.Date.today() + timedelta(days=7)
        self.assertSameQueries(lambda tickets: tickets._wait_for_third_party(until=until, whom="The roastery"))

    def test_the_end_of_a_wait_with_a_reminder(self):
        def waiting(count):
            tickets = self.many(count, user_id=self.agent.id)
            tickets._wait_for_third_party(until=fields.Date.today() + timedelta(days=7))
            return tickets

        first, one, many = (self.queries(lambda t: t._move_to("in_progress"), waiting(n)) for n in (1, 1, MANY))
        self.assertEqual(one, many, first)

    def test_splitting_one_and_many_messages_off(self):
        def split(count):
            ticket = self.many(1)
            for n in range(count):
                message = ticket._message_log(body=f"Said {n}", message_type="comment")
                message.write({"subtype_id": self.env.ref("mail.mt_comment").id, "is_internal": False})
                self.env["ir.attachment"].create(
                    {"name": "x.txt", "raw": b"x", "res_model": ticket._name, "res_id": ticket.id}
                )
            spoken = ticket.message_ids.filtered(lambda one: one.subtype_id == self.env.ref("mail.mt_comment"))
            return self.queries(lambda one: one._split(spoken, "Another matter"), ticket)

        one = max(split(1), split(1))  # a pending write of the ticket goes by itself in one of them, by chance
        self.assertLessEqual(split(MANY), one)

    def test_changing_many(self):
        def change(tickets):
            values = {"ticket_ids": tickets.ids, "user_id": self.agent.id, "priority": "2", "move_to": "resolved"}
            self.env["service.ticket.bulk"].create(values).action_apply()

        self.assertSameQueries(change)

    def test_creating_tickets_that_are_handed_out(self):
        self.team.assignment = "turn"
        with_all = self.env["service.ticket"].with_context(mail_create_nosubscribe=True)

        def create(count):
            with_all.create([{"name": f"New {n}", "partner_id": self.siti.id} for n in range(count)])

        first, few, many = (self.queries(create, count) for count in (2, 2, MANY))
        self.assertEqual(few, many, first)

    def test_handing_out_what_nobody_has(self):
        tickets = self.many(2 * MANY)
        self.team.assignment = "turn"
        first, few, many = (
            self.queries(lambda some: some._hand_out(), some)
            for some in (tickets[:2], tickets[2:4], tickets[4 : 4 + MANY])
        )
        self.assertEqual(few, many, first)

    def test_merging(self):
        first, few, many = (
            self.queries(lambda tickets: tickets[0]._merge(tickets[1:]), self.with_a_life(count))
            for count in (3, 3, MANY)
        )
        self.assertEqual(few, many, first)

    def with_a_life(self, count):
        """Tickets with a message, a file, an activity, a follower, a rating and a part each."""
        tickets = self.many(count)
        ids = [{"res_model": "service.ticket", "res_id": ticket.id} for ticket in tickets]
        tickets._message_log_batch(bodies={ticket.id: "Said" for ticket in tickets})
        self.env["ir.attachment"].create([{"name": "x.txt", "raw": b"x", **one} for one in ids])
        tickets.activity_schedule("mail.mail_activity_data_call", user_id=self.agent.id)
        self.env["mail.followers"].create([{"partner_id": self.leader.partner_id.id, **one} for one in ids])
        model_id = self.env["ir.model"]._get_id("service.ticket")
        self.env["rating.rating"].create(
            [{"res_model_id": model_id, "res_id": ticket.id, "rating": 5, "consumed": True} for ticket in tickets]
        )
        self.env["service.ticket"].create([{"name": "Part", "parent_id": ticket.id} for ticket in tickets])
        return tickets

    def test_the_job_that_warns_and_closes(self):
        self.team.write({"close_after_days": 10, "close_warning_days": 3})
        waiting = self.stage("waiting_customer").id
        since = fields.Datetime.now() - timedelta(days=99)

        def close(tickets):
            self.env["service.ticket"]._close_silent(tickets)

        values = {"stage_id": waiting, "unanswered": False, "waiting_since": since, "close_warned_at": since}
        self.assertSameQueries(close, **values)

    def test_the_job_that_warns(self):
        self.team.write({"close_after_days": 10, "close_warning_days": 3})
        values = {"stage_id": self.stage("waiting_customer").id, "unanswered": False}
        first, one, many = (
            self.queries(self.env["service.ticket"]._warn_silent, self.many(count, **values))
            for count in (1, 1, SILENCE_BATCH)  # the job commits after each batch
        )
        self.assertEqual(one, many, first)

    def test_the_counts_of_parts(self):
        self.assertSameQueries(lambda tickets: tickets.mapped("open_child_count"))

    def test_what_is_alike_and_what_comes_next_cost_the_same_among_many(self):
        ticket = self.new_ticket(name="Ticket 5")
        self.many(3, stage_id=self.stage("closed").id)
        for action in (lambda one: one.similar_tickets(), lambda one: one.action_next()):
            self.queries(action, ticket)
            few = self.queries(action, ticket)
            self.many(MANY, stage_id=self.stage("closed").id)
            self.assertEqual(self.queries(action, ticket), few)

    def test_reading_the_form_as_an_agent_with_a_private_team_about(self):
        self.env["service.team"].create({"name": "Private", "private": True})
        names = ("name", "stage_id", "child_ids", "follow_up_ids", "merged_ids", "wait_until", "reopen_count")
        agent = new_test_user(self.env, "tono", groups="crm_service_desk.group_service_user")
        self.assertSameQueries(
            lambda tickets: tickets.with_user(agent).web_read({name: {} for name in names}), user_id=agent.id
        )
