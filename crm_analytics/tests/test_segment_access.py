from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .segment_common import SegmentCase

MODELS = ("customer.segment", "customer.segment.member", "customer.segment.size")


@tagged("post_install", "-at_install")
class TestSegmentAccess(SegmentCase):
    """Nobody learns through a segment of contacts or figures that he may not read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other shop"})
        quiet = {"no_reset_password": True, "tracking_disable": True}
        cls.employee = new_test_user(cls.env, "employee", "base.group_user", context=quiet)
        cls.visitor = new_test_user(cls.env, "visitor", "base.group_portal", context=quiet)
        cls.colleague = new_test_user(
            cls.env, "colleague", "base.group_user,crm_analytics.group_analytics_user", context=quiet
        )
        cls.manager = new_test_user(
            cls.env, "manager", "base.group_user,crm_analytics.group_analytics_manager", context=quiet
        )
        cls.stranger = new_test_user(
            cls.env,
            "stranger",
            "base.group_user,base.group_partner_manager,crm_analytics.group_analytics_manager",
            context=quiet,
            company_id=cls.other.id,
            company_ids=cls.other.ids,
        )
        cls.mine = cls.Segment.with_user(cls.analyst).create(
            {"name": "Mine", "partner_domain": cls.of_bandung, "kind": "static"}
        )
        cls.mine.sudo()._store_sizes()

    def hide(self, partner):
        """A contact that analysts may not read, by a rule of the house."""
        self.env["ir.rule"].create(
            {
                "name": "Secret customers",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {partner.id})]",
            }
        )

    def test_employees_and_portal_users_read_and_do_nothing(self):
        for user in (self.employee, self.visitor):
            segment = self.mine.with_user(user)
            for call in (
                *(lambda model=model, user=user: self.env[model].with_user(user).search([]) for model in MODELS),
                lambda segment=segment: segment.read(["member_count"]),
                segment.action_open_members,
                segment.action_refresh,
                segment.action_take_over,
                segment.action_plan_calls,
                lambda user=user: self.env["res.partner"]
                .with_user(user)
                .search([("customer_segment_ids", "in", self.mine.ids)]),
                lambda user=user: self.siti.with_user(user).read(["customer_segment_ids"]),
                lambda user=user: self.Segment.with_user(user).create({"name": "x"}),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call()

    def test_a_segment_of_another_company_is_not_seen_nor_changed_nor_asked(self):
        theirs = self.env(user=self.stranger.id, context={})
        segment = self.mine.with_env(theirs)
        self.assertNotIn(self.mine, theirs["customer.segment"].search([]))
        self.assertFalse(theirs["customer.segment.size"].search([("segment_id", "=", self.mine.id)]))
        for call in (
            lambda: segment.read(["name"]),
            lambda: segment.write({"name": "x"}),
            segment.action_refresh,
            segment.action_take_over,
            segment.action_open_members,
            segment.unlink,
        ):
            with self.assertRaises(AccessError):
                call()
        partners = theirs["res.partner"]
        for field in ("customer_segment_ids", "came_to_segment_ids", "left_segment_ids"):
            self.assertFalse(partners.search([(field, "in", self.mine.ids)]))
        with self.assertRaises(AccessError):
            theirs["customer.segment"].create({"name": "x", "company_id": self.company.id})

    def test_users_change_their_own_segments_and_administrators_all(self):
        for call in (
            lambda: self.mine.with_user(self.colleague).write({"name": "x"}),
            self.mine.with_user(self.colleague).action_refresh,
            self.mine.with_user(self.colleague).unlink,
        ):
            with self.assertRaises(AccessError):
                call()
        self.mine.with_user(self.manager).name = "Renamed"
        self.assertEqual(self.mine.user_id, self.analyst)

    def test_a_rule_finds_what_its_owner_may_read_and_not_more(self):
        self.hide(self.budi)
        live = self.Segment.with_user(self.analyst).create({"name": "Live", "partner_domain": self.of_bandung})
        self.assertNotIn(self.budi, self.members(live))
        self.mine.with_user(self.analyst).action_refresh()
        stored = self.env["customer.segment.member"].search([("segment_id", "=", self.mine.id)])
        self.assertEqual(stored.partner_id, self.siti + self.agus)

    def test_a_reader_sees_and_counts_only_members_whom_he_may_read(self):
        self.hide(self.budi)
        everybody = self.Segment.create({"name": "All", "partner_domain": self.of_bandung})  # asked with all rights
        self.assertEqual(everybody.with_user(self.colleague).member_count, 2)
        self.assertEqual(self.mine.with_user(self.colleague).member_count, 2)  # stored before he was hidden
        partners = self.env["res.partner"].with_user(self.colleague)
        found = partners.search([("customer_segment_ids", "in", self.mine.ids)])
        self.assertEqual(found, self.siti + self.agus)

    def test_who_writes_a_rule_becomes_its_owner_and_nobody_lends_himself_other_rights(self):
        for values in ({"user_id": self.env.ref("base.user_admin").id}, {"user_id": 1}):
            with self.assertRaises(AccessError):
                self.mine.with_user(self.manager).write(values)
            with self.assertRaises(AccessError):
                self.Segment.with_user(self.analyst).create({"name": "x", **values})
        self.mine.with_user(self.manager).partner_domain = "[]"
        self.assertEqual(self.mine.user_id, self.manager)

    def test_a_rule_over_what_its_owner_may_not_read_is_refused(self):
        with self.assertRaisesRegex(UserError, "may not read"):
            self.Segment.with_user(self.analyst).create(
                {"name": "x", "partner_domain": "[('ticket_ids.name', '=', 'x')]"}
            )

    def test_an_owner_who_left_says_so_and_who_takes_over_is_asked_instead(self):
        live = self.Segment.with_user(self.analyst).create({"name": "Live", "partner_domain": self.of_bandung})
        self.analyst.active = False
        self.assertIn("Take the segment over", live.with_user(self.manager).problem)
        live.with_user(self.manager).action_take_over()
        self.assertEqual(live.with_user(self.manager).member_count, 3)

    def test_an_owner_who_may_not_read_figures_any_more_finds_nobody(self):
        live = self.Segment.with_user(self.analyst).create({"name": "Live", "metric_domain": self.at_risk})
        self.analyst.group_ids -= self.env.ref("crm_analytics.group_analytics_user")
        with self.assertRaises(UserError):
            self.members(live)
