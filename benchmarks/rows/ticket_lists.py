"""What an agent looks at all day, among a ticket for each customer: list, kanban, what is at risk, the counters of eighty.

The floor of each is reading the same tickets when one knows which they are: so the rows show what finding, ordering and counting
them costs beside it, with the rules of who may see what.
"""

from odoo.fields import Domain
from odoo.tools import SQL

from ..data import tickets as data
from ..row import Row, Side, equal

PAGE = 80
OPEN = [("stage_category", "not in", ("resolved", "closed"))]
AT_RISK = [("sla_deadline", "!=", False), ("sla_state", "in", ("at_risk", "breached"))]
ORDER = "unanswered desc, priority desc, id desc"
NAMED = {"fields": {"display_name": {}}}
LINE = {
    "number": {},
    "name": {},
    "conversation_state": {},
    "sla_deadline": {},
    "sla_countdown": {},
    "partner_id": NAMED,
    "type": {},
    "priority": {},
    "user_id": NAMED,
    "stage_id": NAMED,
}
CARD = {**LINE, "category_id": NAMED, "activity_ids": {}, "activity_state": {}}
RUNS = {"S": 15, "M": 15, "L": 15}


def read_known(specification):
    """The floor: the tickets by their ids."""

    def run(env, ids):
        return sorted(line["id"] for line in env["service.ticket"].browse(ids).web_read(specification))

    return run


def page(domain, order):
    """The first page of a list, as the web client asks for it; with the number of all, as it stands above the list.

    :returns: a function giving the ids shown
    """

    def run(env, prepared):
        found = env["service.ticket"].web_search_read(domain, LINE, limit=PAGE, order=order, count_limit=10_001)
        return sorted(line["id"] for line in found["records"])

    return run


def kanban(env, prepared):
    """The columns of the open tickets with their first cards and the bars above them."""
    tickets = env["service.ticket"]
    colours = {"planned": "success", "today": "warning", "overdue": "danger"}
    tickets.read_progress_bar(OPEN, "stage_id", {"field": "activity_state", "colors": colours})
    columns = tickets.web_read_group(
        OPEN,
        ["stage_id"],
        ["__count"],
        auto_unfold=True,
        unfold_read_specification=CARD,
        unfold_read_default_limit=PAGE,
    )
    return sorted(card["id"] for column in columns["groups"] for card in column.get("__records", ()))


def eighty(env, number):
    """Eighty customers, other ones each round: half of them with an open ticket."""
    env.cr.execute("SELECT count(*) FROM bench.customer")
    [count] = env.cr.fetchone()
    ranks = tuple(1 + ((number + 100) * 7919 + each * 104729) % count for each in range(PAGE))
    env.cr.execute("SELECT partner_id FROM bench.customer WHERE rank IN %s ORDER BY rank LIMIT %s", [ranks, PAGE // 2])
    some = [partner for (partner,) in env.cr.fetchall()]
    env.cr.execute(
        "SELECT partner_id FROM service_ticket WHERE stage_category = 'in_progress' ORDER BY id OFFSET %s LIMIT %s",
        [(number + 10) * 10, PAGE // 2],
    )
    return some + [partner for (partner,) in env.cr.fetchall()]


def bare_counts(env, partners):
    """The floor: one statement, nobody asked who may see what."""
    env.cr.execute(
        SQL(
            """SELECT commercial_partner_id, count(*) FILTER (WHERE type = 'complaint'), count(*) FROM service_ticket
                WHERE commercial_partner_id = ANY(%s) AND stage_category NOT IN ('resolved', 'closed')
             GROUP BY commercial_partner_id""",
            partners,
        )
    )
    return {partner: (complaints, tickets) for partner, complaints, tickets in env.cr.fetchall()}


def counters(env, partners):
    """The red badge and the smart button of each of the customers, as a list of contacts shows them."""
    customers = env["res.partner"].browse(partners)
    complaints = customers._count_tickets(customers._open_tickets_domain() & Domain("type", "=", "complaint"))
    return {
        customer.id: (complaints.get(customer.id, 0), customer.open_ticket_count)
        for customer in customers
        if customer.open_ticket_count
    }


def _row(name, title, floor, ours, run):
    """A screen against reading what is on it."""
    return Row(
        name=name,
        title=title,
        baseline=Side("the same tickets read by their ids", read_known(floor), prepare=run),
        ours=Side(ours, run),
        difference=equal,
        user="bench1",
        modules=("crm_service_desk",),
        setup=data.fill,
        runs=RUNS,
    )


ROWS = [
    _row(
        "ticket_list", f"First {PAGE} open tickets, one for each customer", LINE, "the agent's list", page(OPEN, ORDER)
    ),
    _row(
        "ticket_at_risk",
        f"First {PAGE} tickets at risk",
        LINE,
        "the agent's list, most urgent first",
        page(AT_RISK, "sla_deadline, id"),
    ),
    _row("ticket_kanban", "Kanban of the open tickets", CARD, "columns, cards and bars", kanban),
    Row(
        name="ticket_counters",
        title=f"Open complaints and open tickets of {PAGE} contacts",
        baseline=Side("one statement on the index", bare_counts, prepare=eighty),
        ours=Side("the badge and the smart button, as an agent", counters, prepare=eighty),
        difference=equal,
        user="bench1",
        modules=("crm_service_desk",),
        setup=data.fill,
        runs=RUNS,
    ),
]
