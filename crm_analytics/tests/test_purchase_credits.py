from odoo.tests import new_test_user, tagged

from .books_case import BooksCase


@tagged("post_install", "-at_install")
class TestPurchaseCredits(BooksCase):
    """Money given back: on its own day, and no purchase."""

    def test_a_credit_note_takes_back_on_its_own_day_and_is_no_order(self):
        self.credit(self.buy(self.siti, "2025-03-14", 40.0), "2025-05-02", share=0.25)
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 40.0), ("Siti", "2025-05-02", 0, -10.0)])

    def test_a_month_with_nothing_but_money_given_back_makes_no_customer_of_it(self):
        self.credit(self.buy(self.siti, "2025-03-14", 40.0), "2025-05-02")
        self.count()
        self.assertEqual(self.months(), [("Siti", "2025-03", "2025-03", 0), ("Siti", "2025-05", "2025-03", 2)])
        self.assertEqual(self.cells("2025-03-01"), {"2025-03": (1, 40.0), "2025-05": (0, -40.0)})

    def test_a_draft_or_cancelled_credit_note_takes_nothing_back(self):
        note = self.credit(self.buy(self.siti, "2025-03-14", 40.0), "2025-05-02")
        self.count()
        note.button_draft()
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 40.0)])
        note.action_post()
        self.count()
        self.assertEqual(self.days()[1:], [("Siti", "2025-05-02", 0, -40.0)])
        note.button_draft()
        note.button_cancel()
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 40.0)])

    def test_a_credit_note_follows_its_order_to_another_customer_and_out_of_account(self):
        order = self.buy(self.siti, "2025-03-14", 40.0)
        self.credit(order, "2025-05-02")
        self.count()
        order.partner_id = self.budi
        self.count()
        self.assertEqual(self.days(), [("Budi", "2025-03-14", 1, 40.0), ("Budi", "2025-05-02", 0, -40.0)])
        order._action_cancel()
        self.count()
        self.assertEqual(self.days(), [])

    def test_credit_notes_are_looked_for_only_where_an_order_was_invoiced(self):
        def looked(order):
            with self.assertLogs("odoo.sql_db", "DEBUG") as log:
                order._action_cancel()
                self.env.flush_all()
            noted = [line for line in log.output if "INSERT INTO customer_purchase_queue" in line]
            self.assertTrue(noted)
            return any("account_move note" in line for line in noted)

        self.assertFalse(looked(self.buy(self.siti, "2025-03-14", 40.0)))
        credited = self.buy(self.siti, "2025-03-14", 40.0)
        self.credit(credited, "2025-05-02")
        self.assertTrue(looked(credited))

    def test_a_credit_note_of_no_order_is_no_matter_of_orders(self):
        self.invoice(self.siti, "2025-05-02", move_type="out_refund")
        self.count()
        self.assertEqual(self.days(), [])

    def test_a_credit_note_lessens_the_category_of_what_it_gives_back(self):
        self.credit(self.buy(self.siti, "2025-03-14", 40.0), "2025-03-20", share=0.5)
        self.count()
        [row] = self.env["customer.purchase.category"].search([("partner_id", "=", self.siti.id)])
        self.assertEqual((row.categ_id, row.orders, row.amount), (self.coffee.categ_id, 1, 20.0))

    def test_a_bookkeeper_who_sees_no_orders_posts_a_credit_note_as_ever(self):
        order = self.buy(self.siti, "2025-03-14", 40.0)
        self.bill(order, "2025-03-15")
        self.count()
        bookkeeper = new_test_user(self.env, "book-purchases", "account.group_account_invoice")
        note = order.invoice_ids.with_user(bookkeeper)._reverse_moves()
        note.invoice_date = "2025-05-02"
        note.action_post()
        self.count()
        self.assertIn(("Siti", "2025-05-02", 0, -40.0), self.days())

    def cells(self, cohort):
        """:returns: {month: (customers, amount)} of a cohort"""
        cells = self.env["customer.purchase.cell"]
        cells.flush_model()
        found = cells._read_group(
            [
                ("company_id", "=", self.company.id),
                ("team_id", "=", False),
                ("categ_id", "=", False),
                ("cohort_month", "=", cohort),
            ],
            ["month:month"],
            ["customers:sum", "amount:sum"],
        )
        return {str(month)[:7]: (customers, amount) for month, customers, amount in found}


@tagged("post_install", "-at_install")
class TestPurchasesByInvoices(BooksCase):
    """A company may count posted invoices instead of orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.buy(cls.siti, "2025-03-14", 40.0)
        cls.bill(cls.order, "2025-04-03")
        cls.company.purchase_basis = "invoices"
        cls.count()

    def test_an_order_counts_when_and_as_it_is_invoiced(self):
        self.assertEqual(self.days(), [("Siti", "2025-04-03", 1, 40.0)])

    def test_a_draft_invoice_and_a_new_order_are_no_purchases(self):
        self.buy(self.budi, "2025-03-14", 40.0)._create_invoices()
        self.count()
        self.assertEqual(self.days(self.budi), [])

    def test_an_invoice_without_an_order_counts_and_a_credit_note_takes_back(self):
        self.invoice(self.budi, "2025-05-02", 30.0)
        self.invoice(self.budi, "2025-06-02", 5.0, move_type="out_refund")
        self.count()
        self.assertEqual(self.days(self.budi), [("Budi", "2025-05-02", 1, 30.0), ("Budi", "2025-06-02", 0, -5.0)])

    def test_a_vendor_bill_is_no_purchase_of_a_customer(self):
        self.env["account.journal"].create({"name": "Bills", "type": "purchase", "code": "PUBIL"})
        before = self.queued()
        self.env["account.move"].create({"move_type": "in_invoice", "partner_id": self.budi.id})
        self.assertEqual((before, self.queued()), (0, 0))

    def test_an_invoice_reset_to_draft_moved_and_posted_anew_leaves_its_old_day(self):
        invoice = self.invoice(self.budi, "2025-05-02", 30.0)
        self.count()
        invoice.button_draft()
        invoice.write({"invoice_date": "2025-06-02", "partner_id": self.siti.id})
        invoice.action_post()
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-04-03", 1, 40.0), ("Siti", "2025-06-02", 1, 30.0)])

    def test_going_back_to_orders_counts_all_anew(self):
        self.company.purchase_basis = "orders"
        self.assertEqual(self.Build.search([("company_id", "=", self.company.id)]).state, "waiting")
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 40.0)])

    def test_writing_the_same_basis_asks_for_no_new_count(self):
        self.company.purchase_basis = "invoices"
        self.assertEqual(self.Build.search([("company_id", "=", self.company.id)]).state, "done")
