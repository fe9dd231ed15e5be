import itertools
import json
from datetime import timedelta

from odoo import fields, http
from odoo.tests import HttpCase, new_test_user

from .common import ClubCase

# A picture of 1 × 1 pixel.
SIGNATURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class PactCase(ClubCase):
    """A restaurant with two outlets that serves our members, under an agreement that was accepted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keys = itertools.count(1)
        cls.company.partner_id.tz = "Asia/Jakarta"
        cls.warung = cls.env["res.partner"].create({"name": "Warung Dago", "is_company": True})
        cls.agus = cls.env["res.partner"].create(
            {"name": "Agus", "parent_id": cls.warung.id, "email": "agus@warung.example"}
        )
        cls.dewi = cls.env["res.partner"].create(
            {"name": "Dewi", "parent_id": cls.warung.id, "email": "dewi@warung.example"}
        )
        cls.dago, cls.braga = cls.env["co.marketing.outlet"].create(
            [{"name": name, "partner_id": cls.warung.id, "tz": "Asia/Jakarta"} for name in ("Dago", "Braga")]
        )
        cls.siti.name = "Siti Rahmawati"
        cls.member = cls.club._enrol(cls.siti, tier=cls.gold)
        cls.agreement = cls.make_agreement([{"name": "10% off", "percent": 10}])
        cls.benefit = cls.agreement.version_id.benefit_ids

    @classmethod
    def make_agreement(cls, benefits, accept=True, **vals):
        agreement = cls.env["co.marketing.agreement"].create(
            {
                "partner_id": cls.warung.id,
                "outlet_ids": [(6, 0, (cls.dago | cls.braga).ids)],
                "date_start": cls.today - timedelta(days=1),
                **vals,
            }
        )
        version = cls.env["co.marketing.version"].create({"agreement_id": agreement.id})
        cls.env["co.marketing.benefit"].create([{"version_id": version.id, **benefit} for benefit in benefits])
        if accept:
            agreement.action_propose()
            version._accept("Agus", SIGNATURE, cls.agus)
        return agreement

    @classmethod
    def make_benefit(cls, **vals):
        """One benefit in force, of an agreement of its own, so that it stands alone."""
        return cls.make_agreement([{"name": "Benefit", **vals}]).version_id.benefit_ids

    @classmethod
    def make_staff(cls):
        cls.cashier = new_test_user(cls.env, "cashier", "base.group_portal", partner_id=cls.dewi.id, name="Dewi")
        cls.boss = new_test_user(cls.env, "partner manager", "base.group_portal", partner_id=cls.agus.id, name="Agus")
        cls.people = cls.env["co.marketing.person"]
        cls.people._grant(cls.dewi, "cashier", cls.company)
        cls.people._grant(cls.agus, "manager", cls.company)

    def key(self):
        return f"key-{next(self.keys):08d}"

    def redeem(self, benefit=None, amount=100.0, membership=None, outlet=None, key=None, **kw):
        return (outlet or self.dago)._redeem(
            membership or self.member, benefit or self.benefit, key or self.key(), amount, **kw
        )

    def offer(self, benefit=None, moment=None, amount=None, membership=None, outlet=None):
        benefit = benefit or self.benefit
        offers = benefit._benefits_open_to(
            membership or self.member, outlet or self.dago, moment or fields.Datetime.now(), amount
        )
        return next((offer for offer in offers if offer.benefit == benefit), None)


class PactHttpCase(PactCase, HttpCase):
    """The same, with people of the partner who can log in, and another partner."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_staff()
        cls.number = cls.member.card_code
        cls.receipts = cls.env["co.marketing.redemption"]

    def setUp(self):
        super().setUp()
        self.log_in("cashier")

    def log_in(self, login):
        self.authenticate(login, login if len(login) >= 8 else login * 2)

    def post(self, url, csrf=True, **data):
        if csrf:
            data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(url, data=data or {"nothing": ""})

    def check(self, number=None, outlet=None):
        number = self.number if number is None else number
        return self.post(f"/my/partner/counter/{(outlet or self.dago).id}/card", card_number=number)

    def confirm(self, benefit=None, amount="100", key=None, number=None, outlet=None):
        return self.post(
            f"/my/partner/counter/{(outlet or self.dago).id}/redeem",
            card_number=self.number if number is None else number,
            benefit=(benefit or self.benefit).id,
            amount=amount,
            key=key or self.key(),
        )

    def booked(self):
        return self.receipts.search([], order="id")


class TillCase(PactHttpCase):
    """The till of the first outlet has a key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.till, cls.clear = cls.env["co.marketing.outlet.key"]._make(cls.dago, "Till 1")

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)  # a till has no session

    def call(self, name, key=None, once=None, body=None, method="POST", headers=(), **sent):
        """One call of the till.

        :param once: the Idempotency-Key
        :param body: sent instead of the fields
        """
        headers = {"Authorization": f"Bearer {key or self.clear}", "Content-Type": "application/json", **dict(headers)}
        if once:
            headers["Idempotency-Key"] = once
        data = json.dumps(sent) if body is None else body
        return self.url_open(f"/partner-till/v1/{name}", data=data, headers=headers, method=method)

    def verify(self, **sent):
        return self.call("verify", **{"card": self.number, **sent})

    def till_redeem(self, benefit=None, once=None, **sent):
        fields = {"card": self.number, "benefit": (benefit or self.benefit).id, "amount": 100, **sent}
        return self.call("redeem", once=once or self.key(), **fields)

    def assertRefused(self, answer, status, code):
        self.assertEqual(answer.status_code, status, answer.text[:500])
        self.assertEqual(set(answer.json()["error"]), {"code", "message", "hint"})
        self.assertEqual(answer.json()["error"]["code"], code, answer.text)
