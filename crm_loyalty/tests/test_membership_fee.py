from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestMembershipFee(ClubCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fee = cls.env["loyalty.club"]._make_fee_product("Kopi Braga Club", 50, cls.company)
        cls.fee.taxes_id = False
        cls.club.write(
            {"enrolment": "paid", "fee_product_id": cls.fee.id, "validity": "rolling", "validity_months": 12}
        )

    def order_of_fee(self, partner=None, quantity=1):
        return self.env["sale.order"].create(
            {
                "partner_id": (partner or self.siti).id,
                "order_line": [Command.create({"product_id": self.fee.id, "product_uom_qty": quantity})],
            }
        )

    def bought(self, partner=None, quantity=1):
        order = self.order_of_fee(partner, quantity)
        order.action_confirm()
        return order

    def membership(self, partner=None):
        return self.env["loyalty.membership"].search([("partner_id", "=", (partner or self.siti).id)])

    def pay(self, invoice):
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids).create(
            {}
        )._create_payments()

    def test_confirming_the_order_makes_its_customer_a_member(self):
        order = self.bought()
        membership = self.membership()
        self.assertEqual((membership.state, membership.way_in, membership.tier_id), ("running", "fee", self.green))
        self.assertIn(order.name, membership.log_ids.reason)
        self.assertEqual(membership.fee_ids.order_line_id, order.order_line)
        self.assertEqual(membership.fee_ids.date_until, membership.date_end)

    def test_a_salesperson_sells_it(self):
        order = self.order_of_fee()
        order.user_id = self.seller
        order.with_user(self.seller).action_confirm()
        self.assertEqual(self.membership().way_in, "fee")

    def test_without_buying_only_a_manager_enrols(self):
        with self.assertRaisesRegex(AccessError, "by buying “Membership: Kopi Braga Club”"):
            self.club.with_user(self.clerk)._enrol(self.siti)
        self.assertTrue(self.club.with_user(self.manager)._enrol(self.siti))

    def test_a_member_who_buys_again_has_the_membership_renewed(self):
        self.bought()
        end = self.membership().date_end
        self.bought()
        self.assertEqual(len(self.membership()), 1)
        self.assertEqual(self.membership().date_end, self.club._validity_end_after(end, self.membership().date_start))
        self.assertEqual(self.membership().log_ids.sorted("id").mapped("event"), ["enrolled", "renewed"])

    def test_two_pieces_are_two_periods(self):
        self.club.validity = "calendar_year"
        self.bought(quantity=2)
        self.assertEqual(self.membership().date_end.year, self.today.year + 1)

    def test_a_line_counts_once_whatever_is_repeated(self):
        order = self.bought()
        end = self.membership().date_end
        order._follow_clubs()
        order._follow_clubs()
        self.assertEqual((self.membership().date_end, len(self.membership().fee_ids)), (end, 1))

    def test_one_who_was_in_the_club_before_keeps_card_and_points(self):
        first = self.club._enrol(self.siti)
        first.card_id.points = 30
        first._end("moved away")
        self.bought()
        again = self.membership() - first
        self.assertEqual((again.card_id, again.card_id.points), (first.card_id, 30))
        self.assertEqual(again.log_ids.event, "returned")

    def test_a_contact_buys_it_for_its_company(self):
        self.bought(self.rina)
        self.assertTrue(self.membership(self.textile))

    def test_a_line_added_to_a_confirmed_order_counts_too(self):
        order = self.quotation(self.siti)
        order.action_confirm()
        order.order_line = [Command.create({"product_id": self.fee.id})]
        self.assertEqual(self.membership().way_in, "fee")

    # ------------------------------------------------------------ credited

    def credit(self, order, share=1.0):
        """A posted credit note of the order's invoice."""
        invoice = order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice") or order._create_invoices()
        if invoice.state == "draft":
            invoice.action_post()
        note = invoice._reverse_moves()
        for line in note.invoice_line_ids:
            line.price_unit *= share
        note.action_post()
        return note

    def test_a_credit_note_of_the_fee_ends_the_membership_and_the_log_says_why(self):
        order = self.bought()
        self.credit(order)
        self.assertEqual(self.membership().state, "ended")
        self.assertFalse(self.siti._running_memberships())
        last = self.membership().log_ids.sorted("id")[-1]
        self.assertEqual((last.event, last.reason), ("ended", f"The fee of order {order.name} was credited"))
        self.assertTrue(self.membership().fee_ids.cancelled_on)

    def test_a_credit_note_of_a_renewal_takes_its_period_back_and_no_more(self):
        self.bought()
        end = self.membership().date_end
        renewal = self.bought()
        self.assertGreater(self.membership().date_end, end)
        self.credit(renewal)
        self.assertEqual((self.membership().date_end, self.membership().state), (end, "running"))
        self.assertEqual(self.membership().log_ids.sorted("id")[-1].event, "taken_back")

    def test_a_credit_note_of_a_part_of_the_fee_takes_nothing_back(self):
        order = self.bought()
        self.credit(order, share=0.4)
        self.assertEqual(self.membership().state, "running")
        self.credit(order, share=0.6)
        self.assertEqual(self.membership().state, "ended")

    def test_what_was_credited_is_not_given_again_by_repeating(self):
        order = self.bought()
        self.credit(order)
        order._follow_clubs()
        order._follow_credit_notes()
        self.assertFalse(self.siti._running_memberships())
        self.assertEqual(len(self.membership().fee_ids), 1)

    def test_a_credit_note_reset_to_draft_makes_him_a_member_again(self):
        note = self.credit(self.bought())
        note.button_draft()
        self.assertEqual(self.siti._running_memberships().way_in, "fee")

    def test_an_accountant_without_rights_on_clubs_credits(self):
        accountant = new_test_user(self.env, "accountant", "account.group_account_invoice")
        order = self.bought()
        invoice = order._create_invoices()
        invoice.action_post()
        invoice.with_user(accountant)._reverse_moves().with_user(accountant).action_post()
        self.assertEqual(self.membership().state, "ended")

    # ------------------------------------------------------------ begins when paid

    def test_begun_when_paid_it_waits_for_the_payment_of_the_invoice(self):
        self.club.fee_start = "paid"
        order = self.bought()
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertFalse(self.membership())
        self.pay(invoice)
        self.assertEqual(self.membership().state, "running")

    def test_a_payment_of_one_cent_less_is_none(self):
        self.club.fee_start = "paid"
        order = self.bought()
        invoice = order._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids).create(
            {"amount": invoice.amount_total - 0.01}
        )._create_payments()
        self.assertFalse(self.membership())

    def test_paid_online_it_begins_with_the_payment(self):
        self.club.fee_start = "paid"
        order = self.order_of_fee()
        self.pay_online(order)
        self.assertEqual((order.state, self.membership().state), ("sale", "running"))

    def test_paid_online_after_it_was_confirmed(self):
        self.club.fee_start = "paid"
        order = self.bought()
        self.pay_online(order)
        self.pay_online(order)
        self.assertEqual(len(self.membership().fee_ids), 1)

    def pay_online(self, order):
        Method, bank = self.env["account.payment.method"], self.env["account.journal"].search([("type", "=", "bank")])
        if not Method.search([("code", "=", "none")]):
            Method.create({"name": "Bank of the tests", "code": "none", "payment_type": "inbound"})
        provider = self.env["payment.provider"].create({"name": "Bank of the tests", "code": "none", "state": "test"})
        provider.journal_id = bank[:1]
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "reference": f"{order.name}-{len(order.transaction_ids)}",
                "operation": "offline",
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        transaction._set_done()
        transaction.with_context(skip_sale_auto_invoice_send=True)._post_process()

    # ------------------------------------------------------------ cancelled

    def test_cancelled_before_it_was_paid_nothing_has_begun(self):
        self.club.fee_start = "paid"
        order = self.bought()
        order._action_cancel()
        self.assertFalse(self.membership())

    def test_a_cancelled_order_ends_what_it_began_with_the_reason(self):
        order = self.bought()
        order._action_cancel()
        self.assertEqual(self.membership().state, "ended")
        self.assertEqual(self.membership().log_ids.sorted("id")[-1].reason, f"Order {order.name} was cancelled")
        self.assertFalse(self.membership().has_left)

    def test_a_cancelled_renewal_that_has_not_begun_is_taken_back(self):
        self.bought()
        end = self.membership().date_end
        renewal = self.bought()
        renewal._action_cancel()
        self.assertEqual((self.membership().state, self.membership().date_end), ("running", end))
        renewal._action_cancel()
        self.assertEqual(self.membership().date_end, end)

    def test_confirmed_again_after_it_was_cancelled_it_counts_again(self):
        order = self.bought()
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(sorted(self.membership().mapped("state")), ["ended", "running"])

    # ------------------------------------------------------------ what cannot be given

    def test_what_the_club_cannot_give_is_noted_and_the_order_goes_on(self):
        self.club.validity = "lifetime"
        self.bought()
        order = self.bought()
        self.assertEqual(order.state, "sale")
        self.assertIn("for life", order.message_ids[0].body + order.message_ids[1].body)
        self.assertTrue(order.activity_ids)

    def test_another_companys_club_takes_no_fee_of_ours(self):
        self.fee.company_id = False
        other = self.env["res.company"].create({"name": "Other"})
        order = self.env["sale.order"].create(
            {
                "company_id": other.id,
                "partner_id": self.siti.id,
                "order_line": [Command.create({"product_id": self.fee.id, "tax_ids": [Command.clear()]})],
            }
        )
        order.action_confirm()
        self.assertFalse(self.membership())

    def test_expired_yesterday_and_not_worked_off_yet_he_joins_anew(self):
        self.bought()
        self.membership().write(
            {"date_start": self.today - timedelta(days=400), "date_end": self.today - timedelta(days=2)}
        )
        self.bought()
        self.assertEqual(self.membership().sorted("id").mapped("state"), ["ended", "running"])

    # ------------------------------------------------------------ the wizard

    def test_the_wizard_makes_a_club_that_is_bought_with_its_product(self):
        wizard = Form(self.env["loyalty.club.wizard"].with_user(self.manager))
        wizard.name, wizard.enrolment, wizard.fee, wizard.fee_start = "Klub Teh", "paid", 75, "paid"
        club = self.env["loyalty.club"].browse(wizard.save().action_create()["res_id"])
        self.assertEqual((club.enrolment, club.fee_start), ("paid", "paid"))
        self.assertEqual(
            (club.fee_product_id.name, club.fee_product_id.list_price, club.fee_product_id.type),
            ("Membership: Klub Teh", 75, "service"),
        )

    def test_the_wizard_makes_a_club_one_joins_automatically(self):
        wizard = Form(self.env["loyalty.club.wizard"].with_user(self.manager))
        wizard.name, wizard.enrolment, wizard.automatic_after = "Klub Teh", "automatic", "amount"
        wizard.automatic_amount = 250
        club = self.env["loyalty.club"].browse(wizard.save().action_create()["res_id"])
        self.assertEqual((club.automatic_after, club.automatic_amount), ("amount", 250))
