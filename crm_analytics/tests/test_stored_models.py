from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .retention_common import RetentionCase

SCREENS = {
    "customer_metric_action": {"list", "pivot", "graph"},
    "customer_metric_snapshot_action": {"list", "pivot", "graph"},
    "customer_purchase_month_action": {"list", "pivot", "graph"},
    "customer_segment_size_action": {"list", "graph"},
}


@tagged("post_install", "-at_install")
class TestStoredModels(RetentionCase, HttpCase):
    """The figures as lists, pivots and graphs, which say as of when they hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.metric"].create([
            {
                "partner_id": person.id,
                "company_id": cls.shop.id,
                "as_of": "2001-12-31",
                "lifecycle": "at_risk",
                "churn_risk": "high",
                "orders": 1,
            }
            for person in cls.people[:3]
        ])  # fmt: skip
        cls.analyst = new_test_user(
            cls.env, "analyst_of_shop", "base.group_user,crm_analytics.group_analytics_user",
            company_id=cls.shop.id, company_ids=[(6, 0, cls.shop.ids)],
        )  # fmt: skip

    def test_each_is_a_list_a_pivot_and_a_graph(self):
        for name, kinds in SCREENS.items():
            action = self.env.ref(f"crm_analytics.{name}")
            self.assertLessEqual(kinds, set(action.view_mode.split(",")), name)

    def as_of(self, user=None):
        return self.Dashboard.with_user(user or self.analyst).figures_as_of()

    def test_they_say_as_of_when_they_hold_and_what_waits(self):
        told = self.as_of()
        self.assertEqual((told["queued"], told["building"], told["metrics_as_of"]), (0, None, "2001-12-31"))
        self.sell_uncounted()
        waiting = self.Queue.search([("company_id", "=", self.shop.id)])
        told = self.as_of()
        self.assertEqual(told["queued"], len(waiting))
        self.assertEqual(told["as_of"], str(min(waiting.mapped("queued_at")))[:19])

    def sell_uncounted(self):
        self.env["sale.order"].create({
            "partner_id": self.people[0].id,
            "company_id": self.shop.id,
            "date_order": "2001-12-30 05:00:00",
            "state": "sale",
            "order_line": [(0, 0, {"product_id": self.coffee.id, "price_unit": 5.0, "tax_ids": []})],
        })  # fmt: skip
        self.env.flush_all()

    def test_nothing_is_told_of_another_company_nor_to_who_may_not_read_figures(self):
        rival = self.env["res.company"].create({"name": "Rival"})
        self.env["customer.metric"].create(
            {"partner_id": self.people[0].id, "company_id": rival.id, "as_of": "1999-12-31", "lifecycle": "loyal"}
        )
        self.assertEqual(self.as_of()["metrics_as_of"], "2001-12-31")
        with self.assertRaises(AccessError):
            self.as_of(new_test_user(self.env, "employee_of_shop", "base.group_user"))

    def test_in_the_browser(self):
        self.start_tour("/odoo/customer-figures", "crm_analytics.figures_as_of", login="analyst_of_shop")
