from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ClubCase

# What is kept beside memberships.
BESIDE = (
    "loyalty.membership.freeze",
    "loyalty.membership.fee",
    "loyalty.membership.reminder",
    "loyalty.club.refusal",
)


@tagged("post_install", "-at_install")
class TestMembershipAccess(ClubCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.membership = cls.club._enrol(cls.siti)
        cls.membership._freeze(None, cls.today + timedelta(days=9), "abroad")
        common = {"membership_id": cls.membership.id}
        cls.env["loyalty.membership.fee"].create({**common, "date_from": cls.today})
        cls.env["loyalty.membership.reminder"].create({**common, "date_end": cls.today})
        cls.env["loyalty.club.refusal"].create(
            {"club_id": cls.club.id, "partner_id": cls.budi.id, "reason": "a dealer of Budi's name"}
        )

    def as_user(self, user):
        return [self.env[model].with_user(user) for model in BESIDE]

    def test_a_clerk_reads_but_writes_nothing(self):
        for model in self.as_user(self.clerk):
            self.assertTrue(model.search([]), model)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(model.has_access(operation), (model, operation))

    def test_a_manager_refuses_but_writes_no_freeze_fee_or_reminder(self):
        *closed, refusals = self.as_user(self.manager)
        self.assertTrue(refusals.has_access("create"))
        self.assertFalse([model for model in closed if model.has_access("write") or model.has_access("create")])

    def test_a_user_with_the_right_renews_and_freezes_and_does_no_more(self):
        self.club.write({"validity": "rolling", "validity_months": 12})
        member = self.club._enrol(self.budi)
        desk = new_test_user(self.env, "desk", "crm_loyalty.group_club_desk,base.group_partner_manager")
        end = member.date_end
        context = member.with_user(desk).action_renew()["context"]
        wizard = self.env["loyalty.membership.wizard"].with_user(desk).with_context(**context)
        wizard.create({"reason": "paid at the desk"}).action_apply()
        self.assertGreater(member.date_end, end)
        member.with_user(desk)._freeze(None, self.today + timedelta(days=9), "abroad")
        self.assertEqual(member.state, "frozen")
        member.with_user(desk)._unfreeze("back")
        self.assertEqual(member.log_ids.user_id, desk | self.env.user)
        for change in (lambda m: m._end("no"), lambda m: m._change_tier(self.gold, "no"), lambda m: m.action_end()):
            with self.assertRaisesRegex(AccessError, "Only a club manager"):
                change(member.with_user(desk))
        with self.assertRaises(AccessError):
            member.with_user(desk).write({"date_end": end})

    def test_what_is_sold_is_renewed_by_selling_it(self):
        self.club.write({"validity": "rolling", "validity_months": 12})
        member = self.club._enrol(self.budi)
        fee = self.env["loyalty.club"]._make_fee_product("Kopi Braga Club", 50, self.company)
        self.club.write({"enrolment": "paid", "fee_product_id": fee.id})
        desk = new_test_user(self.env, "desk", "crm_loyalty.group_club_desk")
        with self.assertRaisesRegex(AccessError, "by selling “Membership: Kopi Braga Club”"):
            member.with_user(desk)._renew("a friend")
        self.assertTrue(member.with_user(self.manager)._renew("a present"))

    def test_without_the_right_nobody_renews_or_freezes(self):
        for work in (
            lambda m: m._renew("no"),
            lambda m: m._freeze(None, None, "no"),
            lambda m: m._unfreeze("no"),
            lambda m: m.action_renew(),
        ):
            with self.assertRaisesRegex(AccessError, "Renews and Freezes"):
                work(self.membership.with_user(self.clerk))

    def test_employees_customers_and_visitors_read_nothing_of_it(self):
        customer = new_test_user(self.env, "portal customer", "base.group_portal")
        for user in (self.employee, customer, self.env.ref("base.public_user")):
            for model in self.as_user(user):
                with self.assertRaises(AccessError):
                    model.search([])

    def test_another_company_sees_nothing_of_it(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "crm_loyalty.group_club_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for model in self.as_user(stranger):
            self.assertFalse(model.search([]), model)

    def test_a_freeze_counts_for_a_reader_who_may_not_see_it(self):
        customer = new_test_user(self.env, "siti of the portal", "base.group_portal", partner_id=self.siti.id)
        Membership = self.env["loyalty.membership"].with_user(customer)
        self.assertTrue(Membership.search([("id", "=", self.membership.id)]))
        self.assertFalse(Membership.search(Membership._running_domain(self.today)))

    def test_anonymising_empties_why_somebody_is_refused(self):
        self.budi.action_anonymise()
        self.budi._anonymise()
        self.assertFalse(self.env["loyalty.club.refusal"].search([("club_id", "=", self.club.id)]).reason)

    def test_the_privacy_look_up_finds_who_is_refused(self):
        self.budi.email = "budi@refused.example"
        wizard = self.env["privacy.lookup.wizard"].create({"name": "Budi", "email": "budi@refused.example"})
        wizard.action_lookup()
        self.assertIn("loyalty.club.refusal", wizard.line_ids.mapped("res_model"))
