from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestMembershipChanges(ClubCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.membership = cls.club._enrol(cls.siti, tier=cls.silver, reason="asked for it")

    def test_every_change_stands_in_the_log_with_its_reason(self):
        self.membership._change_tier(self.gold, "spent a lot")
        self.membership._end("moved away")
        self.assertEqual(
            self.membership.log_ids.sorted("id").mapped(
                lambda row: (row.event, row.old_tier_id, row.new_tier_id, row.reason)
            ),
            [
                ("enrolled", self.env["res.partner.grade"], self.silver, "asked for it"),
                ("tier", self.silver, self.gold, "spent a lot"),
                ("ended", self.env["res.partner.grade"], self.env["res.partner.grade"], "moved away"),
            ],
        )

    def test_a_whole_life_stands_in_the_log(self):
        self.club.write({"validity": "rolling", "validity_months": 12})
        membership = self.club._enrol(self.budi, reason="1")
        steps = [
            lambda: membership._renew("2"),
            lambda: membership._freeze(self.today, reason="3"),
            lambda: membership._unfreeze("4"),
            lambda: membership._freeze(self.today + timedelta(days=5), self.today + timedelta(days=9), "5"),
            lambda: membership._change_tier(self.gold, "6"),
            lambda: membership._end("7", self.today + timedelta(days=30)),
            lambda: membership._renew("8"),
            lambda: membership._end("9"),
            lambda: self.club._enrol(self.budi, reason="10"),
        ]
        for step in steps:
            step()
        log = self.env["loyalty.membership.log"].search([("partner_id", "=", self.budi.id)], order="id")
        events = ["enrolled", "renewed", "frozen", "unfrozen", "freeze_planned", "tier", "validity", "renewed", "ended"]
        self.assertEqual(log.mapped("event"), [*events, "returned"])
        for number, row in enumerate(log, start=1):
            self.assertIn(str(number), row.reason.split(": "))  # beside it may stand until when
        self.assertEqual(set(log.user_id), {self.env.user})

    def test_the_log_is_never_changed_or_deleted(self):
        with self.assertRaisesRegex(UserError, "never changed"):
            self.membership.log_ids.reason = "something else"
        with self.assertRaisesRegex(UserError, "never deleted"):
            self.membership.log_ids.unlink()

    def test_a_change_to_the_same_tier_is_none(self):
        self.membership._change_tier(self.silver, "again")
        self.assertEqual(len(self.membership.log_ids), 1)

    def test_a_tier_of_another_club_is_refused(self):
        with self.assertRaisesRegex(UserError, "is not a tier of"):
            self.membership._change_tier(self.make_club("Klub Teh").tier_ids[0], "mistake")
        self.assertEqual(self.membership.tier_id, self.silver)

    def test_only_a_manager_changes_and_ends(self):
        for user in (self.clerk, self.seller, self.employee):
            with self.assertRaises(AccessError):
                self.membership.with_user(user)._change_tier(self.gold, "my friend")
            with self.assertRaises(AccessError):
                self.membership.with_user(user)._end("my enemy")
        self.assertEqual((self.membership.tier_id, self.membership.state), (self.silver, "running"))

    def test_an_ended_membership_is_over(self):
        self.membership._end("moved away")
        self.assertEqual((self.membership.state, self.membership.ended_on), ("ended", self.today))
        for change in (lambda: self.membership._end("twice"), lambda: self.membership._change_tier(self.gold, "late")):
            with self.assertRaisesRegex(UserError, "has ended"):
                change()

    def test_it_counted_until_the_day_before(self):
        self.membership.date_start = self.today - timedelta(days=5)
        self.membership._end("moved away")
        self.assertFalse(self.siti._running_memberships())
        self.assertEqual(self.siti._running_memberships(date=self.today - timedelta(days=1)), self.membership)
        self.assertFalse(self.siti._running_memberships(date=self.today - timedelta(days=6)))

    def test_a_later_end_shortens_it(self):
        self.membership._end("notice given", self.today + timedelta(days=10))
        self.assertEqual((self.membership.state, self.membership.date_end), ("running", self.today + timedelta(days=9)))
        self.assertTrue(self.siti._running_memberships(date=self.today + timedelta(days=9)))
        self.assertFalse(self.siti._running_memberships(date=self.today + timedelta(days=10)))

    def test_a_manager_changes_the_tier_with_a_reason(self):
        action = self.membership.with_user(self.manager).action_change_tier()
        wizard = Form(self.env["loyalty.membership.wizard"].with_user(self.manager).with_context(**action["context"]))
        wizard.tier_id, wizard.reason = self.gold, "spent a lot"
        wizard.save().action_apply()
        self.assertEqual(self.membership.tier_id, self.gold)

    def test_a_manager_ends_it_with_a_reason(self):
        action = self.membership.with_user(self.manager).action_end()
        wizard = Form(self.env["loyalty.membership.wizard"].with_user(self.manager).with_context(**action["context"]))
        wizard.reason = "moved away"
        wizard.save().action_apply()
        self.assertEqual(self.membership.state, "ended")
        self.assertFalse(self.siti.grade_id)

    def test_a_quotation_that_cannot_be_priced_does_not_hold_up_the_end(self):
        order = self.quotation(self.siti)

        def refuse(order):
            raise UserError(order.name)

        self.patch(type(order), "_update_programs_and_rewards", refuse)
        with self.assertLogs("odoo.addons.crm_loyalty.models.res_partner", "WARNING"):
            self.membership._end("moved away")
        self.assertEqual(self.membership.state, "ended")
