from odoo.tests import HttpCase, new_test_user, tagged

from .segment_common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentTour(HttpCase, SegmentCase):
    """From the risk list to a call, in the browser."""

    def test_a_segment_is_made_from_the_risk_list_its_members_opened_and_calls_planned(self):
        shop = self.env["res.company"].create({"name": "Kopi Braga"})
        manager = new_test_user(
            self.env, "tour_manager", "sales_team.group_sale_manager", company_id=shop.id, company_ids=shop.ids
        )
        self.figures(self.siti, shop, churn_risk="high", lifecycle="at_risk", recency_days=64, interval_days=21)
        self.figures(self.budi, shop, churn_risk="low")
        self.start_tour("/odoo/customers-at-risk", "crm_analytics.segment", login="tour_manager")
        self.assertEqual(self.siti.activity_ids.summary, "Ask why he stays away")
        self.assertEqual(self.siti.activity_ids.user_id, manager)
        segment = self.Segment.search([("name", "=", "Win them back")])
        self.assertEqual((segment.user_id, segment.company_id), (manager, shop))
