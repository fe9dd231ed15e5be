from odoo.addons.crm_analytics.hooks import uninstall_hook
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import RestrictViolation

from .segment_common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentPrograms(SegmentCase):
    """Core's programs and rewards for customers of some segments only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).action_archive()
        cls.lure = cls.segment(name="At risk", metric_domain=cls.at_risk)
        cls.coffee = cls.env["product.product"].create({"name": "Coffee", "list_price": 100.0, "taxes_id": []})
        cls.seller = new_test_user(
            cls.env, "seller", "sales_team.group_sale_salesman_all_leads", context={"no_reset_password": True}
        )

    def program(self, **values):
        return self.env["loyalty.program"].create(
            {
                "name": "Come back",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "company_id": self.company.id,
                "rule_ids": [(0, 0, {"minimum_qty": 0})],
                "reward_ids": [(0, 0, {"reward_type": "discount", "discount": 20, "discount_mode": "percent"})],
                **values,
            }
        )

    def order(self, partner):
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [(0, 0, {"product_id": self.coffee.id, "price_unit": 100.0, "tax_ids": []})],
            }
        )
        return order.with_user(self.seller)

    def claim(self, order):
        """What the button Reward does, with all that it offers."""
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            for reward in rewards:
                order._apply_program_reward(reward, coupon)
        return order.amount_total

    def test_a_program_for_a_segment_is_given_to_its_customers_and_to_nobody_else(self):
        self.program(segment_ids=self.lure.ids)
        self.assertEqual(self.claim(self.order(self.siti)), 80.0)
        self.assertEqual(self.claim(self.order(self.budi)), 100.0)
        self.assertFalse(self.order(self.budi).coupon_point_ids)

    def test_nobody_says_from_outside_to_which_segments_a_customer_belongs(self):
        self.program(segment_ids=self.lure.ids)
        order = self.order(self.budi)
        order = order.with_context(customer_segments_known=(order.id, tuple(self.lure.ids)))
        self.assertEqual(self.claim(order), 100.0)

    def test_a_contact_of_a_company_gets_what_his_company_gets(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True, "city": "Bandung"})
        worker = self.env["res.partner"].create({"name": "Worker", "parent_id": firm.id})
        self.figures(firm, churn_risk="high")
        self.program(segment_ids=self.lure.ids)
        self.assertEqual(self.claim(self.order(worker)), 80.0)

    def test_the_discount_falls_away_with_another_customer_and_when_he_left_the_segment(self):
        self.program(segment_ids=self.lure.ids)
        order, late = self.order(self.siti), self.order(self.siti)
        self.claim(order)
        order.partner_id = self.budi
        self.assertEqual(order.amount_total, 100.0)
        self.claim(late)
        self.siti.city = "Bogor"
        late.action_confirm()
        self.assertEqual(late.amount_total, 100.0)

    def test_a_code_of_a_program_for_a_segment_is_refused_to_others(self):
        self.program(
            segment_ids=self.lure.ids,
            trigger="with_code",
            program_type="promo_code",
            rule_ids=[(0, 0, {"mode": "with_code", "code": "COMEBACK", "minimum_qty": 0})],
        )
        self.assertIn("error", self.order(self.budi)._try_apply_code("COMEBACK"))
        self.assertNotIn("error", self.order(self.siti)._try_apply_code("COMEBACK"))

    def test_a_reward_for_a_segment_is_not_offered_to_others_nor_given_when_asked_for(self):
        program = self.program()
        program.reward_ids.segment_ids = self.lure
        self.assertEqual(self.claim(self.order(self.siti)), 80.0)
        order = self.order(self.budi)
        self.assertEqual(self.claim(order), 100.0)
        answer = order._apply_program_reward(program.reward_ids, order.coupon_point_ids.coupon_id)
        self.assertIn("other customers", answer["error"])

    def test_a_broken_rule_gives_the_program_to_nobody(self):
        self.program(segment_ids=self.lure.ids)
        self.env.flush_all()
        self.env.cr.execute(
            'UPDATE customer_segment SET partner_domain = \'[("gone", "=", 1)]\' WHERE id = %s', [self.lure.id]
        )
        self.lure.invalidate_recordset()
        self.assertEqual(self.claim(self.order(self.siti)), 100.0)

    def test_a_segment_in_use_is_not_deleted_and_archiving_it_opens_the_program_to_nobody(self):
        self.program(segment_ids=self.lure.ids)
        self.lure.active = False
        self.assertEqual(self.claim(self.order(self.budi)), 100.0)
        with self.assertRaises(RestrictViolation), mute_logger("odoo.sql_db"):
            self.lure.unlink()

    def test_a_program_for_a_segment_is_of_its_company(self):
        with self.assertRaisesRegex(ValidationError, "must be a program of that company"):
            self.program(segment_ids=self.lure.ids, company_id=False, currency_id=self.company.currency_id.id)

    def test_a_salesperson_does_not_read_for_which_segments_a_program_is(self):
        program = self.program(segment_ids=self.lure.ids)
        with self.assertRaises(AccessError):
            program.with_user(self.seller).read(["segment_ids"])

    def test_uninstalling_closes_what_was_for_some_customers_only(self):
        for_some, for_all = self.program(segment_ids=self.lure.ids), self.program()
        reward = for_all.reward_ids.copy({"segment_ids": self.lure.ids})
        uninstall_hook(self.env)
        self.assertEqual((for_some.active, reward.active, for_all.active), (False, False, True))

    def test_orders_ask_nothing_where_no_program_is_for_a_segment(self):
        order = self.order(self.siti)
        self.assertEqual(self.env["loyalty.program"]._segment_ids_in_use(), ())
        with self.assertQueryCount(0):
            order._segment_ids_of_customer()
