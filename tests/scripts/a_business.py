"""For `odoo shell`: a small business that has used plain Odoo for a while: orders, invoices, mail, loyalty cards."""
# ruff: noqa: F821  `env` is the shell's

from odoo import fields

env = env(context={**env.context, "mail_notify_force_send": False, "mail_auto_subscribe_no_notify": True})
company = env.company
env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)

coffee = env["product.product"].create(
    {"name": "Kopi tubruk", "list_price": 20000, "type": "consu", "invoice_policy": "order"}
)
firm = env["res.partner"].create({"name": "PT Sumber Rejeki", "is_company": True, "email": "kantor@sumber.example"})
people = env["res.partner"].create(
    [
        {
            "name": f"Pelanggan {number}",
            "email": f"pelanggan{number}@kopi.example",
            "phone": f"+62 812 0000 {number:04d}",
            "parent_id": firm.id if number % 5 == 0 else False,
        }
        for number in range(20)
    ]
)
orders = env["sale.order"].create(
    [
        {"partner_id": person.id, "order_line": [(0, 0, {"product_id": coffee.id, "product_uom_qty": times + 1})]}
        for person in people
        for times in range(3)
    ]
)
confirmed = orders[: len(orders) * 2 // 3]
confirmed.action_confirm()
for number, order in enumerate(confirmed):
    order.date_order = fields.Datetime.subtract(fields.Datetime.now(), months=number % 12, days=number)
invoices = confirmed[:15]._create_invoices()
invoices.action_post()
for order in orders[:30]:
    order.message_post(body="Apakah pesanan ini sudah siap?", author_id=order.partner_id.id, message_type="email")
    order.message_post(body="Sudah, silakan diambil.", partner_ids=order.partner_id.ids, message_type="comment")
for person in people:
    person.message_post(body="Catatan di meja depan.")
leads = env["crm.lead"].create([{"name": f"Katering {person.name}", "partner_id": person.id} for person in people[:8]])
leads[0].activity_schedule("mail.mail_activity_data_call", summary="Telepon").action_done()
env["calendar.event"].create(
    {
        "name": "Cicip kopi",
        "start": "2026-01-05 09:00:00",
        "stop": "2026-01-05 10:00:00",
        "partner_ids": [(6, 0, people[:3].ids)],
    }
)
program = env["loyalty.program"].create(
    {"name": "Poin kopi", "program_type": "loyalty", "applies_on": "both", "trigger": "auto"}
)
env["loyalty.card"].with_context(loyalty_no_mail=True).create(
    [{"program_id": program.id, "partner_id": person.id, "points": 10} for person in people[:10]]
)
env["res.partner.grade"].create({"name": "Kawan lama"})
env.cr.commit()
