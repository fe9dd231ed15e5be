from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common_remedy import RemedyCase


@tagged("post_install", "-at_install")
class TestRemedyDocuments(RemedyCase):
    """Credit notes, replacements and visits: drafts made with the rights of the person, and what they cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("account.group_account_manager")
        if not cls.env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", cls.company.id)]):
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        cls.rich_agent = new_test_user(
            cls.env,
            "rina",
            groups="crm_service_desk.group_service_user,account.group_account_invoice,sales_team.group_sale_salesman_all_leads",
            name="Rina",
        )
        cls.ticket.user_id = cls.rich_agent
        cls.latte, cls.cake = cls.env["product.product"].create(
            [
                {"name": "Latte", "lst_price": 4, "taxes_id": False, "invoice_policy": "order"},
                {"name": "Cake", "lst_price": 10, "taxes_id": False, "invoice_policy": "order"},
            ]
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.siti.id,
                "order_line": [
                    Command.create({"product_id": cls.latte.id, "product_uom_qty": 3}),
                    Command.create({"product_id": cls.cake.id, "product_uom_qty": 1}),
                ],
            }
        )
        cls.order.action_confirm()
        cls.ticket.sale_order_id = cls.order

    def an_invoice(self):
        invoice = self.order._create_invoices()
        invoice.action_post()
        return invoice

    def rich(self, kind, **values):
        """The dialog in the hands of somebody who may sell and invoice."""
        return self.wizard(kind, self.rich_agent, **values)

    def filled_in(self, kind):
        """The dialog as the browser sends it: what is readonly does not come back by itself."""
        dialog = self.env["service.remedy.wizard"].with_user(self.rich_agent)
        context = {"default_ticket_id": self.ticket.id, "default_kind": kind}
        with Form(dialog.with_context(**context)) as form:
            form.text = "We are sorry."
            with form.line_ids.edit(0) as line:
                line.quantity = 2
            with form.line_ids.edit(1) as line:
                line.chosen = False
        return form.record

    def test_the_lines_come_back_from_the_browser(self):
        self.filled_in("replacement").action_offer()
        self.assertEqual(self.newest_remedy().sale_order_id.order_line.mapped("product_uom_qty"), [2])
        self.an_invoice()
        self.filled_in("credit_note").action_offer()
        self.assertEqual(self.newest_remedy().move_id.invoice_line_ids.mapped("quantity"), [2])

    def test_the_choice_of_an_order_or_invoice_says_its_day_and_what_was_bought(self):
        invoice = self.an_invoice()
        self.order.date_order = "2026-03-14"
        for document, day in ((self.order, "03/14/2026"), (invoice, invoice.invoice_date.strftime("%m/%d/%Y"))):
            choices = document.with_user(self.rich_agent).with_context(service_remedy_choice=True)
            [(_id, told)] = choices.name_search(document.name, [("id", "=", document.id)])
            self.assertEqual(told, f"{document.display_name} · {day} · 3 × Latte, 1 × Cake")
            self.assertNotIn("Latte", document.display_name)

    def test_naming_many_orders_to_choose_from_costs_as_many_queries_as_naming_one(self):
        orders = self.env["sale.order"].union(*(self.order.copy() for _time in range(10)))

        def names(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_context(service_remedy_choice=True).mapped("display_name")
            return self.env.cr.sql_log_count - before

        names(orders)
        self.assertEqual(names(orders[:1]), names(orders))

    def test_lines_of_another_document_are_refused(self):
        other = self.order.copy({"partner_id": self.budi.id})
        wizard = self.rich("replacement")
        wizard.line_ids[0].order_line_id = other.order_line[0]
        with self.assertRaisesRegex(UserError, "lines of this document only"):
            wizard.action_offer()

    # Replacement

    def test_a_replacement_is_a_draft_order_free_of_charge(self):
        wizard = self.rich("replacement")
        self.assertEqual((wizard.order_id, len(wizard.line_ids), wizard.cost), (self.order, 2, 22))
        wizard.action_offer()
        remedy = self.newest_remedy()
        order = remedy.sale_order_id
        self.assertEqual((order.state, order.origin, order.amount_total), ("draft", self.ticket.number, 0))
        self.assertEqual(remedy.cost, 22)
        self.assertIn("3 × Latte", remedy.offered)
        self.assertEqual(order.create_uid, self.rich_agent)

    def test_only_the_lines_chosen_are_replaced_at_the_discount_chosen(self):
        wizard = self.rich("replacement", discount=50)
        latte, cake = wizard.line_ids
        latte.quantity, cake.chosen = 2, False
        wizard.action_offer()
        remedy = self.newest_remedy()
        self.assertEqual((remedy.sale_order_id.amount_total, remedy.cost), (4, 4))
        self.assertIn("You pay", remedy.offered)

    def test_no_more_is_replaced_than_was_ordered(self):
        wizard = self.rich("replacement")
        for quantity in (4, -1):
            wizard.line_ids[0].quantity = quantity
            with self.assertRaises(UserError):
                wizard.action_offer()
        wizard.line_ids.chosen = False
        with self.assertRaisesRegex(UserError, "at least one line"):
            wizard.action_offer()
        self.assertFalse(self.env["sale.order"].search([("origin", "=", self.ticket.number)]))

    def test_the_order_of_another_customer_is_not_replaced(self):
        self.order.copy({"partner_id": self.budi.id}).action_confirm()
        budis = self.env["sale.order"].search([("partner_id", "=", self.budi.id)])
        with self.assertRaisesRegex(UserError, "of this customer"):
            self.rich("replacement", order_id=budis.id).action_offer()

    def test_who_sells_nothing_replaces_nothing(self):
        self.ticket.user_id = self.agent
        with self.assertRaises(AccessError):
            self.wizard("replacement", order_id=self.order.id).action_offer()

    def test_a_rejected_replacement_is_cancelled(self):
        self.rich("replacement").action_offer()
        remedy = self.newest_remedy()
        remedy._decide("rejected", "No")
        self.assertEqual(remedy.sale_order_id.state, "cancel")

    def test_an_agreed_replacement_is_done_when_it_is_sent(self):
        self.rich("replacement").action_offer()
        remedy = self.newest_remedy()
        remedy._decide("accepted")
        self.assertEqual(remedy.state, "accepted")
        remedy.with_user(self.rich_agent).action_done()
        self.assertEqual(remedy.state, "done")

    def test_the_same_dialog_makes_one_order(self):
        wizard = self.rich("replacement")
        wizard.action_offer()
        wizard.action_offer()
        self.assertEqual(self.env["sale.order"].search_count([("origin", "=", self.ticket.number)]), 1)

    # Credit note

    def test_a_credit_note_is_a_draft_of_the_lines_chosen(self):
        invoice = self.an_invoice()
        wizard = self.rich("credit_note")
        self.assertEqual(wizard.invoice_id, invoice, "the only invoice of the order concerned")
        wizard.line_ids[0].quantity = 1
        wizard.line_ids[1].chosen = False
        self.assertEqual(wizard.cost, 4)
        wizard.action_offer()
        remedy = self.newest_remedy()
        note = remedy.move_id
        self.assertEqual((note.move_type, note.state, note.amount_untaxed), ("out_refund", "draft", 4))
        self.assertEqual((note.reversed_entry_id, remedy.cost, note.create_uid), (invoice, 4, self.rich_agent))
        self.assertEqual(note.invoice_line_ids.product_id, self.latte)

    def test_a_rejected_credit_note_is_cancelled(self):
        self.an_invoice()
        self.rich("credit_note").action_offer()
        remedy = self.newest_remedy()
        remedy._decide("rejected", "No")
        self.assertEqual(remedy.move_id.state, "cancel")

    def test_a_posted_credit_note_stays(self):
        self.an_invoice()
        self.rich("credit_note").action_offer()
        remedy = self.newest_remedy()
        remedy.move_id.action_post()
        remedy._decide("rejected", "No")
        self.assertEqual(remedy.move_id.state, "posted")

    def test_who_does_no_accounting_makes_no_credit_note(self):
        invoice = self.an_invoice()
        self.ticket.user_id = self.agent
        self.assertFalse(self.wizard("credit_note").invoice_id)
        with self.assertRaises(AccessError):
            self.wizard("credit_note", invoice_id=invoice.id).action_offer()
        self.assertFalse(self.env["account.move"].search([("move_type", "=", "out_refund")]))

    def test_the_invoice_of_another_customer_is_not_credited(self):
        self.an_invoice()
        other = self.order.copy({"partner_id": self.budi.id, "partner_invoice_id": self.budi.id})
        other.action_confirm()
        invoice = other._create_invoices()
        invoice.action_post()
        with self.assertRaisesRegex(UserError, "of this customer"):
            self.rich("credit_note", invoice_id=invoice.id).action_offer()

    def test_a_draft_that_cannot_be_withdrawn_becomes_a_task(self):
        self.an_invoice()
        self.rich("credit_note").action_offer()
        remedy = self.newest_remedy()
        self.rich_agent.group_ids -= self.env.ref("account.group_account_invoice")
        remedy._decide("rejected", "No")
        self.assertEqual((remedy.decision, remedy.move_id.state), ("rejected", "draft"))
        self.assertIn("Withdraw by hand", str(self.ticket.activity_ids.mapped("summary")))

    # Visit and repair

    def test_a_visit_is_a_meeting_with_the_customer(self):
        remedy = self.offer("visit", self.rich_agent, date_start="2030-05-06 08:00:00", hours=2, typed_cost=7)
        event = remedy.event_id
        self.assertEqual((str(event.stop), event.user_id, remedy.cost), ("2030-05-06 10:00:00", self.rich_agent, 7))
        self.assertEqual(event.partner_ids, self.siti | self.rich_agent.partner_id)
        self.assertIn("Our visit on", remedy.offered)
        remedy._decide("rejected", "Not at home")
        self.assertFalse(event.active)

    def test_a_repair_is_a_meeting_too_and_done_when_it_is_repaired(self):
        remedy = self.offer("repair", self.rich_agent, date_start="2030-05-06 08:00:00", typed_cost=30)
        self.assertEqual((remedy.event_id.partner_ids & self.siti, remedy.cost), (self.siti, 30))
        self.assertIn(self.ticket.number, remedy.event_id.name)
        remedy._decide("accepted")
        self.assertEqual((remedy.state, remedy.event_id.active), ("accepted", True))
        remedy.with_user(self.rich_agent).action_done()
        self.assertEqual((remedy.state, self.ticket.outcome), ("done", "accepted"))

    def test_a_visit_needs_a_time(self):
        for values in (
            {},
            {"date_start": "2030-05-06 08:00:00", "hours": 0},
            {"date_start": "2030-05-06", "hours": 25},
        ):
            with self.assertRaises(UserError):
                self.offer("repair", self.rich_agent, **values)
        with self.assertRaises(UserError):
            self.offer("visit", self.rich_agent, date_start="2030-05-06 08:00:00", typed_cost=-1)

    def test_a_visit_that_waits_for_the_leader_is_not_in_the_calendar_yet(self):
        self.team.remedy_limit = 5
        remedy = self.offer("visit", self.rich_agent, date_start="2030-05-06 08:00:00", typed_cost=50)
        self.assertEqual((remedy.state, remedy.event_id.ids), ("to_approve", []))
        remedy.with_user(self.leader).action_approve()
        self.assertEqual((remedy.state, remedy.event_id.user_id), ("proposed", self.rich_agent))
