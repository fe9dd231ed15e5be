from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import PurchaseCase

MODELS = (
    "customer.purchase",
    "customer.purchase.month",
    "customer.purchase.team",
    "customer.purchase.category",
    "customer.purchase.branch",
    "customer.purchase.cell",
    "customer.purchase.roll",
    "customer.purchase.change",
    "customer.purchase.build",
    "customer.purchase.issue",
    "customer.purchase.queue",
)

JANUARY = {"date_from": "2001-01-01", "date_to": "2001-01-31"}


@tagged("post_install", "-at_install")
class TestAccess(PurchaseCase):
    """Who sees the figures, and of which companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other shop"})
        cls.team = cls.env["crm.team"].create({"name": "Counter of all shops"})
        cls.buy(cls.siti, "2001-01-10", 10.0, team_id=cls.team.id)
        cls.buy(cls.budi, "2001-01-10", 20.0, company=cls.other, team_id=cls.team.id)
        cls.count()
        cls.analyst = new_test_user(cls.env, "analyst", "base.group_user,crm_analytics.group_analytics_user")
        cls.employee = new_test_user(cls.env, "employee", "base.group_user")
        cls.portal = new_test_user(cls.env, "visitor", "base.group_portal")

    def test_an_employee_and_a_portal_user_read_nothing(self):
        for user in (self.employee, self.portal):
            for model in MODELS:
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_an_employee_and_a_portal_user_get_no_dashboard(self):
        for user in (self.employee, self.portal):
            months = self.Month.with_user(user)
            for call in (
                self.env["retention.dashboard"].with_user(user).load,
                months.refresh_figures,
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call()

    def test_an_employee_cannot_ask_contacts_for_their_purchases(self):
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(self.employee).search([("purchase_month_ids.amount", ">", 5)])
        with self.assertRaises(AccessError):
            self.siti.with_user(self.employee).read(["purchase_month_ids"])

    def test_an_analyst_writes_no_figure(self):
        fact = self.Purchase.with_user(self.analyst).search([("partner_id", "=", self.siti.id)])
        for call in (lambda: fact.write({"amount": 1}), fact.unlink, lambda: fact.copy()):
            with self.assertRaises(AccessError):
                call()

    def test_an_analyst_sees_his_own_company_only(self):
        months = self.Month.with_user(self.analyst)
        self.assertEqual(months.search([("month", "=", "2001-01-01")]).partner_id, self.siti)
        self.assertEqual(
            self.Purchase.with_user(self.analyst).search([("day", "=", "2001-01-10")]).partner_id, self.siti
        )
        shown = self.env["retention.dashboard"].with_user(self.analyst).load(JANUARY)
        self.assertEqual((shown["cohorts"][0]["size"], shown["companies"]), (1, [self.company.name]))

    def test_what_a_team_sold_in_another_company_is_not_told(self):
        of_team = [("team_id", "=", self.team.id)]
        for model, sold in (("customer.purchase.team", "orders"), ("customer.purchase.cell", "customers")):
            everywhere = self.env[model].sudo().search(of_team)
            seen = self.env[model].with_user(self.analyst).search(of_team)
            self.assertEqual((sum(everywhere.mapped(sold)), sum(seen.mapped(sold))), (2, 1), model)
            self.assertEqual(seen.company_id, self.company)
        dashboard = self.env["retention.dashboard"].with_user(self.analyst)
        shown = dashboard.cohorts({**JANUARY, "team_ids": self.team.ids, "cohort_metric": "revenue"})
        [[cell]] = [cohort["cells"] for cohort in shown["cohorts"]]
        self.assertEqual((cell["customers"], cell["amount"]), (1, 10.0))

    def test_asking_for_another_company_does_not_open_it(self):
        dashboard = self.env["retention.dashboard"].with_user(self.analyst)
        with self.assertRaises(AccessError):
            dashboard.with_context(allowed_company_ids=self.other.ids).load(JANUARY)

    def test_the_customers_of_a_cell_are_those_of_the_reader_s_company(self):
        cell = {"cohort": "2001-01-01", "month": "2001-01-01"}
        action = self.env["retention.dashboard"].with_user(self.analyst).open_records("cohort", cell, JANUARY)
        partners = self.env["res.partner"].with_user(self.analyst)
        self.assertEqual(partners.search(action["domain"]), self.siti)
        forged = [("purchase_month_ids", "any", [("company_id", "=", self.other.id)])]
        self.assertFalse(partners.search(forged))

    def test_changes_that_wait_in_another_company_are_not_told(self):
        self.buy(self.budi, "2001-02-10", company=self.other)
        self.env.flush_all()
        self.assertEqual(self.env["retention.dashboard"].with_user(self.analyst).load()["queued"], 0)

    def test_a_sales_manager_is_an_analytics_administrator(self):
        manager = new_test_user(self.env, "sales_lead", "sales_team.group_sale_manager")
        self.assertTrue(manager.has_group("crm_analytics.group_analytics_manager"))
        salesman = new_test_user(self.env, "seller", "sales_team.group_sale_salesman")
        self.assertFalse(salesman.has_group("crm_analytics.group_analytics_user"))

    def test_a_salesman_without_rights_to_figures_confirms_orders_as_ever(self):
        salesman = new_test_user(self.env, "seller", "sales_team.group_sale_salesman")
        order = self.quotation(self.siti, "2001-02-10", user_id=salesman.id)
        order.with_user(salesman).action_confirm()
        self.assertTrue(self.queued())

    def test_an_analyst_may_have_changes_counted(self):
        self.buy(self.siti, "2001-02-10")
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:  # one that may commit
            freshness = self.Month.with_env(self.env(cr=cr, user=self.analyst)).refresh_figures()
        self.assertEqual(freshness["queued"], 0)
        self.assertIn(("Siti", "2001-02-10", 1, 10.0), self.days())
