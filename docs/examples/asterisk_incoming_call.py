#!/usr/bin/env python3
"""Tell Odoo of an incoming call: the customer's card opens on the agent's screen and the call is logged.

As an AGI program of Asterisk (Python's standard library only; no package to install). In extensions.conf, for the agent
whose Odoo login is agus@example.com:

    exten => 101,1,AGI(asterisk_incoming_call.py,agus@example.com)
     same => n,Dial(PJSIP/101)

By any other telephone exchange that can start a program:

    asterisk_incoming_call.py NUMBER [AGENT [CALL_ID]]

It reads from the environment where to tell it:

    ODOO_URL      https://crm.example.com
    ODOO_DATABASE name of the database
    ODOO_API_KEY  key of an Odoo user with the access right "Front Desk" (preferences, Account Security, API keys)

The call is never held up: after TIMEOUT seconds, and at any error, the program says so and ends.
"""

import json
import os
import sys
import urllib.error
import urllib.request

TIMEOUT = 4  # seconds
NAMES = ("number", "agent", "call_id")
SETTINGS = ("ODOO_URL", "ODOO_DATABASE", "ODOO_API_KEY")


def main():
    # Asterisk starts an AGI program with its variables on the standard input, and says so in the environment.
    is_agi = "AST_AGI_DIR" in os.environ
    if not is_agi and len(sys.argv) < 2:
        sys.stderr.write(__doc__)
        return 2
    call = agi_call(agi_variables()) if is_agi else dict(zip(NAMES, sys.argv[1:], strict=False))
    try:
        answer = tell(**call)
        names = ", ".join(partner["name"] for partner in answer["partners"])
        said, code = f"Odoo: call {answer['touchpoint_id']}, {names or 'nobody known'}", 0
    except (OSError, ValueError, KeyError) as error:
        said, code = f"Odoo was not told of the call: {reason(error)}", 1
    if is_agi:
        # Asterisk reads commands from what is printed here. Whatever happened, the call goes on.
        line = said.replace('"', "'").replace("\n", " ")
        sys.stdout.write(f'VERBOSE "{line}" 1\n')
        sys.stdout.flush()
        return 0
    (sys.stderr if code else sys.stdout).write(said + "\n")
    return code


def agi_variables():
    """The "agi_name: value" lines that Asterisk sends first, up to an empty line."""
    variables = {}
    for line in sys.stdin:
        if not line.strip():
            break
        name, _colon, value = line.partition(":")
        variables[name.strip()] = value.strip()
    return variables


def agi_call(variables):
    return {
        "number": variables.get("agi_callerid", ""),
        "agent": variables.get("agi_arg_1"),
        "call_id": variables.get("agi_uniqueid"),
    }


def tell(number, agent=None, call_id=None):
    """Call `res.partner.incoming_call` over Odoo's external JSON API."""
    missing = [name for name in SETTINGS if not os.environ.get(name)]
    if missing:
        raise ValueError(f"set {', '.join(missing)} in the environment")
    url, database, key = (os.environ[name] for name in SETTINGS)
    if not url.startswith(("http://", "https://")):
        raise ValueError("ODOO_URL is to begin with https://")
    request = urllib.request.Request(  # noqa: S310  the scheme was looked at
        f"{url.rstrip('/')}/json/2/res.partner/incoming_call",
        data=json.dumps({"number": number, "agent": agent or None, "call_id": call_id or None}).encode(),
        headers={
            "Authorization": f"bearer {key}",
            "Content-Type": "application/json; charset=utf-8",
            "X-Odoo-Database": database,
            "User-Agent": "odoo-incoming-call",
        },
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
        return json.load(response)


def reason(error):
    """What went wrong, in Odoo's own words where it said so."""
    if isinstance(error, urllib.error.HTTPError):
        try:
            return json.load(error)["message"]
        except (ValueError, KeyError, TypeError):
            return f"HTTP {error.code}"
    return str(error)


if __name__ == "__main__":
    sys.exit(main())
