from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ClubCase

OURS = ("loyalty.club", "loyalty.membership", "loyalty.membership.log")


@tagged("post_install", "-at_install")
class TestAccess(ClubCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.membership = cls.club._enrol(cls.siti, tier=cls.gold)
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        cls.stranger = new_test_user(
            cls.env,
            "stranger",
            "crm_loyalty.group_club_manager,sales_team.group_sale_manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )

    def test_a_plain_employee_reads_nothing_of_ours(self):
        for model in OURS:
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.employee).search([])

    def test_a_clerk_reads_but_writes_nothing(self):
        for record in (self.club, self.membership, self.membership.log_ids):
            as_clerk = record.with_user(self.clerk)
            self.assertTrue(as_clerk.has_access("read"))
            for operation in ("write", "create", "unlink"):
                self.assertFalse(as_clerk.has_access(operation), (record, operation))

    def test_even_a_manager_changes_memberships_by_the_buttons_only(self):
        with self.assertRaises(AccessError):
            self.membership.with_user(self.manager).write({"tier_id": self.silver.id})
        with self.assertRaises(AccessError):
            self.membership.with_user(self.manager).unlink()

    def test_another_company_sees_no_club_member_tier_or_log(self):
        for model in OURS:
            self.assertFalse(self.env[model].with_user(self.stranger).search([]), model)
        tiers = self.env["res.partner.grade"].with_user(self.stranger).search([])
        self.assertFalse(tiers & self.club.tier_ids)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_another_company_changes_nothing(self):
        with self.assertRaises(AccessError):
            self.membership.with_user(self.stranger)._end("not yours")
        with self.assertRaises(AccessError):
            self.club.with_user(self.stranger)._enrol(self.budi)
        with self.assertRaises(AccessError):
            self.membership.with_user(self.stranger)._change_tier(self.silver, "not yours")

    def test_another_company_counts_no_members(self):
        self.assertEqual(self.siti.with_user(self.stranger).membership_count, 0)
        self.assertFalse(self.siti.with_user(self.stranger)._running_memberships())
        self.assertEqual(self.siti.with_user(self.stranger)._customer_badges()[self.siti.id], [])

    def test_a_plain_employee_reads_a_contact_without_its_clubs(self):
        self.assertEqual(self.siti.with_user(self.employee)._customer_badges()[self.siti.id], [])
        methods = [button["method"] for button in self.siti.with_user(self.employee)._front_desk_buttons()]
        self.assertNotIn("action_enrol_in_club", methods)

    def test_a_salesperson_does_not_restrict_or_open_programs(self):
        with self.assertRaises(AccessError):
            self.gold.program_id.with_user(self.seller).tier_ids = False
        with self.assertRaises(AccessError):
            self.gold.with_user(self.seller).discount = 90

    def test_portal_and_public_reach_nothing_but_their_own(self):
        customer = new_test_user(self.env, "portal customer", "base.group_portal")
        public = self.env.ref("base.public_user")
        self.assertFalse(self.env["loyalty.membership"].with_user(customer).search([]))
        for user, models in ((customer, ("loyalty.club", "loyalty.membership.log")), (public, OURS)):
            for model in models:
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_a_note_is_left_by_a_clerk(self):
        self.membership.with_user(self.clerk).message_post(body="Lost the card")
        self.assertIn("Lost the card", self.membership.message_ids[0].body)
