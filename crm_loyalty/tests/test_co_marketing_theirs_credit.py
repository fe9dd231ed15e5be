from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .co_marketing_theirs_case import TheirsCase


@tagged("post_install", "-at_install")
class TestCoMarketingTheirsCredit(TheirsCase):
    """An order of a partner's customer is credited or changed: what he has used on it follows."""

    def credit(self, order, share=1.0):
        """A posted credit note of a part of the order's invoice."""
        invoice = order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice") or order._create_invoices()
        if invoice.state == "draft":
            invoice.action_post()
        note = invoice._reverse_moves()
        for line in note.invoice_line_ids:
            line.price_unit *= share
        note.action_post()
        return note

    def done(self, order):
        return self.booked(order).filtered(lambda one: one.state == "done")

    def assertBooked(self, order, amount, discount, paid):
        """What counts on an order: the bill, the discount and what is settled."""
        receipt = self.done(order)
        self.assertEqual((receipt.amount, receipt.discount, receipt.settlement_amount), (amount, discount, paid))

    def change(self):
        """As at the end of a request."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    # ------------------------------------------------------------ credited

    def test_a_part_that_is_credited_is_taken_back_in_proportion(self):
        order = self.sell()
        first = self.booked(order)
        self.credit(order, 0.25)
        self.assertBooked(order, 75.0, 15.0, 7.5)
        self.assertEqual((first.state, first.amount, self.done(order).replaces_id), ("voided", 100.0, first))
        self.assertIn("25% credited", first.void_reason)
        self.assertEqual(self.done(order).happened_at, first.happened_at)

    def test_an_order_that_is_credited_wholly_voids_it_and_gives_the_use_back(self):
        self.limited(limit_member=1)
        order = self.sell("LL000001")
        self.credit(order)
        self.assertFalse(self.done(order))
        self.assertTrue(self.done(self.sell("LL000001")))

    def test_credit_notes_add_up_and_one_that_is_reset_to_draft_is_undone(self):
        order = self.sell()
        self.credit(order, 0.25)
        second = self.credit(order, 0.75)
        self.assertFalse(self.done(order))
        second.button_draft()
        self.assertBooked(order, 75.0, 15.0, 7.5)
        second.button_cancel()
        self.assertBooked(order, 75.0, 15.0, 7.5)
        self.assertEqual(self.theirs_benefit.agreement_id.redemption_count, 1)

    def test_following_again_changes_nothing(self):
        order = self.sell()
        self.credit(order, 0.5)
        before = self.booked(order)
        order._follow_partner_offers()
        order._follow_credit_notes()
        self.assertEqual(self.booked(order), before)

    def test_what_is_paid_for_each_redemption_stays_until_all_is_credited(self):
        self.limited(settlement_kind="each", settlement_figure=3)
        order = self.sell("LL000001")
        self.credit(order, 0.5)
        self.assertBooked(order, 50.0, 5.0, 3.0)

    def test_the_tally_is_that_of_the_redemptions_that_are_left(self):
        benefit = self.limited(limit_total=9, budget=900)
        self.credit(self.sell("LL000001"), 0.5)
        read = "SELECT member_key = 0, span, uses, discount FROM co_marketing_tally WHERE benefit_id = %s ORDER BY 1, 2"
        self.env.cr.execute(read, [benefit.id])
        kept = self.env.cr.fetchall()
        self.env["co.marketing.tally"]._recount(benefit)
        self.env.cr.execute(read, [benefit.id])
        self.assertEqual((self.env.cr.fetchall(), kept[0][2:]), (kept, (1, 5.0)))

    # ------------------------------------------------------------ settled

    def settled(self):
        return self.theirs._settle(self.theirs._today())

    def post(self, statement):
        statement.action_send()
        statement._confirm(self.agus)
        statement.action_post()

    def test_credited_before_posting_it_counts_no_more_and_the_rest_comes_in_the_next_statement(self):
        order = self.sell()
        statement = self.settled()
        statement.action_send()
        self.credit(order, 0.5)
        self.assertEqual((statement.total, statement.line_ids.state), (0.0, "voided"))
        self.assertEqual(self.next_statement().total, 5.0)

    def next_statement(self):
        return self.theirs._settle(self.theirs._today() + timedelta(days=30))

    def test_credited_after_posting_the_next_statement_has_the_credit_and_the_rest(self):
        order = self.sell()
        statement = self.settled()
        self.post(statement)
        self.credit(order, 0.5)
        following = self.next_statement()
        self.assertEqual(sorted(following.line_ids.mapped("amount")), [-10.0, 5.0])
        self.assertEqual((statement.total, statement.total + following.total), (10.0, 5.0))

    def test_cancelled_or_wholly_credited_after_posting_it_is_credited_in_the_next(self):
        cancelled, credited = self.sell(), self.sell()
        self.post(self.settled())
        cancelled._action_cancel()
        self.credit(credited)
        following = self.next_statement()
        self.assertEqual((following.line_ids.mapped("kind"), following.total), (["credit"] * 2, -20.0))

    # ------------------------------------------------------------ changed after it was confirmed

    def test_goods_that_are_added_or_taken_off_change_the_bill(self):
        order = self.sell(quantity=2)
        self.assertBooked(order, 200.0, 40.0, 20.0)
        order.order_line.filtered("product_uom_qty")[0].product_uom_qty = 3
        self.change()
        self.assertBooked(order, 300.0, 40.0, 20.0)  # core leaves the discount of a confirmed order alone
        order._update_programs_and_rewards()
        self.change()
        self.assertBooked(order, 300.0, 60.0, 30.0)

    def test_without_its_discount_nothing_was_used(self):
        order = self.sell()
        order._partner_offer_lines().product_uom_qty = 0
        self.change()
        self.assertFalse(self.done(order))
        order._partner_offer_lines().product_uom_qty = 1
        self.change()
        self.assertBooked(order, 100.0, 20.0, 10.0)

    def test_a_code_that_is_put_on_a_confirmed_order_is_booked_with_it(self):
        [code] = self.codes()
        order = self.order()
        order.action_confirm()
        [(coupon, reward)] = order._try_apply_code(code).items()
        order._apply_program_reward(reward, coupon)
        self.change()
        self.assertBooked(order, 100.0, 20.0, 10.0)

    def test_more_than_the_budget_has_left_is_refused(self):
        self.limited(budget=15)
        order = self.sell("LL000001")
        order.order_line.filtered(lambda line: not line.reward_id).product_uom_qty = 2
        order._update_programs_and_rewards()
        with self.assertRaisesRegex(UserError, f"{order.name}: Limited cannot give more"):
            self.change()

    def test_orders_of_nobodys_customers_are_followed_with_as_many_queries_for_many_as_for_one(self):
        orders = self.env["sale.order"].create(
            [{"partner_id": self.budi.id, "order_line": [Command.create({"product_id": self.flour.id})]}] * 12
        )
        orders.action_confirm()

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            some._follow_partner_offers()
            return self.env.cr.sql_log_count - start

        queries(orders)
        self.assertLessEqual(queries(orders), queries(orders[:1]))

    # ------------------------------------------------------------ figures and customers won

    def test_whose_only_order_is_credited_wholly_was_not_won(self):
        order = self.sell()
        note = self.credit(order)
        self.assertFalse(self.stranger.co_marketing_agreement_id)
        note.button_draft()
        self.assertEqual(
            (self.stranger.co_marketing_agreement_id, self.done(order).is_new_customer), (self.theirs, True)
        )

    def test_revenue_is_what_was_not_credited(self):
        self.credit(self.sell(), 0.25)
        [(revenue, won)] = self.env["co.marketing.report"]._read_group(
            [("agreement_id", "=", self.theirs.id)], [], ["revenue:sum", "customers_won:sum"]
        )
        self.assertEqual((revenue, won), (60.0, 1))
