#!/usr/bin/env python3
"""A partner's till calls Odoo: verify a card, redeem a benefit, void a receipt, list what was booked.

Python's own library only. Settings: ODOO_URL, ODOO_TILL_KEY, and ODOO_DATABASE where the server has several.

    partner_till.py verify 0440000000017 250
    partner_till.py redeem 0440000000017 12 250
    partner_till.py void 41 "Wrong table"
    partner_till.py statement 2026-11-01 2026-11-30
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid


class Refused(Exception):
    """The answer was no: ``code`` for the program, ``message`` and ``hint`` for the cashier."""

    def __init__(self, status, error):
        super().__init__(f"{error['message']} {error['hint']}")
        self.status, self.code = status, error["code"]


class Till:
    """The till of one outlet."""

    def __init__(self, url, key, database=None, tries=4):
        self.url, self.tries = f"{url.rstrip('/')}/partner-till/v1/", tries
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        if database:
            self.headers["X-Odoo-Database"] = database

    def verify(self, card, amount=None):
        return self._call("verify", {"card": card, "amount": amount})

    def redeem(self, card, benefit, amount=None, once=None):
        """:param once: the same for each try of one redemption; keep it until you have an answer"""
        sent = {"card": card, "benefit": benefit, "amount": amount}
        return self._call("redeem", sent, {"Idempotency-Key": once or str(uuid.uuid4())})

    def void(self, receipt, reason):
        return self._call("void", {"receipt": receipt, "reason": reason})

    def statement(self, first, last, limit=100):
        """All receipts of these days, page after page, and at the end the totals."""
        sent, receipts = {"from": first, "to": last, "limit": limit}, []
        while True:
            page = self._call("statement", sent)
            receipts += page["receipts"]
            if not page["next"]:
                return {"receipts": receipts, "totals": page["totals"]}
            sent["after"] = page["next"]

    def _call(self, name, fields, headers=None):
        """Try again what may go well the next time: with the same Idempotency-Key, it is booked once."""
        body = json.dumps({field: value for field, value in fields.items() if value is not None}).encode()
        for left in reversed(range(self.tries)):
            request = urllib.request.Request(self.url + name, body, {**self.headers, **(headers or {})})  # noqa: S310
            wait = 1
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                refusal = Refused(error.code, json.load(error)["error"])
                wait = int(error.headers.get("Retry-After") or wait)
                if error.code not in (429, 500, 503) or wait > 60 or not left:
                    raise refusal from error
            except OSError:  # no network, or no answer in time: it may have been booked
                if not left:
                    raise
            time.sleep(wait)


def main(arguments):
    till = Till(os.environ["ODOO_URL"], os.environ["ODOO_TILL_KEY"], os.environ.get("ODOO_DATABASE"))
    what, *rest = arguments
    if what in ("verify", "redeem"):
        numbers = [json.loads(number) for number in rest[1:]]
        answer = getattr(till, what)(rest[0], *numbers)
    elif what == "void":
        answer = till.void(int(rest[0]), rest[1])
    elif what == "statement":
        answer = till.statement(*rest)
    else:
        raise SystemExit(__doc__)
    json.dump(answer, sys.stdout, indent=2)


if __name__ == "__main__":
    try:
        main(sys.argv[1:] or ["help"])
    except Refused as refusal:
        raise SystemExit(f"{refusal.code}: {refusal}") from None
