"""For `odoo shell`: an order on the customer's card, from confirmed to delivered; an assertion that fails ends it."""
# ruff: noqa: F821  `env` is the shell's

customer = env["res.partner"].create({"name": "Siti Rahmawati"})
coffee = env["product.product"].create(
    {"name": "Kopi Gayo", "type": "consu", "is_storable": True, "list_price": 10, "invoice_policy": "delivery"}
)


def on_card():
    """{order: words on his card} as a salesperson reads them."""
    env.flush_all()
    env.invalidate_all()
    sections = {section["key"]: section["rows"] for section in customer.front_desk_card()["sections"]}
    return {row["title"]: [state["label"] for state in row["states"]] for row in sections.get("orders", [])}


def deliver(order, quantity):
    picking = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
    picking.move_ids.quantity = quantity
    picking.move_ids.picked = True
    picking.with_context(skip_backorder=True, cancel_backorder=False)._action_done()


order = env["sale.order"].create(
    {"partner_id": customer.id, "order_line": [(0, 0, {"product_id": coffee.id, "product_uom_qty": 2})]}
)
assert on_card() == {}, "a quotation is no order"
order.action_confirm()
assert on_card() == {order.name: ["Not Delivered"]}, on_card()
deliver(order, 1)
assert on_card() == {order.name: ["Partially Delivered", "To Invoice"]}, on_card()
deliver(order, 1)
assert on_card() == {order.name: ["Fully Delivered", "To Invoice"]}, on_card()
order._create_invoices()
assert on_card() == {}, on_card()
