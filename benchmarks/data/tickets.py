"""Tickets with two clocks each: one for each customer, spread over the 36 months; three of a hundred are still open.

Made for the rows of the service desk, once in the database with our addons: the generator runs before those are installed.
"""

from odoo import fields
from odoo.tools import SQL

from . import bulk
from .calendar import END, FIRST_MONTH

STEP = "service.ticket"
OPEN_SHARE = 0.03
HOURS = {"first_answer": 4, "resolve": 16}


def desk(env):
    """The desk of the rows: a policy with two clocks, and its agents. Made once.

    :returns: the team
    """
    team = env.ref("crm_service_desk.team_customer_service")
    if not env["service.sla.policy"].search_count([("name", "=", "Bench")]):
        team.acknowledgement_template_id = False
        env["service.sla.policy"].search([]).active = False
        env["service.sla.policy"].create(
            {
                "name": "Bench",
                "target_ids": [
                    fields.Command.create({"metric": metric, "hours": hours, "escalate_leader": False})
                    for metric, hours in HOURS.items()
                ],
            }
        )
        agents = env["res.users"].search([("login", "=like", "bench%")])
        agents.group_ids = [fields.Command.link(env.ref("crm_service_desk.group_service_user").id)]
        env.flush_all()
    return team


def fill(env):
    """Make the tickets, unless they are there.

    :returns: their number
    """
    desk(env)
    cr = env.cr
    cr.execute("SELECT rows FROM bench.done WHERE step = %s", [STEP])
    if done := cr.fetchone():
        return done[0]
    cr.execute("SELECT count(*) FROM bench.customer")
    [count] = cr.fetchone()
    pattern = env["service.ticket"].create({"name": "Bench", "partner_id": env["res.partner"].search([], limit=1).id})
    env.cr.flush()
    first = bulk.new_ids(cr, "service_ticket", count)
    _tickets(cr, pattern.id, first, count)
    _clocks(cr, pattern.id, first, count)
    pattern.with_context(ticket_deletion_reason="The pattern of the benchmark").unlink()
    env.cr.flush()
    cr.execute("INSERT INTO bench.done VALUES (%s, %s, 0)", [STEP, count])
    cr.execute("ANALYZE service_ticket, service_sla_clock, service_sla_event")
    return count


def _tickets(cr, pattern, first, count):
    received = SQL(
        "CASE WHEN is_open THEN now() AT TIME ZONE 'UTC' - interval '30 days' - n %% 400 * interval '1 minute'"
        " ELSE %s::timestamp + n %% 1000 * (%s::timestamp - %s::timestamp) / 1000 END",
        FIRST_MONTH,
        END,
        FIRST_MONTH,
    )
    values = {
        "id": SQL("%s + n - 1", first),
        "number": SQL("'B' || lpad(n::text, 8, '0')"),
        "name": SQL("'Bench ticket ' || n"),
        "partner_id": SQL("customer.partner_id"),
        "commercial_partner_id": SQL("customer.partner_id"),
        "access_token": SQL("md5(n::text)"),
        "date_received": received,
        "create_date": received,
        "unanswered": SQL("is_open"),
        "stage_category": SQL("CASE WHEN is_open THEN 'in_progress' ELSE 'closed' END"),
        "stage_id": SQL(
            "(SELECT id FROM service_stage WHERE category = CASE WHEN is_open THEN 'in_progress' ELSE 'closed' END"
            " ORDER BY sequence, id LIMIT 1)"
        ),
        "sla_deadline": SQL("CASE WHEN is_open THEN now() AT TIME ZONE 'UTC' + n %% 1000 * interval '1 hour' END"),
        "sla_state": SQL(
            "CASE WHEN is_open THEN CASE WHEN n %% 10 = 0 THEN 'at_risk' ELSE 'running' END ELSE 'kept' END"
        ),
    }
    names = bulk.columns(cr, "service_ticket")
    with bulk.loading(cr, "service_ticket", count):
        cr.execute(
            SQL(
                """INSERT INTO service_ticket (%(columns)s) SELECT %(values)s
                     FROM (SELECT n, bench.u(n, 77) < %(share)s AS is_open FROM generate_series(1, %(count)s) n) number
                     JOIN bench.customer customer ON customer.rank = 1 + n::bigint * 7919 %% %(count)s
               CROSS JOIN (SELECT * FROM service_ticket WHERE id = %(pattern)s) proto""",
                columns=SQL(", ").join(map(SQL.identifier, names)),
                values=SQL(", ").join(values.get(name, SQL.identifier("proto", name)) for name in names),
                share=OPEN_SHARE,
                count=count,
                pattern=pattern,
            )
        )


def _clocks(cr, pattern, first, count):
    """The pattern's clocks for every ticket; most were kept. Of an open ticket they are overdue by their events, and the job
    is to look at them in the next weeks only: a row brings that forward for as many as it wants.
    """
    values = {
        "id": SQL("nextval(pg_get_serial_sequence('service_sla_clock', 'id'))"),
        "ticket_id": SQL("ticket.id"),
        "started": SQL("ticket.date_received"),
        "deadline": SQL("COALESCE(ticket.sla_deadline, ticket.date_received + interval '1 day')"),
        "next_check": SQL("ticket.sla_deadline"),
        "stopped": SQL("CASE WHEN ticket.sla_deadline IS NULL THEN ticket.date_received + interval '1 hour' END"),
        "state": SQL("CASE WHEN ticket.sla_deadline IS NULL THEN 'kept' ELSE 'running' END"),
        "kept_share": SQL("CASE WHEN ticket.sla_deadline IS NULL THEN 100 END"),
    }
    names = bulk.columns(cr, "service_sla_clock")
    last = first + count - 1
    with bulk.loading(cr, "service_sla_clock", count):
        cr.execute(
            SQL(
                """INSERT INTO service_sla_clock (%s) SELECT %s FROM service_ticket ticket
               CROSS JOIN (SELECT * FROM service_sla_clock WHERE ticket_id = %s) proto
                    WHERE ticket.id BETWEEN %s AND %s""",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(values.get(name, SQL.identifier("proto", name)) for name in names),
                pattern,
                first,
                last,
            )
        )
    with bulk.loading(cr, "service_sla_event", count):
        cr.execute(
            SQL(
                """INSERT INTO service_sla_event (clock_id, date, kind, hours, since, calendar_id, pause_customer,
                                                 pause_third_party)
                   SELECT id, started, 'start', hours, started, calendar_id, TRUE, FALSE FROM service_sla_clock
                    WHERE ticket_id BETWEEN %(first)s AND %(last)s
                UNION ALL
                   SELECT id, stopped, 'reach', NULL, NULL, NULL, FALSE, FALSE FROM service_sla_clock
                    WHERE ticket_id BETWEEN %(first)s AND %(last)s AND stopped IS NOT NULL""",
                first=first,
                last=last,
            )
        )
