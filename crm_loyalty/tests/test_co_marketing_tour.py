from odoo.tests import HttpCase, tagged

from .co_marketing_case import PactHttpCase
from .co_marketing_theirs_case import TheirsCase


@tagged("post_install", "-at_install")
class TestCoMarketingPhoneTour(PactHttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_cashier_serves_a_member_with_a_phone(self):
        self.member.card_id.code = "0440000000016"
        self.people._grant(self.dewi, "cashier", self.company, self.dago)
        self.start_tour("/my/partner/counter", "crm_loyalty_partner_counter", login="cashier")
        self.assertEqual((self.booked().state, self.booked().void_reason), ("voided", "Wrong table"))

    def test_a_manager_makes_and_revokes_the_key_of_a_till_with_a_phone(self):
        self.start_tour("/my/partner", "crm_loyalty_partner_till_keys", login="partner manager")
        self.assertEqual((self.dago | self.braga).key_ids.mapped("state"), ["revoked"])


@tagged("post_install", "-at_install")
class TestCoMarketingTour(PactHttpCase):
    def test_an_agreement_is_made_proposed_and_signed(self):
        self.agreement.action_end()
        self.agreement.active = False
        self.warung.name = "Warung of the tour"
        self.start_tour("/odoo/co-marketing/new", "crm_loyalty_make_agreement", login="club manager")
        agreement = self.env["co.marketing.agreement"].search([("partner_id", "=", self.warung.id)])
        self.assertEqual(agreement.state, "proposed")
        self.start_tour("/my/partner", "crm_loyalty_sign_agreement", login="partner manager")
        self.assertEqual((agreement.state, agreement.version_id.signed_by), ("running", "Agus Warung"))
        self.assertTrue(agreement.version_id.signature)


@tagged("post_install", "-at_install")
class TestCoMarketingDeskTour(TheirsCase, HttpCase):
    def test_a_salesperson_types_the_number_of_a_partners_card(self):
        self.seller.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        order = self.order()
        self.start_tour(f"/odoo/orders/{order.id}", "crm_loyalty_partner_number", login="seller")
        receipt = self.booked(order)
        self.assertEqual((order.state, receipt.discount, receipt.customer_card_id.number_end), ("sale", 20.0, "3456"))
