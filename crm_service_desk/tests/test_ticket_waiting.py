from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketWaiting(ServiceDeskCase):
    def wait(self, tickets, **values):
        wizard = self.env["service.ticket.wait"].with_user(self.agent).create({"ticket_ids": tickets.ids, **values})
        wizard.action_wait()

    def test_waiting_for_a_third_party_until_a_day_plans_a_reminder_for_who_has_the_ticket(self):
        ticket = self.new_ticket(user_id=self.agent.id)
        self.wait(ticket, whom="The roastery", until="2026-12-01")
        self.assertEqual((ticket.stage_category, str(ticket.wait_until)), ("waiting_third_party", "2026-12-01"))
        reminder = ticket.activity_ids
        self.assertEqual((reminder.user_id, str(reminder.date_deadline)), (self.agent, "2026-12-01"))
        self.assertIn("The roastery", ticket.message_ids[0].body)

    def test_when_the_wait_is_over_the_reminder_goes(self):
        ticket = self.new_ticket(user_id=self.agent.id)
        self.wait(ticket, until="2026-12-01")
        ticket.stage_id = self.stage("in_progress")
        self.assertFalse(ticket.activity_ids or ticket.wait_until)

    def test_another_activity_of_the_ticket_stays(self):
        ticket = self.new_ticket(user_id=self.agent.id)
        call = ticket.activity_schedule("mail.mail_activity_data_call", user_id=self.agent.id)
        self.wait(ticket, until="2026-12-01")
        ticket.stage_id = self.stage("in_progress")
        self.assertEqual(ticket.activity_ids, call)

    def test_a_second_wait_replaces_the_first_reminder(self):
        ticket = self.new_ticket(user_id=self.agent.id)
        self.wait(ticket, until="2026-12-01")
        self.wait(ticket, until="2026-12-24")
        self.assertEqual(ticket.activity_ids.mapped(lambda one: str(one.date_deadline)), ["2026-12-24"])

    def test_a_reply_of_the_customer_does_not_end_the_wait_for_a_third_party(self):
        ticket = self.new_ticket(user_id=self.agent.id)
        self.wait(ticket, until="2026-12-01")
        self.say(ticket, self.siti_user)
        self.assertEqual((ticket.stage_category, ticket.unanswered), ("waiting_third_party", True))

    def test_the_wait_counts_from_our_last_answer(self):
        ticket = self.new_ticket()
        with freeze_time("2026-03-01"):
            ticket.stage_id = self.stage("waiting_customer")
            self.env.flush_all()
        with freeze_time("2026-03-05"):
            self.say(ticket, self.agent)
        self.assertEqual(str(ticket.waiting_since), "2026-03-05 00:00:00")

    def test_who_waits_for_somebody_else_now_has_only_begun_to_wait(self):
        ticket = self.new_ticket()
        with freeze_time("2026-03-01"):
            ticket.stage_id = self.stage("waiting_third_party")
            self.env.flush_all()
        with freeze_time("2026-04-01"):
            ticket.stage_id = self.stage("waiting_customer")
            self.env.flush_all()
        self.assertEqual(str(ticket.waiting_since), "2026-04-01 00:00:00")

    def test_a_team_without_such_a_stage_says_what_to_do(self):
        self.stage("waiting_customer").active = False
        with self.assertRaisesRegex(UserError, "no stage that means"):
            self.new_ticket().with_user(self.agent).action_wait_customer()

    def test_resolving_leaves_what_is_closed_closed(self):
        ticket = self.new_ticket(stage_id=self.stage("closed").id)
        ticket.action_resolve()
        self.assertEqual(ticket.stage_category, "closed")


@tagged("post_install", "-at_install")
class TestTicketSilence(ServiceDeskCase):
    """Close after 10 days, warn 3 days before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write({"close_after_days": 10, "close_warning_days": 3, "acknowledgement_template_id": False})

    def waiting(self, days, **values):
        """A ticket that has been waiting for Siti for so many days."""
        ticket = self.new_ticket(**values)
        ticket.write({"stage_id": self.stage("waiting_customer").id, "unanswered": False})
        ticket.waiting_since = fields.Datetime.now() - timedelta(days=days)
        self.env.flush_all()
        return ticket

    def run_cron(self, day=0):
        """The daily job, so many days from now."""
        with freeze_time(fields.Datetime.now() + timedelta(days=day)), self.enter_registry_test_mode():
            self.env.ref("crm_service_desk.ir_cron_close_silent").method_direct_trigger()
        self.env.invalidate_all()

    def warnings(self, tickets):
        return self.env["mail.mail"].search_count(
            [
                ("model", "=", "service.ticket"),
                ("res_id", "in", tickets.ids),
                ("subject", "like", "do you still need us"),
            ]
        )

    def test_the_customer_is_warned_and_three_days_later_the_ticket_is_closed(self):
        ticket = self.waiting(days=7)
        states = []
        for day in range(5):
            self.run_cron(day)
            states.append((ticket.stage_category, self.warnings(ticket)))
        self.assertEqual(states, [("waiting_customer", 1)] * 3 + [("closed", 1)] * 2)
        self.assertIn("has not answered", " ".join(ticket.message_ids.mapped("body")))

    def test_before_the_time_nothing_happens(self):
        ticket = self.waiting(days=6)
        self.run_cron()
        self.assertFalse(self.warnings(ticket))

    def test_a_late_job_gives_the_customer_his_days_after_the_warning(self):
        ticket = self.waiting(days=400)
        self.run_cron()
        self.run_cron(2)
        self.assertEqual(ticket.stage_category, "waiting_customer")
        self.run_cron(3)
        self.assertEqual(ticket.stage_category, "closed")

    def test_an_answer_after_the_warning_keeps_the_ticket_open_and_a_new_wait_begins_anew(self):
        ticket = self.waiting(days=8)
        self.run_cron()
        self.say(ticket, self.siti_user)
        self.run_cron(5)
        self.assertEqual((ticket.stage_category, ticket.close_warned_at), ("in_progress", False))
        ticket.write({"stage_id": self.stage("waiting_customer").id, "unanswered": False})
        self.run_cron(5)
        self.assertEqual((ticket.stage_category, self.warnings(ticket)), ("waiting_customer", 1))

    def test_a_ticket_that_waits_for_us_is_left_alone(self):
        tickets = self.waiting(days=99) + self.waiting(days=99) + self.waiting(days=99)
        tickets[0].unanswered = True
        tickets[1].stage_id = self.stage("in_progress")
        tickets[2].stage_id = self.stage("waiting_third_party")
        self.run_cron()
        self.run_cron(30)
        self.assertFalse(self.warnings(tickets))
        self.assertNotIn("closed", tickets.mapped("stage_category"))

    def test_who_cannot_be_warned_is_not_closed(self):
        self.budi.email = False
        ticket = self.waiting(days=99, partner=self.budi)
        self.run_cron()
        self.run_cron(30)
        self.assertEqual(ticket.stage_category, "waiting_customer")

    def test_a_team_without_days_closes_nothing(self):
        ticket = self.waiting(days=99)
        self.team.close_after_days = 0
        self.run_cron()
        self.run_cron(30)
        self.assertEqual((ticket.stage_category, self.warnings(ticket)), ("waiting_customer", 0))

    def test_a_whole_with_an_open_part_stays_open_and_holds_up_no_other(self):
        whole, other = self.waiting(days=99), self.waiting(days=99)
        self.new_ticket(parent_id=whole.id)
        self.run_cron()
        self.run_cron(4)
        self.assertEqual((whole.stage_category, other.stage_category), ("waiting_customer", "closed"))

    def test_each_team_has_its_own_days(self):
        patient = self.env["service.team"].create({"name": "Patient", "close_after_days": 60})
        tickets = self.waiting(days=30) + self.waiting(days=30, team_id=patient.id)
        self.run_cron()
        self.assertEqual([self.warnings(ticket) for ticket in tickets], [1, 0])

    def test_a_run_that_is_killed_in_the_middle_has_lost_nothing_and_the_next_one_doubles_nothing(self):
        tickets = self.env["service.ticket"].concat(*(self.waiting(days=8) for _each in range(5)))
        model = type(self.env["service.ticket"])
        warn, calls = model._warn_silent, []

        def warn_then_die(self, batch):
            calls.append(len(batch))
            if len(calls) == 2:
                raise RuntimeError("killed")
            return warn(self, batch)

        self.patch(self.env.registry["service.ticket"], "_warn_silent", warn_then_die)
        silence = self.env.registry["service.ticket"]._cron_close_silent.__globals__
        self.patch_dict(silence, SILENCE_BATCH=2)
        with self.assertLogs("odoo.addons.base.models.ir_cron", "ERROR"):
            self.run_cron()
        self.assertEqual(calls, [2, 2])
        self.assertEqual((self.warnings(tickets), len(tickets.filtered("close_warned_at"))), (2, 2))
        self.run_cron()
        self.assertEqual([self.warnings(ticket) for ticket in tickets], [1] * 5)

    def patch_dict(self, names, **values):
        former = {name: names[name] for name in values}
        names.update(values)
        self.addCleanup(names.update, former)

    def test_wrong_days_are_refused_with_the_reason(self):
        with self.assertRaisesRegex(ValidationError, "nobody would have time to answer"):
            self.team.write({"close_after_days": 3, "close_warning_days": 3})
