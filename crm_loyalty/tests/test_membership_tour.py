from datetime import timedelta

from odoo.tests import HttpCase, new_test_user, tagged

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

    def test_the_customers_card_says_that_it_is_frozen_and_until_when(self):
        new_test_user(self.env, "siti of the portal", "base.group_portal", partner_id=self.siti.id)
        membership = self.club._enrol(self.siti)
        membership._freeze(None, self.today + timedelta(days=9), "abroad")
        self.authenticate("siti of the portal", "siti of the portal")
        page = self.url_open(f"/my/clubs/{membership.id}").text
        self.assertIn("This membership is frozen", page)
        self.assertIn("neither discount nor points until then", page)

    def test_the_customers_card_says_that_it_is_to_be_renewed(self):
        self.club.grace_days = 14
        new_test_user(self.env, "siti of the portal", "base.group_portal", partner_id=self.siti.id)
        membership = self.club._enrol(self.siti)
        membership.write({"date_start": self.today - timedelta(days=99), "date_end": self.today - timedelta(days=1)})
        membership._follow_dates()
        self.authenticate("siti of the portal", "siti of the portal")
        self.assertIn("renew it by then", self.url_open(f"/my/clubs/{membership.id}").text)

    def test_anybody_with_the_link_of_the_mail_pays_and_nobody_without_its_token(self):
        self.siti.email = "siti@rahmawati.example"
        fee = self.env["loyalty.club"]._make_fee_product("Kopi Braga Club", 50, self.company)
        self.club.write(
            {"enrolment": "paid", "fee_product_id": fee.id, "validity": "rolling", "renewal_days": 30, "grace_days": 9}
        )
        membership = self.club._enrol(self.siti)
        membership.date_end = self.today + timedelta(days=5)
        membership._remind_of_the_end(self.club, "first")
        link = membership._renewal_url()
        page = self.url_open(link.replace(membership.get_base_url(), ""))
        self.assertEqual(page.status_code, 200)
        self.assertIn("Membership: Kopi Braga Club", page.text)
        self.assertIn("Pay", page.text)
        without = self.url_open(f"/my/orders/{membership.renewal_order_id.id}")
        self.assertNotIn("Membership: Kopi Braga Club", without.text)
