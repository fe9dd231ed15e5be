from datetime import timedelta

from odoo import Command
from odoo.addons.crm_service_desk.tests.common import ServiceDeskCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTicketReturn(ServiceDeskCase):
    """Goods that Siti sends back because of her complaint. Rina is an agent who may work in the warehouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = new_test_user(
            cls.env,
            "rina",
            groups="crm_service_desk.group_service_user,stock.group_stock_user,sales_team.group_sale_salesman_all_leads",
            name="Rina",
        )
        cls.grinder = cls.env["product.product"].create({"name": "Grinder", "is_storable": True, "taxes_id": False})
        cls.order = cls.delivered(cls.siti)
        cls.ticket = cls.new_ticket(user_id=cls.keeper.id, sale_order_id=cls.order.id).with_user(cls.keeper)

    @classmethod
    def delivered(cls, partner, quantity=3):
        """An order of grinders that was delivered."""
        line = Command.create({"product_id": cls.grinder.id, "product_uom_qty": quantity})
        order = cls.env["sale.order"].create({"partner_id": partner.id, "order_line": [line]})
        order.action_confirm()
        order.picking_ids.move_ids.write({"quantity": quantity, "picked": True})
        order.picking_ids.button_validate()
        assert order.picking_ids.state == "done"
        return order

    def send_back(self, action, quantity=1, user=None):
        """Fill in core's dialog and press Return; the transfer."""
        dialog = self.env[action["res_model"]].with_user(user or self.keeper).with_context(**action["context"])
        with Form(dialog) as form, form.product_return_moves.edit(0) as line:
            line.quantity = quantity
        return self.env["stock.picking"].browse(form.record.action_create_returns()["res_id"])

    def test_a_return_is_made_of_the_delivery_of_the_order_concerned_and_linked(self):
        delivery = self.order.picking_ids
        returned = self.send_back(self.ticket.action_return_goods(), quantity=2)
        self.assertEqual((returned.return_id, returned.picking_type_code), (delivery, "incoming"))
        self.assertEqual((returned.move_ids.product_id, returned.move_ids.product_uom_qty), (self.grinder, 2))
        self.assertEqual((returned.service_ticket_id, self.ticket.return_count), (self.ticket, 1))
        self.assertEqual(self.ticket.action_open_returns()["res_id"], returned.id)
        self.assertIn(returned.name, str(self.ticket.message_ids[:1].body))

    def test_the_ticket_says_when_the_goods_are_here(self):
        returned = self.send_back(self.ticket.action_return_goods())
        returned.move_ids.write({"quantity": 1, "picked": True})
        receiver = new_test_user(self.env, "doni", groups="stock.group_stock_user")
        returned.with_user(receiver).button_validate()
        self.assertIn(f"have come back: {returned.name}", str(self.ticket.message_ids[:1].body))

    def test_of_several_deliveries_one_is_chosen(self):
        self.ticket.sale_order_id = False
        second = self.delivered(self.siti).picking_ids
        self.delivered(self.budi)
        action = self.ticket.action_return_goods()
        question = self.env[action["res_model"]].with_user(self.keeper).with_context(**action["context"]).create({})
        self.assertEqual(question.delivery_ids, second | self.order.picking_ids)
        press = second.with_user(self.keeper).with_context(return_ticket_id=self.ticket.id).action_return_for_ticket
        self.assertEqual(self.send_back(press()).return_id, second)

    def test_the_choice_says_when_and_what_was_delivered_the_newest_first(self):
        self.ticket.sale_order_id = False
        second = self.delivered(self.siti, quantity=1.5).picking_ids
        self.order.picking_ids.date_done = second.date_done - timedelta(days=3)
        action = self.ticket.action_return_goods()
        dialog = self.env[action["res_model"]].with_user(self.keeper).with_context(**action["context"]).create({})
        columns = {"delivery_ids": {"fields": {"name": {}, "date_done": {}, "goods_delivered": {}}}}
        shown = [(row["name"], row["goods_delivered"]) for row in dialog.web_read(columns)[0]["delivery_ids"]]
        first = self.order.picking_ids
        self.assertEqual(shown, [(second.name, "1.5 × Grinder"), (first.name, "3 × Grinder")])

    def test_where_nothing_was_delivered_nothing_comes_back(self):
        ticket = self.new_ticket(self.budi, user_id=self.keeper.id).with_user(self.keeper)
        with self.assertRaisesRegex(UserError, "Nothing was delivered to Budi"):
            ticket.action_return_goods()

    def test_the_delivery_to_another_customer_is_not_returned_for_this_ticket(self):
        action = self.ticket._return_of(self.delivered(self.budi).picking_ids)
        with self.assertRaisesRegex(UserError, "did not go to the customer"):
            self.send_back(action)
        self.assertFalse(self.ticket.return_picking_ids)

    def test_nobody_links_a_return_to_a_ticket_that_is_not_his(self):
        other = new_test_user(
            self.env, "tono", groups="crm_service_desk.group_service_user,stock.group_stock_user", name="Tono"
        )
        with self.assertRaises(AccessError):
            self.ticket.with_user(other).action_return_goods()
        with self.assertRaises(AccessError):
            self.send_back(self.ticket._return_of(self.order.picking_ids), user=other)
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.agent).read(["return_picking_ids"])

    def test_a_return_made_elsewhere_is_of_no_ticket(self):
        delivery = self.order.picking_ids
        begun = self.ticket._return_of(delivery)["context"]["return_for_ticket"]
        first = self.send_back(self.ticket.action_return_goods())
        first.move_ids.write({"quantity": 1, "picked": True})
        first.button_validate()
        back = self.env["stock.return.picking"].with_user(self.keeper)
        back = back.with_context(active_id=first.id, active_model="stock.picking", return_for_ticket=begun).create({})
        back.product_return_moves.quantity = 1
        again = self.env["stock.picking"].browse(back.action_create_returns()["res_id"])
        self.assertFalse(again.service_ticket_id, "what is sent out once more is no return of the ticket")

    def test_returns_go_along_when_tickets_are_merged(self):
        returned = self.send_back(self.ticket.action_return_goods())
        survivor = self.new_ticket(user_id=self.keeper.id)
        survivor.with_user(self.agent).sudo()._merge(self.ticket.sudo())
        self.assertEqual(returned.service_ticket_id, survivor)

    def test_counting_the_returns_of_many_tickets_costs_one_query(self):
        tickets = self.env["service.ticket"].create([{"name": f"T{n}"} for n in range(100)])

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("return_count")
            return self.env.cr.sql_log_count - before

        count(tickets[:1])
        self.assertEqual(count(tickets[:1]), count(tickets))
