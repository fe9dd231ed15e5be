"""The purchases by COPY, for tests of figures only: in seconds, but past Odoo's models.

The rows hold what Odoo would have put into the columns that figures are made from, and nothing else.
"""

import io
import itertools

from odoo.tools import SQL
from psycopg2 import sql

from . import purchases, purchases_names


def load(env, company, sample=False):
    """Load the purchases as confirmed orders of a company, within the transaction of `env`.

    :param company: amounts are taken to be in its currency
    :returns: ids of the customers
    """
    env.flush_all()
    bought = list(purchases.read(sample))
    ids = dict(_people(env, [number for number, _ in itertools.groupby(bought, lambda purchase: purchase.customer)]))
    _copy(
        env,
        "sale_order",
        "company_id partner_id partner_invoice_id partner_shipping_id currency_id name state date_order currency_rate "
        "amount_untaxed amount_tax amount_total create_date write_date",
        (
            (
                company.id, *[ids[one.customer]] * 3, company.currency_id.id, f"CDNOW/{index:05}", "sale",
                f"{one.day} 12:00:00", 1.0, one.cents / 100, 0, one.cents / 100, *[f"{one.day} 12:00:00"] * 2,
            )
            for index, one in enumerate(bought, 1)
        ),
    )  # fmt: skip
    env.invalidate_all(flush=False)
    return list(ids.values())


def _people(env, numbers):
    env.cr.execute("SELECT nextval('res_partner_id_seq') FROM generate_series(1, %s)", [len(numbers)])
    ids = [row[0] for row in env.cr.fetchall()]
    _copy(
        env,
        "res_partner",
        "id name complete_name email phone ref commercial_partner_id active is_company partner_share type "
        "autopost_bills",
        (_person(id_, number) for id_, number in zip(ids, numbers, strict=True)),
    )
    return zip(numbers, ids, strict=True)


def _person(id_, number):
    contact = purchases_names.contact_of(number)
    names = (contact["name"], contact["name"])
    return (
        id_,
        *names,
        contact["email"],
        contact["phone"],
        f"CDNOW-{number:05}",
        id_,
        True,
        False,
        True,
        "contact",
        "ask",
    )


def _copy(env, table, columns, rows):
    lines = io.StringIO("".join("\t".join(map(str, row)) + "\n" for row in rows))
    names = sql.SQL(", ").join(map(sql.Identifier, columns.split()))
    env.cr.copy_expert(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names), lines)
    env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
