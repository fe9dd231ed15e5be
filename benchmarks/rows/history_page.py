"""The newest fifty of what happened with a customer, for the hundred customers with whom most happened."""

from odoo.tools import SQL

from ..row import Row, Side

CUSTOMERS, ENTRIES = 100, 50
KINDS = ["quotation", "order", "email"]


def heaviest(env, number):
    """The ids of the hundred customers who buy most."""
    env.cr.execute("SELECT partner_id FROM bench.customer ORDER BY rank LIMIT %s", [CUSTOMERS])
    return [partner for (partner,) in env.cr.fetchall()]


def index_statements(env, number):
    """Per customer: a function that runs the page's statement on our index table, access not yet looked at."""
    history = env["contact.history.entry"].sudo()
    wheres = [
        history._page_condition(env["res.partner"].browse(customer), KINDS, False) for customer in heaviest(env, number)
    ]
    return [lambda where=where: history._page_rows(where, None, ENTRIES) for where in wheres]


def union_statements(env, number):
    """The same as a UNION ALL of the sources, by the selects that fill the index: the customer with his contacts."""
    history = env["contact.history.entry"]
    statements = []
    for customer in heaviest(env, number):
        people = env["res.partner"].sudo().search([("commercial_partner_id", "=", customer)]).ids
        branches = []
        for model in history._sources():
            selects = [row for row in env[model]._contact_history_selects() if row[0].kind in KINDS]
            of_people = [SQL("%s AND %s = ANY(%s)", select, contact, people) for _spec, select, _id, contact in selects]
            if of_people:
                branches.append(history._one_per_key(selects, of_people))
        source = SQL(" UNION ALL ").join(SQL("SELECT * FROM (%s) source", branch) for branch in branches)
        statement = SQL(
            "WITH history(%s) AS (%s) SELECT * FROM history ORDER BY happened_at DESC LIMIT %s",
            history._SOURCE_COLUMNS,
            source,
            ENTRIES,
        )
        statements.append(lambda statement=statement: env.execute_query_dict(statement))
    return statements


def read(env, statements):
    """Run them.

    :returns: per customer the times of the entries, newest first
    """
    return [[row["happened_at"] for row in statement()] for statement in statements]


def shown(env, customers):
    """The page as the desk shows it: access checked, titles read."""
    pages = []
    for customer in customers:
        page = env["contact.history.entry"].history_page(customer, limit=ENTRIES, kinds=KINDS)
        pages.append([entry["happened_at"] for entry in page["entries"]])
    return pages


def shown_from_the_sources(env, customers):
    """Orders and messages read through the ORM and merged, as one does without an index of both."""
    pages = []
    for customer in customers:
        entries = [*_orders(env, customer), *_messages(env, customer)]
        pages.append(
            [str(when) for when, *_shown in sorted(entries, key=lambda entry: entry[0], reverse=True)[:ENTRIES]]
        )
    return pages


def _orders(env, customer):
    domain = [("partner_id", "child_of", customer)]
    for order in env["sale.order"].search(domain, order="date_order DESC, id DESC", limit=ENTRIES):
        products = order.order_line.product_id.mapped("display_name")
        yield order.date_order, order.name, products, order.amount_total, order.state


def _messages(env, customer):
    written = ("message_type", "in", ("email", "comment", "email_outgoing"))
    exchanged = ["|", ("author_id", "child_of", customer), ("partner_ids", "child_of", customer)]
    for message in env["mail.message"].search([written, *exchanged], order="date DESC, id DESC", limit=ENTRIES):
        yield message.date, message.subject or message.record_name, message.preview, message.author_id.display_name


def times(baseline, ours):
    """Both show entries of the same times; which of two at the same second comes first is nobody's business."""
    for place, (one, other) in enumerate(zip(baseline, ours, strict=True)):
        if one != other:
            return f"customer {place + 1}: {one[:3]} … ({len(one)}) against {other[:3]} … ({len(other)})"
    return ""


ROWS = [
    Row(
        name="history_page",
        title=f"Page of {ENTRIES} of the history, heaviest {CUSTOMERS} customers, SQL",
        baseline=Side("UNION ALL of the sources", read, prepare=union_statements),
        ours=Side("index table", read, prepare=index_statements),
        difference=times,
        modules=("crm_contact_history",),
    ),
    Row(
        name="history_page_shown",
        title="The same page as shown to a salesperson, access checked",
        baseline=Side("orders and messages through the ORM", shown_from_the_sources, prepare=heaviest),
        ours=Side("`history_page`", shown, prepare=heaviest),
        difference=times,
        user="bench1",
        modules=("crm_contact_history",),
        runs={"S": 5, "M": 3, "L": 3},
    ),
]
