"""Orders and their lines: few customers buy much, many buy once; more each year, most in December and before Lebaran.

The orders are numbered by date, as a shop's are. Prices are whole and divisible by twenty, discounts 5, 10 or 20 %:
every line is a whole amount, and a test can ask Odoo to compute all again and find not a cent of difference.
"""

from odoo.tools import SQL

from . import bulk
from .calendar import DECEMBER, FIRST_MONTH, LEBARAN, MONTHS

# The share of rank r falls as r ** (1 / STEEPNESS - 1): at a million customers the first has 0.4 % of all orders.
STEEPNESS = 2.5
ORDER_NAME = SQL("concat('S', lpad(sale.n::text, greatest(5, length(sale.n::text)), '0'))")


def plan(env, size, progress):
    """Who orders when. Of each customer's orders some move into a high season that he is a customer in."""
    cr = env.cr
    first_id = bulk.new_ids(cr, "sale_order", size.orders)
    cr.execute(
        SQL(
            """CREATE TABLE bench.sale AS
               WITH drawn AS (
                   SELECT j, 1 + floor(%(customers)s * power(bench.u(j, 41), %(steepness)s))::int AS customer
                     FROM generate_series(1, %(orders)s) j),
               spread AS (
                   SELECT j, customer.*, start + (stop - start) * bench.u(j, 42) AS at
                     FROM drawn JOIN bench.customer ON customer.rank = drawn.customer),
               season AS (
                   SELECT *, 12 * floor(at / 12) + bench.u(j, 43)
                             + CASE WHEN bench.u(j, 44) < 0.08 THEN %(december)s
                                    WHEN bench.u(j, 44) < 0.13 THEN %(lebaran)s END AS high
                     FROM spread),
               dated AS (
                   SELECT j, rank AS customer, salesperson,
                          CASE WHEN contacts > 0 AND bench.u(j, 45) < 0.6
                               THEN first_contact + floor(contacts * bench.u(j, 46))::int
                               ELSE partner_id END AS partner_id,
                          date_trunc('day', %(first)s::timestamp + interval '1 month'
                                            * CASE WHEN high BETWEEN start AND stop THEN high ELSE at END)
                          + interval '1 hour' + floor(12 * 3600 * bench.u(j, 47)) * interval '1 second' AS at
                     FROM season)
               SELECT row_number() OVER (ORDER BY at, j)::int AS n, customer, partner_id, salesperson, at,
                      CASE WHEN bench.u(j, 48) < 0.06 THEN 'cancel'
                           WHEN bench.u(j, 48) < 0.40 AND at > %(last)s THEN 'draft'
                           ELSE 'sale' END AS state,
                      1 + floor(5 * power(bench.u(j, 49), 2))::int AS lines
                 FROM dated""",
            customers=size.customers,
            orders=size.orders,
            steepness=STEEPNESS,
            december=DECEMBER,
            lebaran=LEBARAN,
            first=FIRST_MONTH,
            last=FIRST_MONTH.replace(year=FIRST_MONTH.year + MONTHS // 12, month=FIRST_MONTH.month - 1),
        )
    )
    cr.execute(SQL("ALTER TABLE bench.sale ADD COLUMN id int GENERATED ALWAYS AS (n + %s) STORED", first_id - 1))
    cr.execute("ALTER TABLE bench.sale ADD PRIMARY KEY (n)")
    cr.execute("ANALYZE bench.sale")
    return size.orders


def plan_lines(env, size, progress):
    """What is on them: a few products sell most."""
    cr = env.cr
    cr.execute(
        SQL(
            """CREATE TABLE bench.line AS
               WITH wished AS (
                   SELECT sale.n AS sale, k, 10::bigint * sale.n + k AS key
                     FROM bench.sale CROSS JOIN LATERAL generate_series(1, lines) k),
               chosen AS (
                   SELECT sale, k, 1 + floor(%s * power(bench.u(key, 51), 2))::int AS product,
                          1 + floor(4 * power(bench.u(key, 52), 3))::numeric AS qty,
                          CASE WHEN bench.u(key, 53) < 0.80 THEN 0 WHEN bench.u(key, 53) < 0.90 THEN 10
                               WHEN bench.u(key, 53) < 0.97 THEN 5 ELSE 20 END AS discount
                     FROM wished)
               SELECT row_number() OVER (ORDER BY sale, k)::int AS n, sale, k, product, qty, discount,
                      round(qty * price * (100 - discount) / 100, 2) AS subtotal
                 FROM chosen JOIN bench.product ON product.n = chosen.product""",
            size.products,
        )
    )
    count = cr.rowcount
    cr.execute("ALTER TABLE bench.line ADD PRIMARY KEY (n)")
    cr.execute("CREATE INDEX ON bench.line (sale)")
    cr.execute("ANALYZE bench.line")
    return count


def _tax(env):
    """The sales tax that Odoo gave the products."""
    env.cr.execute("SELECT product_id FROM bench.product WHERE n = 1")
    product = env["product.product"].browse(env.cr.fetchone())
    tax = product.taxes_id.filtered(lambda tax: tax.company_id == env.company)
    tax.ensure_one()
    return tax


def orders(env, size, progress):
    """The orders as `sale.order`, with the sums of their lines."""
    cr, rate = env.cr, _tax(env).amount / 100

    def work(low, high):
        values = {
            "id": SQL("sale.id"),
            "name": ORDER_NAME,
            "partner_id": SQL("sale.partner_id"),
            "partner_invoice_id": SQL("sale.partner_id"),
            "partner_shipping_id": SQL("sale.partner_id"),
            "user_id": SQL("salesperson.user_id"),
            "create_uid": SQL("salesperson.user_id"),
            "write_uid": SQL("salesperson.user_id"),
            "access_token": SQL("md5(sale.id::text)"),
            "client_order_ref": SQL("CASE WHEN bench.u(sale.n, 61) < 0.1 THEN 'PO-' || sale.n END"),
            "amount_untaxed": SQL("total.untaxed"),
            "amount_tax": SQL("round(total.untaxed * %s::numeric, 2)", rate),
            "amount_total": SQL("total.untaxed + round(total.untaxed * %s::numeric, 2)", rate),
            "validity_date": SQL("sale.at::date + 30"),
            "date_order": SQL("sale.at"),
            "create_date": SQL("sale.at"),
            "write_date": SQL("sale.at"),
        }
        source = SQL(
            """bench.sale
               JOIN (SELECT sale, sum(subtotal) AS untaxed FROM bench.line WHERE sale BETWEEN %(low)s AND %(high)s
                     GROUP BY sale) total ON total.sale = sale.n
               JOIN bench.salesperson ON salesperson.n = sale.salesperson
               JOIN proto ON proto_variant = sale.state
               WHERE sale.n BETWEEN %(low)s AND %(high)s""",
            low=low,
            high=high,
        )
        return bulk.insert_like(cr, "sale_order", source, values)

    with bulk.loading(cr, "sale_order", size.orders):
        return bulk.in_slices(size.orders, work, progress)


def lines(env, size, progress):
    """The lines as `sale.order.line`, and their taxes."""
    cr, tax = env.cr, _tax(env)
    cr.execute("SELECT count(*) FROM bench.line")
    [count] = cr.fetchone()
    before = bulk.new_ids(cr, "sale_order_line", count) - 1

    def work(low, high):
        inserted = _lines(cr, before, tax.amount / 100, low, high)
        cr.execute(
            SQL(
                """INSERT INTO account_tax_sale_order_line_rel (sale_order_line_id, account_tax_id)
                   SELECT n + %s, %s FROM bench.line WHERE n BETWEEN %s AND %s""",
                before,
                tax.id,
                low,
                high,
            )
        )
        return inserted

    with (
        bulk.loading(cr, "sale_order_line", count),
        bulk.loading(cr, "account_tax_sale_order_line_rel", count),
    ):
        return bulk.in_slices(count, work, progress)


def _lines(cr, before, rate, low, high):
    is_sale = SQL("sale.state = 'sale'")
    with_tax = SQL("(1 + %s::numeric)", rate)
    values = {
        "id": SQL("line.n + %s", before),
        "order_id": SQL("sale.id"),
        "order_partner_id": SQL("sale.partner_id"),
        "salesman_id": SQL("salesperson.user_id"),
        "create_uid": SQL("salesperson.user_id"),
        "write_uid": SQL("salesperson.user_id"),
        "sequence": SQL("10 + line.k - 1"),
        "product_id": SQL("product.product_id"),
        "product_uom_id": SQL("product.uom_id"),
        "name": SQL("product.name"),
        "product_uom_qty": SQL("line.qty"),
        "price_unit": SQL("product.price"),
        "technical_price_unit": SQL("product.price"),
        "discount": SQL("line.discount"),
        "price_subtotal": SQL("line.subtotal"),
        "price_tax": SQL("round(line.subtotal * %s::numeric, 2)", rate),
        "price_total": SQL("round(line.subtotal * %s, 2)", with_tax),
        "price_reduce_taxexcl": SQL("round(line.subtotal / line.qty, 2)"),
        "price_reduce_taxinc": SQL("round((line.subtotal / line.qty) * %s, 2)", with_tax),
        "qty_to_invoice": SQL("CASE WHEN %s THEN line.qty ELSE proto.qty_to_invoice END", is_sale),
        "untaxed_amount_to_invoice": SQL(
            "CASE WHEN %s THEN line.subtotal ELSE proto.untaxed_amount_to_invoice END", is_sale
        ),
        "create_date": SQL("sale.at"),
        "write_date": SQL("sale.at"),
    }
    source = SQL(
        """bench.line
           JOIN bench.sale ON sale.n = line.sale
           JOIN bench.product ON product.n = line.product
           JOIN bench.salesperson ON salesperson.n = sale.salesperson
           JOIN proto ON proto_variant = sale.state
           WHERE line.n BETWEEN %s AND %s""",
        low,
        high,
    )
    return bulk.insert_like(cr, "sale_order_line", source, values)
