import psycopg2
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketDeletion(ServiceDeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.new_ticket()
        cls.number = cls.ticket.number

    def delete(self, user, reason=None):
        self.ticket.with_user(user).with_context(ticket_deletion_reason=reason).unlink()

    def trace(self):
        return self.env["service.ticket.deletion"].search([("number", "=", self.number)])

    def test_a_manager_says_why_and_number_team_person_and_reason_stay(self):
        wizard = self.env["service.ticket.delete"].with_user(self.manager).with_context(active_ids=self.ticket.ids)
        with Form(wizard) as form:
            form.reason = " Written down twice "
        form.record.action_delete()
        self.assertFalse(self.ticket.exists())
        trace = self.trace()
        self.assertEqual(
            (trace.company_id, trace.team_id, trace.user_id, trace.reason),
            (self.company, self.team, self.manager, "Written down twice"),
        )

    def test_without_a_reason_nothing_is_deleted_not_even_by_a_program(self):
        for reason in (None, "", "  ", 7, ["x"]):
            with self.assertRaisesRegex(UserError, self.ticket.number):
                self.delete(self.manager, reason)
        with self.assertRaises(UserError):
            self.ticket.unlink()
        self.assertTrue(self.ticket.exists())

    def test_agents_leaders_and_strangers_delete_nothing_with_whatever_reason(self):
        for user in (self.agent, self.leader, self.employee, self.siti_user):
            with self.assertRaises(AccessError):
                self.delete(user, "Because")
        self.assertFalse(self.trace())

    def test_the_reason_may_not_name_the_customer(self):
        for reason in ("Siti Rahmawati wanted it", "asked by SITI@rahmawati.example"):
            with self.assertRaises(UserError):
                self.delete(self.manager, reason)

    def test_the_trace_holds_nothing_of_the_customer(self):
        columns = self.env["service.ticket.deletion"]._fields
        self.assertFalse([name for name, field in columns.items() if field.comodel_name == "res.partner"])

    def test_nobody_changes_or_deletes_a_trace(self):
        self.delete(self.manager, "Twice")
        for attack in (lambda: self.trace().write({"reason": "x"}), lambda: self.trace().unlink()):
            with self.assertRaises(UserError):
                attack()
        for user in (self.manager, self.agent):
            with self.assertRaises(AccessError):
                self.env["service.ticket.deletion"].with_user(user).create(
                    {"number": "T1", "company_id": self.company.id, "reason": "x"}
                )

    @mute_logger("odoo.sql_db")
    def test_the_database_itself_refuses_to_change_or_delete_a_trace(self):
        self.delete(self.manager, "Twice")
        self.env.flush_all()
        for query in (
            SQL("UPDATE service_ticket_deletion SET reason = 'x'"),
            SQL("UPDATE service_ticket_deletion SET user_id = NULL"),
            SQL("DELETE FROM service_ticket_deletion"),
            SQL("TRUNCATE service_ticket_deletion"),
        ):
            with self.assertRaises(psycopg2.errors.RestrictViolation), self.env.cr.savepoint():
                self.env.cr.execute(query)

    def test_the_trace_outlives_its_team(self):
        self.ticket.team_id = team = self.env["service.team"].create({"name": "For a while"})
        self.delete(self.manager, "Twice")
        team.unlink()
        self.assertEqual((self.trace().team_id.id, self.trace().reason), (False, "Twice"))

    def test_a_manager_sees_the_traces_of_his_companies_only(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        theirs = self.new_ticket(partner=self.env["res.partner"].create({"name": "Ani"}), company_id=other.id)
        number = theirs.number
        theirs.with_context(ticket_deletion_reason="Twice").unlink()
        traces = self.env["service.ticket.deletion"].with_user(self.manager)
        self.assertFalse(traces.search([("number", "=", number), ("company_id", "=", other.id)]))
        with self.assertRaises(AccessError):
            traces.with_user(self.leader).search([])

    def test_deleting_many_costs_as_many_traces_and_one_statement(self):
        tickets = self.env["service.ticket"].create([{"name": f"x {n}"} for n in range(20)])
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        tickets._leave_trace("Test data")
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 6)
        self.assertEqual(self.env["service.ticket.deletion"].search_count([("reason", "=", "Test data")]), 20)
