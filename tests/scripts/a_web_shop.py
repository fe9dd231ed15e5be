"""Run in Odoo's shell on a database with core's web shop and its loyalty: members' programs are for members there, too."""

# ruff: noqa: F821  `env` is the shell's
from odoo import Command
from odoo.addons.website_sale.tests.common import MockRequest
from odoo.tests import HttpCase

HttpCase.http_port = classmethod(lambda cls: None)  # core's request for tests asks for it; the shell serves nobody

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

# The price list of a tier, although it may be chosen in the shop: for members, and for nobody else.
env["product.pricelist"].search([]).active = False
everybody = env["product.pricelist"].create({"name": "Everybody", "selectable": True, "sequence": 99})
list_of_gold = env["product.pricelist"].create({"name": "Gold", "selectable": True, "sequence": 1})
env["res.config.settings"].create({"group_product_pricelist": True}).execute()
gold.default_pricelist_id = list_of_gold
portal = {"group_ids": [Command.set(env.ref("base.group_portal").ids)]}
users = env["res.users"].with_context(no_reset_password=True)
logins = {
    partner: users.create({"login": f"{partner.name}@x.example", "partner_id": partner.id, **portal})
    for partner in (member, stranger)
}
env.flush_all()


def shown(user, session_list=None):
    """(the list by which the shop shows its prices, those among which the visitor may choose)"""
    shop = website.with_user(user).with_context(website_id=website.id)
    with MockRequest(shop.env, website=shop, website_sale_current_pl=session_list):
        return shop._get_and_cache_current_pricelist().name, sorted(shop.get_pricelist_available(True).mapped("name"))


assert shown(logins[member]) == ("Gold", ["Everybody", "Gold"]), shown(logins[member])
for visitor in (logins[stranger], website.user_id):
    for session_list in (None, list_of_gold.id):  # one he had while he was a member, or logged in as one
        assert shown(visitor, session_list) == ("Everybody", ["Everybody"]), shown(visitor, session_list)
order = env["sale.order"].create({"partner_id": stranger.id, "pricelist_id": list_of_gold.id, **online})
assert order.pricelist_id == everybody, order.pricelist_id.name
env.cr.commit()
