from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, ConcurrencyError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import ContactHistoryCase

NONSENSE = ("", " ", "anonymous", "abc", "12", "+", "+62+812345", "1" * 16, "0812 " * 1000, "<b>1</b>", "081234567\x00")
WRONG_TYPE = (None, False, True, 81223456701, 1.5, [], {}, ["081223456701"])


@tagged("post_install", "-at_install")
class TestIncomingCall(ContactHistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exchange = new_test_user(
            cls.env, "exchange-history", "crm_contact_history.group_front_desk", name="Telephone exchange"
        )
        cls.env.company.country_id = cls.env.ref("base.id")

    def call(self, number, user=None, **options):
        return self.env["res.partner"].with_user(user or self.exchange).incoming_call(number, **options)

    def logged(self):
        return self.env["crm.touchpoint"].search([("id", "not in", self.before.ids)])

    def setUp(self):
        super().setUp()
        self.before = self.env["crm.touchpoint"].search([])
        self.sent = []

        def sent(users, kind, message, **_more):
            if kind == "crm_contact_history.incoming_call":
                self.sent.extend((user, kind, message) for user in users)

        self.startPatcher(patch.object(self.registry["res.users"], "_bus_send", sent))

    def test_a_known_number_in_any_spelling_is_logged_with_its_contact(self):
        spellings = ("+62 812-2345-6701", "+6281223456701", "0062 812 2345 6701", "0812 2345 6701", "081223456701")
        for spelling in spellings:
            answer = self.call(spelling, agent=self.agus.login)
            self.assertEqual(answer["partners"], [{"id": self.siti.id, "name": self.siti.display_name}], spelling)
        logged = self.logged()
        self.assertEqual(len(logged), len(spellings))
        self.assertEqual((logged.partner_id, logged.user_id), (self.siti, self.agus))
        self.assertEqual(set(logged.mapped(lambda one: (one.channel_id.code, one.direction))), {("phone", "in")})

    def test_the_call_stands_in_the_customers_history(self):
        self.call("0812 2345 6701", agent=self.agus.login)
        [entry] = self.history(self.siti, self.agus)
        self.assertEqual((entry["channel"], entry["direction"], entry["user"]), ("phone", "in", "Agus"))

    def test_the_agent_is_told_who_is_calling(self):
        answer = self.call("0812 2345 6701", agent=self.agus.id)
        [(user, kind, message)] = self.sent
        self.assertEqual((user, kind), (self.agus, "crm_contact_history.incoming_call"))
        self.assertEqual(message["touchpoint_id"], answer["touchpoint_id"])
        self.assertEqual([caller["name"] for caller in message["callers"]], ["Siti Rahmawati"])

    def test_without_an_agent_the_calling_user_is_called(self):
        self.call("0812 2345 6701", user=self.agus)
        self.assertEqual(self.logged().user_id, self.agus)
        self.assertEqual(self.sent[0][0], self.agus)

    def test_an_unknown_number_is_logged_and_shown_without_a_contact(self):
        answer = self.call("+62 855 1111 2222", agent=self.agus.login)
        self.assertEqual(answer["partners"], [])
        self.assertFalse(self.logged().partner_id)
        self.assertEqual(self.logged().phone, "+62 855 1111 2222")
        self.assertEqual(self.sent[0][2]["callers"], [])

    def test_of_two_with_one_number_none_is_guessed(self):
        twin = self.env["res.partner"].create({"name": "Brother", "phone": "081223456701"})
        answer = self.call("+6281223456701", agent=self.agus.login)
        self.assertEqual({partner["id"] for partner in answer["partners"]}, {self.siti.id, twin.id})
        self.assertFalse(self.logged().partner_id)
        self.assertEqual(len(self.sent[0][2]["callers"]), 2)

    def test_a_number_that_only_contains_the_other_is_somebody_else(self):
        self.env["res.partner"].create({"name": "Longer", "phone": "+62 812-2345-67019"})
        self.env["res.partner"].create({"name": "Abroad", "phone": "+44 20 2345 6701"})
        for number, found in (("+62 812-2345-6701", self.siti.ids), ("8122345-6701", self.siti.ids), ("6701", [])):
            self.assertEqual([one["id"] for one in self.call(number)["partners"]], found, number)

    def test_a_number_that_stands_on_the_contact_as_an_extension_is_found(self):
        colleague = self.env["res.partner"].create({"name": "Kitchen", "phone": "101"})
        self.assertEqual([one["id"] for one in self.call("101")["partners"]], [colleague.id])

    def test_archived_contacts_do_not_call(self):
        self.siti.active = False
        self.assertEqual(self.call("0812 2345 6701")["partners"], [])

    def test_a_call_told_twice_is_logged_once_and_shown_to_each_agent(self):
        first = self.call("0812 2345 6701", agent=self.agus.login, call_id="1700000000.17")
        again = self.call("0812 2345 6701", agent=self.chief.login, call_id="1700000000.17")
        self.assertEqual(first["touchpoint_id"], again["touchpoint_id"])
        self.assertEqual(len(self.logged()), 1)
        self.assertEqual([user for user, *__ in self.sent], [self.agus, self.chief])
        self.call("0812 2345 6701", agent=self.agus.login, call_id="1700000000.18")
        self.assertEqual(len(self.logged()), 2)

    def test_a_call_told_twice_at_once_is_tried_again_not_logged_twice(self):
        self.call("0812 2345 6701", agent=self.agus.login, call_id="race")
        touchpoints = self.registry["crm.touchpoint"]
        # What the second request sees, whose transaction began before the first one's end: no such call yet.
        with patch.object(touchpoints, "search", lambda model, *args, **options: model.browse()):
            with self.assertRaises(ConcurrencyError), self.env.cr.savepoint():
                self.call("0812 2345 6701", agent=self.agus.login, call_id="race")
        self.assertEqual(len(self.logged()), 1)

    def test_nonsense_gets_a_clear_error_and_logs_nothing(self):
        for number in (*NONSENSE, *WRONG_TYPE):
            with self.assertRaises(ValidationError, msg=repr(number)[:30]) as refused:
                self.call(number, agent=self.agus.login)
            self.assertLess(len(str(refused.exception)), 200)
        self.assertFalse(self.logged() or self.sent)

    def test_a_wrong_agent_gets_a_clear_error_and_logs_nothing(self):
        portal = new_test_user(self.env, "portal-history", "base.group_portal")
        gone = new_test_user(self.env, "gone-history", "crm_contact_history.group_front_desk")
        gone.active = False
        wrong = ("nobody", "", 0, -1, 10**12, True, 1.5, [], {}, "a\x00b", portal.login, gone.id, self.clerk.login)
        for agent in wrong:
            with self.assertRaises(ValidationError, msg=repr(agent)):
                self.call("0812 2345 6701", agent=agent)
        self.assertFalse(self.logged() or self.sent)

    def test_a_wrong_call_id_gets_a_clear_error_and_logs_nothing(self):
        for call_id in (17, True, [], {}, "x" * 129, "a\nb", "a\x00b"):
            with self.assertRaises(ValidationError, msg=repr(call_id)[:20]):
                self.call("0812 2345 6701", call_id=call_id)
        self.assertFalse(self.logged() or self.sent)

    def test_only_the_front_desk_tells_of_calls(self):
        portal = new_test_user(self.env, "portal-history", "base.group_portal")
        for user in (self.clerk, portal, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.call("0812 2345 6701", user=user, agent=self.agus.login)
        self.assertFalse(self.logged() or self.sent)

    def test_an_agent_of_another_company_is_no_agent(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger-history",
            "crm_contact_history.group_front_desk",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        with self.assertRaises(ValidationError):
            self.call("0812 2345 6701", agent=stranger.login)

    def test_a_contact_of_another_company_is_unknown_to_the_agent_and_to_the_caller(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.siti.company_id = elsewhere
        self.assertEqual(self.call("0812 2345 6701", agent=self.agus.login)["partners"], [])
        self.assertEqual(self.sent[0][2]["callers"], [])
        # An agent of both companies sees him; the exchange, of one, does not learn of him.
        self.agus.company_ids |= elsewhere
        self.assertEqual(self.call("0812 2345 6701", agent=self.agus.login)["partners"], [])
        self.assertEqual(self.sent[1][2]["callers"][0]["id"], self.siti.id)
        self.assertEqual(self.logged().filtered("partner_id").company_id, elsewhere)

    def test_of_two_the_agent_says_who_it_is(self):
        twin = self.env["res.partner"].create({"name": "Brother", "phone": "081223456701"})
        call_id = self.call("0812 2345 6701", agent=self.agus.login)["touchpoint_id"]
        self.env["res.partner"].with_user(self.agus).take_incoming_call(call_id, twin.id)
        self.assertEqual(self.logged().partner_id, twin)
        self.assertEqual(len(self.history(twin, self.agus)), 1)
        with self.assertRaises(ValidationError):
            self.env["res.partner"].with_user(self.agus).take_incoming_call(call_id, self.siti.id)

    def test_a_call_passed_on_belongs_to_who_answers_it(self):
        call = {"call_id": "passed-on"}
        call_id = self.call("0812 2345 6701", agent=self.chief.login, **call)["touchpoint_id"]
        self.call("0812 2345 6701", agent=self.agus.login, **call)
        self.env["res.partner"].with_user(self.agus).take_incoming_call(call_id)
        self.assertEqual(self.logged().user_id, self.agus)

    def test_a_call_of_another_company_or_of_yesterday_cannot_be_taken(self):
        call_id = self.call("0855 1111 2222", agent=self.agus.login)["touchpoint_id"]
        Partner = self.env["res.partner"].with_user(self.chief)
        self.logged().start = datetime.now() - timedelta(days=1)
        with self.assertRaises(ValidationError):
            Partner.take_incoming_call(call_id, self.siti.id)
        self.logged().write({"start": datetime.now(), "company_id": self.env["res.company"].create({"name": "E"}).id})
        with self.assertRaises(AccessError):
            Partner.take_incoming_call(call_id, self.siti.id)
        with self.assertRaises(AccessError):
            Partner.with_user(self.clerk).take_incoming_call(call_id)
        for wrong in ("1", 0, -1, True, 10**12, None, [], 2**31 - 1):
            with self.assertRaises(ValidationError, msg=repr(wrong)):
                Partner.take_incoming_call(wrong)
        self.assertEqual((self.logged().user_id, self.logged().partner_id.id), (self.agus, False))
