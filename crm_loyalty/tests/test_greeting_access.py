from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .occasion_case import NOON, OccasionCase


@tagged("post_install", "-at_install")
class TestGreetingAccess(OccasionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.greeting"].create(
            {"occasion_id": cls.occasion.id, "partner_id": cls.siti.id, "date": NOON.date(), "send_on": NOON.date()}
        )

    def test_a_clerk_reads_both_and_changes_nothing(self):
        for model in ("loyalty.occasion", "loyalty.greeting"):
            mine = self.env[model].with_user(self.clerk)
            self.assertTrue(mine.search([]), model)
            self.assertFalse([one for one in ("write", "create", "unlink") if mine.has_access(one)], model)
        for press in ("action_start", "action_stop", "action_preview"):
            with self.assertRaises(AccessError):
                getattr(self.occasion.with_user(self.clerk), press)()

    def test_nobody_writes_greetings_by_hand_and_only_a_manager_sends_again_or_prints(self):
        self.assertFalse(self.env["loyalty.greeting"].with_user(self.manager).has_access("write"))
        for press in ("action_send_again", "action_print"):
            with self.assertRaisesRegex(AccessError, "Only a club manager"):
                getattr(self.greetings().with_user(self.clerk), press)()

    def test_employees_and_customers_see_nothing_of_it(self):
        customer = new_test_user(self.env, "portal customer", "base.group_portal", partner_id=self.siti.id)
        for user in (self.employee, customer, self.env.ref("base.public_user")):
            for model in ("loyalty.occasion", "loyalty.greeting", "loyalty.occasion.preview"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_a_colleague_in_the_portal_reads_nobodys_birthday(self):
        colleague = new_test_user(self.env, "colleague of rina", "base.group_portal")
        colleague.partner_id.parent_id = self.textile
        self.assertTrue(self.rina.with_user(colleague).name)
        for name in ("birthday", "greeting_consent"):
            with self.assertRaises(AccessError):
                self.rina.with_user(colleague).read([name])

    def test_another_company_sees_nothing_of_it_and_greets_none_of_ours(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "crm_loyalty.group_club_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for model in ("loyalty.occasion", "loyalty.greeting"):
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
        theirs = self.env["loyalty.occasion"].with_user(stranger).create({"name": "Theirs"})
        theirs.action_start()
        with self.at(NOON):
            theirs.sudo()._plan(NOON)
        self.assertFalse(self.greetings(occasion=theirs.sudo()))
        with self.assertRaisesRegex(ValidationError, "of that company"):
            theirs.sudo().club_ids = self.club

    def test_a_preview_is_its_readers_own(self):
        with self.at(NOON):
            self.make_occasion(start=False).with_user(self.manager).action_preview()
        colleague = new_test_user(self.env, "colleague", "crm_loyalty.group_club_manager")
        previews = self.env["loyalty.occasion.preview"]
        self.assertTrue(previews.with_user(self.manager).search([]))
        self.assertFalse(previews.with_user(colleague).search([]))
