from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import ContactHistoryCase


@tagged("post_install", "-at_install")
class TestHistoryDocuments(ContactHistoryCase):
    """Leads, meetings, activities, invoices and payments."""

    def entry(self, partner=None, **options):
        [entry] = self.history(partner or self.siti, **options)
        return entry

    # leads

    def test_a_lead_stands_when_it_came_and_becomes_an_opportunity(self):
        lead = self.lead()
        self.assertEqual((self.entry()["kind"], self.entry()["title"]), ("lead", "Beans for the café"))
        lead.type = "opportunity"
        self.assertEqual(self.kinds(self.siti), ["opportunity"])

    def test_a_lost_lead_stays_and_says_so(self):
        self.lead(type="opportunity").action_set_lost()
        self.assertEqual(self.entry()["status"], "Lost")

    def test_a_lead_enters_the_history_when_its_contact_is_known(self):
        lead = self.lead(partner_id=False)
        self.note_on(lead)
        self.assertEqual(self.kinds(self.siti), [])
        lead.partner_id = self.siti
        self.assertEqual(self.kinds(self.siti), ["note", "lead"])

    # meetings

    def test_a_meeting_is_a_contact_with_each_guest_and_not_with_our_own_people(self):
        self.meeting(self.siti | self.rina | self.agus.partner_id)
        self.assertEqual(self.entry()["channel_label"], "Meeting")
        self.assertEqual(self.kinds(self.rina), ["meeting"])
        self.assertEqual(self.kinds(self.agus.partner_id), [])

    def test_a_guest_who_is_taken_off_has_no_meeting_left(self):
        meeting = self.meeting(self.siti | self.rina)
        self.Entry._sync()
        meeting.partner_ids = [Command.unlink(self.siti.id)]
        self.assertEqual(self.kinds(self.siti), [])
        self.assertEqual(self.kinds(self.rina), ["meeting"])

    def test_a_meeting_that_is_off_is_gone(self):
        meeting = self.meeting(self.siti)
        self.Entry._sync()
        meeting.active = False
        self.assertEqual(self.kinds(self.siti), [])

    # activities

    def test_a_done_call_is_a_contact_by_phone_with_what_was_said(self):
        activity = self.activity(self.siti, "mail.mail_activity_data_call")
        self.assertEqual(self.kinds(self.siti), [], "what is still to do is no history")
        activity.action_feedback(feedback="Wants the Gayo again")
        entry = self.entry()
        self.assertEqual((entry["kind"], entry["channel"], entry["direction"]), ("activity", "phone", "out"))
        self.assertEqual((entry["text"], entry["has_time"]), ("Wants the Gayo again", False))

    def test_an_activity_on_a_document_is_of_its_customer_and_follows_him(self):
        order = self.order()
        self.activity(order).action_feedback(feedback="Sent")
        self.assertEqual(self.entry(kinds=["activity"])["direction"], "internal")
        order.partner_id = self.mill
        self.assertEqual(self.kinds(self.siti), [])
        self.assertEqual(sorted(self.kinds(self.mill)), ["activity", "quotation"])

    def test_another_category_of_its_type_moves_an_activity_to_another_way_of_contact(self):
        activity = self.activity(self.siti, "mail.mail_activity_data_todo")
        activity.action_feedback()
        self.assertFalse(self.entry()["channel"])
        activity.activity_type_id.category = "phonecall"
        self.assertEqual(self.entry()["channel"], "phone")

    def test_a_cancelled_activity_leaves_nothing(self):
        self.activity(self.siti).unlink()
        self.assertEqual(self.kinds(self.siti), [])

    # invoices and payments

    def test_an_invoice_enters_when_posted_and_stays_when_cancelled(self):
        invoice = self.invoice()
        self.assertEqual(self.kinds(self.siti), [])
        invoice.action_post()
        entry = self.entry()
        self.assertEqual((entry["kind"], entry["title"]), ("invoice", invoice.name))
        self.assertEqual(entry["happened_at"], "2024-03-05 12:00:00")
        invoice.button_draft()
        self.assertEqual(self.kinds(self.siti), [])
        invoice.button_cancel()
        self.assertEqual(self.entry()["status"], "Cancelled")

    def test_a_credit_note_is_one_and_a_bill_of_a_supplier_is_none(self):
        self.invoice("out_refund").action_post()
        self.invoice("in_invoice").action_post()
        self.assertEqual(self.kinds(self.siti), ["credit_note"])

    def test_a_draft_that_was_thrown_away_never_was_an_invoice(self):
        self.invoice().button_cancel()
        self.assertEqual(self.kinds(self.siti), [])

    def test_a_payment_enters_when_confirmed_with_its_direction(self):
        payment = self.payment()
        self.assertEqual(self.kinds(self.siti), [])
        payment.action_post()
        entry = self.entry()
        self.assertEqual((entry["kind"], entry["direction"]), ("payment", "in"))
        self.payment(payment_type="outbound").action_post()
        self.assertEqual({one["direction"] for one in self.history(self.siti)}, {"in", "out"})

    # who may read them

    def test_a_salesperson_sees_his_own_leads_only_and_what_is_written_on_them(self):
        mine, other = self.lead(user_id=self.agus.id), self.lead(user_id=self.chief.id)
        for lead in (mine, other):
            self.note_on(lead)
            self.activity(lead, user_id=self.chief.id).action_feedback(feedback="done")
        entries = self.history(self.siti, self.agus)
        self.assertEqual(sorted(entry["kind"] for entry in entries), ["activity", "lead", "note"])
        self.assertEqual({entry["res_id"] for entry in entries}, {mine.id})
        self.assertEqual(len(self.history(self.siti, self.chief)), 6)

    def test_a_salesperson_sees_invoices_of_his_own_customers_only_and_no_payments(self):
        mine, other = self.invoice(invoice_user_id=self.agus.id), self.invoice(invoice_user_id=self.chief.id)
        (mine | other).action_post()
        self.payment().action_post()
        self.assertEqual([entry["title"] for entry in self.history(self.siti, self.agus)], [mine.name])

    def test_a_plain_employee_sees_neither_leads_nor_invoices_nor_payments_nor_what_is_written_on_them(self):
        for document in (self.lead(), self.posted_invoice()):
            self.note_on(document)
            self.activity(document, user_id=self.chief.id).action_feedback(feedback="x")
        self.payment().action_post()
        self.meeting(self.siti)
        self.assertEqual(self.kinds(self.siti, user=self.clerk), ["meeting"])

    def test_a_private_meeting_is_for_those_invited_only(self):
        self.meeting(self.siti | self.chief.partner_id, privacy="private", user_id=self.chief.id)
        self.assertEqual(self.kinds(self.siti, user=self.agus), [])
        self.assertEqual(self.kinds(self.siti, user=self.chief), ["meeting"])

    def test_what_is_of_another_company_is_not_shown(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids = [Command.link(elsewhere.id)]
        lead = self.lead(company_id=elsewhere.id, team_id=False, user_id=False)
        self.note_on(lead)
        self.activity(lead, user_id=self.env.uid).action_feedback(feedback="x")
        self.assertEqual(self.kinds(self.siti, user=self.chief), [])
        self.assertEqual(len(self.rows()), 3)

    # what it costs

    def test_a_hundred_of_each_are_written_by_as_many_queries_as_one(self):
        for create in (self.lead, lambda: self.note_on(self.siti), lambda: self.meeting(self.siti)):
            create()
            one = self.count_sync(create)
            self.assertEqual(self.count_sync(lambda create=create: [create() for _i in range(100)]), one)
        activities = [self.activity(self.siti) for _i in range(101)]
        one = self.count_sync(lambda: activities[0].action_archive())
        self.assertEqual(self.count_sync(lambda: [one.action_archive() for one in activities[1:]]), one)
        invoices = [self.invoice() for _i in range(21)]
        one = self.count_sync(invoices[0].action_post)
        rest = self.env["account.move"].union(*invoices[1:])
        self.assertEqual(self.count_sync(rest.action_post), one)

    def count_sync(self, change):
        self.Entry._sync()
        change()
        self.env.flush_all()
        return self.count_queries(self.Entry._sync_pending)

    def test_a_page_of_all_kinds_costs_the_same_for_one_and_for_many_of_each(self):
        few, many = self.env["res.partner"].create([{"name": "Few"}, {"name": "Many"}])
        reader = new_test_user(
            self.env, "reader", "sales_team.group_sale_salesman_all_leads,account.group_account_invoice"
        )
        for partner, count in ((few, 1), (many, 12)):
            for _i in range(count):
                self.all_kinds(partner)
        Entry = self.Entry.with_user(reader)
        for options in ({}, {"text": "café"}, {"kinds": ["note", "invoice"]}):
            counts = [
                self.count_queries(
                    lambda partner=partner, options=options: Entry.history_page(partner.id, limit=200, **options)
                )
                for partner in (few, many, few, many)  # twice: the first time fills Odoo's caches
            ]
            self.assertEqual(counts[3], counts[2], options)

    def all_kinds(self, partner):
        self.lead(partner_id=partner.id)
        self.meeting(partner)
        self.activity(partner).action_feedback(feedback="café")
        self.note_on(partner)
        self.posted_invoice(partner_id=partner.id)
        self.payment(partner_id=partner.id).action_post()
