"""What our addons cost where it would hurt most: creating and confirming an order at the counter."""

from unittest.mock import patch

from odoo import Command

from ..row import Row, Side, equal

ORDERS, LINES = 4, 5
DISCOUNT, SPENT_PER_POINT, POINT_VALUE = 5, 10, 0.1
# Short rounds, many of them: the difference is small.
RUNS = {"S": 31, "M": 31, "L": 31}


def prepare(env, number):
    """A few customers of all weights and five products each, other ones each round.

    :returns: list of (partner's id, ids of products)
    """
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

    :returns: state, amount and number of lines of each order
    """
    return [_confirmed(env, _created(env, *one)) for one in wanted]


def confirm_unrecorded(env, wanted):
    """The same with our addons, but nothing enters the history of contacts."""
    history = type(env["contact.history.entry"])
    with patch.object(history, "_touch", lambda *args, **kwargs: None):
        return confirm(env, wanted)


def claim_and_confirm(env, wanted):
    """The same, and between the two the salesperson presses "Reward", as core needs it for a discount."""
    return [_confirmed(env, _claimed(env, _created(env, *one))) for one in wanted]


def _created(env, partner, products):
    lines = [Command.create({"product_id": product, "product_uom_qty": 2}) for product in products]
    order = env["sale.order"].create({"partner_id": partner, "order_line": lines})
    _end_of_request(env)
    return order


def _claimed(env, order):
    order._update_programs_and_rewards()
    for coupon, rewards in order._get_claimable_rewards().items():
        if coupon.program_id.program_type == "promotion":
            order._apply_program_reward(rewards, coupon)
    order._update_programs_and_rewards()
    _end_of_request(env)
    return order


def _confirmed(env, order):
    order.action_confirm()
    _end_of_request(env)
    return order.state, order.amount_total, len(order.order_line)


def _end_of_request(env):
    """What a commit would bring about, the writing to disk apart."""
    env.cr.flush()
    env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
    env.cr.execute("SET CONSTRAINTS ALL DEFERRED")
    env.invalidate_all()


def prepare_members(env, number, tiers=({"name": "Green", "discount": DISCOUNT},), metric=False):
    """The customers are members of a club: points, and a discount for its tier."""
    wanted = prepare(env, number)
    club = (
        env["loyalty.club"]
        .sudo()
        ._create_with_programs(
            {"name": "Bench", "company_id": env.company.id},
            list(tiers),
            {"amount": SPENT_PER_POINT, "value": POINT_VALUE},
        )
    )
    club.qualification_metric = metric
    club._enrol(env["res.partner"].sudo().browse(partner for partner, _products in wanted))
    return wanted


def prepare_members_who_earn_tiers(env, number):
    """And the club qualifies them by what they spend: each order has their tier evaluated. Nobody comes to the best one."""
    best = {"name": "Gold", "discount": 2 * DISCOUNT, "threshold": 1e12}
    return prepare_members(env, number, (best, {"name": "Green", "discount": DISCOUNT}), "spend")


def prepare_programs(env, number):
    """The same in core: both programs for everybody, a card of points for each of the customers."""
    wanted = prepare(env, number)
    points, _discount = env["loyalty.program"].sudo().create([_points_program(env), _discount_program(env)])
    customers = env["res.partner"].sudo().browse(partner for partner, _products in wanted)
    env["loyalty.card"].sudo().create(
        [{"program_id": points.id, "partner_id": customer.commercial_partner_id.id} for customer in customers]
    )
    return wanted


def _points_program(env):
    reward = {
        "reward_type": "discount",
        "discount_mode": "per_point",
        "discount": POINT_VALUE,
        "discount_applicability": "order",
        "required_points": 1,
    }
    rule = {"reward_point_mode": "money", "reward_point_amount": 1 / SPENT_PER_POINT, "minimum_qty": 0}
    return {
        "name": "Bench points",
        "program_type": "loyalty",
        "applies_on": "both",
        "trigger": "auto",
        "company_id": env.company.id,
        "rule_ids": [Command.create(rule)],
        "reward_ids": [Command.create(reward)],
    }


def _discount_program(env):
    reward = {
        "reward_type": "discount",
        "discount_mode": "percent",
        "discount": DISCOUNT,
        "discount_applicability": "order",
        "required_points": 1,
    }
    rule = {"reward_point_mode": "order", "reward_point_amount": 1, "minimum_qty": 0}
    return {
        "name": "Bench discount",
        "program_type": "promotion",
        "applies_on": "current",
        "trigger": "auto",
        "company_id": env.company.id,
        "rule_ids": [Command.create(rule)],
        "reward_ids": [Command.create(reward)],
    }


ROWS = [
    Row(
        name="order_confirmation",
        title=f"Create and confirm {ORDERS} orders of {LINES} lines",
        baseline=Side("Odoo alone", confirm, database="core", prepare=prepare),
        ours=Side("with our addons", confirm, prepare=prepare),
        difference=equal,
        user="bench1",
        runs=RUNS,
    ),
    Row(
        name="order_confirmation_history",
        title="Of that, what keeping the history of contacts costs",
        baseline=Side("our addons, history not kept", confirm_unrecorded, prepare=prepare),
        ours=Side("our addons", confirm, prepare=prepare),
        difference=equal,
        user="bench1",
        modules=("crm_contact_history",),
        runs=RUNS,
    ),
    Row(
        name="order_confirmation_member",
        title=f"The same for members: points and {DISCOUNT} % discount",
        baseline=Side("Odoo alone, same programs for all, reward claimed", claim_and_confirm, "core", prepare_programs),
        ours=Side("with our addons, a club", confirm, prepare=prepare_members),
        difference=equal,
        user="bench1",
        modules=("crm_loyalty",),
        runs=RUNS,
    ),
    Row(
        name="order_confirmation_tiers",
        title="The same for members of a club whose tiers are earned",
        baseline=Side("Odoo alone, same programs for all, reward claimed", claim_and_confirm, "core", prepare_programs),
        ours=Side("with our addons, tiers evaluated", confirm, prepare=prepare_members_who_earn_tiers),
        difference=equal,
        user="bench1",
        modules=("crm_loyalty",),
        runs=RUNS,
    ),
]
