from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestForeignCards(ClubCase):
    """Core lets anybody use a coupon written on another customer."""

    def coupon(self, partner, program_type="coupons"):
        program = self.env["loyalty.program"].create(
            {
                "name": "Coupon",
                "program_type": program_type,
                "applies_on": "current",
                "trigger": "with_code",
                "rule_ids": [Command.clear()],
                "reward_ids": [Command.create({"discount": 10})],
            }
        )
        return self.env["loyalty.card"].create({"program_id": program.id, "partner_id": partner.id, "points": 1})

    def test_somebody_elses_coupon_is_refused_with_the_reason(self):
        coupon = self.coupon(self.siti)
        order = self.quotation(self.budi)
        self.assertIn("belongs to another customer", order._try_apply_code(coupon.code)["error"])
        self.assertPrice(order, 100)

    def test_an_anonymous_visitor_is_asked_to_log_in(self):
        order = self.quotation(self.env.ref("base.public_partner"))
        self.assertIn("Log in", order._try_apply_code(self.coupon(self.siti).code)["error"])

    def test_ones_own_coupon_is_taken(self):
        coupon = self.coupon(self.siti)
        self.assertIn(coupon, self.quotation(self.siti)._try_apply_code(coupon.code))

    def test_the_coupon_of_a_company_is_taken_from_its_contact(self):
        coupon = self.coupon(self.textile)
        self.assertIn(coupon, self.quotation(self.rina)._try_apply_code(coupon.code))

    def test_the_coupon_of_a_colleague_is_refused(self):
        coupon = self.coupon(self.rina)
        self.assertIn("error", self.quotation(self.textile)._try_apply_code(coupon.code))

    def test_a_coupon_of_nobody_is_anybodys(self):
        coupon = self.coupon(self.env["res.partner"])
        self.assertIn(coupon, self.quotation(self.budi)._try_apply_code(coupon.code))

    def test_a_gift_card_is_its_holders(self):
        self.assertTrue(self.coupon(self.siti, "gift_card")._is_usable_by(self.budi))

    def test_the_wizard_for_codes_refuses_it_too(self):
        wizard = self.env["sale.loyalty.coupon.wizard"].with_user(self.seller)
        order = self.quotation(self.budi, user_id=self.seller.id)
        with self.assertRaisesRegex(ValidationError, "belongs to another customer"):
            wizard.create({"order_id": order.id, "coupon_code": self.coupon(self.siti).code}).action_apply()
        self.assertPrice(order, 100)
        self.assertFalse(order.applied_coupon_ids)

    def test_the_wizard_for_rewards_gives_nothing_for_a_coupon_put_on_the_order_by_remote_call(self):
        coupon = self.coupon(self.siti)
        order = self.quotation(self.budi, user_id=self.seller.id).with_user(self.seller)
        order.applied_coupon_ids = coupon
        order.action_open_reward_wizard()
        order.applied_coupon_ids = coupon
        wizard = self.env["sale.loyalty.reward.wizard"].with_user(self.seller).create({"order_id": order.id})
        wizard.selected_reward_id = coupon.program_id.reward_ids
        wizard.action_apply()
        self.assertPrice(order, 100)
        self.assertFalse(order.applied_coupon_ids)

    def test_the_coupon_goes_when_the_customer_of_the_order_changes(self):
        coupon = self.coupon(self.siti)
        order = self.quotation(self.siti)
        order._try_apply_code(coupon.code)
        order._apply_program_reward(coupon.program_id.reward_ids, coupon)
        self.assertPrice(order, 90)
        order.partner_id = self.budi
        order._update_programs_and_rewards()
        self.assertPrice(order, 100)
        self.assertFalse(order.applied_coupon_ids)
