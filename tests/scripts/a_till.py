"""Run in Odoo's shell on a database with the point of sale: a member collects and spends points at the till."""

# ruff: noqa: F821  `env` is the shell's
from odoo import Command

company = env.company
if not env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", company.id)]):
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
club = env["loyalty.club"]._create_with_programs(
    {"name": "Club of the till", "company_id": company.id}, [], {"amount": 10, "value": 1}
)
program = club.program_id
member = env["res.partner"].create({"name": "Siti of the till"})
card = club._enrol(member).card_id
card._book(50, "gift", "till/gift")
cashier = env["res.users"].create(
    {
        "name": "Cashier",
        "login": "cashier of the till",
        "group_ids": [Command.set([env.ref("base.group_user").id, env.ref("point_of_sale.group_pos_user").id])],
    }
)
config = env["pos.config"].create({"name": "Till 1"})
config.with_user(cashier).open_ui()
product = env["product.product"].create({"name": "Kopi of the till", "available_in_pos": True, "taxes_id": False})


def refunded(order, share):
    """A refund of a share of the goods of an order, paid out."""
    line = order.lines.filtered(lambda line: not line.is_reward_line)
    amount = -70 * share
    values = {"product_id": product.id, "qty": -share, "price_unit": 70, "refunded_orderline_id": line.id}
    refund = env["pos.order"].create(
        {
            "config_id": config.id,
            "session_id": config.current_session_id.id,
            "partner_id": member.id,
            "user_id": cashier.id,
            "is_refund": True,
            "lines": [Command.create({**values, "price_subtotal": amount, "price_subtotal_incl": amount})],
            "amount_paid": amount,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": amount,
        }
    )
    refund.with_user(cashier).action_pos_order_paid()
    env.flush_all()
    env.invalidate_all()
    return refund


def sold(spend=0):
    values = {"product_id": product.id, "qty": 1, "price_unit": 70, "price_subtotal": 70, "price_subtotal_incl": 70}
    lines = [Command.create(values)]
    if spend:
        reward = {"is_reward_line": True, "reward_id": program.reward_ids.id, "coupon_id": card.id}
        lines.append(Command.create({**values, **reward, "points_cost": spend, "reward_identifier_code": "till"}))
    return env["pos.order"].create(
        {
            "config_id": config.id,
            "session_id": config.current_session_id.id,
            "partner_id": member.id,
            "user_id": cashier.id,
            "lines": lines,
            "amount_paid": 70,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": 70,
        }
    )


def confirm(order, points):
    data = {"points": points, "program_id": program.id, "coupon_id": card.id, "barcode": "", "partner_id": member.id}
    order.with_user(cashier).confirm_coupon_programs({str(card.id): data})
    env.flush_all()
    env.invalidate_all()


def booked(order):
    entries = env["loyalty.ledger.entry"].search(
        [("res_model", "=", "pos.order"), ("res_id", "=", order.id)], order="id"
    )
    assert set(entries.mapped("user_id")) <= {cashier}, entries.mapped("user_id.name")
    return [(entry.kind, entry.points, entry.card_id.id) for entry in entries]


first = sold()
confirm(first, 7)
assert booked(first) == [("earn", 7, card.id)], booked(first)
confirm(first, 7)  # the till sends it again
assert booked(first) == [("earn", 7, card.id)], booked(first)
second = sold(spend=20)
confirm(second, -13)
assert booked(second) == [("redeem", -20, card.id), ("earn", 7, card.id)], booked(second)
assert card.points == 44 == sum(card.ledger_entry_ids.mapped("points")), card.points
# A refund takes back what was earned and gives back what was spent, in proportion; core's till does neither.
refunded(second, 0.5)
assert booked(second)[2:] == [("reverse", -3.5, card.id), ("reverse", 10, card.id)], booked(second)
refunded(second, 0.5).with_user(cashier).action_pos_order_paid()  # the till sends it again
assert booked(second)[4:] == [("reverse", -3.5, card.id), ("reverse", 10, card.id)], booked(second)
refunded(first, 1)
assert booked(first)[1:] == [("reverse", -7, card.id)], booked(first)
assert card.points == 50 == sum(card.ledger_entry_ids.mapped("points")), card.points
new = env["res.partner"].create({"name": "Budi of the till"})
third = sold()
data = {"points": 5, "program_id": program.id, "coupon_id": -1, "barcode": "", "partner_id": new.id}
third.with_user(cashier).confirm_coupon_programs({"-1": data})
made = env["loyalty.card"].search([("partner_id", "=", new.id)])
assert made.points == 5 == sum(made.ledger_entry_ids.mapped("points")), made.points
# Only the third order has points that are not taken back: its price counts as a sale with points.
liability = env["loyalty.liability.wizard"]._liability(program, club._today())[program]
assert liability["sales"] == 70, liability
assert not env["loyalty.ledger.audit"]._audit().filtered("mismatch_count")
env.cr.commit()
