from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .tier_case import TierCase


@tagged("post_install", "-at_install")
class TestTierPreview(TierCase):
    """Other thresholds: who would move is seen before anybody does."""

    def preview(self, user=None, **thresholds):
        action = self.club.with_user(user or self.manager).action_preview_tiers()
        wizard = self.env["loyalty.tier.preview"].with_user(user or self.manager).browse(action["res_id"])
        for name, threshold in thresholds.items():
            wizard.line_ids.filtered(lambda line, name=name: line.tier_id.name == name).threshold = threshold
        wizard.action_preview()
        return wizard

    def moves(self, wizard):
        return {(m.from_tier_id.name, m.to_tier_id.name, m.when): m.count for m in wizard.move_ids}

    def some_members(self):
        siti, budi, textile = (self.member(partner) for partner in (self.siti, self.budi, self.textile))
        self.bought(self.siti, 600)
        self.bought(self.budi, 1200)
        self.bought(self.textile, 6000)
        return siti, budi, textile

    def test_it_tells_who_would_go_up_at_once_and_who_down_at_the_review(self):
        self.some_members()
        wizard = self.preview(Silver=500, Gold=8000)
        self.assertEqual(self.moves(wizard), {("Green", "Silver", "now"): 1, ("Gold", "Silver", "review"): 1})
        self.assertEqual(wizard.stay_count, 1)

    def test_nothing_has_changed_by_looking(self):
        members = self.Membership.union(*self.some_members())
        rows = self.rows(members)
        self.preview(Silver=500, Gold=8000)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.rows(members), rows)
        self.assertEqual((self.silver.threshold, self.gold.threshold), (1000, 5000))

    def test_a_line_opens_its_members(self):
        siti, _budi, textile = self.some_members()
        up, down = self.preview(Silver=500, Gold=8000).move_ids.sorted("when")
        found = [self.Membership.search(move.action_open_members()["domain"]) for move in (up, down)]
        self.assertEqual(found, [siti, textile])

    def test_with_one_step_down_that_is_what_it_shows(self):
        *_others, _textile = self.some_members()
        wizard = self.preview(Silver=7000, Gold=8000)
        self.assertEqual(self.moves(wizard)["Gold", "Green", "review"], 1)
        wizard.downgrade = "one_step"
        wizard.action_preview()
        self.assertEqual(self.moves(wizard)["Gold", "Silver", "review"], 1)
        wizard.downgrade = "never"
        wizard.action_preview()
        self.assertFalse(wizard.move_ids)

    def test_another_metric_is_previewed_as_well(self):
        self.some_members()
        self.bought(self.siti, 10)
        wizard = self.preview()
        wizard.metric = "orders"
        for line, threshold in zip(wizard.line_ids, (5, 2, 0), strict=True):
            line.threshold = threshold
        wizard.action_preview()
        self.assertEqual(
            self.moves(wizard),
            {
                ("Green", "Silver", "now"): 1,
                ("Gold", "Green", "review"): 1,
                ("Silver", "Green", "review"): 1,
            },
        )

    def test_who_was_lowered_by_hand_does_not_move(self):
        siti, *_others = self.some_members()
        siti._change_tier(self.gold, "raffle")
        siti._change_tier(self.green, "fraud")
        self.bought(self.siti, 5000)
        self.assertFalse(self.preview().move_ids)

    def test_applied_it_does_what_it_said_and_the_log_has_the_reason(self):
        siti, budi, textile = self.some_members()
        wizard = self.preview(Silver=500, Gold=8000)
        wizard.reason = "more for everybody"
        wizard.action_apply()
        self.assertEqual((siti.tier_id, budi.tier_id, textile.tier_id), (self.silver, self.silver, self.gold))
        self.assertIn("more for everybody", siti.log_ids.sorted("id")[-1].reason)
        self.assertIn("Silver: 1000 → 500", self.club.message_ids[0].body)

    def test_it_is_not_applied_without_a_reason_or_without_looking(self):
        self.some_members()
        wizard = self.preview(Silver=500)
        with self.assertRaisesRegex(UserError, "Enter the reason"):
            wizard.action_apply()
        wizard.reason = "because"
        wizard.line_ids[1].threshold = 400
        with self.assertRaisesRegex(UserError, "Look at the preview"):
            wizard.action_apply()
        self.assertEqual(self.silver.threshold, 1000)

    def test_a_better_tier_that_is_easier_to_earn_is_refused(self):
        with self.assertRaisesRegex(UserError, "its threshold must be higher"):
            self.preview(Silver=9000)

    def test_it_is_one_statement(self):
        self.some_members()
        wizard = self.preview()
        with self.assertLogs("odoo.sql_db", "DEBUG") as log:
            wizard.action_preview()
        looked = [line for line in log.output if "FROM loyalty_membership member" in line and "sale_order" in line]
        self.assertEqual(len(looked), 1)

    def test_only_a_manager_previews(self):
        with self.assertRaises(AccessError):
            self.club.with_user(self.clerk).action_preview_tiers()
        with self.assertRaises(AccessError):
            self.env["loyalty.tier.preview"].with_user(self.clerk).create(
                {"club_id": self.club.id, "period": "rolling"}
            )

    def test_a_manager_of_another_company_does_not(self):
        other = self.env["res.company"].create({"name": "Other"})
        club = self.make_club("Other club", company_id=other.id)
        with self.assertRaises(AccessError):
            club.with_user(self.manager).action_preview_tiers()
        wizard = (
            self.env["loyalty.tier.preview"]
            .with_user(self.manager)
            .create({"club_id": club.id, "period": "rolling", "downgrade": "earned"})
        )
        with self.assertRaises(AccessError):
            wizard.action_preview()

    def test_the_club_wizard_makes_tiers_with_thresholds(self):
        wizard = self.env["loyalty.club.wizard"].create({"name": "New", "qualification_metric": "spend"})
        for tier, threshold in zip(wizard.tier_ids, (900, 300, 0), strict=True):
            tier.threshold = threshold
        club = self.env["loyalty.club"].browse(wizard.action_create()["res_id"])
        self.assertEqual(club.tier_ids.sorted("sequence").mapped("threshold"), [900, 300, 0])
        self.assertEqual(club.qualification_metric, "spend")


@tagged("post_install", "-at_install")
class TestTierPreviewTour(TierCase, HttpCase):
    def test_a_manager_previews_other_thresholds_and_applies_them(self):
        member = self.member()
        self.bought(self.siti, 600)
        self.start_tour(f"/odoo/clubs/{self.club.id}", "crm_loyalty_preview_tiers", login="club manager")
        self.assertEqual((self.silver.threshold, member.tier_id), (500, self.silver))
        self.assertIn("easier to reach", member.log_ids.sorted("id")[-1].reason)
