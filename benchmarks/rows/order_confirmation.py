"""What our addons cost where it would hurt most: creating and confirming an order at the counter."""

from odoo import Command

from ..row import Row, Side, equal

ORDERS, LINES = 4, 5


def prepare(env, number):
    """A few customers of all weights and five products each, other ones each round."""
    env.cr.execute("SELECT count(*) FROM bench.customer")
    [customers] = env.cr.fetchone()
    ranks = [1 + ((number + 100) * 7919 + order * order * 104729) % customers for order in range(ORDERS)]
    env.cr.execute("SELECT partner_id FROM bench.customer WHERE rank IN %s ORDER BY rank", [tuple(ranks)])
    partners = [partner for (partner,) in env.cr.fetchall()]
    products = env["product.product"].search([("default_code", "=like", "B0%")], order="default_code").ids
    return [
        (partner, [products[(number + 100 + order * LINES + line) % len(products)] for line in range(LINES)])
        for order, partner in enumerate(partners)
    ]


def confirm(env, wanted):
    """Create, and confirm as another request would: each writes what is pending, and starts with empty caches.

    :returns: state and amount of each order
    """
    made = []
    for partner, products in wanted:
        lines = [Command.create({"product_id": product, "product_uom_qty": 2}) for product in products]
        order = env["sale.order"].create({"partner_id": partner, "order_line": lines})
        _end_of_request(env)
        order.action_confirm()
        _end_of_request(env)
        made.append((order.state, order.amount_total, len(order.order_line)))
    return made


def _end_of_request(env):
    """What a commit would bring about, the writing to disk apart."""
    env.cr.flush()
    env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
    env.cr.execute("SET CONSTRAINTS ALL DEFERRED")
    env.invalidate_all()


ROWS = [
    Row(
        name="order_confirmation",
        title=f"Create and confirm {ORDERS} orders of {LINES} lines",
        baseline=Side("Odoo alone", confirm, database="core", prepare=prepare),
        ours=Side("with our addons", confirm, database="addons", prepare=prepare),
        difference=equal,
        user="bench1",
        runs={"S": 31, "M": 31, "L": 31},  # short rounds, many of them: the difference is small
    )
]
