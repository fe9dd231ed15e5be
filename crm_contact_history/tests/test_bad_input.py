from odoo.tests import tagged
from odoo.tools import mute_logger

from .bad_input_case import LONG, BadInputCase
from .common import ContactHistoryCase
from .test_incoming_call_api import api_key

# What a program may call, with arguments that are right: {(model, method): arguments}. "ids" are the records'.
METHODS = {
    ("res.partner", "front_desk_search"): {"term": "siti", "limit": 5},
    ("res.partner", "front_desk_card"): {"ids": "siti", "asset_id": False},
    ("res.partner", "incoming_call"): {"number": "+62 812-2345-6701", "agent": "agus-history", "call_id": "bad-1"},
    ("res.partner", "take_incoming_call"): {"touchpoint_id": "call", "partner_id": "siti"},
    ("contact.history.entry", "history_page"): {
        "partner_id": "siti", "before": None, "limit": 5, "kinds": ["order"], "only_this_contact": False,
        "channels": ["phone"], "directions": ["in"], "user_ids": [1], "audience": "customer", "text": "kopi",
        "until": "2026-01-31 00:00:00",
    },
    ("contact.history.entry", "history_read"): {"entry_id": "entry"},
    ("contact.history.entry", "history_filters"): {"partner_id": "siti"},
    ("contact.history.entry", "history_kinds"): {},
    ("crm.touchpoint", "log_contact"): {
        "partner_id": "siti", "channel": "phone", "subject": "Asks", "summary": "Much", "direction": "in",
        "outcome": "done", "start": "2026-01-31 10:00:00", "minutes": 5, "res_model": "sale.order", "res_id": "order",
    },
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestBadInput(BadInputCase, ContactHistoryCase):
    """Every call with empty, huge, foreign, wrongly typed or malicious values is answered clearly and changes nothing."""

    METHODS = METHODS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = api_key(cls.agus)
        cls.sold = cls.order(user_id=cls.agus.id)
        channel = cls.env.ref("crm_contact_history.channel_phone").id
        values = {"partner_id": cls.siti.id, "channel_id": channel, "user_id": cls.agus.id, "phone": "0812 2345 6701"}
        cls.logged = cls.env["crm.touchpoint"].create({**values, "summary": "Long"})
        cls.Entry._sync()
        entry = cls.Entry.search([("res_model", "=", "crm.touchpoint"), ("res_id", "=", cls.logged.id)])
        cls.known = {"siti": cls.siti.id, "call": cls.logged.id, "entry": entry.id, "order": cls.sold.id}

    def what_there_is(self):
        """Digest of all that these methods could change."""
        self.env.invalidate_all()
        self.env.cr.execute(
            """SELECT (SELECT count(*) FROM res_partner), (SELECT count(*) FROM contact_history_entry),
                      (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM crm_touchpoint t)"""
        )
        return self.env.cr.fetchone()

    def test_looking_up(self):
        self.assert_answered("res.partner", "front_desk_search")

    def test_the_card(self):
        self.assert_answered("res.partner", "front_desk_card")

    def test_a_page_of_the_history(self):
        self.assert_answered("contact.history.entry", "history_page")

    def test_an_entry_of_the_history(self):
        self.assert_answered("contact.history.entry", "history_read")

    def test_what_a_history_can_be_filtered_by(self):
        self.assert_answered("contact.history.entry", "history_filters")
        self.assert_answered("contact.history.entry", "history_kinds")

    def test_an_incoming_call(self):
        self.assert_answered("res.partner", "incoming_call")

    def test_taking_a_call(self):
        self.assert_answered("res.partner", "take_incoming_call")

    def test_logging_a_contact(self):
        self.assert_answered("crm.touchpoint", "log_contact")

    def test_every_method_that_a_program_may_call_is_tried(self):
        """The documented ones: public, and with a docstring that says what they raise or return."""
        documented = {
            (model, name)
            for model in ("res.partner", "contact.history.entry", "crm.touchpoint")
            for name in dir(self.env.registry[model])
            if name.startswith(("front_desk_", "history_", "log_", "incoming_", "take_"))
        }
        self.assertEqual(documented, set(METHODS))

    def test_the_same_over_rpc_is_a_sentence_and_no_trace(self):
        self.authenticate(self.agus.login, self.agus.login)
        for args in ([LONG], [{}], [10**30]):
            call = {"model": "contact.history.entry", "method": "history_page", "args": args, "kwargs": {}}
            with mute_logger("odoo.http"):
                error = self.make_jsonrpc_request_error("/web/dataset/call_kw/contact.history.entry/history_page", call)
            self.assertIn(error["data"]["name"], ("odoo.exceptions.UserError", ""), args)

    def make_jsonrpc_request_error(self, url, params):
        """The error that a call over JSON-RPC is answered with; an empty one where it is none."""
        answer = self.url_open(url, json={"jsonrpc": "2.0", "method": "call", "params": params, "id": 1}).json()
        return answer.get("error", {"data": {"name": ""}})
