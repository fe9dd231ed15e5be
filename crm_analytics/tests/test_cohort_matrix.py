from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestCohortMatrix(PurchaseCase):
    """What the retention dashboard is told. The database may hold other purchases: these are of the year 2001."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dewi = cls.env["res.partner"].create({"name": "Dewi"})
        cls.buy(cls.siti, "2001-01-10", 10.0)
        cls.buy(cls.siti, "2001-02-10", 10.0)
        cls.buy(cls.siti, "2001-02-20", 15.0)
        cls.buy(cls.budi, "2001-01-31", 20.0)
        cls.buy(cls.dewi, "2001-03-01", 30.0)
        cls.count()

    def matrix(self, date_from="2001-01-01", date_to="2001-03-31", **options):
        return self.Month.cohort_matrix(date_from, date_to, **options)

    def shape(self, matrix, value):
        return {str(c["month"])[:7]: [cell[value] for cell in c["cells"]] for c in matrix["cohorts"]}

    def test_each_cohort_has_a_cell_for_each_month_since(self):
        self.assertEqual(self.shape(self.matrix(), "customers"), {"2001-01": [2, 1, 0], "2001-03": [1]})

    def test_revenue_is_what_the_cohort_bought_for_in_the_month(self):
        self.assertEqual(
            self.shape(self.matrix(metric="revenue"), "amount"), {"2001-01": [30.0, 25.0, 0], "2001-03": [30.0]}
        )

    def test_a_period_shows_its_own_cohorts_and_months_only(self):
        matrix = self.matrix(date_to="2001-02-01")
        self.assertEqual(self.shape(matrix, "customers"), {"2001-01": [2, 1]})
        self.assertFalse(self.matrix("2001-02-01", "2001-02-28")["cohorts"])

    @freeze_time("2001-03-15")
    def test_the_running_month_is_marked(self):
        self.assertEqual(self.shape(self.matrix(), "running"), {"2001-01": [False, False, True], "2001-03": [True]})

    def test_the_matrix_is_one_statement_whatever_the_number_of_customers(self):
        self.matrix()
        with self.assertQueryCount(1):
            self.matrix()
        people = self.env["res.partner"].create([{"name": f"Customer {n}"} for n in range(30)])
        for person in people:
            self.buy(person, "2001-02-14")
        self.count()
        with self.assertQueryCount(1):
            self.assertEqual(self.matrix()["cohorts"][1]["size"], 30)

    def test_a_cell_opens_exactly_the_customers_it_counts(self):
        action = self.Month.action_open_cell("2001-01-01", "2001-02-01")
        self.assertEqual(action["res_model"], "res.partner")
        self.assertEqual(self.env["res.partner"].search(action["domain"]), self.siti)

    def test_a_cell_opens_customers_of_the_chosen_companies_only(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        self.buy(self.dewi, "2001-01-20", company=other)
        self.count()
        action = self.Month.action_open_cell("2001-01-01", "2001-01-01")
        self.assertEqual(self.env["res.partner"].search(action["domain"]), self.siti + self.budi)

    def test_a_cell_opens_archived_customers_too(self):
        self.siti.active = False
        action = self.Month.action_open_cell("2001-01-01", "2001-02-01")
        self.assertEqual(self.env["res.partner"].with_context(**action["context"]).search(action["domain"]), self.siti)

    def test_a_customer_of_two_companies_is_one_customer_of_the_cell(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        self.buy(self.siti, "2001-01-20", company=other)
        self.count()
        both = self.Month.with_context(allowed_company_ids=(self.company + other).ids)
        matrix = both.cohort_matrix("2001-01-01", "2001-03-01")
        self.assertEqual(matrix["cohorts"][0]["size"], 2)
        action = both.action_open_cell("2001-01-01", "2001-01-01")
        self.assertEqual(self.env["res.partner"].search(action["domain"]), self.siti + self.budi)

    def test_revenue_of_another_currency_is_converted_at_today_s_rate(self):
        foreign = self.env["res.currency"].create({"name": "KPB", "symbol": "K", "rounding": 0.01})
        self.env["res.currency.rate"].create(
            {"currency_id": foreign.id, "name": "2000-01-01", "rate": 4.0, "company_id": self.company.id}
        )
        other = self.env["res.company"].create({"name": "Other shop", "currency_id": foreign.id})
        self.env["res.currency.rate"].create(
            [
                {"currency_id": foreign.id, "name": "2000-01-01", "rate": 4.0, "company_id": other.id},
                {"currency_id": self.company.currency_id.id, "name": "2000-01-01", "rate": 1.0, "company_id": other.id},
            ]
        )
        self.buy(self.dewi, "2001-01-20", 100.0, company=other)
        self.count()
        both = self.Month.with_context(allowed_company_ids=(self.company + other).ids)
        january = both.cohort_matrix("2001-01-01", "2001-01-31", metric="revenue")["cohorts"][0]
        self.assertEqual(january["cells"][0]["amount"], 30.0 + 25.0)

    def test_the_dashboard_ends_with_the_newest_purchase_when_no_period_is_given(self):
        newest = self.Month.search([], order="month DESC", limit=1).month
        period = self.Month.retention_dashboard(months=12)["period"]
        self.assertEqual(period["date_to"], newest)
        self.assertEqual(len(str(period["date_from"])), 10)

    def test_the_dashboard_says_as_of_when_and_how_much_waits(self):
        self.assertEqual(self.Month.retention_dashboard()["freshness"]["queued"], 0)
        self.buy(self.siti, "2001-03-10")
        self.env.flush_all()
        freshness = self.Month.retention_dashboard()["freshness"]
        self.assertEqual(freshness["queued"], self.queued())
        self.assertEqual(freshness["as_of"], min(self.Queue.search([]).mapped("queued_at")))

    def test_a_company_without_purchases_has_an_empty_dashboard(self):
        empty = self.env["res.company"].create({"name": "New shop"})
        dashboard = self.Month.with_context(allowed_company_ids=empty.ids).retention_dashboard()
        self.assertEqual((dashboard["cohorts"], dashboard["period"]["date_to"]), ([], False))

    def test_a_period_that_makes_no_sense_is_refused_with_a_sentence(self):
        for date_from, date_to, word in (
            ("2001-03-01", "2001-01-01", "before it begins"),
            ("1990-01-01", "2001-01-01", "60 months"),
            ("soon", "2001-01-01", "is no date"),
            (False, "2001-01-01", "first and the last month"),
        ):
            with self.subTest(word), self.assertRaisesRegex(UserError, word):
                self.matrix(date_from, date_to)
        with self.assertRaisesRegex(UserError, "no number of months"):
            self.Month.retention_dashboard(months="a few")
        with self.assertRaisesRegex(UserError, "no metric"):
            self.matrix(metric="profit; DROP TABLE")
