from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .metric_case import MetricCase

MODELS = ("customer.metric", "customer.metric.snapshot", "retention.model", "customer.metric.run")


@tagged("post_install", "-at_install")
class TestMetricAccess(MetricCase):
    """Who sees the figures of customers, and of which companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other shop"})
        cls.siti, cls.budi = cls.customers("Siti", "Budi")
        cls.bought(cls.siti, {40: 10.0})
        cls.bought(cls.budi, {40: 10.0}, company=cls.other)
        for company in (cls.company, cls.other):
            cls.work_out(company=company)
            cls.work_out(date(2025, 5, 31), company, "snapshot")
            cls.env["retention.model"]._fit(company)
        cls.manager = cls.user("figures_lead", "crm_analytics.group_analytics_manager")

    @classmethod
    def user(cls, login, groups):
        companies = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        return new_test_user(cls.env, login, groups, **companies)

    def test_an_employee_and_a_portal_user_read_nothing(self):
        for user in (self.user("employee", "base.group_user"), self.user("visitor", "base.group_portal")):
            for model in MODELS:
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
            with self.assertRaises(AccessError):
                self.siti.with_user(user).read(["metric_ids"])

    def test_an_administrator_sees_his_own_company_only(self):
        for model in MODELS:
            with self.subTest(model=model):
                self.assertEqual(self.env[model].with_user(self.manager).search([]).company_id, self.company)

    def test_nobody_writes_a_figure(self):
        for model in MODELS:
            record = self.env[model].with_user(self.manager).search([], limit=1)
            self.assertTrue(record)
            for call in (lambda record=record: record.write({"company_id": self.company.id}), record.unlink):
                with self.subTest(model=model), self.assertRaises(AccessError):
                    call()

    def test_a_search_through_contacts_does_not_open_another_company(self):
        partners = self.env["res.partner"].with_user(self.manager)
        self.assertEqual(partners.search([("metric_ids.orders", ">", 0)]) & (self.siti + self.budi), self.siti)
