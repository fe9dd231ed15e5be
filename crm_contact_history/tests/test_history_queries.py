from datetime import datetime

from odoo.tests import tagged

from .common import ContactHistoryCase


@tagged("post_install", "-at_install")
class TestHistoryQueries(ContactHistoryCase):
    def test_a_page_of_one_and_of_a_hundred_entries_cost_the_same_queries(self):
        few, many = self.env["res.partner"].create([{"name": "Few"}, {"name": "Many"}])
        for partner, count in ((few, 1), (many, 50)):
            for _i in range(count):
                self.mail_to(partner, self.order(partner, user_id=self.agus.id))
        Entry = self.Entry.with_user(self.agus)
        for partner in (few, many):
            self.count_queries(lambda partner=partner: Entry.history_page(partner.id, limit=100))
        one = self.count_queries(lambda: Entry.history_page(few.id, limit=100))
        hundred = self.count_queries(lambda: Entry.history_page(many.id, limit=100))
        self.assertEqual(len(Entry.history_page(many.id, limit=100)["entries"]), 100)
        self.assertEqual(hundred, one)

    def test_a_transaction_writes_the_history_by_one_statement_per_model(self):
        order = self.order()
        self.Entry._sync()

        def statements():
            self.env.flush_all()
            return self.count_queries(self.Entry._sync_pending)

        self.assertEqual(statements(), 0, "nothing changed, nothing written")
        order.date_order = datetime(2024, 1, 1)
        self.assertEqual(statements(), 1)
        for _i in range(100):
            self.order()
        self.assertEqual(statements(), 1)

    def test_a_new_contact_costs_nothing(self):
        self.env["res.partner"].create([{"name": f"New {i}", "parent_id": self.mill.id} for i in range(3)])
        self.env.flush_all()
        self.assertEqual(self.count_queries(self.Entry._sync_pending), 0)

    def test_an_internal_note_costs_one_small_statement_and_none_where_it_is_nobodys(self):
        order = self.order()
        company = self.env.company
        for document, statements in ((order, 1), (self.siti, 1), (company.partner_id.category_id, 0)):
            self.Entry._sync()
            note = {"body": "n", "message_type": "comment", "model": document._name, "res_id": document.id}
            note |= {"author_id": self.chief.partner_id.id, "subtype_id": self.env.ref("mail.mt_note").id}
            self.env["mail.message"].with_user(self.chief).sudo().create(note)
            self.env.flush_all()
            self.assertEqual(self.count_queries(self.Entry._sync_pending), statements, document._name)

    def test_a_look_up_of_one_and_of_twenty_customers_cost_the_same_queries(self):
        self.env["res.partner"].create([{"name": f"Zubaidah {i}", "email": f"z{i}@z.example"} for i in range(20)])
        search = self.env["res.partner"].with_user(self.agus).front_desk_search
        search("siti")
        one = self.count_queries(lambda: search("rahmawati"))
        twenty = self.count_queries(lambda: search("zubaidah", limit=20))
        self.assertEqual(len(search("zubaidah", limit=20)), 20)
        self.assertEqual(twenty, one)

    def test_badges_of_one_and_of_many_contacts_cost_the_same_queries(self):
        partners = self.env["res.partner"].create([{"name": f"Contact {i}"} for i in range(30)])
        self.count_queries(partners._customer_badges)
        one = self.count_queries(partners[:1]._customer_badges)
        self.assertEqual(self.count_queries(partners._customer_badges), one)

    def test_reports_of_a_period_have_an_index_that_costs_writers_next_to_nothing(self):
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'contact_history_entry_happened_at_idx'")
        self.assertIn("USING brin (happened_at)", str(self.env.cr.fetchall()))
