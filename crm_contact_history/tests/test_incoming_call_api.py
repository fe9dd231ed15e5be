"""The interface as a telephone exchange uses it: HTTP with an API key, and the example program of docs/."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import ContactHistoryCase

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "asterisk_incoming_call.py"


def api_key(user):
    """A key of a user's own for the external API, of today."""
    end = datetime.now() + timedelta(days=1)
    return user.env["res.users.apikeys"].with_user(user)._generate("rpc", "Telephone", end)


@tagged("post_install", "-at_install")
class TestIncomingCallApi(HttpCase, ContactHistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exchange = new_test_user(cls.env, "exchange-history", "crm_contact_history.group_front_desk")
        cls.key = api_key(cls.exchange)

    def post(self, values, key=None):
        headers = {"Authorization": f"bearer {key or self.key}", "X-Odoo-Database": self.env.cr.dbname}
        return self.url_open("/json/2/res.partner/incoming_call", json=values, headers=headers, method="POST")

    def calls_of(self, partner):
        return self.env["crm.touchpoint"].search_count([("partner_id", "=", partner.id)])

    def run_example(self, *arguments, agi="", **environment):
        settings = {
            "ODOO_URL": self.base_url(),
            "ODOO_DATABASE": self.env.cr.dbname,
            "ODOO_API_KEY": self.key,
            "PATH": os.environ["PATH"],
            **environment,
        }
        return self.run_beside(
            [sys.executable, str(EXAMPLE), *arguments], input=agi, env=settings, capture_output=True, text=True
        )

    def run_beside(self, command, **options):
        """Run a program that calls our server, which in a test shares this test's transaction."""
        with self.allow_requests(all_requests=True):
            return subprocess.run(command, timeout=60, check=False, **options)

    def test_a_call_over_json_2_with_an_api_key_is_logged(self):
        answer = self.post({"number": "+62 812-2345-6701", "agent": self.agus.login, "call_id": "json-1"})
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(answer.json()["partners"], [{"id": self.siti.id, "name": self.siti.display_name}])
        self.assertEqual(self.calls_of(self.siti), 1)

    def test_a_call_over_rpc_with_an_api_key_is_logged(self):
        arguments = [["+62 812-2345-6701"], {"agent": self.agus.login}]
        answer = self.xmlrpc_object.execute_kw(
            self.env.cr.dbname, self.exchange.id, self.key, "res.partner", "incoming_call", *arguments
        )
        self.assertEqual([partner["id"] for partner in answer["partners"]], [self.siti.id])

    def test_nonsense_is_answered_with_422_and_a_sentence(self):
        for values in ({"number": "anonymous"}, {"number": 17}, {}, {"number": "0812345678", "colour": "red"}):
            with mute_logger("odoo.http"):
                answer = self.post(values)
            self.assertEqual(answer.status_code, 422, answer.text)
            self.assertTrue(answer.json()["message"])

    def test_without_a_key_or_the_right_nothing_is_logged(self):
        portal = new_test_user(self.env, "portal-history", "base.group_portal")
        before = self.calls_of(self.siti)
        with mute_logger("odoo.http"):
            self.assertEqual(self.post({"number": "081223456701"}, key="no-such-key").status_code, 401)
            for user in (self.clerk, portal):
                answer = self.post({"number": "081223456701"}, key=api_key(user))
                self.assertEqual(answer.status_code, 403, answer.text)
        self.assertEqual(self.calls_of(self.siti), before)

    def test_the_example_program_tells_of_a_call(self):
        done = self.run_example("+62 812-2345-6701", self.agus.login, "example-1")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("Siti Rahmawati", done.stdout)
        self.assertEqual(self.calls_of(self.siti), 1)

    def test_the_example_program_speaks_asterisks_agi(self):
        agi = {
            "agi_request": "asterisk_incoming_call.py",
            "agi_callerid": "081223456701",
            "agi_uniqueid": "1700000000.17",
            "agi_arg_1": self.agus.login,
        }
        self.env.company.country_id = self.env.ref("base.id")
        lines = "".join(f"{name}: {value}\n" for name, value in agi.items()) + "\n"
        done = self.run_example(agi=lines, AST_AGI_DIR="agi-bin")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r'^VERBOSE "Odoo: call \d+, Siti Rahmawati" 1\n$')
        touchpoint = self.env["crm.touchpoint"].search([("call_ref", "=", "1700000000.17")])
        self.assertEqual((touchpoint.partner_id, touchpoint.user_id), (self.siti, self.agus))

    def test_the_example_program_says_what_went_wrong_and_never_holds_a_call_up(self):
        with mute_logger("odoo.http"):
            refused = self.run_example("anonymous", self.agus.login)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("is no telephone number", refused.stderr)
        unset = self.run_example("081223456701", ODOO_API_KEY="")
        self.assertIn("ODOO_API_KEY", unset.stderr)
        nobody_there = self.run_example(agi="agi_callerid: 0812\n\n", AST_AGI_DIR="x", ODOO_URL="http://127.0.0.1:9")
        self.assertEqual(nobody_there.returncode, 0, "in a dial plan the call goes on")
        self.assertIn("was not told", nobody_there.stdout)
