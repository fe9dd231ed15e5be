from odoo.tests import HttpCase, tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestMembershipTour(ClubCase, HttpCase):
    def test_a_manager_renews_freezes_unfreezes_and_ends_a_membership(self):
        self.siti.name = "Siti of the tour"
        self.club.write({"validity": "rolling", "validity_months": 12, "name": "Club of the tour"})
        membership = self.club._enrol(self.siti)
        self.start_tour("/odoo/memberships", "crm_loyalty_renew_freeze_end", login="club manager")
        self.assertEqual((membership.state, membership.leave_reason_id.name), ("ended", "Moved away"))
        self.assertEqual(
            membership.log_ids.sorted("id").mapped("event"), ["enrolled", "renewed", "frozen", "unfrozen", "ended"]
        )
