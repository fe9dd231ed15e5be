from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from .tier_case import TierCase


@tagged("post_install", "-at_install")
class TestTierRewards(TierCase):
    """Rewards for chosen tiers, and points times so much."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.env["loyalty.reward"].create(
            {
                "program_id": cls.club.program_id.id,
                "reward_type": "discount",
                "discount": 20,
                "required_points": 5,
                "tier_ids": [Command.set(cls.gold.ids)],
            }
        )

    def quoted_with_points(self, tier):
        member = self.member(tier=tier)
        member.card_id._book(50, "gift", f"gift-{tier.name}")
        return member, self.quotation(self.siti)

    def test_a_reward_of_gold_is_offered_to_gold(self):
        member, order = self.quoted_with_points(self.gold)
        self.assertIn(self.reward, order._get_claimable_rewards()[member.card_id])
        self.assertEqual(order._apply_program_reward(self.reward, member.card_id), {})
        self.assertIn(self.reward, order.order_line.reward_id)

    def test_it_is_not_offered_to_silver_and_refused_when_asked_for(self):
        member, order = self.quoted_with_points(self.silver)
        self.assertNotIn(self.reward, order._get_claimable_rewards()[member.card_id])
        answer = order._apply_program_reward(self.reward, member.card_id)
        self.assertIn("for members of these tiers: Gold", answer["error"])
        self.assertFalse(order.order_line.reward_id)

    def test_the_salespersons_wizard_refuses_it_as_well(self):
        member, order = self.quoted_with_points(self.silver)
        wizard = self.env["sale.loyalty.reward.wizard"].create(
            {"order_id": order.id, "selected_reward_id": self.reward.id}
        )
        self.assertNotIn(self.reward, wizard.reward_ids)
        order._update_programs_and_rewards()
        with self.assertRaises(UserError):
            order._get_reward_line_values(self.reward, member.card_id)

    def test_it_leaves_the_quotation_with_the_tier(self):
        member, order = self.quoted_with_points(self.gold)
        order._apply_program_reward(self.reward, member.card_id)
        member._change_tier(self.silver, "review")
        self.assertNotIn(self.reward, order.order_line.reward_id)

    def test_an_archived_tier_does_not_open_it(self):
        _member, order = self.quoted_with_points(self.silver)
        self.gold.active = False
        self.assertFalse(order._is_reward_for_customer(self.reward))

    def test_a_tier_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        club = self.make_club("Other club", company_id=other.id)
        with self.assertRaisesRegex(ValidationError, "must be of that company"):
            self.reward.tier_ids = club.tier_ids[:1]

    # ------------------------------------------------------------ points

    def test_gold_collects_more_points(self):
        self.gold.points_multiplier = 1.5
        member = self.member(tier=self.gold)
        self.quotation(self.siti, 100).action_confirm()
        self.assertEqual(member.card_id.points, 15)

    def test_others_collect_as_ever(self):
        self.gold.points_multiplier = 1.5
        member = self.member()
        self.quotation(self.siti, 100).action_confirm()
        self.assertEqual(member.card_id.points, 10)

    def test_points_are_rounded_down_to_two_decimals(self):
        self.gold.points_multiplier = 1.11
        member = self.member(tier=self.gold)
        self.quotation(self.siti, 77.77).action_confirm()  # 7.77 points, times 1.11: 8.6247
        self.assertAlmostEqual(member.card_id.points, 8.62, 6)

    def test_points_for_rupiah(self):
        rupiah = self.env.ref("base.IDR")
        rupiah.active = True
        rupiah.rounding = 1
        pricelist = self.env["product.pricelist"].create({"name": "Rupiah", "currency_id": rupiah.id})
        self.gold.points_multiplier = 2
        self.club.program_id.rule_ids.reward_point_amount = 1 / 10_000
        member = self.member(tier=self.gold)
        self.quotation(self.siti, 125_500, pricelist_id=pricelist.id).action_confirm()
        self.assertAlmostEqual(member.card_id.points, 25.1, 6)

    def test_a_contact_collects_for_its_company_times_so_much(self):
        self.gold.points_multiplier = 3
        member = self.member(self.rina, tier=self.gold)
        self.quotation(self.rina, 100).action_confirm()
        self.assertEqual(member.card_id.points, 30)

    def test_a_multiplier_of_nothing_is_refused(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.gold.points_multiplier = 0
            self.gold.flush_recordset()
