import io
import json

import openpyxl
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL

from .retention_common import RetentionCase


@tagged("post_install", "-at_install")
class TestRetentionAccess(RetentionCase, HttpCase):
    """Who gets the figures, on the screen and as a file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.analyst = cls.user("analyst_of_shop", "base.group_user,crm_analytics.group_analytics_user")
        cls.employee = cls.user("employee_of_shop", "base.group_user")
        cls.visitor = cls.user("visitor_of_shop", "base.group_portal")
        cls.rival = cls.env["res.company"].create({"name": "Rival"})
        cls.sell([(cls.people[0], cls.sales[-1][1], 777.0, None)], company=cls.rival)

    @classmethod
    def user(cls, login, groups):
        return new_test_user(
            cls.env, login, groups, company_id=cls.shop.id, company_ids=[(6, 0, cls.shop.ids)], password=login
        )

    def test_an_employee_and_a_portal_user_get_no_figure(self):
        for user in (self.employee, self.visitor):
            dashboard = self.Dashboard.with_user(user)
            for call in (
                dashboard.load,
                dashboard.cohorts,
                lambda dashboard=dashboard: dashboard.open_records("tile", {"key": "active"}),
                lambda user=user: self.env["res.partner"].with_user(user).search([("retention_figure", "=", "{}")]),
                lambda user=user: self.env["retention.summary"].with_user(user).search([]),
                lambda user=user: self.env["retention.change"].with_user(user).search([]),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call()

    def test_an_analyst_gets_the_figures_of_his_companies_only(self):
        self.env["retention.summary"]._refresh(self.rival)
        dashboard = self.Dashboard.with_user(self.analyst)
        mine = sum(amount for _who, day, amount, _team in self.sales if str(day) >= "2001")
        self.assertEqual(next(t for t in dashboard.load()["tiles"] if t["key"] == "revenue")["value"], mine)
        self.assertFalse(
            self.env["retention.summary"].with_user(self.analyst).search([("company_id", "=", self.rival.id)])
        )
        with self.assertRaises(UserError):
            dashboard.load({"company_ids": self.rival.ids})
        with self.assertRaises(AccessError):
            dashboard.with_context(allowed_company_ids=self.rival.ids).load()

    def test_an_analyst_s_triangle_of_some_customers_is_that_of_his_company(self):
        club = self.env["loyalty.club"]._create_with_programs(
            {"name": "Bean Club", "company_id": self.shop.id}, [{"name": "Gold", "discount": 5}],
            {"amount": 10, "value": 1},
        )  # fmt: skip
        for who in self.people[:5]:
            club._enrol(who)
        level = self.env["res.partner.grade"].create({"name": "Reseller"})
        self.people[5:9].grade_id = level
        self.people[::2].country_id = self.env.ref("base.id")
        self.Purchase._rebuild()
        while self.env["customer.purchase.roll"]._make_next():
            pass
        figures = self.Dashboard.with_user(self.analyst)
        for chosen in (
            {"grade_ids": club.tier_ids.ids},
            {"grade_ids": level.ids},
            {"country_ids": [self.env.ref("base.id").id]},
        ):
            filters = {
                **chosen,
                "grain": "quarter",
                "cohort_metric": "revenue",
                "date_from": "2000-01-01",
                "date_to": "2001-12-31",
            }
            told = figures.cohorts(filters)["cohorts"]
            theirs = self.people[:5] if chosen.get("grade_ids") == club.tier_ids.ids else self.people[5:9]
            theirs = self.people[::2] if "country_ids" in chosen else theirs
            with self.subTest(filters=chosen):
                self.assertEqual(
                    round(sum(cell["amount"] for cohort in told for cell in cohort["cells"]), 2),
                    sum(amount for who, _day, amount, _team in self.sales if who in theirs),
                )

    def test_members_of_another_company_s_tier_are_nobody_here_whatever_company_the_tier_says(self):
        club = self.env["loyalty.club"]._create_with_programs(
            {"name": "Rival Club", "company_id": self.rival.id}, [{"name": "Gold", "discount": 5}],
            {"amount": 10, "value": 1},
        )  # fmt: skip
        club._enrol(self.people[0])
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE res_partner_grade SET company_id = NULL WHERE id = %s", club.tier_ids.id))
        self.env.invalidate_all()
        for company, theirs in ((self.shop, []), (self.rival, self.people[0].ids)):
            dashboard = self.Dashboard.with_context(allowed_company_ids=company.ids)
            query = dashboard._select_of_tiers(club.tier_ids.ids)
            self.assertEqual([id_ for (id_,) in self.env.execute_query(query)], theirs)

    def test_a_figure_of_another_company_finds_nobody(self):
        action = self.Dashboard.with_context(allowed_company_ids=self.rival.ids).open_records("tile", {"key": "active"})
        [(_field, _operator, figure)] = action["domain"]
        forged = {**json.loads(figure)}
        forged["filters"] = {**forged["filters"], "company_ids": self.rival.ids}
        partners = self.env["res.partner"].with_user(self.analyst)
        with self.assertRaises(UserError):
            partners.search([("retention_figure", "=", json.dumps(forged))])

    def test_an_analyst_opens_what_he_is_told(self):
        dashboard = self.Dashboard.with_user(self.analyst)
        action = dashboard.open_records("tile", {"key": "active"})
        found = self.env["res.partner"].with_user(self.analyst).search_count(action["domain"])
        self.assertEqual(found, dashboard.load()["tiles"][0]["value"])

    def get(self, login, filters):
        self.authenticate(login, login)
        return self.url_open(f"/crm_analytics/retention.xlsx?filters={filters}")

    def test_the_workbook_has_the_figures_of_the_screen(self):
        self.people[0].name = '=HYPERLINK("http://evil","me")'
        answer = self.get("analyst_of_shop", json.dumps({"cohort_metric": "revenue"}))
        self.assertEqual(answer.status_code, 200)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        shown = self.load(cohort_metric="revenue")
        self.assertEqual(book.sheetnames[:3], ["About", "Figures", "Cohorts"])
        about = {row[0].value: row[1].value for row in book["About"].iter_rows(max_col=2)}
        self.assertEqual(about["Period"], "January 2001 – December 2001")
        self.assertEqual(about["Active customers"], "Customers who bought in the period.")
        self.assertIn("As of", about)
        figures = {row[0].value: row[1].value for row in book["Figures"].iter_rows(min_row=2)}
        self.assertEqual(figures, {tile["label"]: tile["value"] for tile in shown["tiles"]})
        cells = [[cell.value for cell in row] for row in book["Cohorts"].iter_rows(min_row=2)]
        self.assertEqual(
            sum(row[6] or 0 for row in cells), sum(c["amount"] for r in shown["cohorts"] for c in r["cells"])
        )

    def test_a_text_that_looks_like_a_formula_stays_a_text(self):
        sheet = {"name": "Risk", "columns": [("Customer", "text")], "rows": [['=HYPERLINK("http://evil")']]}
        self.patch(type(self.Dashboard), "_sheets", lambda dashboard, shown: [sheet])
        book = openpyxl.load_workbook(io.BytesIO(self.Dashboard._workbook()))
        cell = book["Risk"]["A2"]
        self.assertEqual((cell.data_type, cell.value), ("s", '=HYPERLINK("http://evil")'))

    def test_who_may_not_see_the_dashboard_gets_no_file(self):
        for login in ("employee_of_shop", "visitor_of_shop"):
            self.assertEqual(self.get(login, "{}").status_code, 403, login)

    def test_filters_that_make_no_sense_are_answered_with_a_sentence(self):
        for filters in (
            "{",
            "[1]",
            '{"grain": "week"}',
            '{"date_from": "soon"}',
            json.dumps({"company_ids": self.rival.ids}),
        ):
            with self.subTest(filters):
                answer = self.get("analyst_of_shop", filters)
                self.assertEqual(answer.status_code, 422)
