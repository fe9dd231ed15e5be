"""What the clocks cost where it would hurt: creating and moving many tickets, and the job that finds what is overdue.

The yardstick of creating and moving is core's own document with stages, the lead, which has no clocks.
"""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from ..data import tickets as data
from ..row import Row, Side, equal

MANY = 50
DUE = 500
RUNS = {"S": 15, "M": 15, "L": 15}


def _customers(env, number):
    env.cr.execute("SELECT count(*) FROM bench.customer")
    [count] = env.cr.fetchone()
    ranks = [1 + ((number + 100) * 7919 + each * 104729) % count for each in range(MANY)]
    env.cr.execute("SELECT partner_id FROM bench.customer WHERE rank IN %s ORDER BY rank", [tuple(ranks)])
    return [partner for (partner,) in env.cr.fetchall()]


def _end_of_request(env):
    """What a commit would bring about, the writing to disk apart: tracking and messages among it."""
    env.cr.flush()


def prepare_create(env, number):
    return _customers(env, number)


def create_leads(env, partners):
    leads = env["crm.lead"].create([{"name": f"Bench {partner}", "partner_id": partner} for partner in partners])
    _end_of_request(env)
    return len(leads)


def create_tickets(env, partners):
    tickets = env["service.ticket"].create(
        [{"name": f"Bench {partner}", "partner_id": partner} for partner in partners]
    )
    _end_of_request(env)
    if len(tickets.sudo().clock_ids) != 2 * len(tickets):
        raise ValueError("Each ticket is to have two clocks.")
    return len(tickets)


def setup_desk(env):
    data.desk(env)


def prepare_leads(env, number):
    partners = _customers(env, number)
    leads = env["crm.lead"].create([{"name": f"Bench {partner}", "partner_id": partner} for partner in partners])
    env.cr.flush()
    return leads.ids


def prepare_tickets(env, number):
    partners = _customers(env, number)
    tickets = env["service.ticket"].create(
        [{"name": f"Bench {partner}", "partner_id": partner} for partner in partners]
    )
    env.cr.flush()
    return tickets.ids


def move_leads(env, ids):
    stage = env["crm.stage"].search([("is_won", "=", False)], order="sequence desc", limit=1)
    env["crm.lead"].browse(ids).write({"stage_id": stage.id})
    _end_of_request(env)
    return len(ids)


def move_tickets(env, ids):
    stage = env["service.stage"].search([("category", "=", "waiting_customer")], limit=1)
    tickets = env["service.ticket"].browse(ids)
    tickets.write({"stage_id": stage.id})
    _end_of_request(env)
    if set(tickets.mapped("sla_state")) != {"paused"}:
        raise ValueError("The clocks of the tickets are to be paused.")
    return len(ids)


def prepare_due(env, number):
    """Of all clocks, some run out this minute.

    :returns: None
    """
    moment = fields.Datetime.now() - timedelta(minutes=1)
    env.cr.execute(
        SQL(
            """UPDATE service_sla_clock SET next_check = %s WHERE id IN (
                   SELECT id FROM service_sla_clock WHERE stopped IS NULL AND metric = 'first_answer' ORDER BY id LIMIT %s)""",
            moment,
            DUE,
        )
    )


def look_at_all(env, prepared):
    """The floor: find what is due by going through all clocks, and mark it; nothing written down, nobody told."""
    env.cr.execute(
        SQL(
            """UPDATE service_sla_clock SET next_check = NULL, state = 'breached'
                WHERE COALESCE(next_check + interval '0', 'infinity') < %s""",
            fields.Datetime.now(),
        )
    )
    return env.cr.rowcount >= DUE


def work_off(env, prepared):
    """As the scheduled job does it, without its commits."""
    clocks, total = env(su=True)["service.sla.clock"], 0
    while done := clocks._check_batch():
        env.flush_all()
        total += done
    return total >= DUE


ROWS = [
    Row(
        name="ticket_create",
        title=f"Create {MANY} tickets with two clocks each",
        baseline=Side(f"{MANY} leads, Odoo alone", create_leads, database="core", prepare=prepare_create),
        ours=Side("tickets: number, link, team, stage, two clocks", create_tickets, prepare=prepare_create),
        difference=equal,
        user="bench1",
        modules=("crm_service_desk",),
        setup=setup_desk,
        runs=RUNS,
    ),
    Row(
        name="ticket_move",
        title=f"Move {MANY} tickets with two clocks each",
        baseline=Side(f"{MANY} leads, Odoo alone", move_leads, database="core", prepare=prepare_leads),
        ours=Side("tickets: the clocks pause", move_tickets, prepare=prepare_tickets),
        difference=equal,
        user="bench1",
        modules=("crm_service_desk",),
        setup=setup_desk,
        runs=RUNS,
    ),
    Row(
        name="ticket_breach",
        title=f"{DUE} deadlines have passed, among two clocks for each customer",
        baseline=Side("all clocks looked at, the state set", look_at_all, prepare=prepare_due),
        ours=Side("the job: what is due, with all that follows", work_off, prepare=prepare_due),
        difference=equal,
        modules=("crm_service_desk",),
        setup=data.fill,
        runs={"XS": 3, "S": 7, "M": 5, "L": 5},
    ),
]
