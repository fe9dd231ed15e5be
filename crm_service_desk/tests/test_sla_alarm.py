from odoo.tests import new_test_user, tagged

from .common_sla import SlaCase


@tagged("post_install", "-at_install")
class TestSlaAlarm(SlaCase):
    """The job that warns before a deadline and tells of a breach. An answer is promised within four hours; the warning comes
    when a quarter of them is left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.user_id = cls.leader
        cls.policy.target_ids.filtered(lambda target: target.metric == "resolve").unlink()
        cls.target = cls.policy.target_ids

    def run_job(self, hour, day=0):
        with self.at(hour, day), self.enter_registry_test_mode():
            self.env.ref("crm_service_desk.ir_cron_sla_check").method_direct_trigger()
        self.env.invalidate_all()

    def tasks(self, ticket):
        return [(task.user_id, task.summary.split(":")[0]) for task in ticket.activity_ids.sorted("id")]

    def test_nothing_happens_before_the_warning_is_due(self):
        ticket = self.ticket_at(9)
        self.run_job(11.9)
        self.assertEqual((ticket.sla_state, self.tasks(ticket)), ("running", []))

    def test_the_person_in_charge_is_warned_once(self):
        ticket = self.ticket_at(9, user_id=self.agent.id)
        for hour in (13.1, 13.2, 13.9):
            self.run_job(hour)
        self.assertEqual(self.tasks(ticket), [(self.agent, "Soon over")])
        self.assertEqual((ticket.sla_state, ticket.clock_ids.warned_on), ("at_risk", self.moment(13.1)))

    def test_the_leader_is_warned_of_a_ticket_that_nobody_has(self):
        ticket = self.ticket_at(9)
        self.run_job(13.1)
        self.assertEqual(self.tasks(ticket), [(self.leader, "Soon over")])

    def test_the_leader_is_told_of_the_breach_once(self):
        ticket = self.ticket_at(9, user_id=self.agent.id)
        for hour in (14.1, 14.2, 16):
            self.run_job(hour)
        self.assertEqual(self.tasks(ticket), [(self.leader, "Deadline missed")])
        self.assertEqual((ticket.sla_state, ticket.clock_ids.breached_on), ("breached", self.moment(14)))
        self.assertFalse(ticket.clock_ids.next_check)
        self.assertReplays(ticket)

    def test_by_mail_to_those_whom_the_target_names(self):
        self.target.write(
            {
                "escalate_leader": False,
                "escalation_user_ids": self.agent.ids,
                "escalate_mail": True,
                "escalate_activity": False,
            }
        )
        ticket = self.ticket_at(9, user_id=self.agent.id)
        self.run_job(14.1)
        self.run_job(14.2)
        told = self.env["mail.message"].search([("message_type", "=", "user_notification"), ("res_id", "=", ticket.id)])
        told = told.filtered(lambda message: "Deadline missed" in (message.subject or ""))
        self.assertEqual(told.mapped("partner_ids"), self.agent.partner_id)
        self.assertEqual(len(told), 1)
        self.assertFalse(ticket.activity_ids)

    def test_the_priority_is_raised_by_one_step_and_once(self):
        self.target.write({"escalate_priority": True, "escalate_leader": False})
        tickets = self.ticket_at(9) | self.ticket_at(9, priority="3")
        self.run_job(14.1)
        self.run_job(14.2)
        self.assertEqual(tickets.mapped("priority"), ["1", "3"])

    def test_nobody_hears_of_a_ticket_that_is_not_for_him(self):
        stranger = new_test_user(self.env, "tono", groups="base.group_user", name="Tono")
        self.target.escalation_user_ids = stranger
        ticket = self.ticket_at(9)
        self.run_job(14.1)
        self.assertEqual(self.tasks(ticket), [(self.leader, "Deadline missed")])

    def test_an_answer_in_time_is_no_reason_to_tell_anybody(self):
        ticket = self.ticket_at(9)
        with self.at(10):
            self.say(ticket, self.agent)
        self.run_job(16)
        self.assertEqual((ticket.sla_state, self.tasks(ticket)), ("kept", []))

    def test_a_paused_clock_is_not_looked_at(self):
        ticket = self.ticket_at(9)
        self.move(ticket, "waiting_customer", 10)
        self.run_job(17, day=3)
        self.assertEqual((ticket.sla_state, self.tasks(ticket), ticket.clock_ids.next_check), ("paused", [], False))

    def test_a_breach_that_an_agent_met_first_is_told_too(self):
        ticket = self.ticket_at(9)
        self.move(ticket, "waiting_customer", 15)
        self.assertEqual(ticket.clock_ids.state, "breached")
        self.run_job(15.1)
        self.assertEqual(self.tasks(ticket), [(self.leader, "Deadline missed")])

    def test_without_warning_and_escalation_the_breach_is_still_written_down(self):
        self.target.write({"warning": "none", "escalate_leader": False})
        ticket = self.ticket_at(9)
        self.run_job(14.1)
        self.assertEqual((ticket.sla_state, self.tasks(ticket)), ("breached", []))

    def test_a_target_that_was_deleted_breaks_no_job(self):
        ticket = self.ticket_at(9)
        self.target.unlink()
        self.run_job(14.1)
        self.assertEqual((ticket.clock_ids.state, ticket.clock_ids.hours), ("breached", 4))

    def test_a_warning_that_a_new_plan_moves_is_not_given_twice_but_the_mark_moves(self):
        self.new_policy({"sequence": 1, "severity": "low"}, first_answer=8)
        self.policy.sequence = 0
        self.policy.severity = "medium"
        ticket = self.ticket_at(9, user_id=self.agent.id)
        self.run_job(13.1)
        with self.at(13.2):
            ticket.severity = "low"
        self.assertEqual(ticket.sla_state, "running")
        self.run_job(8.5, day=1)
        self.assertEqual((ticket.sla_state, len(ticket.activity_ids)), ("at_risk", 1))

    def test_many_are_worked_off_in_batches(self):
        with self.at(9):
            tickets = self.env["service.ticket"].create([{"name": f"Ticket {number}"} for number in range(130)])
        self.run_job(14.1)
        self.assertEqual(set(tickets.mapped("sla_state")), {"breached"})
        self.assertEqual(len(tickets.activity_ids), 130)

    def test_the_cost_is_that_of_what_is_due_not_of_one_query_each(self):
        def batch(count):
            with self.at(9):
                self.env["service.ticket"].create([{"name": f"Ticket {number}"} for number in range(count)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self.at(14.1):
                self.env["service.sla.clock"]._check_batch()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        batch(1)
        few, many = batch(1), batch(60)
        self.assertLessEqual(many, few + 3, f"{few} queries for 1 clock, {many} for 60")

    # ------------------------------------------------------------ working hours that change

    def plan_changed(self, hour, day=0):
        with self.at(hour, day), self.enter_registry_test_mode():
            self.env.ref("crm_service_desk.ir_cron_sla_changed_hours").method_direct_trigger()
        self.env.invalidate_all()

    def test_a_new_holiday_moves_the_deadlines_of_open_clocks(self):
        ticket, done = self.ticket_at(15), self.ticket_at(15)
        self.move(done, "resolved", 16)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": self.moment(0, 1),
                "date_to": self.moment(23, 1),
            }
        )
        before = done.clock_ids.read()
        self.plan_changed(16)
        self.assertEqual(ticket.sla_deadline, self.moment(10, 2))
        self.assertEqual(self.kinds(ticket.clock_ids), ["start", "replan"])
        self.assertReplays(ticket)
        self.assertEqual(done.clock_ids.read(), before)

    def test_planning_anew_twice_changes_nothing(self):
        ticket = self.ticket_at(15)
        self.calendar.attendance_ids.filtered(lambda a: a.dayofweek == "1").unlink()
        self.plan_changed(16)
        self.plan_changed(16)
        self.assertEqual(self.kinds(ticket.clock_ids), ["start", "replan"])
        self.assertEqual(self.calendar.hours_version, self.calendar.hours_planned)
