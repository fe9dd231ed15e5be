from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .test_report import ReportCase

REPORTS = ("contact.history.report", "contact.answer.report", "contact.tie.report")


@tagged("post_install", "-at_install")
class TestFiguresAccess(ReportCase):
    """A figure tells nobody of a contact whose record he may not read: agus sells, own documents only; chief sees all."""

    def days_ago(self, document, days):
        document.date_order = fields.Datetime.now() - timedelta(days=days)
        self.Entry._sync()
        return document

    def last_contact(self, user, partner=None):
        self.env.invalidate_all()
        last = (partner or self.siti).with_user(user).last_contact
        return last and (fields.Datetime.now() - last).days

    def quiet(self, user, days=30):
        found = self.env["res.partner"].with_user(user).search([("days_without_contact", ">=", days)])
        return found & (self.siti | self.mill)

    def rows(self, model, user):
        self.env.invalidate_all()
        return self.env[model].with_user(user).search([("commercial_partner_id", "=", self.siti.id)])

    # -- the last contact and the customers without one ------------------------------------------------------------

    def test_the_last_contact_is_the_last_one_that_he_may_read(self):
        self.days_ago(self.order(user_id=self.chief.id), 3)
        self.days_ago(self.order(user_id=self.agus.id), 40)
        self.assertEqual((self.last_contact(self.agus), self.last_contact(self.chief)), (40, 3))
        self.assertEqual((self.quiet(self.agus), self.quiet(self.chief)), (self.siti, self.siti.browse()))

    def test_of_a_customer_with_whom_others_alone_were_in_contact_he_learns_nothing(self):
        self.days_ago(self.order(user_id=self.chief.id), 40)
        self.assertEqual((self.last_contact(self.agus), self.last_contact(self.chief)), (False, 40))
        self.assertEqual((self.quiet(self.agus), self.quiet(self.chief)), (self.siti.browse(), self.siti))

    def test_a_mail_counts_for_who_may_read_its_document_wrote_it_or_got_it(self):
        order = self.days_ago(self.order(user_id=self.chief.id), 60)
        told = self.mail_to(self.siti, order)
        told.date = fields.Datetime.now() - timedelta(days=5)
        self.Entry._sync()
        self.assertEqual((self.last_contact(self.agus), self.last_contact(self.chief)), (False, 5))
        self.assertEqual([entry["kind"] for entry in self.history(self.siti, self.agus)], [], "as in the history")
        told.author_id = self.agus.partner_id
        self.assertEqual(self.last_contact(self.agus), 5)

    def test_what_the_whole_desk_may_read_counts_for_all_of_it(self):
        desk = new_test_user(self.env, "desk-figures", "crm_contact_history.group_front_desk")
        self.call_ago(7, user_id=self.chief.id)
        self.assertEqual({self.last_contact(user) for user in (self.agus, self.chief, desk)}, {7})

    def test_an_invoice_counts_for_nobody_without_a_right_to_invoices(self):
        desk = new_test_user(self.env, "desk-figures", "crm_contact_history.group_front_desk")
        self.posted_invoice(invoice_user_id=desk.id)
        self.Entry._sync()
        self.assertFalse(self.last_contact(desk))
        self.assertFalse(self.rows("contact.history.report", desk))

    def test_a_private_meeting_of_a_colleague_counts_for_him_alone(self):
        start = fields.Datetime.now() - timedelta(days=9)
        meeting = self.meeting(self.siti, start, user_id=self.chief.id, privacy="private")
        self.Entry._sync()
        self.assertEqual((self.last_contact(self.agus), self.last_contact(self.chief)), (False, 9))
        meeting.privacy = False
        self.assertEqual(self.last_contact(self.agus), 9)
        self.chief.with_user(self.chief).calendar_default_privacy = "private"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self.last_contact(self.agus))

    def test_a_done_call_on_a_document_that_is_not_for_him_does_not_count(self):
        order = self.days_ago(self.order(user_id=self.chief.id), 60)
        self.activity(order, "mail.mail_activity_data_call", user_id=self.chief.id).action_feedback(feedback="ok")
        self.Entry._sync()
        self.assertFalse(self.last_contact(self.agus))
        self.assertEqual(self.siti.with_user(self.chief).days_without_contact, 0)

    def test_an_employee_without_the_desk_is_told_no_date_and_finds_nobody_by_it(self):
        with self.assertRaises(AccessError):
            self.siti.with_user(self.clerk).read(["last_contact", "days_without_contact"])
        with self.assertRaises(AccessError):
            self.quiet(self.clerk)
        for model in REPORTS:
            with self.assertRaises(AccessError):
                self.rows(model, self.clerk)

    def test_another_company_is_told_no_date_and_no_figure(self):
        self.days_ago(self.order(user_id=self.agus.id), 40)
        self.call_ago(40)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger-figures",
            "sales_team.group_sale_manager",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        self.assertEqual((self.last_contact(stranger), self.quiet(stranger)), (False, self.siti.browse()))
        for model in REPORTS:
            self.assertFalse(self.rows(model, stranger), model)

    # -- the reports -----------------------------------------------------------------------------------------------

    def test_who_knows_a_customer_counts_the_contacts_that_the_reader_may_read(self):
        for user in (self.chief, self.chief, self.agus):
            self.days_ago(self.order(user_id=user.id), 5)
        counted = {
            user.name: [(row.user_id.name, row.contacts, row.all_contacts) for row in self.rows(REPORTS[2], user)]
            for user in (self.agus, self.chief)
        }
        self.assertEqual(counted, {"Agus": [("Agus", 1, 1)], "Chief": [("Chief", 2, 3), ("Agus", 1, 3)]})

    def test_his_own_contact_leaves_his_report_with_the_right_to_its_record(self):
        order = self.days_ago(self.order(user_id=self.agus.id), 5)
        self.mail_to(self.siti, order)
        self.Entry._sync()
        self.assertEqual(self.rows(REPORTS[0], self.agus).mapped("kind"), ["quotation"])
        self.agus.group_ids = [
            Command.unlink(self.env.ref("sales_team.group_sale_salesman").id),
            Command.link(self.env.ref("crm_contact_history.group_front_desk").id),
        ]
        self.assertFalse(self.rows(REPORTS[0], self.agus))

    def test_a_question_on_a_document_that_is_not_for_him_is_not_told_by_his_answer(self):
        order = self.days_ago(self.order(user_id=self.chief.id), 9)
        self.mail_from(self.siti, order).date = fields.Datetime.now() - timedelta(hours=9)
        self.call_ago(hours=3, direction="out")
        self.assertFalse(self.rows(REPORTS[1], self.agus), "he called her about something else")
        order.user_id = self.agus
        self.env.flush_all()
        self.assertEqual(round(self.rows(REPORTS[1], self.agus).hours), 6)

    def test_rights_are_asked_of_those_contacts_only_that_the_report_is_held_to(self):
        for model in REPORTS[:2]:
            report = self.env[model].with_user(self.agus)
            query = report._search([("user_id", "=", self.agus.id)], order="id")
            plan = str(self.env.execute_query(SQL("EXPLAIN (FORMAT JSON) %s", query.select())))
            self.assertIn("contact_history_entry", plan)
            of_entries = [
                node for node in plan.split("{'Node Type'") if "'Relation Name': 'contact_history_entry'" in node
            ]
            asked = [node for node in of_entries if "EXISTS" in node or "SubPlan" in node or "hashed" in node]
            self.assertEqual(asked, [], f"{model}: 13 microseconds for each of millions of entries")

    def test_a_report_counts_the_very_entries_that_the_history_shows_him(self):
        """Rights are asked of all entries at once there, and here record by record."""
        desk = new_test_user(self.env, "desk-figures", "crm_contact_history.group_front_desk")
        for user in (self.agus, self.chief):
            order = self.days_ago(self.order(user_id=user.id), 5)
            self.mail_to(self.siti, order)
            self.note_on(order)
            self.activity(order, "mail.mail_activity_data_call", user_id=user.id).action_feedback(feedback="ok")
            for privacy in ("private", "public"):
                self.meeting(self.siti, user_id=user.id, privacy=privacy)
            self.lead(user_id=user.id)
        self.mail_from(self.siti, self.siti)
        self.call_ago(7, user_id=self.chief.id)
        shown = {}
        for user in (self.agus, self.chief, desk, self.admin):
            report = self.env[REPORTS[0]].with_user(user)
            rows = report._search([("commercial_partner_id", "=", self.siti.id)], bypass_access=True)
            shown[user] = {entry["id"] for entry in self.history(self.siti, user)}
            if user != self.admin:
                self.assertEqual(set(rows.get_result_ids()), shown[user], user.name)
        self.assertEqual(len({len(ids) for ids in shown.values()}), 3, "each sees something else")

    def test_whose_it_is_and_of_which_company_is_told_by_the_index_and_no_order_is_read(self):
        self.assertTrue(self.env["sale.order"].with_user(self.agus)._contact_history_told("e"))
        for model in ("mail.message", "mail.activity", "calendar.event"):
            self.assertIsNone(self.env[model].with_user(self.agus)._contact_history_told("e"), model)

    def test_a_rule_that_asks_for_more_than_person_and_company_holds_in_figures_too(self):
        self.days_ago(self.order(user_id=self.agus.id, client_order_ref="secret"), 3)
        self.days_ago(self.order(user_id=self.agus.id), 40)
        values = {"name": "No secrets", "domain_force": "[('client_order_ref', '!=', 'secret')]"}
        self.env["ir.rule"].create({**values, "model_id": self.env["ir.model"]._get_id("sale.order")})
        self.env.flush_all()
        self.assertEqual(self.last_contact(self.agus), 40)
        self.assertEqual(len(self.rows(REPORTS[0], self.agus)), 1)

    def test_an_administrator_of_the_desk_counts_every_contact_of_his_companies(self):
        self.days_ago(self.order(user_id=self.chief.id), 5)
        self.assertEqual(self.last_contact(self.admin), 5)
        self.assertEqual(self.rows(REPORTS[0], self.admin).user_id, self.chief)
