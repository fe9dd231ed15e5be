"""Mail to a team's address becomes a ticket, against mail to a sales team's address that becomes a lead in core."""

from odoo.fields import Command

from ..row import Row, Side, equal
from .history_writing import customers

MAILS = 20
RUNS = {"S": 21, "M": 21, "L": 21}
MAIL = """From: "{name}" <{sender}>
To: {to}
Subject: Cold coffee {number}
Message-Id: <bench.{number}.{place}.{to}>
Date: Mon, 02 Nov 2026 09:00:00 +0700
Content-Type: text/plain; charset=utf-8

The coffee was cold, and nobody could tell me why. I would like to have an answer.
"""


def mails_to(env, number, team):
    """A mail of each of some customers to a team's address."""
    return [
        MAIL.format(name=one.name, sender=one.email, to=team.alias_email, number=number, place=place)
        for place, one in enumerate(customers(env, number, MAILS))
    ]


def domain_of_mail(env):
    domain = env["mail.alias.domain"].search([], limit=1)
    if not domain:
        domain = env["mail.alias.domain"].create({"name": "bench.example"})
        env.company.alias_domain_id = domain
    return domain


def to_sales_team(env, number):
    """Leads of a sales team with an address, assigned to nobody."""
    team = env["crm.team"].create(
        {
            "name": "Bench",
            "alias_name": f"bench-leads-{abs(number)}",
            "alias_domain_id": domain_of_mail(env).id,
            "use_leads": True,
        }
    )
    return mails_to(env, number, team)


def to_service_team(env, number):
    """Tickets of a service team with an address, assigned to nobody; with its acknowledgement."""
    team = env["service.team"].create(
        {
            "name": "Bench",
            "alias_name": f"bench-tickets-{abs(number)}",
            "alias_domain_id": domain_of_mail(env).id,
            "member_ids": [Command.clear()],
        }
    )
    return mails_to(env, number, team)


def receive(env, mails):
    """The gateway takes the mails, each as a request of its own.

    :returns: number of records made
    """
    made = 0
    for mail in mails:
        made += bool(env["mail.thread"].message_process(None, mail))
        env.cr.flush()
        env.invalidate_all()
    return made


ROWS = [
    Row(
        name="ticket_gateway",
        title=f"{MAILS} mails to a team's address, from the gateway to the record",
        baseline=Side("leads, Odoo alone", receive, database="core", prepare=to_sales_team),
        ours=Side("tickets, with our addons", receive, prepare=to_service_team),
        difference=equal,
        user="admin",
        modules=("crm_service_desk",),
        runs=RUNS,
    )
]
