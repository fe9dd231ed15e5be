"""The newest fifty of what happened with a customer, for the hundred customers with whom most happened."""

import time

from odoo.addons.mail.tools.discuss import Store
from odoo.tools import SQL

from ..row import Laps, Row, Side, equal

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
        history._page_condition(env["res.partner"].browse(customer), False, **history._checked_filters(kinds=KINDS))
        for customer in heaviest(env, number)
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

    :returns: per customer the times of the entries, newest first; with the seconds of each page
    """
    pages, seconds = _timed(statements)
    return Laps([[row["happened_at"] for row in page] for page in pages], seconds)


def _timed(statements):
    pages, seconds = [], []
    for statement in statements:
        start = time.perf_counter()
        pages.append(statement())
        seconds.append(time.perf_counter() - start)
    return pages, seconds


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


def page_statements(env, number, pages):
    """Per customer: a function that runs the statement of the page that comes after so many others."""
    history = env["contact.history.entry"].sudo()
    statements = []
    for customer in heaviest(env, number):
        filters = history._checked_filters(kinds=KINDS)
        where = history._page_condition(env["res.partner"].browse(customer), False, **filters)
        rows = history._page_rows(where, None, pages * ENTRIES) if pages else []
        cursor = history._cursor_of(rows[-1]) if rows else None
        statements.append(lambda where=where, cursor=cursor: history._page_rows(where, cursor, ENTRIES))
    return statements


def read_counting(env, statements):
    """Run them.

    :returns: how many pages were full
    """
    pages, seconds = _timed(statements)
    return Laps(sum(len(page) == ENTRIES for page in pages), seconds)


def talked_about(env, number):
    """The contacts on whose own form most was written."""
    env.cr.execute(
        """SELECT res_id FROM mail_message WHERE model = 'res.partner' AND res_id IN
                  (SELECT partner_id FROM bench.customer ORDER BY rank LIMIT 200)
            GROUP BY res_id HAVING count(*) >= %s ORDER BY count(*) DESC LIMIT 10""",
        [ENTRIES],
    )
    return [partner for (partner,) in env.cr.fetchall()]


def chatter(env, partners):
    """What core's chatter asks for: the newest messages of a record, made ready for the browser.

    :returns: number of messages
    """
    shown = 0
    for partner in partners:
        thread = env["res.partner"].browse(partner)
        found = env["mail.message"]._message_fetch([], thread=thread, limit=ENTRIES)
        Store().add(found["messages"]).get_result()
        shown += len(found["messages"])
    return shown


def history_of(env, partners):
    """As many entries of the history, access checked and made ready.

    :returns: number of entries
    """
    pages = [env["contact.history.entry"].history_page(partner, limit=ENTRIES) for partner in partners]
    return sum(len(page["entries"]) for page in pages)


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
    Row(
        name="history_page_20",
        title="Page 20 against page 1 of the same customers, SQL",
        baseline=Side("page 1", read_counting, prepare=lambda env, number: page_statements(env, number, 0)),
        ours=Side("page 20", read_counting, prepare=lambda env, number: page_statements(env, number, 19)),
        difference=lambda baseline, ours: "",
        modules=("crm_contact_history",),
    ),
    Row(
        name="history_chatter",
        title=f"{ENTRIES} entries of a customer with much talk, access checked and made ready for the browser",
        baseline=Side(f"core's chatter, {ENTRIES} messages of the contact", chatter, prepare=talked_about),
        ours=Side("`history_page`", history_of, prepare=talked_about),
        difference=equal,
        user="bench1",
        modules=("crm_contact_history",),
    ),
]
