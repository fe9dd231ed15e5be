"""The few records that Odoo's own models make: products, salespeople; and the tools that the SQL steps share."""

from odoo import Command

CATEGORIES = ("Kopi", "Teh", "Roti", "Peralatan", "Katering")


def tools(cr):
    """The schema `bench`: a mark per finished step, and a random number that depends on nothing but its arguments."""
    cr.execute("CREATE SCHEMA IF NOT EXISTS bench")
    cr.execute("CREATE TABLE IF NOT EXISTS bench.done (step text PRIMARY KEY, rows bigint, seconds float)")
    # Uniform in [0, 1), by number and purpose. A hash, not random(): the plan of a query may deal random() otherwise.
    cr.execute(
        """CREATE OR REPLACE FUNCTION bench.u(number bigint, purpose int) RETURNS float
           LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
           RETURN (hashint8extended(number, purpose) & 9007199254740991)::float / 9007199254740992"""
    )
    cr.execute(
        """CREATE OR REPLACE FUNCTION bench.pick(words text[], number bigint, purpose int) RETURNS text
           LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
           RETURN words[1 + floor(bench.u(number, purpose) * cardinality(words))::int]"""
    )


def products_and_people(env, size):
    """Products with whole prices (so that no rounding can hide an error) and salespeople.

    :returns: the number of records
    """
    categories = env["product.category"].create([{"name": name} for name in CATEGORIES])
    products = env["product.product"].create(
        [
            {
                "name": f"{CATEGORIES[number % 5]} {number + 1}",
                "default_code": f"B{number + 1:05d}",
                "categ_id": categories[number % 5].id,
                "list_price": 20 * (1 + number * 37 % 97),
                "type": "service" if number % 5 == 4 else "consu",
                "invoice_policy": "order",
            }
            for number in range(size.products)
        ]
    )
    group = env.ref("sales_team.group_sale_salesman_all_leads")
    users = (
        env["res.users"]
        .with_context(no_reset_password=True, mail_create_nosubscribe=True, tracking_disable=True)
        .create(
            [
                {
                    "name": f"Bench Salesperson {number}",
                    "login": f"bench{number}",
                    "email": f"bench{number}@bench.example",
                    "group_ids": [Command.link(group.id)],
                }
                for number in range(1, size.salespeople + 1)
            ]
        )
    )
    env.flush_all()
    _keep(env.cr, products, users)
    return len(products) + len(users)


def _keep(cr, products, users):
    cr.execute(
        "CREATE TABLE bench.prototype (of_table text, variant text, made jsonb, PRIMARY KEY (of_table, variant))"
    )
    cr.execute("CREATE TABLE bench.salesperson (n int PRIMARY KEY, user_id int, partner_id int, email text)")
    cr.execute("CREATE TABLE bench.product (n int PRIMARY KEY, product_id int, name text, uom_id int, price numeric)")
    for n, user in enumerate(users, 1):
        cr.execute(
            "INSERT INTO bench.salesperson VALUES (%s, %s, %s, %s)",
            [n, user.id, user.partner_id.id, user.email_formatted],
        )
    for n, product in enumerate(products, 1):
        name = f"[{product.default_code}] {product.name}"
        cr.execute(
            "INSERT INTO bench.product VALUES (%s, %s, %s, %s, %s)",
            [n, product.id, name, product.uom_id.id, product.list_price],
        )
