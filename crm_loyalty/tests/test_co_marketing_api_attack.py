from datetime import timedelta

from odoo.tests import tagged

from ..controllers.co_marketing_api import FIELDS
from .co_marketing_case import TillCase

CALLS = tuple(FIELDS)


@tagged("post_install", "-at_install")
class TestCoMarketingApiAttack(TillCase):
    """Programs that send nonsense, and those that want more than their key gives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rival = cls.env["res.partner"].create({"name": "Rival", "is_company": True})
        cls.rival_outlet = cls.env["co.marketing.outlet"].create({"name": "Rival", "partner_id": rival.id})
        _key, cls.rival_key = cls.env["co.marketing.outlet.key"]._make(cls.rival_outlet, "Rival's till")
        _key, cls.braga_key = cls.env["co.marketing.outlet.key"]._make(cls.braga, "Braga")

    def test_every_address_of_the_interface_is_tried_here(self):
        http = self.env["ir.http"]
        rules = http._generate_routing_rules(sorted(self.registry._init_modules), converters=http._get_converters())
        mine = {rule for rule, _endpoint in rules if rule.startswith("/partner-till")}
        root = "/partner-till/v1"
        self.assertEqual(mine, {f"{root}/{name}" for name in CALLS} | {root, f"{root}/<path:anything>"})

    def test_without_a_good_key_nothing_is_answered(self):
        revoked, gone = self.env["co.marketing.outlet.key"]._make(self.dago, "Revoked")
        revoked._revoke()
        expired, over = self.env["co.marketing.outlet.key"]._make(self.dago, "Expired", self.today)
        expired.expires_on = self.today - timedelta(days=1)
        forged = self.clear[:12] + "A" * (len(self.clear) - 12)
        for name in CALLS:
            for key in (gone, over, forged, "till_", "x", "A" * 200):
                self.assertRefused(self.call(name, key=key), 401, "wrong_key")
            for header in ("", "Bearer", "Basic YTpi", "bearer  "):
                answer = self.call(name, headers={"Authorization": header})
                self.assertRefused(answer, 401, "no_key")
                self.assertEqual(answer.headers["WWW-Authenticate"], "Bearer")

    def test_the_key_of_an_archived_outlet_is_none(self):
        self.dago.active = False
        self.assertRefused(self.verify(), 401, "wrong_key")

    def test_a_login_in_the_portal_is_no_key(self):
        self.log_in("partner manager")
        self.assertRefused(self.call("verify", headers={"Authorization": ""}, card=self.number), 401, "no_key")

    def test_the_key_itself_is_nowhere_to_be_read(self):
        self.env.cr.execute("SELECT * FROM co_marketing_outlet_key WHERE id = %s", [self.till.id])
        self.assertNotIn(self.clear, str(self.env.cr.fetchall()))
        self.assertNotIn("key_hash", self.till.with_user(self.manager).read()[0])
        with self.assertRaises(Exception):  # noqa: B017
            self.till.with_user(self.manager).read(["key_hash"])

    def test_another_outlet_or_partner_reaches_none_of_it(self):
        receipt = self.till_redeem(once="key-of-the-till").json()["id"]
        for key in (self.rival_key, self.braga_key):
            self.assertRefused(self.call("void", key=key, receipt=receipt, reason="Attack"), 404, "no_receipt")
            period = {"from": str(self.today - timedelta(days=1)), "to": str(self.today + timedelta(days=1))}
            said = self.call("statement", key=key, **period).json()
            self.assertEqual((said["receipts"], said["totals"], said["next"]), ([], [], None))
        self.assertEqual(self.verify(key=self.rival_key).json()["benefits"], [])
        self.assertRefused(self.till_redeem(key=self.rival_key, once="key-of-the-till"), 404, "no_benefit")
        self.assertEqual((len(self.booked()), self.booked().state), (1, "done"))

    def test_what_a_person_booked_is_not_the_tills_to_void(self):
        receipt = self.redeem()
        self.assertRefused(self.call("void", receipt=receipt.id, reason="Attack"), 403, "not_by_till")
        self.assertEqual(receipt.state, "done")

    def test_bills_that_cannot_be_are_refused(self):
        for amount in ("-1", "1e999", "1e12", "-0.01", '"12"', "true", "[1]", "{}", "9" * 400, "1.001", "1e-7"):
            body = f'{{"card": "{self.number}", "benefit": {self.benefit.id}, "amount": {amount}}}'
            self.assertRefused(self.call("redeem", body=body, once=self.key()), 422, "wrong_value")
        for amount in ("NaN", "Infinity", "-Infinity", "12,5", "9" * 5000):
            body = f'{{"card": "{self.number}", "benefit": {self.benefit.id}, "amount": {amount}}}'
            self.assertRefused(self.call("redeem", body=body, once=self.key()), 400, "not_json")
        self.assertFalse(self.booked())

    def test_a_body_that_is_none_is_refused(self):
        for body in (b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b"a=b", b"[" * 5000, b'{"a": 1}x', b"\x00"):
            for name in CALLS:
                self.assertRefused(self.call(name, body=body), 400, "not_json")
        self.assertRefused(self.call("verify", body=b'{"card": "' + b"x" * 20_000 + b'"}'), 413, "too_large")
        form = self.call("verify", body=b"card=1", headers={"Content-Type": "application/x-www-form-urlencoded"})
        self.assertRefused(form, 400, "not_json")

    def test_fields_that_are_nonsense_are_refused(self):
        nonsense = (None, "", " ", "\x00", "x" * 300, "a \ud83d b", -1, 0, 10**30, 1.5, True, [], {}, ["x"])
        good = {
            "verify": {"card": self.number},
            "redeem": {"card": self.number, "benefit": self.benefit.id},
            "void": {"receipt": 1, "reason": "x"},
            "statement": {"from": "2026-01-01", "to": "2026-01-31"},
        }
        self.env["ir.config_parameter"].set_param("crm_loyalty.partner_till_calls_a_minute", 10_000)
        for name, fields in good.items():
            for field in fields:
                for value in nonsense:
                    answer = self.call(name, once=self.key(), **{**fields, field: value})
                    if (name, field, value) != ("void", "reason", "x" * 300):
                        self.assertRefused(answer, 422, "wrong_value")
            self.assertRefused(self.call(name, **fields, more=1), 422, "unknown_field")
            self.assertRefused(self.call(name, **fields, **{"a \ud83d b": 1}), 422, "unknown_field")
        for after in ("x", 7, "2026-01-01T00:00:00_", "2026-99-01T00:00:00_1", "２026-01-01T00:00:00_1", "' OR 1=1"):
            self.assertRefused(self.call("statement", **good["statement"], after=after), 422, "wrong_value")
        for first, last in (("2026-02-01", "2026-01-01"), ("2020-01-01", "2026-01-01"), ("0001-01-01", "0001-01-02"),
                            ("2026-02-30", "2026-03-01"), ("9999-12-31", "9999-12-31")):  # fmt: skip
            self.assertRefused(self.call("statement", **{"from": first, "to": last}), 422, "wrong_value")
        self.assertFalse(self.booked())

    def test_ids_that_are_none_are_not_found(self):
        for number in (self.benefit.id + 1_000_000, 2**31 - 1):
            self.assertRefused(self.call("void", receipt=number, reason="x"), 404, "no_receipt")
            answer = self.call("redeem", once=self.key(), card=self.number, benefit=number)
            self.assertRefused(answer, 404, "no_benefit")

    def test_redeeming_needs_a_key_of_its_own(self):
        sent = {"card": self.number, "benefit": self.benefit.id, "amount": 5}
        for once in (None, "short", "k" * 65, "with blanks in it", "slash/slash/slash"):
            self.assertRefused(self.call("redeem", once=once, **sent), 400, "no_idempotency_key")
        self.assertFalse(self.booked())

    def test_other_methods_and_addresses_are_answered_in_json(self):
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            answer = self.call("redeem", method=method)
            self.assertRefused(answer, 405, "not_post")
            self.assertEqual(answer.headers["Allow"], "POST")
        for address in ("", "nothing", "verify/1", "%27", "../../web"):
            self.assertRefused(self.url_open(f"/partner-till/v1/{address}") if address != "../../web"
                               else self.call("x/y"), 404, "no_such_address")  # fmt: skip
        self.assertNotIn("session_id", self.verify().headers.get("Set-Cookie", ""))
