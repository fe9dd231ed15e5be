from unittest import SkipTest

from odoo import fields
from odoo.addons.crm_analytics.tests.segment_common import SegmentCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestTillPrograms(SegmentCase):
    """The till knows no segments: a program for some customers only is at no till, rather than everybody's there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "pos_ok" not in cls.env["loyalty.program"]._fields:
            raise SkipTest("Odoo's programs at the till (pos_loyalty) are not installed.")
        if not cls.env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", cls.company.id)]):
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        cls.till = cls.env["pos.config"].create({"name": "Till of segments"})
        cls.lure = cls.segment(name="At risk", metric_domain=cls.at_risk)
        cls.for_all, cls.for_some = (cls.program(name) for name in ("For all", "Come back"))

    @classmethod
    def program(cls, name, **values):
        return cls.env["loyalty.program"].create({
            "name": name,
            "program_type": "coupons",
            "applies_on": "current",
            "company_id": cls.company.id,
            "reward_ids": [(0, 0, {"reward_type": "discount", "discount": 20, "discount_mode": "percent"})],
            **values,
        })  # fmt: skip

    def at_the_till(self):
        """:returns: those of our programs that the till loads, by core's own method"""
        programs = self.env["loyalty.program"]
        loaded = programs.search(programs._load_pos_data_domain({}, self.till))
        return loaded & (self.for_all + self.for_some)

    def coupon(self, program, partner):
        """:returns: what the till is answered when a customer's coupon is scanned"""
        card = self.env["loyalty.card"].create({"program_id": program.id, "partner_id": partner.id, "points": 1})
        now, pricelist = fields.Datetime.to_string(fields.Datetime.now()), self.till.pricelist_id
        return self.till.use_coupon_code(card.code, now, partner.id, pricelist.id)["successful"]

    def test_a_program_is_at_the_till_until_it_is_for_a_segment(self):
        self.assertEqual(self.at_the_till(), self.for_all + self.for_some)
        self.for_some.segment_ids = self.lure
        self.assertEqual(self.at_the_till(), self.for_all)

    def test_a_program_with_a_reward_for_a_segment_is_not_at_the_till(self):
        self.for_some.reward_ids.segment_ids = self.lure
        self.assertEqual(self.at_the_till(), self.for_all)

    def test_neither_a_member_of_the_segment_nor_anybody_else_uses_its_coupon_at_the_till(self):
        self.for_some.segment_ids = self.lure
        for partner in (self.siti, self.budi):
            self.assertTrue(self.coupon(self.for_all, partner))
            self.assertFalse(self.coupon(self.for_some, partner))

    def test_it_cannot_be_brought_to_the_till_by_hand_while_it_is_for_a_segment(self):
        self.for_some.segment_ids = self.lure
        self.for_some.pos_ok = True
        self.assertEqual(self.at_the_till(), self.for_all)
        self.for_some.write({"segment_ids": [(5,)], "pos_ok": True})
        self.assertEqual(self.at_the_till(), self.for_all + self.for_some)
