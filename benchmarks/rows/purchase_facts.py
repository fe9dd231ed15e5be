"""The facts of purchases: made in full against the bare SQL of the same definition, and after changes against in full."""

from odoo.tools import SQL

from ..row import Row, Side, equal

TABLES = (
    "customer_purchase",
    "customer_purchase_month",
    "customer_purchase_team",
    "customer_purchase_category",
    "customer_purchase_branch",
    "customer_purchase_cell",
)

# What anybody would write to fill the same five tables: confirmed orders and posted credit notes of them.
BARE_DAYS = """
    INSERT INTO customer_purchase (partner_id, company_id, day, team_id, orders, amount)
    SELECT partner_id, company_id, day, team_id, sum(orders), sum(amount) FROM (
        SELECT contact.commercial_partner_id AS partner_id, sale_order.company_id,
               (date_order AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(home.tz, 'UTC'))::date AS day, sale_order.team_id,
               1 AS orders, amount_untaxed / COALESCE(NULLIF(currency_rate, 0), 1) AS amount
          FROM sale_order
          JOIN res_partner contact ON contact.id = sale_order.partner_id
          JOIN res_company ON res_company.id = sale_order.company_id
          JOIN res_partner home ON home.id = res_company.partner_id
         WHERE sale_order.state = 'sale'
         UNION ALL
        SELECT contact.commercial_partner_id, sale_order.company_id, note.invoice_date, sale_order.team_id,
               0, -note_line.balance
          FROM account_move note
          JOIN account_move_line note_line ON note_line.move_id = note.id AND note_line.display_type = 'product'
          JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = note_line.id
          JOIN sale_order_line line ON line.id = link.order_line_id
          JOIN sale_order ON sale_order.id = line.order_id
          JOIN res_partner contact ON contact.id = sale_order.partner_id
         WHERE note.move_type = 'out_refund' AND note.state = 'posted' AND sale_order.state = 'sale'
    ) bought
    GROUP BY partner_id, company_id, day, team_id
"""
BARE_MONTHS = """
    INSERT INTO customer_purchase_month (partner_id, company_id, month, cohort_month, age, orders, amount)
    SELECT partner_id, company_id, month, cohort,
           (extract(year FROM month) - extract(year FROM cohort)) * 12
               + extract(month FROM month) - extract(month FROM cohort), orders, amount
      FROM (SELECT partner_id, company_id, date_trunc('month', day)::date AS month, sum(orders) AS orders,
                   sum(amount) AS amount, min(min(date_trunc('month', day)::date) FILTER (WHERE orders > 0))
                       OVER (PARTITION BY partner_id, company_id) AS cohort
              FROM customer_purchase GROUP BY 1, 2, 3) month
"""
BARE_TEAMS = """
    INSERT INTO customer_purchase_team (partner_id, company_id, team_id, month, cohort_month, orders, amount)
    SELECT partner_id, company_id, team_id, date_trunc('month', day)::date, min(min(date_trunc('month', day)::date)
               FILTER (WHERE orders > 0)) OVER (PARTITION BY partner_id, company_id, team_id), sum(orders), sum(amount)
      FROM customer_purchase WHERE team_id IS NOT NULL GROUP BY 1, 2, 3, 4
"""
BARE_CATEGORIES = """
    INSERT INTO customer_purchase_category
                (partner_id, company_id, month, team_id, categ_id, orders, amount, cohort_month, customers)
    SELECT partner_id, company_id, month, team_id, categ_id, orders, amount,
           min(month) OVER (PARTITION BY partner_id, company_id, categ_id),
           (row_number() OVER (PARTITION BY partner_id, company_id, categ_id, month ORDER BY team_id) = 1)::int
      FROM (
            SELECT contact.commercial_partner_id AS partner_id, sale_order.company_id,
                   date_trunc('month', date_order AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(home.tz, 'UTC'))::date AS month,
                   sale_order.team_id, template.categ_id, count(DISTINCT sale_order.id) AS orders,
                   sum(line.price_subtotal / COALESCE(NULLIF(sale_order.currency_rate, 0), 1)) AS amount
              FROM sale_order
              JOIN sale_order_line line ON line.order_id = sale_order.id AND line.display_type IS NULL
              JOIN product_product variant ON variant.id = line.product_id
              JOIN product_template template ON template.id = variant.product_tmpl_id
              JOIN res_partner contact ON contact.id = sale_order.partner_id
              JOIN res_company ON res_company.id = sale_order.company_id
              JOIN res_partner home ON home.id = res_company.partner_id
             WHERE sale_order.state = 'sale'
             GROUP BY 1, 2, 3, 4, 5
           ) category
"""
BARE_CELLS = """
    INSERT INTO customer_purchase_cell (company_id, cohort_month, month, customers, amount)
    SELECT company_id, cohort_month, month, count(*) FILTER (WHERE orders > 0), sum(amount)
      FROM customer_purchase_month GROUP BY 1, 2, 3
"""
BARE_TEAM_CELLS = """
    INSERT INTO customer_purchase_cell (company_id, team_id, cohort_month, month, customers, amount)
    SELECT company_id, team_id, cohort_month, month, count(*) FILTER (WHERE orders > 0), sum(amount)
      FROM customer_purchase_team GROUP BY 1, 2, 3, 4
"""
BARE_CATEGORY_CELLS = """
    INSERT INTO customer_purchase_cell (company_id, categ_id, cohort_month, month, customers, amount)
    SELECT company_id, categ_id, cohort_month, month, sum(customers), sum(amount)
      FROM customer_purchase_category GROUP BY 1, 2, 3, 4
"""
BARE = (
    BARE_DAYS,
    BARE_MONTHS,
    BARE_TEAMS,
    BARE_CATEGORIES,
    BARE_CELLS,
    BARE_TEAM_CELLS,
    BARE_CATEGORY_CELLS,
)


def empty(env, number):
    """No facts: both sides fill empty tables that have their indexes, as at the installation."""
    for table in (*TABLES, "customer_purchase_queue", "customer_purchase_change", "customer_purchase_roll"):
        env.cr.execute(SQL("TRUNCATE %s", SQL.identifier(table)))


def bare_sql(env, _prepared):
    for statement in BARE:
        env.cr.execute(statement)
    return _totals(env)


def in_full(env, _prepared):
    env["customer.purchase"].sudo()._rebuild()
    return _totals(env)


def _totals(env):
    """Rows, orders, amounts and customers of the five tables."""
    queries = (
        "SELECT count(*), sum(orders), round(sum(amount)) FROM customer_purchase",
        "SELECT count(*), sum(orders), round(sum(amount)), sum(age) FROM customer_purchase_month",
        "SELECT count(*), sum(orders), round(sum(amount)), round(sum(extract(epoch FROM cohort_month)))"
        " FROM customer_purchase_team",
        "SELECT count(*), sum(orders), round(sum(amount)), sum(customers), round(sum(extract(epoch FROM cohort_month)))"
        " FROM customer_purchase_category",
        "SELECT sum(customers), round(sum(amount)), round(sum(customers * extract(epoch FROM cohort_month)))"
        " FROM customer_purchase_cell WHERE team_id IS NULL AND categ_id IS NULL",
        "SELECT sum(customers), round(sum(amount)), round(sum(customers * extract(epoch FROM cohort_month)))"
        " FROM customer_purchase_cell WHERE team_id IS NOT NULL",
        "SELECT sum(customers), round(sum(amount)), round(sum(customers * extract(epoch FROM cohort_month)))"
        " FROM customer_purchase_cell WHERE categ_id IS NOT NULL",
    )
    found = []
    for query in queries:
        env.cr.execute(query)
        found.append([float(value or 0) for value in env.cr.fetchone()])
    return found


def forget_rolls(env, number):
    """As after a full count: all rolls are to be made."""
    env["customer.purchase.roll"].sudo()._forget(env["res.company"].sudo().search([]).ids)


def bare_rolls(env, _prepared):
    """The statement alone that gathers who bought in each month, of what and through whom; nothing is packed or kept."""
    [[buyers]] = env.execute_query(
        SQL(
            "SELECT SUM(LENGTH(buyers)) / 4 FROM (%s) AS gathered"
            " (team_id, categ_id, month, unit, buyers, spent, others, given_back)",
            env["customer.purchase.roll"]._select_buyers(env.company.id, SQL("TRUE")),
        )
    )
    return int(buyers)


def all_rolls(env, _prepared):
    roll = env["customer.purchase.roll"].sudo()
    while roll._make_next():
        pass
    [[customers]] = env.execute_query(SQL("SELECT SUM(customers) FROM customer_purchase_roll"))
    return customers


def changed(count):
    """:returns: the preparation of a round: so many orders have changed, and wait as the ORM's hooks leave them"""

    def prepare(env, number):
        env = env(su=True)
        queue = env["customer.purchase.queue"]
        env.cr.execute(
            "SELECT id FROM sale_order WHERE state = 'sale' ORDER BY md5(concat(id, ' ', %s::int)) LIMIT %s",
            [number, count],
        )
        orders = env["sale.order"].browse([order for (order,) in env.cr.fetchall()])
        queue._enqueue_documents(orders)
        # A quarter each: worth more, moved to a later day, back-dated by more than a year, given to another customer.
        env.cr.execute(
            """
            UPDATE sale_order SET
                   amount_untaxed = amount_untaxed + CASE id %% 4 WHEN 0 THEN 20 ELSE 0 END,
                   date_order = date_order + CASE id %% 4 WHEN 1 THEN interval '9 days' WHEN 2 THEN interval '-400 days'
                                                          ELSE interval '0' END,
                   partner_id = CASE id %% 4 WHEN 3 THEN (SELECT partner_id FROM bench.customer
                                                           WHERE rank = 1 + sale_order.id %% 100) ELSE partner_id END
             WHERE id = ANY(%s)
            """,
            [orders.ids],
        )
        env.invalidate_all()
        queue._enqueue_documents(orders)

    return prepare


def changed_and_empty(count):
    def prepare(env, number):
        changed(count)(env, number)
        empty(env, number)

    return prepare


def refresh(env, _prepared):
    queue = env["customer.purchase.queue"].sudo()
    while queue._drain_batch():
        pass
    return _totals(env)


def refresh_row(count):
    return Row(
        name=f"facts_refresh_{count}",
        title=f"Refresh the facts after {count:,} changed orders",
        baseline=Side("all counted anew", in_full, prepare=changed_and_empty(count)),
        ours=Side("the days and customers concerned", refresh, prepare=changed(count)),
        difference=equal,
        modules=("crm_analytics",),
        runs={"L": 3},
    )


ROWS = [
    Row(
        name="facts_full",
        title="Make all facts of purchases: days, months, teams, categories, cells",
        baseline=Side("bare SQL of the same definition", bare_sql, prepare=empty),
        ours=Side("the full count, in batches", in_full, prepare=empty),
        difference=equal,
        modules=("crm_analytics",),
        runs={"L": 3},
    ),
    Row(
        name="facts_rolls",
        title="Make the rolls of who bought in a month, of all customers",
        baseline=Side("the bare statement that gathers them, nothing written", bare_rolls),
        ours=Side("gathered, packed, written, and counted", all_rolls, prepare=forget_rolls),
        difference=equal,
        modules=("crm_analytics",),
        runs={"L": 3},
    ),
    refresh_row(1_000),
    refresh_row(10_000),
]
