from odoo.addons.crm_loyalty.hooks import uninstall_hook
from odoo.tests import tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestUninstall(ClubCase):
    def test_discounts_for_members_are_closed_and_not_opened_to_everybody(self):
        programs = self.club.program_id | self.club.tier_ids.program_id
        uninstall_hook(self.env)
        self.assertEqual(set(programs.mapped("active")), {False})
