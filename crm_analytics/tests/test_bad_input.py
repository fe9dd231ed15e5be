from urllib.parse import quote

from odoo.addons.crm_contact_history.tests.bad_input_case import HALF, LONG, BadInputCase
from odoo.addons.crm_contact_history.tests.test_incoming_call_api import api_key
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .retention_common import RetentionCase

FILTERS = {
    "date_from": "2001-01-01", "date_to": "2001-12-31", "grain": "month", "cohort_metric": "customers",
    "cohort_kind": "exact", "compare": "none", "company_ids": [], "team_ids": [], "grade_ids": [], "segments": [],
    "country_ids": [], "category_ids": [],
}  # fmt: skip
# What the arguments of a figure may be called, whatever the kind.
WORDS = ("key", "of", "cohort", "month", "age", "r", "f", "from", "to", "low", "high", "partner_id", "kind")
WRONG = (HALF, "x\x00y", "0026-01-31", "9999-12-31", 10**30, -1, LONG, [HALF], [10**30], {HALF: 1}, 1.5, True)
NO_FILTERS = ("", "{", "null", "[]", '"x"', "1", "NaN", "[" * 5000, '{"grain": "\\ud83d"}', '{"date_from": "9999-12-31"}',
              '{"date_from": "0026-01-31"}', '{"date_to": "\\u0000"}', '{"team_ids": [' + "9" * 30 + "]}", "\x00")  # fmt: skip


@tagged("post_install", "-at_install")
class TestBadInput(BadInputCase, RetentionCase):
    """Every call of the dashboard with values that make no sense is answered clearly."""

    METHODS = {
        ("retention.dashboard", "load"): {"filters": FILTERS},
        ("retention.dashboard", "cohorts"): {"filters": FILTERS},
        ("retention.dashboard", "open_records"): {"kind": "tile", "args": {"key": "active"}, "filters": FILTERS},
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.analyst = new_test_user(
            cls.env, "analyst_of_bad", "base.group_user,crm_analytics.group_analytics_user", company_id=cls.shop.id,
            company_ids=[(6, 0, cls.shop.ids)],
        )  # fmt: skip
        cls.key = api_key(cls.analyst)
        cls.known = {}

    def what_there_is(self):
        return None  # the dashboard only reads

    def test_the_figures(self):
        self.assert_answered("retention.dashboard", "load")

    def test_the_triangle(self):
        self.assert_answered("retention.dashboard", "cohorts")

    def test_what_a_figure_opens(self):
        self.assert_answered("retention.dashboard", "open_records")

    def test_each_filter(self):
        problems = []
        for name in FILTERS:
            for value in WRONG:
                what = f"{name}={str(value)[:30]!r}"
                problems += self.problems("retention.dashboard", "cohorts", {"filters": {**FILTERS, name: value}}, what)
        self.assertFalse(problems, "\n".join(problems))

    def test_each_word_of_each_figure(self):
        problems = []
        for kind in self.Dashboard._openers():
            for word in WORDS:
                for value in (HALF, 10**30, "9999-12-31", "\x00"):
                    arguments = {"kind": kind, "args": {word: value}, "filters": FILTERS}
                    what = f"{kind} {word}={str(value)[:30]!r}"
                    problems += self.problems("retention.dashboard", "open_records", arguments, what)
        self.assertFalse(problems, "\n".join(problems))

    def test_searching_by_a_figure_that_is_none(self):
        problems = []
        texts = [value for value in WRONG if not isinstance(value, dict)]  # which core's domains do not take
        for value in (*texts, "{", '{"kind": "\\ud83d"}', "[" * 5000):
            arguments = {"domain": [["retention_figure", "=", value]]}
            problems += self.problems("res.partner", "search_count", arguments, f"retention_figure={str(value)[:30]!r}")
        self.assertFalse(problems, "\n".join(problems))

    def test_the_workbook(self):
        self.authenticate(self.analyst.login, self.analyst.login)
        for filters in NO_FILTERS:
            with mute_logger("odoo.http"):
                answer = self.url_open(f"/crm_analytics/retention.xlsx?filters={quote(filters)}")
            self.assertLess(answer.status_code, 500, filters[:40])
            if answer.status_code >= 400:
                self.assertNotIn("Traceback", answer.text, filters[:40])
