import inspect
import re

from odoo import http
from odoo.addons.crm_contact_history.tests.bad_input_case import BadInputCase
from odoo.addons.crm_contact_history.tests.test_incoming_call_api import api_key
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ClubCase

OURS = "odoo.addons.crm_loyalty."
# Core's names, which core calls: their arguments are its own.
OF_CORE = {
    *("create", "write", "unlink", "copy", "copy_data", "default_get", "name_search", "onchange", "web_read", "read"),
    *("search_fetch", "fields_get", "load", "name_create", "search"),
}
# Another addon's words in this one have tests of their own.
APART = ("co_marketing",)
# What is typed into each page, in the order in which it is tried.
FORMS = {
    "POST /club/<string:slug>": ("consent", "name", "email", "phone", "card_number"),
    "POST /club/confirm/<string:token>": ("card_number",),
    "POST /my/clubs/join/<int:club_id>": ("consent", "card_number"),
    "POST /my/clubs/<int:membership_id>/leave": ("leave_reason", "reason"),
    "GET /my/clubs/<int:membership_id>/points": ("page",),
    "POST /greetings/stop/<string:token>": ("again", "token"),
}
# No %00: core itself answers any address with a NUL with 500, before it looks for a page.
IN_ADDRESS = ("", "x", "-1", "99999999999999999999", "1.5", "' OR 1=1 --", "%E2%80%AE")
IN_FORM = ("x" * 20_000, "\x00", "-1", "99999999999999999999", "' OR 1=1 --", "٣٤", "[]", "", b"ab \xed\xa0\xbd cd", "9999-12-31",
           "0026-01-31")  # fmt: skip


def is_apart(function):
    return function.__module__.split(".")[-1].startswith(APART)


@tagged("post_install", "-at_install")
class TestBadInput(BadInputCase, ClubCase):
    """Every method and every page with empty, huge, wrongly typed or malicious values is answered clearly."""

    METHODS = {
        ("loyalty.card", "redeem_points"): {
            "ids": "card", "points": 1, "idempotency_key": "request-0001", "reason": "A cup",
        },
        ("loyalty.card", "adjust_points"): {
            "ids": "card", "points": 2, "reason": "Complaint", "idempotency_key": "request-0002",
        },
        ("sale.order", "identify_by_card"): {"number": "code", "partner_id": "siti", "company_id": "company"},
        ("sale.order", "apply_partner_number"): {"ids": "order", "number": "code"},
    }  # fmt: skip

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club.write({"enrolment": "open", "join_slug": "kopi-braga"})
        cls.membership = cls.club._enrol(cls.siti)
        cls.card = cls.membership.card_id
        cls.card._book(1000, "gift", None)
        cls.siti.email, cls.budi.email = "siti@rahmawati.example", "budi@santoso.example"
        for login, partner in (("siti", cls.siti), ("budi", cls.budi)):
            new_test_user(cls.env, login, "base.group_portal", partner_id=partner.id, email=partner.email)
        cls.manager.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")  # he may change the order
        cls.key = api_key(cls.manager)
        cls.known = {
            "card": cls.card.id,
            "code": cls.card.code,
            "siti": cls.siti.id,
            "company": cls.company.id,
            "order": cls.env["sale.order"].create({"partner_id": cls.siti.id}).id,
        }

    def what_there_is(self):
        self.env.invalidate_all()
        self.env.cr.execute(
            """SELECT (SELECT count(*) FROM res_partner), (SELECT count(*) FROM loyalty_ledger_entry),
                      (SELECT count(*) FROM loyalty_join_request),
                      (SELECT md5(string_agg((c.id, c.points, c.partner_id)::text, '' ORDER BY c.id)) FROM loyalty_card c),
                      (SELECT md5(string_agg(m::text, '' ORDER BY id)) FROM loyalty_membership m)"""
        )
        return self.env.cr.fetchone()

    # -- methods ---------------------------------------------------------------------------------------------------

    def test_redeeming(self):
        self.assert_answered("loyalty.card", "redeem_points")

    def test_adjusting(self):
        self.assert_answered("loyalty.card", "adjust_points")

    def test_identifying(self):
        self.assert_answered("sale.order", "identify_by_card")

    def test_a_number_of_a_partner(self):
        self.assert_answered("sale.order", "apply_partner_number")

    def test_every_method_of_ours_that_takes_an_argument_is_tried(self):
        found = set()
        for model in self.registry.models.values():
            for name, method in (pair for base in model.__mro__ for pair in vars(base).items()):
                function = getattr(method, "__func__", method)
                if name.startswith("_") or name in OF_CORE or not inspect.isfunction(function):
                    continue
                if not function.__module__.startswith(OURS) or is_apart(function):
                    continue
                if len(inspect.signature(function).parameters) > 1:
                    found.add(name)
        self.assertEqual(found, {name for __, name in self.METHODS})

    # -- pages -----------------------------------------------------------------------------------------------------

    def pages(self):
        """(address with its parameters, method) of each route of ours."""
        converters = self.env["ir.http"]._get_converters()
        modules = sorted(self.registry._init_modules)
        for rule, endpoint in self.env["ir.http"]._generate_routing_rules(modules, converters=converters):
            if endpoint.func.__func__.__module__.startswith(OURS) and not is_apart(endpoint.func.__func__):
                for method in endpoint.routing["methods"] or ["GET"]:
                    if method in ("GET", "POST"):
                        yield rule, method

    def filled(self, rule):
        """The address of something that is there."""
        right = {"slug": "kopi-braga", "club_id": self.club.id, "membership_id": self.membership.id, "token": "0" * 32}
        return re.sub(r"<[^>]*?(\w+)>", lambda match: str(right.get(match[1], 1)), rule)

    def answer(self, address, method, typed):
        if method == "POST":
            typed = {**typed, "csrf_token": http.Request.csrf_token(self)}
            return self.url_open(address, data=typed, allow_redirects=False)
        return self.url_open(address, params=typed, allow_redirects=False, method="GET")

    def faults(self, user, tries):
        """Answers that are no answer, and changes by what was refused: sentences."""
        self.authenticate(user, user and user * 2)
        for address, method, typed in tries:
            before = self.what_there_is()
            answer = self.answer(address, method, typed)
            what = f"{method} {address} {str(typed)[:80]} by {user}"
            if answer.status_code >= 500:
                yield f"{what}: {answer.status_code}"
            elif answer.status_code >= 400 and self.what_there_is() != before:
                yield f"{what}: refused, and something was changed"

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_an_address_that_is_none(self):
        tries = [
            (re.sub("<[^>]*>", value, rule), method, {})
            for rule, method in self.pages()
            if "<" in rule
            for value in IN_ADDRESS
        ]
        self.assertGreater(len(tries), 80)
        faults = list(self.faults("siti", tries))
        faults += self.faults(None, [one for one in tries if one[0].startswith("/club/")])
        self.assertFalse(faults, "\n".join(faults))

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_nonsense_typed_into_a_page(self):
        self.env["ir.config_parameter"].set_param("crm_contact_history.public_forms_per_ip", 100_000)
        pages = {f"{method} {rule}": (rule, method) for rule, method in self.pages()}
        self.assertEqual({page for page in pages if page.startswith("POST")} - set(FORMS), set(), "never filled in")
        right = {"name": "Dewi", "consent": self.club._consent().version}
        faults = []
        for page, names in FORMS.items():
            rule, method = pages[page]
            tries = [
                (self.filled(rule), method, {"email": f"dewi{number}{name}@example.com", **right, name: value})
                for name in names
                for number, value in enumerate(IN_FORM)
            ]
            faults += self.faults("budi" if "/join/" in rule else "siti", tries)
        self.assertFalse(faults, "\n".join(faults))
