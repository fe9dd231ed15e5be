"""What keeping the history up to date costs those who write: notes, mails, many messages at once; and filling it."""

from unittest.mock import patch

from markupsafe import Markup
from odoo.tools import SQL

from ..row import Row, Side, equal

NOTES, MAILS, AT_ONCE = 20, 10, 500
# Short rounds, many of them: the difference is small.
RUNS = {"S": 41, "M": 41, "L": 41}


def customers(env, number, count):
    """Some customers of all weights who have an e-mail address, other ones each round."""
    env.cr.execute("SELECT count(*) FROM bench.customer")
    [total] = env.cr.fetchone()
    ranks = [1 + ((number + 100) * 7919 + place * place * 104729) % total for place in range(4 * count)]
    env.cr.execute(
        """SELECT partner.id FROM bench.customer JOIN res_partner partner ON partner.id = customer.partner_id
            WHERE customer.rank IN %s AND partner.email IS NOT NULL ORDER BY customer.rank LIMIT %s""",
        [tuple(ranks), count],
    )
    return env["res.partner"].browse(partner for (partner,) in env.cr.fetchall())


def orders_of(env, number, count):
    """The newest order of some customers."""
    domain = [("partner_id", "in", customers(env, number, count).ids)]
    newest = env["sale.order"]._read_group(domain, ["partner_id"], ["id:max"])
    return env["sale.order"].browse(order for _partner, order in newest)


def write_notes(env, orders):
    """Internal notes on orders, each as a request of its own.

    :returns: number of notes
    """
    for order in orders:
        order.message_post(
            body="He asked to be called after lunch.", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        _end_of_request(env)
    return len(orders)


def mail_customers(env, partners):
    """Messages mailed to the customer, each as a request of its own; what the mail server does is not in it."""
    quiet = partners.with_context(mail_notify_force_send=False)
    for partner in quiet:
        partner.message_post(
            body=Markup("<p>Your order has left our house.</p>"),
            subject="On its way",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=partner.ids,
        )
        _end_of_request(env)
    return len(partners)


def many_values(env, number):
    """The values of many messages to customers, as a mailing or an import writes them."""
    partners = customers(env, number, 50)
    return [
        {
            "model": "res.partner",
            "res_id": partner.id,
            "message_type": "email",
            "subtype_id": env.ref("mail.mt_comment").id,
            "author_id": env.user.partner_id.id,
            "email_from": env.user.email_formatted,
            "partner_ids": [(4, partner.id)],
            "subject": f"News {place}",
            "body": "<p>We have something new.</p>",
            "reply_to": "desk@braga.example",
            "message_id": f"<bench.{number}.{place}@braga.example>",
        }
        for place in range(AT_ONCE)
        for partner in partners[place % len(partners)]
    ]


def write_many(env, values):
    created = env["mail.message"].sudo().create(values)
    _end_of_request(env)
    return len(created)


def write_many_bare(env, values):
    """The floor: the same messages, and one bare INSERT of their entries, all values known, in place of our work."""
    with patch.object(type(env["contact.history.entry"]), "_touch", lambda *args, **kwargs: None):
        created = env["mail.message"].sudo().create(values)
    env.cr.execute(
        """INSERT INTO contact_history_entry (res_model, res_id, kind, partner_id, commercial_partner_id, happened_at,
                                              channel, direction, user_id)
           SELECT 'mail.message', message, 'email', partner, partner, now() AT TIME ZONE 'UTC', 'email', 'out', %s
             FROM unnest(%s, %s) entry(message, partner)""",
        [env.uid, created.ids, [one["partner_ids"][0][1] for one in values]],
    )
    _end_of_request(env)
    return len(created)


def not_kept(run):
    """The same with our addons, but nothing enters the history: in one database, whose tables and caches are the same."""

    def unrecorded(env, prepared):
        with patch.object(type(env["contact.history.entry"]), "_touch", lambda *args, **kwargs: None):
            return run(env, prepared)

    return unrecorded


def _end_of_request(env):
    """What a commit would bring about, the writing to disk apart."""
    env.cr.flush()
    env.invalidate_all()


def empty_history(env, number):
    """No entries, and all of their indexes in place."""
    env.cr.execute("TRUNCATE contact_history_entry")
    return env["contact.history.entry"].sudo()


def insert_select(env, history):
    """The bare statement per model: what the sources say, inserted.

    :returns: number of entries
    """
    for model in history._sources():
        selects = env[model]._contact_history_selects()
        if selects:
            source = history._one_per_key(selects, [select for _spec, select, *_rest in selects])
            columns = history._SOURCE_COLUMNS
            env.cr.execute(
                SQL(
                    "INSERT INTO contact_history_entry (res_model, %s) SELECT %s, * FROM (%s) s", columns, model, source
                )
            )
    return _count(env)


def back_fill(env, history):
    """Our rebuild, batch by batch, as the scheduled job does it; without its commits."""
    rebuild = env["contact.history.rebuild"].sudo()
    for model in history._sources():
        row = rebuild.search([("model", "=", model)]) or rebuild.create({"model": model})
        env.cr.execute(SQL("SELECT COALESCE(max(id), 0) FROM %s", SQL.identifier(env[model]._table)))
        row.write({"next_id": 0, "last_id": env.cr.fetchone()[0]})
        while not row.is_done:
            row._step()
    return _count(env)


def _count(env):
    env.cr.execute("SELECT count(*) FROM contact_history_entry")
    return env.cr.fetchone()[0]


def _writing(name, title, run, prepare):
    return Row(
        name=name,
        title=title,
        baseline=Side("Odoo alone", run, database="core", prepare=prepare),
        ours=Side("with our addons", run, prepare=prepare),
        difference=equal,
        user="admin",
        modules=("crm_contact_history",),
        runs=RUNS,
    )


def _history_only(name, title, run, prepare):
    return Row(
        name=f"{name}_history",
        title=f"{title}: what keeping the history costs of it",
        baseline=Side("our addons, history not kept", not_kept(run), prepare=prepare),
        ours=Side("our addons", run, prepare=prepare),
        difference=equal,
        modules=("crm_contact_history",),
        runs=RUNS,
    )


ROWS = [
    *(
        row(*kind)
        for kind in (
            ("write_note", f"{NOTES} internal notes on orders", write_notes, lambda e, n: orders_of(e, n, NOTES)),
            (
                "write_mail",
                f"{MAILS} messages mailed to customers",
                mail_customers,
                lambda e, n: customers(e, n, MAILS),
            ),
            ("write_many", f"{AT_ONCE} messages created at once", write_many, many_values),
        )
        for row in (_writing, _history_only)
    ),
    Row(
        name="write_many_floor",
        title=f"{AT_ONCE} messages created at once, against the least that entries cost",
        baseline=Side("our addons, one bare INSERT of the entries", write_many_bare, prepare=many_values),
        ours=Side("our addons", write_many, prepare=many_values),
        difference=equal,
        modules=("crm_contact_history",),
        runs=RUNS,
    ),
    Row(
        name="history_fill",
        title="Filling the history from nothing",
        baseline=Side("bare INSERT … SELECT, same indexes", insert_select, prepare=empty_history),
        ours=Side("rebuild in batches", back_fill, prepare=empty_history),
        difference=equal,
        modules=("crm_contact_history",),
        runs={"S": 5, "M": 3, "L": 1},
    ),
]
