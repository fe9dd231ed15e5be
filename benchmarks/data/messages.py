"""What was written about the orders: by us to the customer, by the customer, among ourselves, and by the machine."""

from odoo.tools import SQL

from . import bulk
from .orders import ORDER_NAME

BODIES = (
    "<p>Terima kasih atas pesanan %s. Barang kami kirim besok pagi.</p>",
    "<p>Selamat siang, apakah pesanan %s sudah dikirim? Toko kami buka sampai jam lima sore.</p>",
    "<p>Please find attached our quotation %s.</p><p>It is valid for thirty days.</p>",
    "<p>Could you add two more boxes to %s?</p><p>Regards</p>",
    "<p>Mohon maaf atas keterlambatan pesanan %s. Kurir kami terjebak macet, kami kabari lagi sore ini.</p>",
    "<p>Pembayaran untuk %s sudah kami terima, terima kasih.</p>",
    "<p>The customer of %s asked to be called after lunch; he wants a better price for a yearly contract.</p>",
    "<p>Ok, %s.</p>",
)


def plan(env, size, progress):
    """Which message about which order, when, and of what kind; numbered about as they came."""
    cr = env.cr
    first_id = bulk.new_ids(cr, "mail_message", size.messages)
    cr.execute(
        SQL(
            """CREATE TABLE bench.message AS
               SELECT n, %(first_id)s + n - 1 AS id,
                      greatest(1, 1 + floor((n - 1)::float * %(orders)s / %(messages)s)::int
                                  - floor(50 * power(bench.u(n, 71), 2))::int) AS sale,
                      bench.u(n, 72) < 0.1 AS on_partner,
                      CASE WHEN bench.u(n, 73) < 0.40 THEN 'out' WHEN bench.u(n, 73) < 0.65 THEN 'in'
                           WHEN bench.u(n, 73) < 0.80 THEN 'note' ELSE 'log' END AS kind
                 FROM generate_series(1, %(messages)s) n""",
            first_id=first_id,
            orders=size.orders,
            messages=size.messages,
        )
    )
    cr.execute("ALTER TABLE bench.message ADD PRIMARY KEY (n)")
    cr.execute("ANALYZE bench.message")
    return size.messages


def messages(env, size, progress):
    """The messages as `mail.message`."""

    def work(low, high):
        at = SQL("sale.at + floor(5 * 86400 * power(bench.u(message.n, 74), 2)) * interval '1 second'")
        ours = SQL("message.kind <> 'in'")
        values = {
            "id": SQL("message.id"),
            "model": SQL("CASE WHEN message.on_partner THEN 'res.partner' ELSE 'sale.order' END"),
            "res_id": SQL("CASE WHEN message.on_partner THEN sale.partner_id ELSE sale.id END"),
            "author_id": SQL("CASE WHEN %s THEN salesperson.partner_id ELSE sale.partner_id END", ours),
            "email_from": SQL(
                """CASE WHEN %s THEN salesperson.email WHEN partner.email IS NULL THEN NULL
                        ELSE format('"%%s" <%%s>', partner.name, partner.email) END""",
                ours,
            ),
            "create_uid": SQL("CASE WHEN %s THEN salesperson.user_id ELSE 1 END", ours),
            "write_uid": SQL("CASE WHEN %s THEN salesperson.user_id ELSE 1 END", ours),
            "body": SQL(
                "CASE WHEN message.kind = 'log' THEN '<p>Sales Order created</p>'"
                " ELSE format(bench.pick(%s, message.n, 75), %s) END",
                list(BODIES),
                ORDER_NAME,
            ),
            "message_id": SQL("format('<%%s.bench@mail.example>', message.n)"),
            "parent_id": SQL("NULL::int"),
            "date": at,
            "create_date": at,
            "write_date": at,
        }
        source = SQL(
            """bench.message
               JOIN bench.sale ON sale.n = message.sale
               JOIN bench.salesperson ON salesperson.n = sale.salesperson
               JOIN res_partner partner ON partner.id = sale.partner_id
               JOIN proto ON proto_variant = message.kind
               WHERE message.n BETWEEN %s AND %s""",
            low,
            high,
        )
        return bulk.insert_like(env.cr, "mail_message", source, values)

    with bulk.loading(env.cr, "mail_message", size.messages):
        return bulk.in_slices(size.messages, work, progress)


def recipients(env, size, progress):
    """To whom the outgoing ones went, and that they arrived."""
    cr = env.cr
    cr.execute("SELECT count(*) FROM bench.message WHERE kind = 'out'")
    [count] = cr.fetchone()
    before = bulk.new_ids(cr, "mail_notification", count) - 1

    def work(low, high):
        sent = SQL(
            "bench.message JOIN bench.sale ON sale.n = message.sale"
            " WHERE message.kind = 'out' AND message.n BETWEEN %s AND %s",
            low,
            high,
        )
        cr.execute(
            SQL(
                "INSERT INTO mail_message_res_partner_rel (mail_message_id, res_partner_id)"
                " SELECT message.id, partner_id FROM %s",
                sent,
            )
        )
        return cr.rowcount

    with bulk.loading(cr, "mail_message_res_partner_rel", count):
        total = bulk.in_slices(size.messages, work, progress)
    with bulk.loading(cr, "mail_notification", count):
        _notifications(cr, before)
    return total


def _notifications(cr, before):
    source = SQL(
        """(SELECT row_number() OVER (ORDER BY message.n)::int AS n, message.id, sale.partner_id,
                   salesperson.partner_id AS author
              FROM bench.message JOIN bench.sale ON sale.n = message.sale
              JOIN bench.salesperson ON salesperson.n = sale.salesperson
             WHERE message.kind = 'out') sent
           JOIN proto ON proto_variant = 'out'"""
    )
    values = {
        "id": SQL("sent.n + %s", before),
        "author_id": SQL("sent.author"),
        "mail_message_id": SQL("sent.id"),
        "mail_mail_id": SQL("NULL::int"),
        "res_partner_id": SQL("sent.partner_id"),
        "notification_type": SQL("'email'"),
        "notification_status": SQL("'sent'"),
        "failure_type": SQL("NULL::varchar"),
        "failure_reason": SQL("NULL::text"),
        "is_read": SQL("TRUE"),
    }
    bulk.insert_like(cr, "mail_notification", source, values)
