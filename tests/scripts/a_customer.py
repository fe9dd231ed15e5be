"""For `odoo shell`, with the addons of before: what a customer has with us by the time of an upgrade."""
# ruff: noqa: F821  `env` is the shell's

from datetime import timedelta

from odoo import fields

env = env(context={**env.context, "mail_notify_force_send": False, "mail_auto_subscribe_no_notify": True})
company = env.company
siti = env["res.partner"].create({"name": "Siti of before", "email": "siti@before.example"})
coffee = env["product.product"].create({"name": "Kopi of before", "list_price": 100, "type": "consu", "taxes_id": []})

club = env["loyalty.club"]._create_with_programs(
    {"name": "Club of before", "company_id": company.id},
    [{"name": "Gold of before", "discount": 10}, {"name": "Green of before", "discount": 5}],
    {"amount": 10, "value": 1},
)
gold = club.tier_ids.filtered(lambda tier: tier.name.startswith("Gold"))
card = club._enrol(siti, tier=gold).card_id
card._book(50, "gift", "before/gift")

reseller = env["res.partner.grade"].create({"name": "Reseller of before"})
env["res.partner"].create({"name": "Budi of before", "grade_id": reseller.id})

for ago in (400, 40, 4):
    line = {"product_id": coffee.id, "price_unit": 100}
    order = env["sale.order"].create({"partner_id": siti.id, "order_line": [(0, 0, line)]})
    order.action_confirm()
    order.date_order = fields.Datetime.now() - timedelta(days=ago)
order.message_post(body="Apakah sudah siap?", author_id=siti.id, message_type="email")

team = env["service.team"].search([("company_id", "in", (company.id, False))], limit=1)
ticket = env["service.ticket"].create({"name": "Cup of before", "partner_id": siti.id, "team_id": team.id})
ticket.message_post(body="Maaf, kami ganti.", partner_ids=siti.ids, message_type="comment")
env["crm.touchpoint"].create(
    {
        "partner_id": siti.id,
        "channel_id": env.ref("crm_contact_history.channel_phone").id,
        "summary": "Asked for the hours",
    }
)

env.flush_all()
env["contact.history.entry"]._sync()
env["customer.purchase"]._rebuild()
if "retention.model" in env:  # not in crm_analytics 19.0.1.0.0
    env["retention.model"].search([]).unlink()  # one without parameters, of `our_records.py`
    runs = env["customer.metric.run"]
    runs._do_again(company)
    assert runs._work_on(company, commit=lambda: True)
env.cr.commit()
