import random
from datetime import timedelta

import psycopg2
from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_sla import SlaCase


@tagged("post_install", "-at_install")
class TestSlaEvents(SlaCase):
    def refused(self, query, *params):
        with self.assertRaises(psycopg2.errors.RestrictViolation), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.env.cr.execute(query, params)

    def test_the_database_refuses_to_change_or_delete_what_happened(self):
        event = self.ticket_at(9).clock_ids.event_ids[0]
        self.refused("UPDATE service_sla_event SET hours = 99 WHERE id = %s", event.id)
        self.refused("DELETE FROM service_sla_event WHERE id = %s", event.id)
        self.refused("DELETE FROM service_sla_clock WHERE id = %s", event.clock_id.id)
        self.refused("TRUNCATE service_sla_event")
        self.refused("TRUNCATE service_sla_clock CASCADE")

    def test_nobody_writes_clocks_or_events_by_hand(self):
        clock = self.ticket_at(9).clock_ids[0]
        for attack in (
            lambda: clock.write({"state": "kept"}),
            lambda: clock.unlink(),
            lambda: clock.event_ids.write({"hours": 99}),
            lambda: clock.event_ids.unlink(),
        ):
            with self.assertRaises(UserError):
                attack()

    def test_a_manager_deletes_a_ticket_with_its_clocks_and_the_trace_stays(self):
        ticket = self.ticket_at(9)
        number, events = ticket.number, ticket.clock_ids.event_ids.ids
        ticket.with_user(self.manager).with_context(ticket_deletion_reason="Filed twice").unlink()
        self.assertFalse(self.env["service.sla.event"].search([("id", "in", events)]))
        self.assertTrue(self.env["service.ticket.deletion"].search([("number", "=", number)]))

    def test_no_key_that_a_caller_sends_deletes_a_ticket_without_a_trace(self):
        ticket = self.ticket_at(9)
        with self.assertRaisesRegex(UserError, "reason"):
            ticket.with_user(self.manager).with_context(_force_unlink=True).unlink()
        self.assertTrue(ticket.exists())

    def test_anonymising_the_customer_leaves_the_clocks_alone(self):
        ticket = self.ticket_at(9)
        before = ticket.clock_ids.event_ids.read()
        ticket._anonymise()
        self.assertEqual(ticket.clock_ids.event_ids.read(), before)

    def test_random_days_of_a_desk_replay_exactly(self):
        """Whatever happens, in whatever order: the stored clocks are what their events say."""
        dice = random.Random(3)
        self.new_policy({"sequence": 1, "severity": "critical"}, first_answer=1, next_answer=1, resolve=3)
        self.policy.write({"target_ids": [(0, 0, {"metric": "next_answer", "hours": 2, "pause_third_party": True})]})
        other = self.team.create({"name": "Night", "calendar_id": self.office("Night", "Asia/Jakarta", ((0, 24),)).id})
        categories = ["new", "in_progress", "waiting_customer", "waiting_third_party", "resolved", "closed"]
        moment = self.moment(9)
        breached = {}
        with self.at(9) as frozen:
            tickets = self.env["service.ticket"].create(
                [{"name": f"Random {number}", "partner_id": self.siti.id} for number in range(8)]
            )
            for _each in range(120):
                moment += timedelta(minutes=dice.choice([0, 1, 30, 200, 900]))
                frozen.move_to(moment)
                ticket = dice.choice(tickets)
                deed = dice.randrange(6)
                if deed < 2:
                    ticket.stage_id = self.stage(dice.choice(categories))
                elif deed == 2:
                    self.say(ticket, dice.choice([self.agent, self.siti_user]))
                elif deed == 3:
                    ticket.severity = dice.choice(["low", "critical"])
                elif deed == 4:
                    ticket.team_id = dice.choice([self.team, other])
                else:
                    ticket.date_received = moment - timedelta(hours=dice.randrange(30))
                self.assertReplays(ticket)
                for clock, since in breached.items():
                    self.assertEqual((clock.state, clock.breached_on), ("breached", since))
                breached.update({c: c.breached_on for c in ticket.clock_ids if c.breached_on})
        self.assertGreater(len(breached), 5)
        self.assertLessEqual(max(tickets.clock_ids.mapped("started")), fields.Datetime.to_datetime(moment))
