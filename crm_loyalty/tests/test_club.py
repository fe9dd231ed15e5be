from datetime import date

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestClub(ClubCase):
    def test_the_wizard_makes_a_club_that_works_at_once(self):
        wizard = Form(self.env["loyalty.club.wizard"].with_user(self.manager))
        wizard.name = "Klub Teh"
        action = wizard.save().action_create()
        club = self.env["loyalty.club"].browse(action["res_id"])
        self.assertEqual(club.tier_ids.sorted("sequence").mapped("name"), ["Gold", "Silver", "Green"])
        self.assertEqual(club.tier_ids.sorted("sequence").mapped("discount"), [15, 10, 5])
        club._enrol(self.siti)
        self.assertPrice(self.quotation(self.siti), 95)

    def test_each_tier_has_its_own_promotion_for_its_members_alone(self):
        programs = self.club.tier_ids.program_id
        self.assertEqual(len(programs), 3)
        for tier in self.club.tier_ids:
            self.assertEqual(tier.program_id.tier_ids, tier)
            self.assertEqual(tier.program_id.program_type, "promotion")

    def test_a_tier_added_in_the_form_of_the_club_gets_its_promotion(self):
        form = Form(self.club)
        with form.tier_ids.new() as tier:
            tier.name, tier.discount = "Platinum", 25
        form.save()
        platinum = self.club.tier_ids.filtered(lambda t: t.name == "Platinum")
        self.assertEqual(platinum.program_id.reward_ids.discount, 25)
        self.assertEqual(platinum.company_id, self.club.company_id)

    def test_changing_a_discount_changes_the_reward(self):
        self.gold.discount = 20
        self.assertEqual(self.gold.program_id.reward_ids.discount, 20)
        self.assertIn("20%", self.gold.program_id.reward_ids.description)

    def test_a_discount_of_zero_closes_the_promotion_and_a_new_one_opens_it(self):
        program = self.gold.program_id
        self.gold.discount = 0
        self.assertFalse(program.active)
        self.gold.discount = 30
        self.assertTrue(program.active)
        self.assertEqual(self.gold.program_id, program)
        self.assertEqual(self.gold.discount, 30)

    def test_a_discount_is_a_percentage(self):
        for wrong in (-1, 101):
            with self.assertRaisesRegex(ValidationError, "between 0 and 100"):
                self.gold.discount = wrong

    def test_a_level_without_club_has_no_discount(self):
        level = self.env["res.partner.grade"].create({"name": "Reseller"})
        with self.assertRaisesRegex(ValidationError, "Choose the club"):
            level.discount = 5

    def test_a_membership_lasts_as_long_as_the_club_says(self):
        start = date(2024, 1, 31)
        for vals, end in (
            ({"validity": "lifetime"}, False),
            ({"validity": "rolling", "validity_months": 1}, date(2024, 2, 28)),
            ({"validity": "rolling", "validity_months": 12}, date(2025, 1, 30)),
            ({"validity": "calendar_year"}, date(2024, 12, 31)),
            ({"validity": "fixed", "validity_date": date(2026, 6, 30)}, date(2026, 6, 30)),
        ):
            self.club.write(vals)
            self.assertEqual(self.club._validity_end(start), end, vals)

    def test_cards_begin_with_what_the_till_recognises(self):
        for wrong in ("123", "04", "044A", "٠٤٤", "043-"):
            with self.assertRaisesRegex(ValidationError, "begin with 043 or 044"):
                self.club.card_prefix = wrong
        self.club.card_prefix = "04399"

    def test_cards_have_room_for_a_million_numbers(self):
        with self.assertRaisesRegex(ValidationError, "10 to 24 digits"):
            self.club.card_length = 9

    @mute_logger("odoo.sql_db")
    def test_a_rolling_validity_needs_months(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.club.write({"validity": "rolling", "validity_months": 0})
            self.env.flush_all()

    def test_points_need_a_program_that_keeps_them(self):
        with self.assertRaisesRegex(ValidationError, "Loyalty Cards"):
            self.club.program_id = self.gold.program_id

    def test_a_club_with_members_is_not_archived(self):
        self.club._enrol(self.siti)
        with self.assertRaisesRegex(UserError, "still has 1 members"):
            self.club.active = False

    def test_a_tier_with_members_is_not_archived(self):
        self.club._enrol(self.siti, tier=self.gold)
        with self.assertRaisesRegex(UserError, "have the tier Gold"):
            self.gold.active = False

    def test_a_tier_is_of_the_company_of_its_club(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(ValidationError, "same company"):
            self.gold.company_id = other

    def test_a_program_for_members_is_of_the_company_of_the_club(self):
        with self.assertRaisesRegex(ValidationError, "of that company"):
            self.gold.program_id.company_id = False

    def test_a_program_open_to_all_is_not_the_discount_of_a_tier(self):
        everybody = self.env["loyalty.program"].create(
            {
                "name": "For all",
                "program_type": "promotion",
                "reward_ids": [Command.create({})],
            }
        )
        with self.assertRaisesRegex(ValidationError, "everybody would have"):
            self.gold.program_id = everybody
