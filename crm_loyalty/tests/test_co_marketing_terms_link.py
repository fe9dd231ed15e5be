import json
import re

from odoo.addons.mail.tests.common import MockEmail
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .co_marketing_case import SIGNATURE, PactHttpCase


@tagged("post_install", "-at_install")
class TestCoMarketingTermsLink(PactHttpCase, MockEmail):
    """The partner accepts by a link, without a login, as customers accept quotations; with no other link, and no other terms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pact = cls.make_agreement([{"name": "Free tea"}], accept=False, contact_ids=cls.agus.ids)
        cls.pact.with_user(cls.manager).action_propose()
        cls.version = cls.pact.open_version_id
        cls.other = cls.make_agreement([{"name": "Cake"}], accept=False)
        cls.other.action_propose()

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def url(self, suffix="", token=None, version=None):
        version = version or self.version
        token = version.access_token if token is None else token
        return f"/my/partner/terms/{version.id}{suffix}?access_token={token}"

    def accept(self, url=None, **sent):
        params = {"name": "Agus Warung", "signature": SIGNATURE, **sent}
        answer = self.url_open(
            url or self.url("/accept"),
            data=json.dumps({"jsonrpc": "2.0", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return answer.json().get("result") or answer.json()

    def wrong_tokens(self):
        """None, an empty one, nearly the right one, signs that are none of a token, and the one of another agreement."""
        right = self.version.access_token
        return (
            "",
            "x",
            right[:-1],
            right.upper(),
            f"{right}x",
            "%C3%A4",
            "%00",
            self.other.open_version_id.access_token,
        )

    def assertStillProposed(self):
        self.env.invalidate_all()
        self.assertEqual((self.version.state, self.pact.state), ("proposed", "proposed"))

    # ------------------------------------------------------------ with the link

    def test_who_has_the_link_reads_the_terms_and_signs_with_name_and_date(self):
        page = self.url_open(self.url())
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        for text in ("Free tea", "Warung Dago", self.pact.name, "/accept?access_token="):
            self.assertIn(text, page.text)
        answer = self.accept()
        self.assertIn("signed=1", answer["redirect_url"])
        self.assertEqual((self.version.state, self.pact.state), ("accepted", "running"))
        self.assertEqual((self.version.signed_by, self.version.signed_partner_id), ("Agus Warung", self.warung))
        self.assertTrue(self.version.signed_on and self.version.signature)
        self.assertIn("Thank you", self.url_open(answer["redirect_url"]).text)

    def test_who_is_logged_in_at_the_partner_signs_as_himself(self):
        self.log_in("partner manager")
        self.accept()
        self.assertEqual(self.version.signed_partner_id, self.agus)

    def test_a_stranger_who_was_given_the_link_signs_for_the_partner_not_as_himself(self):
        new_test_user(self.env, "customer", "base.group_portal", partner_id=self.siti.id)
        self.log_in("customer")
        self.accept()
        self.assertEqual(self.version.signed_partner_id, self.warung)

    def test_it_is_given_back_with_a_reason(self):
        for reason in ("", "  ", "x" * 201):
            page = self.post(self.url("/decline").split("?")[0], access_token=self.version.access_token, reason=reason)
            self.assertEqual(page.status_code, 422)
        self.assertStillProposed()
        page = self.post(self.url("/decline").split("?")[0], access_token=self.version.access_token, reason="Too much")
        self.assertIn("was told what should be changed", page.text)
        self.assertEqual((self.version.state, self.version.decline_reason), ("draft", "Too much"))
        self.assertEqual(self.url_open(self.url()).status_code, 404)

    def test_accepted_once_it_is_accepted(self):
        self.accept()
        self.assertIn("error", self.accept(name="Somebody else"))
        self.assertEqual(self.version.signed_by, "Agus Warung")
        page = self.post(self.url("/decline").split("?")[0], access_token=self.version.access_token, reason="Late")
        self.assertEqual((page.status_code, self.version.state), (409, "accepted"))

    # ------------------------------------------------------------ without it

    def test_wrong_links_lead_nowhere(self):
        for token in self.wrong_tokens():
            self.assertEqual(self.url_open(self.url(token=token)).status_code, 404, token)
            self.assertIn("error", self.accept(self.url("/accept", token=token)), token)
            page = self.post(self.url("/decline", token=token), reason="Attack")
            self.assertIn(page.status_code, (400, 404), token)
        self.assertEqual(self.url_open(f"/my/partner/terms/{self.version.id}").status_code, 404)
        for number in (0, 99999999, 10**19):
            self.assertEqual(self.url_open(f"/my/partner/terms/{number}?access_token=x").status_code, 404)
        self.assertStillProposed()

    def test_a_login_of_another_partner_or_of_a_cashier_is_no_link(self):
        rival = self.env["res.partner"].create({"name": "Rival", "is_company": True})
        spy = self.env["res.partner"].create({"name": "Spy", "parent_id": rival.id})
        new_test_user(self.env, "rival manager", "base.group_portal", partner_id=spy.id)
        self.people._grant(spy, "manager", self.company)
        for login in ("rival manager", "cashier"):
            self.log_in(login)
            self.assertEqual(self.url_open(f"/my/partner/terms/{self.version.id}").status_code, 404)
            self.assertIn("error", self.accept(f"/my/partner/terms/{self.version.id}/accept"))
        self.assertStillProposed()

    def test_signatures_that_are_none_are_refused(self):
        with mute_logger("odoo.http"):
            for sent in ({"name": ""}, {"name": 7}, {"signature": ""}, {"signature": "###"}, {"signature": ["x"]},
                         {"signature": "QUJD"}, {"access_token": ["x"]}):  # fmt: skip
                self.assertIn("error", self.accept(**sent), sent)
        self.assertStillProposed()

    def test_declining_needs_a_form_of_our_page(self):
        with mute_logger("odoo.http"):
            page = self.post(self.url("/decline"), csrf=False, reason="Attack")
        self.assertEqual(page.status_code, 400)
        self.assertEqual(self.url_open(self.url("/decline")).status_code, 405)
        self.assertStillProposed()

    # ------------------------------------------------------------ whose link, and for how long

    def test_what_was_withdrawn_and_proposed_again_has_another_link(self):
        old = self.url("/accept")
        self.pact.action_back_to_draft()
        self.assertIn("error", self.accept(old))
        self.version.benefit_ids.name = "Something else"
        self.pact.action_propose()
        self.assertIn("error", self.accept(old))
        self.assertStillProposed()
        self.assertIn("redirect_url", self.accept())

    def test_with_a_login_nobody_signs_what_was_proposed_after_he_had_opened_the_page(self):
        self.log_in("partner manager")
        page = self.url_open(f"/my/partner/agreements/{self.pact.id}").text
        seen = re.search(rf"/my/partner/agreements/{self.pact.id}/accept\?version=[\w-]+", page)[0]
        self.pact.action_back_to_draft()
        self.pact.action_propose()
        self.version.sudo().proposed_on = "2030-01-01 08:00:00"  # not within the same second
        self.assertIn("error", self.accept(seen))
        self.assertStillProposed()

    def test_the_partners_contacts_get_the_link_by_mail_and_it_stands_nowhere_else(self):
        self.pact.action_back_to_draft()
        self.pact.message_subscribe(self.dewi.ids)  # follows, and is none of the contacts
        with self.mock_mail_gateway():
            self.pact.with_user(self.manager).action_propose()
            mails = self._new_mails
        token = self.version.access_token
        self.assertEqual(mails.filtered(lambda mail: token in mail.body_html).recipient_ids, self.agus)
        self.assertIn(self.dewi, mails.recipient_ids)
        self.assertNotIn(token, "".join(self.pact.message_ids.mapped("body")))

    def test_of_us_only_who_makes_agreements_sees_the_link(self):
        self.assertIn(self.version.access_token, self.version.with_user(self.manager).accept_link)
        for name in ("access_token", "accept_link"):
            with self.assertRaises(AccessError):
                self.version.with_user(self.clerk).read([name])
        self.accept()
        self.assertFalse(self.version.with_user(self.manager).accept_link)
