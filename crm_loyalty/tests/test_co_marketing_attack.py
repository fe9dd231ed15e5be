import json
import re

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .co_marketing_case import SIGNATURE, PactHttpCase


@tagged("post_install", "-at_install")
class TestCoMarketingAttack(PactHttpCase):
    """Strangers, and people of the partner who want more than their role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = cls.env["res.partner"].create({"name": "Rival", "is_company": True})
        cls.spy = cls.env["res.partner"].create({"name": "Spy", "parent_id": cls.rival.id})
        new_test_user(cls.env, "rival manager", "base.group_portal", partner_id=cls.spy.id)
        cls.people._grant(cls.spy, "manager", cls.company)
        cls.rival_outlet = cls.env["co.marketing.outlet"].create({"name": "Rival", "partner_id": cls.rival.id})
        new_test_user(cls.env, "customer", "base.group_portal", partner_id=cls.siti.id)
        cls.receipt = cls.redeem_as(cls, cls.cashier)
        cls.till_key, _clear = cls.env["co.marketing.outlet.key"]._make(cls.dago, "Till 1")
        cls.statement = cls.agreement._settle(cls.agreement._today())
        cls.statement.action_send()

    def redeem_as(self, user):
        return self.dago.with_user(user)._redeem(self.member, self.benefit, "key-of-the-class", 100.0)

    def partner_urls(self):
        """Every route of the partner's portal, by GET."""
        return [
            "/my/partner",
            f"/my/partner/agreements/{self.agreement.id}",
            "/my/partner/redemptions",
            "/my/partner/people",
            "/my/partner/tills",
            "/my/partner/counter",
            f"/my/partner/counter/{self.dago.id}",
            f"/my/partner/receipts/{self.receipt.id}",
            "/my/partner/statements",
            f"/my/partner/statements/{self.statement.id}",
            f"/my/partner/statements/{self.statement.id}/pdf",
            f"/my/partner/terms/{self.agreement.version_id.id}",
        ]

    def partner_posts(self):
        """Every change in the partner's portal: (address, data)."""
        redeem = {"card_number": self.number, "benefit": self.benefit.id, "amount": "10", "key": "key-of-an-attack"}
        return [
            (f"/my/partner/counter/{self.dago.id}/card", {"card_number": self.number}),
            (f"/my/partner/counter/{self.dago.id}/redeem", redeem),
            (f"/my/partner/receipts/{self.receipt.id}/void", {"reason": "Attack"}),
            (f"/my/partner/agreements/{self.agreement.id}/decline", {"reason": "Attack"}),
            (f"/my/partner/terms/{self.agreement.version_id.id}/decline", {"reason": "Attack"}),
            ("/my/partner/people", {"contact": self.dewi.id, "role": "manager"}),
            ("/my/partner/tills", {"outlet": self.dago.id, "name": "Attack"}),
            (f"/my/partner/tills/{self.till_key.id}/revoke", {}),
            (f"/my/partner/statements/{self.statement.id}/confirm", {"total": "0.0"}),
            (
                f"/my/partner/statements/{self.statement.id}/lines/{self.statement.line_ids.id}/dispute",
                {"reason": "Attack"},
            ),
        ]

    def assertNothingHappened(self):
        self.env.invalidate_all()
        self.assertEqual(self.booked(), self.receipt.with_env(self.env))
        self.assertEqual((self.receipt.state, self.agreement.state), ("done", "running"))
        self.assertEqual((self.dago.key_ids, self.till_key.state), (self.till_key, "good"))
        self.assertEqual((self.statement.state, self.statement.line_ids.state), ("sent", "open"))
        self.assertEqual(self.people._of_user(self.cashier).role, "cashier")

    def test_all_routes_of_partners_and_offers_are_tried_here(self):
        tried = {url.split("?")[0] for url in self.partner_urls()} | {url for url, _data in self.partner_posts()}
        tried |= {f"/my/partner/agreements/{self.agreement.id}/accept"}
        tried |= {f"/my/partner/terms/{self.agreement.version_id.id}/accept"}
        tried |= {f"/my/clubs/{self.member.id}/offers", f"/my/clubs/{self.member.id}/offers/{self.benefit.id}/picture"}
        http = self.env["ir.http"]
        rules = http._generate_routing_rules(sorted(self.registry._init_modules), converters=http._get_converters())
        mine = {
            rule
            for rule, _endpoint in rules
            if rule.startswith("/my/partner") or rule.startswith("/my/clubs/<int:membership_id>/offers")
        }
        numbers = {
            "<int:agreement_id>": self.agreement.id, "<int:outlet_id>": self.dago.id, "<int:receipt_id>": self.receipt.id,
            "<int:membership_id>": self.member.id, "<int:benefit_id>": self.benefit.id, "<int:key_id>": self.till_key.id,
            "<int:statement_id>": self.statement.id, "<int:line_id>": self.statement.line_ids.id,
            "<int:version_id>": self.agreement.version_id.id,
        }  # fmt: skip
        for name, number in numbers.items():
            mine = {rule.replace(name, str(number)) for rule in mine}
        self.assertEqual(mine, tried)

    def test_a_customer_who_is_nobody_at_the_partner_finds_nothing(self):
        self.log_in("customer")
        for url in self.partner_urls():
            self.assertEqual(self.url_open(url).status_code, 404, url)
        for url, data in self.partner_posts():
            self.assertEqual(self.post(url, **data).status_code, 404, url)
        self.assertNothingHappened()

    def test_another_partners_manager_reaches_nothing_of_this_one(self):
        self.log_in("rival manager")
        for url in self.partner_urls():
            if re.search(rf"\b({self.agreement.id}|{self.dago.id})\b|receipts|statements/|terms/", url):
                self.assertEqual(self.url_open(url).status_code, 404, url)
        self.assertNotIn(self.receipt.name, self.url_open("/my/partner/redemptions").text)
        self.assertNotIn("Dewi", self.url_open("/my/partner/people").text)
        for url, data in self.partner_posts():
            self.assertIn(self.post(url, **data).status_code, (404, 422), url)
        self.assertIn("error", self.accept())
        self.assertNothingHappened()

    def test_a_card_is_only_redeemed_for_what_the_outlet_offers(self):
        self.log_in("rival manager")
        page = self.confirm(outlet=self.rival_outlet)
        self.assertEqual(page.status_code, 422)
        self.assertNothingHappened()

    def test_a_cashier_is_no_manager(self):
        for url in ("/my/partner/redemptions", "/my/partner/people", f"/my/partner/agreements/{self.agreement.id}"):
            self.assertEqual(self.url_open(url).status_code, 404, url)
        self.assertEqual(self.post("/my/partner/people", contact=self.dewi.id, role="manager").status_code, 404)
        self.agreement.action_change_terms()
        self.agreement.action_propose()
        self.assertIn("error", self.accept())
        self.assertEqual(self.post(f"/my/partner/agreements/{self.agreement.id}/decline", reason="No").status_code, 404)
        self.assertEqual(self.agreement.open_version_id.state, "proposed")
        self.assertNothingHappened()

    def test_a_cashier_sees_and_voids_no_receipt_of_a_colleague(self):
        other = self.dago.with_user(self.boss)._redeem(self.member, self.benefit, self.key(), 20.0)
        self.assertEqual(self.url_open(f"/my/partner/receipts/{other.id}").status_code, 404)
        self.assertEqual(self.post(f"/my/partner/receipts/{other.id}/void", reason="Mine").status_code, 404)
        self.assertEqual(other.state, "done")

    def test_who_lost_the_role_or_left_the_company_is_nobody(self):
        self.people._grant(self.dewi, False, self.company)
        self.assertEqual(self.check().status_code, 404)
        self.people._grant(self.dewi, "cashier", self.company)
        self.assertEqual(self.check().status_code, 200)
        self.dewi.parent_id = self.rival
        self.assertEqual(self.check().status_code, 404)
        self.assertEqual(self.url_open(f"/my/partner/receipts/{self.receipt.id}").status_code, 404)

    def test_a_manager_gives_no_roles_to_strangers_nor_to_himself(self):
        self.log_in("partner manager")
        for contact in (self.spy, self.siti, self.manager.partner_id):
            self.assertEqual(self.post("/my/partner/people", contact=contact.id, role="cashier").status_code, 422)
        self.assertEqual(self.post("/my/partner/people", contact=self.agus.id, role="").status_code, 409)
        for role in ("admin", "x"):
            self.assertEqual(self.post("/my/partner/people", contact=self.dewi.id, role=role).status_code, 422)
        self.assertEqual(self.post("/my/partner/people", contact=self.dewi.id, role="manager").status_code, 200)
        self.assertEqual(self.people._of_user(self.cashier).role, "manager")

    def test_nothing_is_changed_by_get_or_without_token(self):
        for url, data in self.partner_posts():
            self.assertIn(self.url_open(url).status_code, (200, 404, 405), url)  # /my/partner/people is a page, too
            with mute_logger("odoo.http"):
                self.assertEqual(self.post(url, csrf=False, **data).status_code, 400, url)
        self.assertNothingHappened()

    def test_bills_keys_and_offers_that_are_nonsense_are_refused(self):
        for amount in ("-5", "1e9", "abc", "1,5", "12.345", "９", "0x10", "9" * 13, " ", "NaN", "1.2.3", "\u202e5"):
            page = self.confirm(amount=amount, key=self.key())
            self.assertIn(page.status_code, (409, 422), amount)
        for key in ("short", "k" * 65):
            self.assertEqual(self.confirm(key=key).status_code, 409, key)
        for benefit in ("", "x", "-1", "99999999999999999999", "0"):
            page = self.post(
                f"/my/partner/counter/{self.dago.id}/redeem",
                card_number=self.number, benefit=benefit, amount="5", key=self.key(),
            )  # fmt: skip
            self.assertEqual(page.status_code, 422, benefit)
        for number in ("", " ", "x" * 65, "\x00"):
            self.assertIn(self.check(number).status_code, (400, 422), number)
        self.assertNothingHappened()

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_what_is_no_text_date_or_number_in_any_form_is_no_error_of_the_server(self):
        found = []
        for login in ("partner manager", "cashier"):
            self.log_in(login)
            for url, data in self.partner_posts():
                for name in (*data, "expires_on"):
                    for value in (b"ab \xed\xa0\xbd cd", "x\x00y", "9999-12-31", "0026-01-31", "9" * 400, "x" * 20_000):
                        answer = self.post(url, **{**data, name: value}).status_code
                        if answer >= 500:
                            found.append(f"{url} {name}={value[:20]!r} by {login}: {answer}")
        self.assertFalse(found, "\n".join(found))

    def test_a_key_of_another_bill_gives_no_second_booking(self):
        page = self.confirm(amount="999", key="key-of-the-class")
        self.assertEqual(page.status_code, 409)
        self.assertNothingHappened()

    def test_ids_that_are_none_are_not_found(self):
        self.log_in("partner manager")
        for url in ("agreements/0", "agreements/99999999", "receipts/99999999", "counter/99999999", "redemptions?page=x",
                    "redemptions?page=0", "redemptions?page=99", "agreements/x"):  # fmt: skip
            self.assertEqual(self.url_open(f"/my/partner/{url}").status_code, 404, url)

    def accept(self, version=None, **params):
        proposed = self.agreement.open_version_id
        version = version or (proposed and proposed._proposal_key())
        response = self.url_open(
            f"/my/partner/agreements/{self.agreement.id}/accept?version={version}",
            data=json.dumps({"jsonrpc": "2.0", "params": {"name": "Attacker", "signature": SIGNATURE, **params}}),
            headers={"Content-Type": "application/json"},
        )
        return response.json().get("result") or response.json()

    def test_signatures_that_are_none_are_refused(self):
        self.agreement.action_change_terms()
        self.agreement.action_propose()
        self.log_in("partner manager")
        with mute_logger("odoo.http"):
            for params in (
                {"name": ""}, {"name": "  "}, {"name": 7}, {"name": "\ud83d"}, {"signature": ""}, {"signature": "###"},
                {"signature": ["x"]}, {"signature": "QUJD"}, {"signature": "QUJD\ud83d"},
                {"version": self.agreement.version_id.id}, {"version": 99999},
            ):  # fmt: skip
                self.assertIn("error", self.accept(**params), params)
        self.env.invalidate_all()
        self.assertEqual(self.agreement.open_version_id.state, "proposed")
        self.assertIn("redirect_url", self.accept(name="Agus"))
        self.assertEqual(self.agreement.version_id.number, 2)

    def test_a_member_sees_no_other_members_offers(self):
        self.club._enrol(self.budi)
        self.log_in("customer")
        other = self.env["loyalty.membership"].search([("partner_id", "=", self.budi.id)])
        for url in ("offers", f"offers/{self.benefit.id}/picture"):
            self.assertEqual(self.url_open(f"/my/clubs/{other.id}/{url}").status_code, 404)
        self.assertEqual(self.url_open(f"/my/clubs/{self.member.id}/offers?category=99").status_code, 404)
        self.assertEqual(self.url_open(f"/my/clubs/{self.member.id}/offers?city=Nowhere").status_code, 404)

    def test_our_own_people_without_the_right_read_and_write_nothing(self):
        for model in (
            "agreement",
            "version",
            "benefit",
            "outlet",
            "outlet.key",
            "outlet.call",
            "person",
            "redemption",
            "tally",
        ):
            records = self.env[f"co.marketing.{model}"]
            for user in (self.employee, self.cashier, self.boss):
                self.assertFalse(records.with_user(user).has_access("read"), (model, user.login))
            self.assertFalse(records.with_user(self.clerk).has_access("write"), model)
        with self.assertRaises(AccessError):
            self.agreement.with_user(self.clerk).action_suspend()
        for user in (self.clerk, self.manager):
            self.assertFalse(self.receipts.with_user(user).has_access("write"))

    def test_a_manager_of_another_company_sees_none_of_it(self):
        other = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(
            self.env,
            "elsewhere",
            "crm_loyalty.group_club_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in ("agreement", "version", "benefit", "outlet", "outlet.key", "person", "redemption"):
            records = self.env[f"co.marketing.{model}"].with_user(user).with_context(active_test=False)
            self.assertFalse(records.search([]), model)
