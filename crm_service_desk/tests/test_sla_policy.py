import psycopg2
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_sla import SlaCase


@tagged("post_install", "-at_install")
class TestSlaPolicy(SlaCase):
    """Which policy is a ticket's, and what becomes of its clocks when it is reclassified."""

    def policy_of(self, **values):
        return self.ticket_at(9, **values).clock_ids.policy_id

    def special(self, **values):
        """A policy above the general one."""
        return self.new_policy({"sequence": 1, **values}, resolve=2)

    def test_the_first_policy_in_the_list_that_matches_wins(self):
        special = self.special()
        self.assertEqual(self.policy_of(), special)
        special.sequence = 99
        self.assertEqual(self.policy_of(), self.policy)

    def test_by_type(self):
        special = self.special(type="question")
        self.assertEqual((self.policy_of(type="question"), self.policy_of(type="request")), (special, self.policy))

    def test_by_severity_and_above(self):
        special = self.special(severity="high")
        found = [self.policy_of(severity=severity) for severity in ("medium", "high", "critical")]
        self.assertEqual(found, [self.policy, special, special])

    def test_by_priority_and_above(self):
        special = self.special(priority="2")
        self.assertEqual([self.policy_of(priority=p) for p in "0123"], [self.policy, self.policy, special, special])

    def test_by_category_with_its_parts(self):
        product, service = self.env["service.category"].create([{"name": "Product"}, {"name": "Service"}])
        coffee = product.create({"name": "Coffee", "parent_id": product.id})
        special = self.special(category_ids=product.ids)
        self.assertEqual(self.policy_of(category_id=coffee.id), special)
        self.assertEqual(self.policy_of(category_id=product.id), special)
        self.assertEqual(self.policy_of(category_id=service.id), self.policy)
        self.assertEqual(self.policy_of(), self.policy)

    def test_by_team(self):
        team = self.team.create({"name": "Board", "calendar_id": self.calendar.id})
        special = self.special(team_ids=team.ids)
        self.assertEqual((self.policy_of(team_id=team.id), self.policy_of()), (special, self.policy))

    def test_by_a_tag_of_the_customer_or_of_his_account(self):
        tag = self.env["res.partner.category"].create({"name": "Gold"})
        special = self.special(partner_tag_ids=tag.ids)
        self.assertEqual(self.policy_of(), self.policy)
        firm = self.env["res.partner"].create({"name": "PT Tekstil", "is_company": True, "category_id": tag.ids})
        self.siti.parent_id = firm
        self.assertEqual(self.policy_of(), special)

    def test_by_company(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        self.special(company_id=other.id)
        self.assertEqual(self.policy_of(), self.policy)

    def test_a_policy_without_targets_is_an_exception_from_those_below(self):
        self.env["service.sla.policy"].create({"name": "No promise for requests", "sequence": 1, "type": "request"})
        self.assertFalse(self.ticket_at(9, type="request").clock_ids)

    def test_what_a_policy_is_limited_to_cannot_be_deleted_under_it(self):
        tag = self.env["res.partner.category"].create({"name": "Gold"})
        self.special(partner_tag_ids=tag.ids)
        with self.assertRaises(psycopg2.IntegrityError), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            tag.unlink()

    # ------------------------------------------------------------ reclassifying

    def test_reclassifying_plans_anew_from_the_original_start(self):
        self.special(severity="critical")
        ticket = self.ticket_at(9)
        with self.at(10):
            ticket.severity = "critical"
        resolve = self.clock(ticket, "resolve")
        self.assertEqual((resolve.deadline, resolve.hours), (self.moment(11), 2))
        self.assertEqual(self.kinds(resolve), ["start", "replan"])
        self.assertReplays(ticket)

    def test_a_category_that_becomes_part_of_another_gets_its_promise(self):
        food, taste = self.env["service.category"].create([{"name": "Food"}, {"name": "Taste"}])
        self.special(category_ids=food.ids)
        bitter = self.env["service.category"].create({"name": "Bitter", "parent_id": taste.id})
        ticket, done = (self.ticket_at(9, category_id=bitter.id) for _each in "ab")
        self.move(done, "resolved", 9.5)
        with self.at(10):
            taste.parent_id = food
        resolve = self.clock(ticket, "resolve")
        self.assertEqual((resolve.deadline, self.kinds(resolve)), (self.moment(11), ["start", "replan"]))
        self.assertEqual(self.kinds(self.clock(done, "resolve")), ["start", "reach"], "what is done stays")
        with self.at(10.5):
            taste.parent_id = False
        self.assertEqual(resolve.hours, 16)
        self.assertReplays(ticket)

    def test_what_the_new_policy_does_not_promise_is_cancelled_and_what_it_adds_is_started(self):
        self.special(type="question")
        ticket = self.ticket_at(9, type="question")
        with self.at(10):
            ticket.type = "complaint"
        answer = self.clock(ticket, "first_answer")
        self.assertEqual((answer.state, answer.deadline), ("running", self.moment(14)))
        with self.at(11):
            ticket.type = "question"
        self.assertEqual(answer.state, "cancelled")
        with self.at(12):
            ticket.type = "complaint"
        self.assertEqual((answer.state, answer.deadline), ("running", self.moment(14)))
        self.assertReplays(ticket)

    def test_reclassifying_never_erases_a_breach(self):
        self.special(severity="critical")
        ticket = self.ticket_at(9, severity="critical")
        with self.at(15):
            ticket.severity = "low"
        resolve = self.clock(ticket, "resolve")
        self.assertEqual((resolve.state, resolve.breached_on), ("breached", self.moment(11)))
        self.move(ticket, "resolved", 16)
        self.assertEqual((resolve.state, resolve.overdue_hours, ticket.sla_state), ("breached", 3, "breached"))
        self.assertReplays(ticket)

    def test_a_stricter_promise_may_be_broken_at_once(self):
        self.special(severity="critical")
        ticket = self.ticket_at(9)
        with self.at(15):
            ticket.severity = "critical"
        resolve = self.clock(ticket, "resolve")
        self.assertEqual((resolve.state, resolve.breached_on), ("breached", self.moment(11)))
        self.assertReplays(ticket)

    def test_what_is_over_is_not_planned_anew(self):
        self.special(severity="critical")
        ticket = self.ticket_at(9)
        with self.at(10):
            self.say(ticket, self.agent)
        with self.at(15):
            ticket.severity = "critical"
        answer = self.clock(ticket, "first_answer")
        self.assertEqual((answer.state, self.kinds(answer)), ("kept", ["start", "reach"]))

    def test_another_team_counts_in_its_own_working_hours(self):
        night = self.office("Night", hours=((0, 24),), days="0123456")
        ticket = self.ticket_at(16)
        with self.at(16.5):
            ticket.team_id = self.team.create({"name": "Night", "calendar_id": night.id})
        self.assertEqual(self.clock(ticket, "first_answer").deadline, self.moment(20))
        self.assertReplays(ticket)

    def test_a_change_that_changes_no_promise_leaves_no_trace(self):
        ticket = self.ticket_at(9)
        with self.at(10):
            ticket.write({"priority": "1", "severity": "high", "name": "Else"})
        self.assertEqual(set(ticket.clock_ids.event_ids.mapped("kind")), {"start"})

    def test_a_tag_given_to_the_customer_later_counts(self):
        tag = self.env["res.partner.category"].create({"name": "Gold"})
        self.special(partner_tag_ids=tag.ids)
        ticket = self.ticket_at(9)
        with self.at(10):
            self.siti.category_id = tag
        self.assertEqual(self.clock(ticket, "resolve").hours, 2)

    def test_a_corrected_day_of_receipt_moves_the_start(self):
        ticket = self.ticket_at(9, day=1)
        with self.at(10, day=1):
            ticket.date_received = self.moment(16)
        answer = self.clock(ticket, "first_answer")
        self.assertEqual((answer.started, answer.deadline), (self.moment(16), self.moment(11, 1)))
        self.assertReplays(ticket)

    def test_changing_a_policy_leaves_promises_made_alone(self):
        ticket = self.ticket_at(9)
        self.policy.target_ids.hours = 1
        self.move(ticket, "waiting_customer", 10)
        self.assertEqual(self.clock(ticket, "resolve").hours, 16)

    # ------------------------------------------------------------ setting up

    def test_nonsense_is_refused(self):
        for values in ({"warning_before": 100}, {"warning_before": 0}, {"warning": "hours", "warning_before": 4}):
            with self.assertRaises(ValidationError):
                self.new_policy(first_answer=4, targets={"first_answer": values})

    def test_agents_read_policies_and_managers_set_them_up(self):
        self.assertTrue(self.policy.with_user(self.agent).target_summary)
        self.policy.with_user(self.manager).name = "Ours"
        for record in (self.policy, self.policy.target_ids[0]):
            with self.assertRaises(AccessError):
                record.with_user(self.agent).write({"company_id": False} if record == self.policy else {"hours": 9})
