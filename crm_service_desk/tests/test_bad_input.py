from odoo.addons.crm_contact_history.tests.bad_input_case import HALF, LONG, BadInputCase
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceDeskHttpCase
from .test_ticket_api import api_key

WRONG = (HALF, "x\x00y", "0026-01-31", "0026-01-31 10:00:00", "9999-12-31", "9999-12-31 23:59:59", 10**30, -1, LONG,
         [HALF], [10**30], {HALF: 1}, 1.5, True)  # fmt: skip
# What a page is given in its address.
PAGES = {
    "/my/tickets": ("sortby", "filterby", "groupby", "search_in", "search", "date_begin", "date_end", "page"),
    "/my/tickets/new": ("order_id", "type", "subject"),
    "/my/tickets/alike": ("subject", "order_id", "asset_id"),
    "/help": ("search", "category", "page"),
    "/service/new": ("type", "category_id", "subject"),
}
IN_ADDRESS = (
    "x%00y",
    "%ED%A0%BD",
    "99999999999999999999",
    "-1",
    "9999-12-31",
    "0026-01-31",
    "%F0%9F",
    "x" * 3000,
    "[]",
)


@tagged("post_install", "-at_install")
class TestBadInput(BadInputCase, ServiceDeskHttpCase):
    """Every method with empty, huge, wrongly typed or malicious values is answered clearly and changes nothing."""

    METHODS = {
        ("service.ticket", "file"): {
            "subject": "Cold coffee", "description": "It was cold.", "customer": {"email": "siti@rahmawati.example"},
            "type": "question", "category": "Taste", "answers": {"How many cups?": 2}, "remedy_sought": "refund",
            "remedy_sought_text": "My money", "severity": "high", "safety_concern": True, "impact": "many",
            "received_on": "2026-10-31 09:30:00", "files": [],
        },
        ("service.ticket", "article_suggestions"): {"ids": "ticket", "search": "coffee"},
        ("service.ticket", "action_answer_with_article"): {"ids": "ticket", "article_id": "article", "part": "link"},
        ("service.review", "monthly_review"): {"month": "2026-01-31", "team_id": "team"},
        ("service.review", "print_review"): {"month": "2026-01-31", "team_id": "team"},
    }  # fmt: skip

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cups = {"name": "cups", "type": "integer", "string": "How many cups?"}
        cls.env["service.category"].create({"name": "Taste", "ticket_properties_definition": [cups]})
        article = cls.env["service.article"].create({"name": "Warm it", "body": "<p>Warm.</p>", "audience": "public"})
        article.action_publish()
        cls.ticket = cls.new_ticket()
        cls.key = api_key(cls.manager)
        cls.known = {"ticket": cls.ticket.id, "article": article.id, "team": cls.team.id}

    def what_there_is(self):
        self.env.invalidate_all()
        self.env.cr.execute(
            """SELECT (SELECT count(*) FROM res_partner), (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM service_ticket t),
                      (SELECT count(*) FROM service_article_miss), (SELECT count(*) FROM service_review)"""
        )
        return self.env.cr.fetchone()

    def test_filing_a_ticket(self):
        self.assert_answered("service.ticket", "file")

    def test_filing_with_a_key_an_object_or_a_file_that_is_none(self):
        arguments = self.METHODS["service.ticket", "file"]
        problems = []
        for value in WRONG:
            for what in (
                {"key": value},
                *({name: value} for name in ("order", "product", "asset", "branch", "team")),
                *({"customer": {name: value}} for name in ("id", "email")),
                *({"customer": {"email": "new@new.example", name: value}} for name in ("name", "phone")),
                *({"answers": {name: value}} for name in ("How many cups?", "cups", HALF)),
                {"files": [value]},
                *({"files": [{"name": "a", "content": "", name: value}]} for name in ("name", "content")),
            ):
                problems += self.problems("service.ticket", "file", {**arguments, **what}, f"file({str(what)[:60]})")
        self.assertFalse(problems, "\n".join(problems))

    def test_a_slip_of_the_pen_in_the_year_is_no_day_of_a_ticket(self):
        for moment in ("0026-10-31 09:30:00", "9999-10-31 09:30:00"):
            with self.assertRaisesRegex(ValidationError, "cannot be meant"):
                self.ticket.date_received = moment

    def test_looking_for_an_article(self):
        self.assert_answered("service.ticket", "article_suggestions")

    def test_answering_with_an_article(self):
        self.assert_answered("service.ticket", "action_answer_with_article")

    def test_the_review_of_a_month(self):
        self.assert_answered("service.review", "monthly_review")
        self.assert_answered("service.review", "print_review")

    def test_suggestions_while_a_customer_types(self):
        for value in (*WRONG, None, ""):
            answer = self.url_open("/help/suggest", json={"jsonrpc": "2.0", "params": {"subject": value}}).json()
            self.assertEqual(answer.get("result"), [], f"{str(value)[:30]!r}: {str(answer)[:300]}")

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_what_stands_in_an_address(self):
        found = []
        self.enter(self.siti_user)
        for page, names in PAGES.items():
            for name in names:
                for value in IN_ADDRESS:
                    answer = self.url_open(f"{page}?{name}={value}")
                    if answer.status_code >= 500:
                        found.append(f"{page}?{name}={value[:30]}: {answer.status_code}")
        self.assertFalse(found, "\n".join(found))

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_what_is_typed_into_the_forms(self):
        names = ("type", "subject", "description", "category_id", "branch_id", "remedy_sought", "remedy_sought_text",
                 "order_id", "product_id", "asset_id", "happened_on", "safety_concern", "name", "email", "phone")  # fmt: skip
        found = []
        for user, page in ((self.siti_user, "/my/tickets/new"), (None, "/service/new")):
            self.enter(user)
            right = {"type": "complaint", "subject": "Cold", "description": "It was cold."}
            for name in names:
                for value in (b"ab \xed\xa0\xbd cd", "x\x00y", "9999-12-31", "0026-01-31", "9" * 30):
                    typed = {**right, name: value, "csrf_token": self.token()}
                    answer = self.url_open(page, data=typed, allow_redirects=False)
                    if answer.status_code >= 500:
                        found.append(f"{page} {name}={value!r}: {answer.status_code}")
        self.assertFalse(found, "\n".join(found))
