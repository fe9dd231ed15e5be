from odoo.addons.crm_loyalty.hooks import uninstall_hook
from odoo.tests import tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestUninstall(ClubCase):
    def test_discounts_for_members_are_closed_and_not_opened_to_everybody(self):
        programs = self.club.program_id | self.club.tier_ids.program_id
        uninstall_hook(self.env)
        self.assertEqual(set(programs.mapped("active")), {False})

    def test_rewards_and_price_lists_of_tiers_are_closed_as_well(self):
        reward = self.club.program_id.reward_ids.copy({"tier_ids": self.gold.ids})
        pricelist = self.env["product.pricelist"].create({"name": "Gold"})
        self.gold.default_pricelist_id = pricelist
        uninstall_hook(self.env)
        self.assertEqual((reward.active, pricelist.active), (False, False))
