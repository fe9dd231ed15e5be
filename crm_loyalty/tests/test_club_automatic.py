from datetime import timedelta

from odoo.addons.crm_loyalty.models import loyalty_club_automatic
from odoo.tests import tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestClubAutomatic(ClubCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club.enrolment = "automatic"

    def buy(self, partner, price=100, **vals):
        order = self.quotation(partner, price, **vals)
        order.action_confirm()
        return order

    def is_member(self, partner):
        return bool(self.memberships(partner).filtered(lambda m: m.state != "ended"))

    def memberships(self, partner):
        return self.env["loyalty.membership"].search([("partner_id", "=", partner.id)])

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_memberships_automatic").method_direct_trigger()
        self.env.invalidate_all()

    def test_the_first_confirmed_order_makes_a_member(self):
        order = self.quotation(self.siti, user_id=self.seller.id)
        self.assertFalse(self.is_member(self.siti))
        order.with_user(self.seller).action_confirm()
        self.assertEqual(self.memberships(self.siti).way_in, "automatic")

    def test_from_an_amount_all_confirmed_orders_count_together(self):
        self.club.write({"automatic_after": "amount", "automatic_amount": 250})
        self.buy(self.siti, 150)
        self.quotation(self.siti, 500)
        self.assertFalse(self.is_member(self.siti))
        self.buy(self.siti, 100)
        self.assertTrue(self.is_member(self.siti))

    def test_orders_of_all_contacts_of_a_company_count_for_it(self):
        self.club.write({"automatic_after": "amount", "automatic_amount": 250})
        self.buy(self.rina, 150)
        self.buy(self.textile, 150)
        self.assertTrue(self.is_member(self.textile))
        self.assertFalse(self.memberships(self.rina))

    def test_orders_in_another_currency_count_at_the_days_rate(self):
        foreign = self.env["res.currency"].create({"name": "KBT", "symbol": "K", "rounding": 0.01})
        self.env["res.currency.rate"].create({"currency_id": foreign.id, "rate": 1000, "name": "2020-01-01"})
        pricelist = self.env["product.pricelist"].create({"name": "K", "currency_id": foreign.id})
        self.club.write({"automatic_after": "amount", "automatic_amount": 250})
        self.buy(self.siti, 200000, pricelist_id=pricelist.id)
        self.assertFalse(self.is_member(self.siti))
        self.buy(self.siti, 60000, pricelist_id=pricelist.id)
        self.assertTrue(self.is_member(self.siti))

    def test_orders_of_before_are_found_at_night_since_the_day_given(self):
        self.club.enrolment = "invitation"
        old, new = self.buy(self.siti), self.buy(self.budi)
        old.date_order -= timedelta(days=400)
        self.club.write({"enrolment": "automatic", "automatic_since": self.today - timedelta(days=30)})
        self.run_cron()
        self.assertEqual((self.is_member(self.siti), self.is_member(self.budi)), (False, True))
        self.club.automatic_since = False
        self.run_cron()
        self.assertTrue(self.is_member(self.siti))
        self.assertTrue(new)

    def test_one_who_left_is_not_enrolled_again(self):
        self.buy(self.siti)
        self.memberships(self.siti)._end("wants no card")
        self.buy(self.siti)
        self.run_cron()
        self.assertFalse(self.is_member(self.siti))

    def test_one_who_is_refused_is_not_enrolled(self):
        self.club.refusal_ids = [(0, 0, {"partner_id": self.siti.id, "reason": "a dealer"})]
        self.buy(self.siti)
        self.run_cron()
        self.assertFalse(self.memberships(self.siti))

    def test_one_whose_membership_was_over_comes_back_with_a_new_order_only(self):
        order = self.buy(self.siti)
        order.date_order -= timedelta(days=300)
        self.memberships(self.siti).write(
            {"date_start": self.today - timedelta(days=300), "date_end": self.today - timedelta(days=9)}
        )
        self.memberships(self.siti)._follow_dates()
        self.run_cron()
        self.assertFalse(self.is_member(self.siti))
        self.buy(self.siti)
        self.assertTrue(self.is_member(self.siti))

    def test_orders_of_another_company_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        order = self.env["sale.order"].create({"partner_id": self.siti.id, "company_id": other.id})
        order.action_confirm()
        self.run_cron()
        self.assertFalse(self.is_member(self.siti))

    def test_an_archived_customer_is_left_alone(self):
        self.club.enrolment = "invitation"
        self.buy(self.siti)
        self.siti.active = False
        self.club.enrolment = "automatic"
        self.run_cron()
        self.assertFalse(self.memberships(self.siti))

    def test_a_killed_run_is_continued_by_the_next(self):
        self.club.enrolment = "invitation"
        customers = self.env["res.partner"].create([{"name": f"Buyer {number}"} for number in range(5)])
        for customer in customers:
            self.buy(customer)
        self.club.enrolment = "automatic"
        self.patch(loyalty_club_automatic, "AUTOMATIC_BATCH", 2)
        Cron = type(self.env["ir.cron"])
        self.patch(Cron, "_commit_progress", lambda cron, *args, **kwargs: 0)  # no time left after the first batch
        self.env["loyalty.club"]._cron_enrol_automatically()
        self.assertEqual(sum(map(self.is_member, customers)), 2)
        self.patch(Cron, "_commit_progress", lambda cron, *args, **kwargs: 60)
        self.env["loyalty.club"]._cron_enrol_automatically()
        self.assertEqual([len(self.memberships(customer)) for customer in customers], [1] * 5)

    def test_a_club_that_can_take_nobody_does_not_hold_up_the_order(self):
        self.club.write({"validity": "fixed", "validity_date": self.today - timedelta(days=1)})
        with self.assertLogs("odoo.addons.crm_loyalty.models.loyalty_club_automatic", "WARNING"):
            self.assertEqual(self.buy(self.siti).state, "sale")

    def test_merged_contacts_are_still_refused(self):
        self.club.refusal_ids = [(0, 0, {"partner_id": partner.id}) for partner in (self.siti, self.budi)]
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((self.siti | self.budi).ids, self.siti)
        self.env.invalidate_all()
        self.assertEqual(self.club.refusal_ids.mapped("partner_id"), self.siti)
        self.assertEqual(len(self.club.refusal_ids), 2)
