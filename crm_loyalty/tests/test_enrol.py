from datetime import timedelta

from odoo import Command
from odoo.addons.crm_loyalty.models import card_number
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestEnrol(ClubCase):
    def test_enrolling_issues_a_card_of_the_points_program(self):
        membership = self.club._enrol(self.siti)
        self.assertEqual(membership.card_id.program_id, self.club.program_id)
        self.assertEqual(membership.card_id.partner_id, self.siti)
        self.assertTrue(card_number.is_valid(membership.card_code))
        self.assertTrue(membership.card_code.startswith("044"))

    def test_a_new_member_begins_today_in_the_lowest_tier(self):
        membership = self.club._enrol(self.siti)
        self.assertEqual(membership.tier_id, self.green)
        self.assertEqual((membership.state, membership.date_start), ("running", self.today))

    def test_a_clerk_enrols_from_the_front_desk(self):
        action = self.siti.with_user(self.clerk).action_enrol_in_club()
        wizard = Form(self.env["loyalty.enrol.wizard"].with_user(self.clerk).with_context(**action["context"]))
        wizard.club_id = self.club
        result = wizard.save().action_enrol()
        membership = self.env["loyalty.membership"].browse(result["res_id"])
        self.assertEqual((membership.partner_id, membership.tier_id), (self.siti, self.green))
        self.assertEqual(membership.log_ids.user_id, self.clerk)

    def test_a_clerk_does_not_give_a_better_tier(self):
        with self.assertRaisesRegex(AccessError, "Only a club manager gives"):
            self.club.with_user(self.clerk)._enrol(self.siti, tier=self.gold)

    def test_a_manager_gives_any_tier(self):
        self.assertEqual(self.club.with_user(self.manager)._enrol(self.siti, tier=self.gold).tier_id, self.gold)

    def test_a_plain_employee_enrols_nobody(self):
        with self.assertRaises(AccessError):
            self.club.with_user(self.employee)._enrol(self.siti)

    def test_a_contact_joins_as_its_company_where_the_club_says_so(self):
        membership = self.club._enrol(self.rina)
        self.assertEqual(membership.partner_id, self.textile)
        self.assertEqual(membership.card_id.partner_id, self.textile)

    def test_the_wizard_shows_whose_card_it_will_be(self):
        context = self.rina.action_enrol_in_club()["context"] | {"default_club_id": self.club.id}
        self.assertTrue(Form(self.env["loyalty.enrol.wizard"].with_context(**context)).shows_members)
        context |= {"default_partner_ids": self.siti.ids}
        self.assertFalse(Form(self.env["loyalty.enrol.wizard"].with_context(**context)).shows_members)

    def test_each_person_joins_alone_where_the_club_says_so(self):
        self.club.member_level = "person"
        self.assertEqual(self.club._enrol(self.rina).partner_id, self.rina)

    def test_two_contacts_of_a_company_are_one_member(self):
        tono = self.env["res.partner"].create({"name": "Tono", "parent_id": self.textile.id})
        self.assertEqual(self.club._enrol(self.rina | tono).partner_id, self.textile)

    def test_nobody_is_twice_in_a_club(self):
        card = self.club._enrol(self.siti).card_code
        with self.assertRaisesRegex(UserError, rf"Already a member of Kopi Braga Club: Siti \({card}\)"):
            self.club._enrol(self.siti | self.budi)
        self.assertFalse(self.env["loyalty.membership"].search([("partner_id", "=", self.budi.id)]))

    def test_one_may_be_in_several_clubs(self):
        other = self.make_club("Klub Teh")
        self.club._enrol(self.siti)
        other._enrol(self.siti)
        self.assertEqual(self.siti._running_memberships().club_id, self.club | other)

    def test_a_returning_member_gets_card_and_points_back(self):
        first = self.club._enrol(self.siti)
        first.card_id.points = 70
        first._end("moved away")
        again = self.club._enrol(self.siti)
        self.assertEqual(again.card_id, first.card_id)
        self.assertEqual(again.card_id.points, 70)

    def test_a_card_from_before_the_club_is_kept(self):
        card = self.env["loyalty.card"].create(
            {"program_id": self.club.program_id.id, "partner_id": self.siti.id, "points": 5}
        )
        self.assertEqual(self.club._enrol(self.siti).card_id, card)

    def test_a_number_that_is_taken_is_drawn_again(self):
        taken = iter(["0440000000006", "0440000000006", "0440000000014"])
        self.env["loyalty.card"].create({"program_id": self.club.program_id.id, "code": "0440000000006"})
        self.patch(card_number, "draw", lambda prefix, length: next(taken))
        self.assertEqual(self.club._card_numbers(1), ["0440000000014"])

    def test_a_later_first_day_makes_a_future_membership(self):
        membership = self.club._enrol(self.siti, date=self.today + timedelta(days=3))
        self.assertEqual(membership.state, "future")
        self.assertFalse(self.siti._running_memberships())

    def test_a_membership_over_before_it_begins_is_refused(self):
        self.club.write({"validity": "fixed", "validity_date": self.today - timedelta(days=1)})
        with self.assertRaisesRegex(UserError, "would have ended"):
            self.club._enrol(self.siti)

    def test_a_tier_of_another_club_is_refused(self):
        other = self.make_club("Klub Teh")
        with self.assertRaisesRegex(UserError, "is not a tier of Kopi Braga Club"):
            self.club._enrol(self.siti, tier=other.tier_ids[0])

    def test_nobody_and_the_anonymous_visitor_do_not_join(self):
        with self.assertRaisesRegex(UserError, "Choose who joins"):
            self.club._enrol(self.env["res.partner"])
        with self.assertRaisesRegex(UserError, "anonymous visitor"):
            self.club._enrol(self.env.ref("base.public_partner"))

    def test_a_club_without_tiers_has_members_and_points(self):
        club = self.make_club("Klub Teh", tiers=())
        membership = club._enrol(self.siti)
        self.assertFalse(membership.tier_id)
        order = self.quotation(self.siti)
        order.action_confirm()
        self.assertEqual(membership.card_id.points, 10)

    def test_the_level_of_the_contact_mirrors_the_best_tier(self):
        better = self.make_club("Klub Teh", tiers=(("Diamond", 30),))
        self.club._enrol(self.siti, tier=self.silver)
        self.assertEqual(self.siti.grade_id, self.silver)
        membership = better._enrol(self.siti)
        self.assertEqual(self.siti.grade_id, better.tier_ids)
        membership._end("enough")
        self.assertEqual(self.siti.grade_id, self.silver)

    def test_a_level_given_otherwise_is_left_alone(self):
        reseller = self.env["res.partner.grade"].create({"name": "Reseller", "sequence": 99})
        self.siti.grade_id = reseller
        self.club._enrol(self.siti, tier=self.gold)._end("enough")
        self.assertEqual(self.siti.grade_id, reseller)

    def test_the_price_list_of_a_tier_comes_and_goes_with_it(self):
        self.env.user.group_ids += self.env.ref("product.group_product_pricelist")
        cheap = self.env["product.pricelist"].create({"name": "Gold", "sequence": 99})
        self.gold.default_pricelist_id = cheap
        membership = self.club._enrol(self.siti, tier=self.gold)
        self.assertEqual(self.siti.specific_property_product_pricelist, cheap)
        membership._change_tier(self.silver, "less coffee")
        self.assertFalse(self.siti.specific_property_product_pricelist)

    def test_the_tag_of_a_tier_comes_and_goes_with_it(self):
        own = self.env["res.partner.category"].create({"name": "Press"})
        self.siti.category_id = own
        self.gold.partner_tag_id = self.env["res.partner.category"].create({"name": "VIP"})
        membership = self.club._enrol(self.siti, tier=self.gold)
        self.assertEqual(self.siti.category_id, own | self.gold.partner_tag_id)
        membership._end("enough")
        self.assertEqual(self.siti.category_id, own)

    def test_customers_are_enrolled_from_the_list_of_contacts(self):
        wizard = (
            self.env["loyalty.enrol.wizard"]
            .with_user(self.clerk)
            .create(
                {
                    "partner_ids": [Command.set((self.siti | self.budi).ids)],
                    "club_id": self.club.id,
                }
            )
        )
        action = wizard.action_enrol()
        self.assertEqual(self.env["loyalty.membership"].search(action["domain"]).partner_id, self.siti | self.budi)

    def test_the_membership_says_by_which_way_its_member_came(self):
        self.assertEqual(self.club._enrol(self.siti).way_in, "staff")
        self.assertEqual(self.club._enrol(self.budi, way_in="import").way_in, "import")

    def test_a_given_card_is_taken_and_becomes_the_members(self):
        plastic = self.env["loyalty.card"].create({"program_id": self.club.program_id.id, "points": 7})
        memberships = self.club._enrol(self.siti | self.budi, cards={self.budi: plastic})
        self.assertEqual(memberships[1].card_id, plastic)
        self.assertEqual((plastic.partner_id, plastic.points), (self.budi, 7))
        self.assertNotEqual(memberships[0].card_id, plastic)

    def test_a_contact_brings_the_card_of_its_company(self):
        plastic = self.env["loyalty.card"].create({"program_id": self.club.program_id.id})
        membership = self.club._enrol(self.rina, cards={self.rina: plastic})
        self.assertEqual((membership.card_id, plastic.partner_id), (plastic, self.textile))

    def test_a_clerk_gives_a_card_printed_beforehand(self):
        plastic = self.env["loyalty.card"].create({"program_id": self.club.program_id.id})
        membership = self.club.with_user(self.clerk)._enrol(
            self.siti, way_in="batch", cards={self.siti: plastic.with_user(self.clerk)}
        )
        self.assertEqual((membership.card_id.id, membership.way_in), (plastic.id, "batch"))

    def test_somebody_elses_card_or_one_of_another_club_is_not_given(self):
        budis = self.club._enrol(self.budi).card_id
        with self.assertRaisesRegex(UserError, "somebody else's"):
            self.club._enrol(self.siti, cards={self.siti: budis})
        foreign = self.env["loyalty.card"].create({"program_id": self.make_club("Klub Teh").program_id.id})
        with self.assertRaisesRegex(UserError, "is no card of Kopi Braga Club"):
            self.club._enrol(self.siti, cards={self.siti: foreign})
