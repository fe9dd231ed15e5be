"""One record of each kind, made by Odoo's own models, kept as a row, and undone: what the bulk rows are copies of.

So the stored columns hold what Odoo would have computed, also those of modules that this code does not know.
"""

import contextlib
import json

from odoo import Command
from odoo.tools import SQL

# Prototypes are of records as they come about every day: no tracking, nobody mailed.
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_notify_force_send": False}


def keep(env):
    """Fill `bench.prototype` and leave nothing else behind.

    :returns: the number of prototypes
    """
    env = env(context={**env.context, **QUIET})
    with contextlib.closing(env.cr.savepoint()):  # closing undoes all of it
        rows = [*_partners(env), *_orders(env)]
    env.invalidate_all()
    for table, variant, made in rows:
        env.cr.execute(
            SQL(
                "INSERT INTO bench.prototype (of_table, variant, made) VALUES (%s, %s, %s)",
                table,
                variant,
                json.dumps(made),
            )
        )
    return len(rows)


def _row(record, variant):
    record.env.flush_all()
    table = record._table
    record.env.cr.execute(SQL("SELECT to_jsonb(made) FROM %s made WHERE id = %s", SQL.identifier(table), record.id))
    return table, variant, record.env.cr.fetchone()[0]


def _partners(env):
    partners = env["res.partner"]
    everyone = {"country_id": env.ref("base.id").id, "city": "Bandung", "street": "Jalan Braga 1", "lang": "en_US"}
    reach = {"email": "prototype@bench.example", "phone": "+62 812-3456-7890"}
    person = partners.create({"name": "Prototype", **everyone, **reach})
    company = partners.create({"name": "Prototype", "is_company": True, "vat": "0123456789012345", **everyone, **reach})
    contact = partners.create({"name": "Prototype", "parent_id": company.id, "type": "contact", **reach})
    for variant, partner in (("person", person), ("company", company), ("contact", contact)):
        yield _row(partner, variant)


def _orders(env):
    env.cr.execute("SELECT product_id, salesperson.user_id FROM bench.product, bench.salesperson LIMIT 1")
    product_id, user_id = env.cr.fetchone()
    seller = env(user=user_id)
    customer = seller["res.partner"].create({"name": "Prototype", "email": "prototype@bench.example"})
    for state in ("draft", "sale", "cancel"):
        order = seller["sale.order"].create(
            {
                "partner_id": customer.id,
                "order_line": [Command.create({"product_id": product_id, "product_uom_qty": 1})],
            }
        )
        if state == "sale":
            order.action_confirm()
        elif state == "cancel":
            order._action_cancel()
        yield _row(order, state)
        yield _row(order.order_line, state)
        if state == "sale":
            yield from _messages(order, customer)


def _messages(order, customer):
    """What is written about an order: to the customer, by the customer, among ourselves, and by the machine."""
    out = order.message_post(
        body="Prototype",
        partner_ids=customer.ids,
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
    )
    yield _row(out, "out")
    yield _row(out.notification_ids.filtered(lambda sent: sent.res_partner_id == customer), "out")
    received = order.sudo().message_post(
        body="Prototype",
        author_id=customer.id,
        email_from=customer.email_formatted,
        message_type="email",
        subtype_xmlid="mail.mt_comment",
    )
    yield _row(received, "in")
    yield _row(order.message_post(body="Prototype", subtype_xmlid="mail.mt_note"), "note")
    yield _row(order._message_log(body="Prototype"), "log")
