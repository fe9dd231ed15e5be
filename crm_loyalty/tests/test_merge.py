from odoo.tests import tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestMerge(ClubCase):
    def merge(self, sources, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((sources | target).ids, target)
        self.env.invalidate_all()

    def test_memberships_survive_and_one_stays_open(self):
        memberships = self.club._enrol(self.siti | self.budi)
        self.merge(self.budi, self.siti)
        self.assertEqual(memberships.exists(), memberships)
        self.assertEqual(memberships.partner_id, self.siti)
        self.assertEqual(memberships.commercial_partner_id, self.siti)
        self.assertEqual(memberships.mapped("state"), ["running", "ended"])
        self.assertIn("merged", memberships[1].log_ids.mapped("event"))

    def test_what_the_history_tells_of_them_goes_along_as_a_rebuild_says(self):
        entries = self.env["contact.history.entry"]

        def told():
            entries._sync()
            rows = entries.search([("kind", "=", "membership"), ("partner_id", "in", (self.siti | self.budi).ids)])
            return sorted((row.partner_id.id, row.commercial_partner_id.id, row.res_id) for row in rows)

        self.club._enrol(self.siti | self.budi)
        entries._sync()
        self.merge(self.budi, self.siti)
        kept = told()
        self.assertEqual(len(kept), 3)  # both have joined, and one was merged
        self.assertEqual({partner for partner, *_rest in kept}, {self.siti.id})
        entries.search([("kind", "=", "membership")]).unlink()
        self.env["contact.history.rebuild"]._backfill()
        self.assertEqual(told(), kept)

    def test_points_are_conserved_on_the_card_of_the_open_membership(self):
        siti, budi = self.club._enrol(self.siti | self.budi)
        siti.card_id.points, budi.card_id.points = 30, 12
        self.merge(self.budi, self.siti)
        self.assertEqual(siti.card_id.points, 42)
        self.assertTrue(siti.card_id.active)
        self.assertEqual(budi.card_id.points, 0)

    def test_the_better_tier_is_kept(self):
        siti = self.club._enrol(self.siti, tier=self.green)
        self.club._enrol(self.budi, tier=self.gold)
        self.merge(self.budi, self.siti)
        self.assertEqual(siti.tier_id, self.gold)
        self.assertEqual(self.siti.grade_id, self.gold)

    def test_three_at_once(self):
        third = self.env["res.partner"].create({"name": "Siti R."})
        memberships = self.club._enrol(self.siti | self.budi | third)
        for points, membership in enumerate(memberships, start=1):
            membership.card_id.points = points
        self.merge(self.budi | third, self.siti)
        self.assertEqual(memberships.mapped("state"), ["running", "ended", "ended"])
        self.assertEqual(memberships[0].card_id.points, 6)

    def test_a_target_that_is_no_member_becomes_one(self):
        third = self.env["res.partner"].create({"name": "Siti R."})
        memberships = self.club._enrol(self.budi | third)
        memberships[1].card_id.points = 8
        self.merge(self.budi | third, self.siti)
        kept = memberships.filtered(lambda m: m.state == "running")
        self.assertEqual((kept.partner_id, len(kept)), (self.siti, 1))
        self.assertEqual((kept.card_id.points, kept.card_id.active), (8, True))
        self.assertPrice(self.quotation(self.siti), 95)

    def test_memberships_of_different_clubs_all_stay_open(self):
        other = self.make_club("Klub Teh")
        memberships = self.club._enrol(self.siti) | other._enrol(self.budi)
        self.merge(self.budi, self.siti)
        self.assertEqual(set(memberships.mapped("state")), {"running"})

    def test_a_contact_merged_into_its_company_shares_the_customer(self):
        self.club.member_level = "person"
        membership = self.club._enrol(self.siti)
        self.merge(self.siti, self.rina)
        self.assertEqual((membership.partner_id, membership.commercial_partner_id), (self.rina, self.textile))

    def test_the_privacy_look_up_finds_memberships(self):
        self.siti.email = "siti@rahmawati.example"
        self.club._enrol(self.siti)
        wizard = self.env["privacy.lookup.wizard"].create({"name": "Siti", "email": "siti@rahmawati.example"})
        wizard.action_lookup()
        self.assertIn("loyalty.membership", wizard.line_ids.mapped("res_model"))
