from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .test_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestPending(LedgerCase):
    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_points_release").method_direct_trigger()
        self.env.invalidate_all()

    def balance(self):
        return self.card.points, self.card.points_pending

    def test_points_are_promised_until_some_days_have_passed(self):
        self.club.write({"points_due": "days", "points_due_days": 14})
        order = self.confirmed()
        self.assertEqual(self.balance(), (0, 10))
        self.run_cron()
        self.assertEqual(self.balance(), (0, 10))
        order.date_order = fields.Datetime.now() - timedelta(days=15)
        self.run_cron()
        self.assertEqual(self.balance(), (10, 0))
        self.run_cron()
        self.assertEqual(self.balance(), (10, 0))
        self.assertEqual([entry.kind for entry in self.entries()], ["earn", "release"])

    def test_or_until_all_is_delivered(self):
        self.club.points_due = "delivered"
        order = self.confirmed()
        order.order_line.qty_delivered = 0
        self.run_cron()
        self.assertEqual(self.balance(), (0, 10))
        order.order_line.qty_delivered = 1
        self.run_cron()
        self.assertEqual(self.balance(), (10, 0))

    def test_a_cancelled_order_takes_its_promise_back(self):
        self.club.points_due = "delivered"
        order = self.confirmed()
        order._action_cancel()
        self.assertEqual(self.balance(), (0, 0))
        self.run_cron()
        self.assertEqual(self.balance(), (0, 0))

    def test_cancelling_after_they_became_available_takes_the_points(self):
        self.club.write({"points_due": "days", "points_due_days": 0})
        order = self.confirmed()
        self.run_cron()
        self.assertEqual(self.balance(), (10, 0))
        order._action_cancel()
        self.assertEqual(self.balance(), (0, 0))

    def test_what_is_spent_is_spent_at_once(self):
        self.card._book(20, "gift", "test/gift")
        self.club.points_due = "paid"
        order = self.quotation(self.siti)
        order._apply_program_reward(self.club.program_id.reward_ids, self.card)
        spent = sum(order.order_line.mapped("points_cost"))
        self.assertGreater(spent, 0)
        order.action_confirm()
        self.assertEqual(self.balance(), (20 - spent, 10))

    def test_a_club_that_stops_waiting_gives_what_is_promised(self):
        self.club.points_due = "paid"
        self.confirmed()
        self.club.points_due = "confirmed"
        self.run_cron()
        self.assertEqual(self.balance(), (10, 0))

    def test_merging_contacts_moves_the_promise(self):
        self.club.points_due = "paid"
        other = self.club._enrol(self.budi).card_id
        self.confirmed(self.budi)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.budi | self.siti).ids, self.siti)
        self.env.invalidate_all()
        self.assertEqual((self.balance(), other.points_pending), ((0, 10), 0))


class InvoiceCase(LedgerCase):
    """Orders that are invoiced, and credited."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", cls.company.id)]):
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        cls.coffee.invoice_policy = "order"

    def invoice(self, order):
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    def credit(self, invoice, share=1.0):
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        action = wizard.create({"journal_id": invoice.journal_id.id, "reason": "Cold"}).refund_moves()
        note = self.env["account.move"].browse(action["res_id"])
        for line in note.invoice_line_ids:
            line.quantity *= share
        note.action_post()
        return note


@tagged("post_install", "-at_install")
class TestCreditNotes(InvoiceCase):
    def test_points_are_available_when_the_invoice_is_paid(self):
        self.club.points_due = "paid"
        order = self.confirmed()
        invoice = self.invoice(order)
        self.env["loyalty.card"]._release_after((0, 0))
        self.assertEqual(self.card.points, 0)
        payment = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        payment.create({})._create_payments()
        self.env["loyalty.card"]._release_after((0, 0))
        self.assertEqual(self.card.points, 10)

    def test_points_are_available_when_all_is_invoiced(self):
        self.club.points_due = "invoiced"
        order = self.confirmed()
        self.env["loyalty.card"]._release_after((0, 0))
        self.assertEqual(self.card.points, 0)
        self.invoice(order)
        self.env["loyalty.card"]._release_after((0, 0))
        self.assertEqual(self.card.points, 10)

    def test_a_credit_note_takes_points_back_in_proportion(self):
        order = self.confirmed()
        invoice = self.invoice(order)
        self.credit(invoice, 0.3)
        self.assertEqual((self.booked(), self.card.points), ([("earn", 10), ("reverse", -3)], 7))

    def test_points_spent_already_make_the_balance_negative_and_later_earning_clears_it(self):
        order = self.confirmed()
        self.card.redeem_points(8, "till-1-0001")
        self.credit(self.invoice(order))
        self.assertEqual(self.card.points, -8)
        self.confirmed()
        self.assertEqual(self.card.points, 2)
        self.assertEqual([lot.points for lot in self.card._open_lots()[self.card]], [2])

    def test_points_spent_on_the_order_are_given_back_in_proportion(self):
        self.card._book(40, "gift", "test/gift", expires_on=self.today + timedelta(days=9))
        order = self.quotation(self.siti, price=200)
        order._apply_program_reward(self.club.program_id.reward_ids, self.card)
        order.action_confirm()
        before, given = self.card.points, order._given_by_order()[order.id][self.card]
        self.credit(self.invoice(order), 0.5)
        self.assertAlmostEqual(self.card.points, before - (given.earned + given.redeemed) / 2, 2)

    def test_two_credit_notes_and_the_cancellation_take_back_all_and_no_more(self):
        order = self.confirmed()
        invoice = self.invoice(order)
        self.credit(invoice, 0.3), self.credit(invoice, 0.3)
        self.assertEqual(self.card.points, 4)
        order._action_cancel()
        self.assertEqual(self.card.points, 0)

    def test_a_credit_note_reset_to_draft_is_undone_and_posting_it_again_books_it_again(self):
        note = self.credit(self.invoice(self.confirmed()), 0.5)
        self.assertEqual(self.card.points, 5)
        note.button_draft()
        self.assertEqual(self.card.points, 10)
        note.action_post()
        self.assertEqual(self.card.points, 5)

    def test_what_is_pending_is_taken_back_first(self):
        self.club.points_due = "paid"
        order = self.confirmed()
        self.credit(self.invoice(order), 0.4)
        self.assertEqual((self.card.points, self.card.points_pending), (0, 6))

    def test_other_invoices_change_no_points(self):
        self.confirmed()
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.siti.id,
                "invoice_line_ids": [Command.create({"product_id": self.coffee.id, "price_unit": 50})],
            }
        )
        note.action_post()
        self.assertEqual(self.card.points, 10)
