"""Run in Odoo's shell on a database with core's web shop and its loyalty: members' programs are for members there, too."""

# ruff: noqa: F821  `env` is the shell's
from odoo import Command

company = env.company
website = env["website"].search([("company_id", "=", company.id)], limit=1)
club = env["loyalty.club"]._create_with_programs(
    {"name": "Club of the shop", "company_id": company.id},
    [{"name": "Gold", "discount": 10}],
    {"amount": 10, "value": 1},
)
gold = club.tier_ids
member, stranger = env["res.partner"].create([{"name": "Siti of the shop"}, {"name": "Budi of the shop"}])
card = club._enrol(member).card_id
product = env["product.product"].create({"name": "Kopi of the shop", "taxes_id": False})


def total(partner, **values):
    line = {"product_id": product.id, "price_unit": 100, "tax_ids": [Command.clear()]}
    order = env["sale.order"].create({"partner_id": partner.id, "order_line": [Command.create(line)], **values})
    order._update_programs_and_rewards()
    return order.amount_total


online = {"website_id": website.id}
assert total(member) == 90, total(member)
assert total(member, **online) == 90, total(member, **online)
assert total(stranger, **online) == 100, "a stranger has the members' discount in the shop"

order = env["sale.order"].create({"partner_id": stranger.id, **online})
for domain, prefix in ((order._get_program_domain(), ""), (order._get_trigger_domain(), "program_id.")):
    names = {leaf[0] for leaf in domain if not isinstance(leaf, str)}
    # Core's shop has put its own conditions in, and ours are still there.
    assert {f"{prefix}ecommerce_ok", f"{prefix}is_for_members"} <= names, names

# What is not for the shop is not given there, and is given elsewhere.
gold.program_id.ecommerce_ok = False
assert total(member, **online) == 100, total(member, **online)
assert total(member) == 90, total(member)

# Points of an order of the shop are the club's, once, and stand in the ledger.
gold.program_id.ecommerce_ok = True
line = {"product_id": product.id, "price_unit": 100, "tax_ids": [Command.clear()]}
order = env["sale.order"].create({"partner_id": member.id, "order_line": [Command.create(line)], **online})
order._update_programs_and_rewards()
order._auto_apply_rewards()
order.action_confirm()
assert (order.amount_total, card.points) == (90, 9), (order.amount_total, card.points)
entries = env["loyalty.ledger.entry"].search([("res_model", "=", "sale.order"), ("res_id", "=", order.id)])
assert entries.mapped("points") == [9], entries.mapped("points")
env.cr.commit()
