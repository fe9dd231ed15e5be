"""A partner's till verifies a card and redeems a benefit over HTTP, against a JSON route of Odoo that does nothing."""

import functools
import http.client
import json
import time
import uuid

from ..row import Laps, Row, Side, equal
from ..web import _server
from .loyalty_tiers import setup as all_customers_are_members

NAME = "Bench of tills"
CALLS, MEMBERS, BENEFITS = 20, 20, 10
KEY = "bench.partner_till_key"
# A picture of 1 × 1 pixel.
SIGNATURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
RUNS = {"S": 21, "M": 21, "L": 21}


def setup(env):
    """A partner with one outlet and ten benefits, twenty members who go there, among all customers, who are members of
    another club. Kept: redemptions are for ever."""
    all_customers_are_members(env)
    env["ir.config_parameter"].set_param("crm_loyalty.partner_till_calls_a_minute", 10**9)
    if env["ir.config_parameter"].get_param(KEY):
        return
    club = env["loyalty.club"]._create_with_programs(
        {"name": NAME, "company_id": env.company.id}, [], {"amount": 10_000, "value": 100}
    )
    club._enrol(env["res.partner"].create([{"name": f"{NAME} {number}"} for number in range(MEMBERS)]))
    partner = env["res.partner"].create({"name": f"Warung {NAME}", "is_company": True})
    outlet = env["co.marketing.outlet"].create({"name": NAME, "partner_id": partner.id, "tz": "Asia/Jakarta"})
    agreement = env["co.marketing.agreement"].create(
        {"partner_id": partner.id, "outlet_ids": [(6, 0, outlet.ids)], "date_start": "2020-01-01"}
    )
    version = env["co.marketing.version"].create({"agreement_id": agreement.id})
    env["co.marketing.benefit"].create(
        [
            {"version_id": version.id, "name": f"{percent} %", "percent": percent, "limit_member": 10**6}
            for percent in range(1, BENEFITS + 1)
        ]
    )
    agreement.action_propose()
    version._accept(partner.name, SIGNATURE, partner)
    _key, clear = env["co.marketing.outlet.key"]._make(outlet, NAME)
    env["ir.config_parameter"].set_param(KEY, clear)


def redemptions(env, number):
    """Twenty calls of a till: whose card, which benefit.

    :returns: the key, and a list of bodies
    """
    club = env["loyalty.club"].search([("name", "=", NAME)])
    cards = env["loyalty.membership"].search([("club_id", "=", club.id)], limit=MEMBERS).mapped("card_code")
    benefit = env["co.marketing.benefit"].search([("agreement_id.outlet_ids.name", "=", NAME)], limit=1)
    bodies = [
        {"card": cards[one % MEMBERS], "benefit": benefit.id, "amount": 10_000 + abs(number)} for one in range(CALLS)
    ]
    return env["ir.config_parameter"].sudo().get_param(KEY), bodies


def _post(port, address, body, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    try:
        connection.request("POST", address, json.dumps(body), {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(content[:500])
        return json.loads(content)
    finally:
        connection.close()


def _laps(works):
    done, seconds = 0, []
    for work in works:
        start = time.perf_counter()
        done += bool(work())
        seconds.append(time.perf_counter() - start)
    return Laps(done, seconds)


def bare(env, _prepared):
    """As many calls of a JSON route that does nothing.

    :returns: number of answers
    """
    post = functools.partial(_post, _server().server_port, "/web/webclient/version_info")
    headers = {"X-Odoo-Database": env.cr.dbname}
    return _laps([lambda: post({"jsonrpc": "2.0", "params": {}}, headers)["result"]] * CALLS)


def by_till(name):
    """The till's calls.

    :returns: a function giving the number of good answers
    """

    def run(env, prepared):
        key, bodies = prepared
        port, works = _server().server_port, []
        for body in bodies:
            headers = {"Authorization": f"Bearer {key}", "X-Odoo-Database": env.cr.dbname}
            headers["Idempotency-Key"] = uuid.uuid4().hex
            sent = body if name == "redeem" else {"card": body["card"], "amount": body["amount"]}
            works.append(
                lambda sent=sent, headers=headers: _post(port, f"/partner-till/v1/{name}", sent, headers).get(
                    "valid", True
                )
            )
        return _laps(works)

    return run


def row(name, title):
    return Row(
        name=f"partner_till_{name}",
        title=title,
        baseline=Side("a JSON route that does nothing, Odoo alone", bare, database="core"),
        ours=Side(f"{name}, with our addons", by_till(name), prepare=redemptions),
        difference=equal,
        user="admin",
        modules=("crm_loyalty",),
        setup=setup,
        runs=RUNS,
    )


ROWS = [
    row("verify", f"{CALLS} cards verified by a partner's till over HTTP, {BENEFITS} benefits open"),
    row("redeem", f"{CALLS} benefits redeemed by a partner's till over HTTP"),
]
