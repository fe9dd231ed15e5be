"""Customers: persons, and companies with their contacts.

`bench.customer.rank`: the first buys most. Ids are dealt out of order, so that heavy customers do not lie side by side.
"""

from odoo.tools import SQL

from . import bulk
from .calendar import FIRST_MONTH, MONTHS
from .words import CITIES, DOMAINS, FIRST, LAST, MIDDLE, STREETS, TRADES


def plan(env, size, progress):
    """Who there is, from when to when he is a customer (in months from the first), and how much he weighs.

    Some were customers before the first month, more come each month; the heavy stay, of the others half leave within a
    year.
    """
    cr = env.cr
    first_id = bulk.new_ids(cr, "res_partner", size.customers)
    cr.execute(
        SQL(
            """CREATE TABLE bench.customer AS
               WITH someone AS (
                   SELECT rank, rank <= greatest(5, %(count)s / 50) AS heavy, rank::float / %(count)s AS share
                     FROM generate_series(1, %(count)s) rank),
               came AS (
                   SELECT *, CASE WHEN bench.u(rank, 10) < 0.12 THEN 0.03 * bench.u(rank, 1)
                                  ELSE 0.995 * power(bench.u(rank, 1), 0.58) * power(share, 0.08) END AS start,
                          bench.u(rank, 2) < CASE WHEN heavy THEN 0.6 ELSE 0.2 END AS is_company
                     FROM someone)
               SELECT rank, %(first_id)s + ((rank::bigint * 1000003) %% %(count)s)::int AS partner_id, is_company,
                      CASE WHEN is_company THEN 1 + floor(3 * power(bench.u(rank, 3), 2))::int ELSE 0 END AS contacts,
                      NULL::int AS first_contact,
                      start * %(months)s AS start,
                      %(months)s * CASE WHEN heavy THEN 1
                                        ELSE least(1, start + 0.003 - 0.45 * ln(1 - bench.u(rank, 4))) END AS stop,
                      1 + floor(%(salespeople)s * bench.u(rank, 5))::int AS salesperson,
                      CASE WHEN is_company
                           THEN concat_ws(' ', 'PT', bench.pick(%(middle)s, rank, 6), bench.pick(%(last)s, rank, 7),
                                          bench.pick(%(trades)s, rank, 8))
                           ELSE concat_ws(' ', bench.pick(%(first)s, rank, 6),
                                          CASE WHEN bench.u(rank, 9) < 0.6 THEN bench.pick(%(middle)s, rank, 8) END,
                                          bench.pick(%(last)s, rank, 7)) END AS name
                 FROM came""",
            count=size.customers,
            first_id=first_id,
            months=MONTHS,
            salespeople=size.salespeople,
            first=FIRST,
            middle=MIDDLE,
            last=LAST,
            trades=TRADES,
        )
    )
    cr.execute("ALTER TABLE bench.customer ADD PRIMARY KEY (rank)")
    cr.execute("SELECT sum(contacts) FROM bench.customer")
    [contacts] = cr.fetchone()
    cr.execute(
        SQL(
            """UPDATE bench.customer SET first_contact = %s + place.before
                 FROM (SELECT rank, sum(contacts) OVER (ORDER BY rank) - contacts AS before FROM bench.customer) place
                WHERE place.rank = customer.rank AND contacts > 0""",
            bulk.new_ids(cr, "res_partner", contacts),
        )
    )
    cr.execute("ANALYZE bench.customer")
    return size.customers


def partners(env, size, progress):
    """The customers and the contacts as `res.partner`."""

    cr, half = env.cr, size.customers // 2
    with bulk.loading(cr, "res_partner", size.customers):
        companies_and_persons = bulk.in_slices(
            size.customers, lambda low, high: _commercial(cr, low, high), lambda done: progress(done // 2)
        )
        cr.execute("ANALYZE res_partner")  # the contacts look their company up
        contacts = bulk.in_slices(
            size.customers, lambda low, high: _contacts(cr, low, high), lambda done: progress(half + done // 2)
        )
    cr.execute("ANALYZE res_partner")
    return companies_and_persons + contacts


# A number of one's own: the customer's, and those of his contacts behind it (three at most). Not the id, which a
# sequence deals.
OF_CUSTOMER, OF_CONTACT = SQL("(4::bigint * customer.rank)"), SQL("contact.number")


def _reach(one, email):
    """The columns by which a partner can be reached; most phones as Odoo writes them, some as people type them."""
    number = SQL("(8110000000 + (%s * 104729) %% 889999999)::text", one)
    parts = [SQL("substr(%s, %s, %s)", number, start, length) for start, length in ((1, 3), (4, 4), (8, 3))]
    has_phone = SQL("bench.u(%s, 21) < 0.9", one)
    has_email = SQL("bench.u(%s, 22) < 0.85", one)
    return {
        "phone": SQL(
            "CASE WHEN NOT %(has)s THEN NULL"
            " WHEN bench.u(%(one)s, 23) < 0.7 THEN concat('+62 ', %(p0)s, '-', %(p1)s, '-', %(p2)s)"
            " ELSE concat('0', %(number)s) END",
            has=has_phone,
            one=one,
            number=number,
            p0=parts[0],
            p1=parts[1],
            p2=parts[2],
        ),
        "phone_sanitized": SQL("CASE WHEN %s THEN concat('+62', %s) END", has_phone, number),
        "email": SQL("CASE WHEN %s THEN %s END", has_email, email),
        "email_normalized": SQL("CASE WHEN %s THEN %s END", has_email, email),
    }


def _when(start):
    when = SQL("(%s::timestamp + %s * interval '1 month')", FIRST_MONTH, SQL(start))
    return {"create_date": when, "write_date": when}


def _commercial(cr, low, high):
    email = SQL(
        "CASE WHEN customer.is_company THEN format('info@company%%s.example', rank)"
        " ELSE format('%%s%%s@%%s', lower(replace(customer.name, ' ', '.')), rank, bench.pick(%s, rank, 24)) END",
        DOMAINS,
    )
    values = {
        "id": SQL("customer.partner_id"),
        "name": SQL("customer.name"),
        "complete_name": SQL("customer.name"),
        "commercial_partner_id": SQL("customer.partner_id"),
        "commercial_company_name": SQL("CASE WHEN customer.is_company THEN customer.name END"),
        "ref": SQL("'C' || lpad(rank::text, 7, '0')"),
        "vat": SQL(
            "CASE WHEN customer.is_company THEN lpad((rank::bigint * 7368787 %% 9999999967)::text, 16, '0') END"
        ),
        "user_id": SQL("CASE WHEN bench.u(rank, 25) < 0.5 THEN salesperson.user_id END"),
        "city": SQL("bench.pick(%s, rank, 26)", CITIES),
        "street": SQL("format('Jalan %%s %%s', bench.pick(%s, rank, 27), 1 + floor(200 * bench.u(rank, 28)))", STREETS),
        "zip": SQL("(40111 + floor(500 * bench.u(rank, 29))::int)::text"),
        **_reach(OF_CUSTOMER, email),
        **_when("customer.start"),
    }
    source = SQL(
        """bench.customer JOIN bench.salesperson ON salesperson.n = customer.salesperson
           JOIN proto ON proto_variant = CASE WHEN customer.is_company THEN 'company' ELSE 'person' END
           WHERE customer.rank BETWEEN %s AND %s""",
        low,
        high,
    )
    return bulk.insert_like(cr, "res_partner", source, values)


def _contacts(cr, low, high):
    email = SQL("format('%%s.%%s@company%%s.example', lower(contact.first), contact.number, customer.rank)")
    name = SQL("concat(contact.first, ' ', contact.last)")
    values = {
        "id": SQL("contact.id"),
        "name": name,
        "complete_name": SQL("concat(customer.name, ', ', %s)", name),
        "parent_id": SQL("customer.partner_id"),
        "commercial_partner_id": SQL("customer.partner_id"),
        "commercial_company_name": SQL("customer.name"),
        "vat": SQL("company.vat"),
        "user_id": SQL("company.user_id"),
        "city": SQL("company.city"),
        "street": SQL("company.street"),
        "zip": SQL("company.zip"),
        **_reach(OF_CONTACT, email),
        **_when("customer.start"),
    }
    source = SQL(
        """bench.customer
           CROSS JOIN LATERAL (
               SELECT first_contact + k - 1 AS id, number,
                      bench.pick(%s, number, 31) AS first, bench.pick(%s, number, 32) AS last
                 FROM generate_series(1, contacts) k, LATERAL (SELECT 4::bigint * rank + k AS number) numbered) contact
           JOIN res_partner company ON company.id = customer.partner_id
           JOIN proto ON proto_variant = 'contact'
           WHERE customer.rank BETWEEN %s AND %s AND customer.contacts > 0""",
        FIRST,
        LAST,
        low,
        high,
    )
    return bulk.insert_like(cr, "res_partner", source, values)
