from odoo.tests import HttpCase, new_test_user, tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestRetentionTour(HttpCase, PurchaseCase):
    """The manager opens the dashboard in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env["res.company"].create({"name": "Kopi Braga"})
        new_test_user(cls.env, "manager", "sales_team.group_sale_manager", company_id=cls.shop.id,
                      company_ids=cls.shop.ids)  # fmt: skip
        people = cls.env["res.partner"].create([{"name": f"Customer {n}"} for n in range(4)])
        for person in people:
            cls.buy(person, "2024-01-10", company=cls.shop)
        for person in people[:3]:
            cls.buy(person, "2024-02-10", company=cls.shop)
        cls.count()

    def test_the_manager_reads_the_cohorts_and_opens_the_customers_of_a_cell(self):
        self.start_tour("/odoo/retention", "crm_analytics.retention_dashboard", login="manager")

    def test_a_first_month_long_ago_moves_the_last_month_along(self):
        self.start_tour("/odoo/retention", "crm_analytics.retention_period", login="manager")

    def test_the_manager_has_a_new_purchase_counted(self):
        self.buy(self.siti, "2024-02-10", company=self.shop)
        self.env.flush_all()
        self.start_tour("/odoo/retention", "crm_analytics.retention_refresh", login="manager")
        self.assertEqual(self.queued(), 0)
