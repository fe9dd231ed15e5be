from odoo.tests import HttpCase, new_test_user, tagged

from .common import PurchaseCase


class RetentionTourCase(HttpCase, PurchaseCase):
    """A manager, and a shop of whose four customers three came back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env["res.company"].create({"name": "Kopi Braga"})
        new_test_user(cls.env, "manager", "sales_team.group_sale_manager", company_id=cls.shop.id,
                      company_ids=cls.shop.ids)  # fmt: skip
        people = cls.env["res.partner"].create([{"name": f"Customer {n}"} for n in range(4)])
        people[0].country_id = cls.env.ref("base.id")
        for person in people:
            cls.buy(person, "2024-01-10", company=cls.shop)
        for person in people[:3]:
            cls.buy(person, "2024-02-10", company=cls.shop)
        cls.count()


@tagged("post_install", "-at_install")
class TestRetentionTour(RetentionTourCase):
    """The manager opens the dashboard in the browser."""

    def test_every_figure_opens_its_records_and_coming_back_keeps_the_filters(self):
        self.start_tour("/odoo/retention", "crm_analytics.retention_dashboard", login="manager")

    def test_the_manager_has_a_new_purchase_counted(self):
        self.buy(self.siti, "2024-02-10", company=self.shop)
        self.env.flush_all()
        self.start_tour("/odoo/retention", "crm_analytics.retention_refresh", login="manager")
        self.assertEqual(self.queued(), 0)


@tagged("post_install", "-at_install")
class TestRetentionTourOnAPhone(RetentionTourCase):
    """The same on a narrow screen, by keyboard."""

    browser_size = "390x844"

    def test_a_wrong_filter_is_explained_and_the_triangle_is_walked_by_keyboard(self):
        self.start_tour("/odoo/retention?grain=week", "crm_analytics.retention_phone", login="manager")
