import re
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .co_marketing_case import TillCase


@tagged("post_install", "-at_install")
class TestCoMarketingTillKeys(TillCase):
    """Keys of tills are made, shown once, and revoked."""

    def test_the_partners_manager_makes_a_key_sees_it_once_and_revokes_it(self):
        self.log_in("partner manager")
        page = self.post("/my/partner/tills", outlet=self.braga.id, name="Till 9", expires_on=str(self.today))
        clear = re.search(r">(till_[\w-]{43})<", page.text)[1]
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertNotIn(clear, self.url_open("/my/partner/tills").text)
        self.assertEqual(self.verify(key=clear).status_code, 200)
        self.assertIn("last use", self.url_open("/my/partner/tills").text)
        key = self.braga.key_ids
        self.post(f"/my/partner/tills/{key.id}/revoke")
        self.assertEqual(key.state, "revoked")
        self.assertRefused(self.verify(key=clear), 401, "wrong_key")

    def test_a_cashier_makes_and_revokes_none(self):
        self.log_in("cashier")
        self.assertEqual(self.url_open("/my/partner/tills").status_code, 404)
        self.assertEqual(self.post("/my/partner/tills", outlet=self.dago.id, name="Mine").status_code, 404)
        self.assertEqual(self.post(f"/my/partner/tills/{self.till.id}/revoke").status_code, 404)
        self.assertEqual((self.dago.key_ids, self.till.state), (self.till, "good"))

    def test_nonsense_makes_no_key(self):
        self.log_in("partner manager")
        for sent in (
            {"outlet": 99999999}, {"outlet": "x"}, {"name": ""}, {"name": "x" * 61}, {"expires_on": "tomorrow"},
            {"expires_on": "2020-01-01"}, {"expires_on": "99999-01-01"},
        ):  # fmt: skip
            sent = {"outlet": self.dago.id, "name": "Till", **sent}
            self.assertEqual(self.post("/my/partner/tills", **sent).status_code, 422, sent)
        self.assertEqual(self.dago.key_ids, self.till)

    def test_our_club_manager_makes_and_revokes_keys(self):
        make = self.env["co.marketing.make.key"].with_user(self.manager)
        wizard = Form(make.with_context(default_outlet_id=self.dago.id))
        wizard.name = "Till 7"
        action = wizard.save().action_make()
        dialog = Form(self.env[action["res_model"]].with_user(self.manager).with_context(**action["context"]))
        shown = dialog.clear
        self.assertEqual(self.env["co.marketing.outlet.key"]._of_clear(shown).name, "Till 7")
        self.till.with_user(self.manager).action_revoke()
        self.assertEqual(self.till.state, "revoked")

    def test_others_of_us_make_and_revoke_none(self):
        with self.assertRaises(AccessError):
            self.till.with_user(self.clerk).action_revoke()
        with self.assertRaises(AccessError):
            self.env["co.marketing.make.key"].with_user(self.clerk).create({"outlet_id": self.dago.id, "name": "x"})
        for user in (self.clerk, self.manager):
            self.assertFalse(self.till.with_user(user).has_access("write"))

    def test_a_key_without_a_name_or_of_a_day_that_is_over_is_none(self):
        keys = self.env["co.marketing.outlet.key"]
        for name, day in (("", None), ("  ", None), (None, None), ("x" * 61, None), ("T", self.today - timedelta(1))):
            with self.assertRaises(UserError):
                keys._make(self.dago, name, day)

    def test_calls_are_forgotten_after_an_hour(self):
        calls = self.env["co.marketing.outlet.call"]
        calls._too_many(self.till, 5)
        calls.search([]).called_at -= timedelta(hours=2)
        self.env.flush_all()
        calls._gc_old()
        self.assertFalse(calls.search([]))
