from odoo.tests import tagged

from .test_ledger_pending import InvoiceCase


class ReleaseCase(InvoiceCase):
    """Promised points and what makes them available, without the hourly job."""

    def balance(self):
        self.env.cr.flush()  # as before a commit
        self.env.invalidate_all()
        return self.card.points, self.card.points_pending

    def pay(self, invoice, **vals):
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create(vals)._create_payments()


@tagged("post_install", "-at_install")
class TestReleaseAtOnce(ReleaseCase):
    def test_a_posted_invoice_makes_them_available_at_once(self):
        self.club.points_due = "invoiced"
        order = self.confirmed()
        self.assertEqual(self.balance(), (0, 10))
        self.invoice(order)
        self.assertEqual(self.balance(), (10, 0))

    def test_a_registered_payment_does_and_half_of_it_does_not(self):
        self.club.points_due = "paid"
        invoice = self.invoice(self.confirmed())
        self.pay(invoice, amount=40)
        self.assertEqual(self.balance(), (0, 10))
        self.pay(invoice)
        self.assertEqual(self.balance(), (10, 0))

    def test_the_last_delivery_does_and_the_one_before_does_not(self):
        self.club.points_due = "delivered"
        order = self.confirmed()
        order.order_line.copy({"order_id": order.id})
        order.order_line[0].qty_delivered = 1
        self.assertEqual(self.balance()[0], 0)
        order.order_line[1].qty_delivered = 1
        self.assertEqual(self.balance()[1], 0)
        self.assertGreaterEqual(self.balance()[0], 10)

    def test_it_is_booked_once_and_the_job_finds_nothing_left(self):
        self.club.points_due = "invoiced"
        self.invoice(self.confirmed())
        self.env["loyalty.card"]._release_after((0, 0))
        self.assertEqual([kind for kind, _points in self.booked()], ["earn", "release"])

    def test_an_accountant_who_sees_neither_orders_nor_cards_posts_the_invoice(self):
        self.club.points_due = "invoiced"
        order = self.confirmed()
        self.employee.write({"group_ids": [(4, self.env.ref("account.group_account_invoice").id)]})
        order._create_invoices().with_user(self.employee).action_post()
        self.assertEqual(self.balance(), (10, 0))

    def test_a_club_that_does_not_wait_costs_an_invoice_one_query(self):
        invoice = self.confirmed()._create_invoices()
        invoice.action_post()
        self.env.flush_all()
        invoice.invoice_line_ids.sale_line_ids.order_id.mapped("name")
        with self.assertQueryCount(1):
            invoice._release_points_of_orders()


@tagged("post_install", "-at_install")
class TestPaidByPoints(ReleaseCase):
    def order_paid_by_points(self):
        self.card._book(200, "gift", "test/gift")
        order = self.quotation(self.siti)
        order._apply_program_reward(self.club.program_id.reward_ids, self.card)
        order.action_confirm()
        self.assertEqual(order.amount_total, 0)
        return order

    def test_a_credit_note_of_an_order_paid_wholly_by_points_gives_them_back(self):
        order = self.order_paid_by_points()
        left = self.card.points
        given = order._given_by_order()[order.id][self.card]
        self.credit(self.invoice(order))
        self.assertEqual(self.card.points, 200)
        self.assertEqual(left - given.earned - given.redeemed, 200)

    def test_half_of_it_gives_half_back(self):
        order = self.order_paid_by_points()
        left = self.card.points
        self.credit(self.invoice(order), 0.5)
        self.assertAlmostEqual(self.card.points, (left + 200) / 2, 2)
