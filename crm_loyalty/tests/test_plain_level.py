from odoo.tests import tagged
from odoo.tools import SQL

from .tier_case import TierCase


@tagged("post_install", "-at_install")
class TestPlainLevel(TierCase):
    """The level of a contact that no club gives can be asked for by an index, and a club's level is none of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reseller = cls.env["res.partner.grade"].create({"name": "Reseller"})

    def found(self, level):
        """Who has the level, as it is stored."""
        self.env.flush_all()
        query = SQL("SELECT id FROM res_partner WHERE plain_level_id = %s", level.id)
        return self.env["res.partner"].browse(id_ for (id_,) in self.env.execute_query(query))

    def test_a_level_given_by_hand_is_found(self):
        self.budi.grade_id = self.reseller
        self.assertEqual(self.found(self.reseller), self.budi)

    def test_a_new_contact_is_found_by_its_level(self):
        partner = self.env["res.partner"].create({"name": "Wati", "grade_id": self.reseller.id})
        self.assertEqual(self.found(self.reseller), partner)

    def test_a_level_taken_away_is_found_no_more(self):
        self.budi.grade_id = self.reseller
        self.env.flush_all()
        self.budi.grade_id = False
        self.assertFalse(self.found(self.reseller))

    def test_the_tier_of_a_member_is_none(self):
        self.member(self.siti, tier=self.gold)
        self.assertEqual(self.siti.grade_id, self.gold)
        self.assertFalse(self.found(self.gold))

    def test_a_member_keeps_the_level_that_no_club_gave_and_is_found(self):
        self.siti.grade_id = self.reseller
        self.member(self.siti, tier=self.gold)
        self.assertEqual(self.found(self.reseller), self.siti)

    def test_what_waits_to_be_told_is_told_before_a_tier_is_shown(self):
        self.siti.grade_id = self.reseller
        self.env.flush_all()
        self.siti.grade_id = self.gold
        self.siti._write_level(self.silver)
        self.assertFalse(self.found(self.reseller))

    def test_a_level_that_becomes_a_tier_is_none_and_found_again_after(self):
        self.budi.grade_id = self.reseller
        self.reseller.club_id = self.club
        self.assertFalse(self.found(self.reseller))
        self.reseller.club_id = False
        self.assertEqual(self.found(self.reseller), self.budi)

    def test_who_has_a_level_is_told_by_its_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = SQL("EXPLAIN SELECT id FROM res_partner WHERE plain_level_id IN (%s)", self.reseller.id)
        self.assertIn("res_partner_plain_level_idx", str(self.env.execute_query(query)))

    def test_moving_members_to_another_tier_writes_no_index_of_contacts(self):
        """Else each of a night's moves would be written into all of them."""
        self.env.cr.execute(
            """SELECT indexdef FROM pg_index JOIN pg_indexes ON indexrelid = (schemaname || '.' || indexname)::regclass
                WHERE indrelid = 'res_partner'::regclass AND indexdef ~ '\\mgrade_id\\M'"""
        )
        self.assertFalse(self.env.cr.fetchall())

    def test_a_hundred_contacts_get_their_level_by_as_many_queries_as_one(self):
        many = self.env["res.partner"].with_context(tracking_disable=True)
        many = many.create([{"name": f"Wati {number}"} for number in range(101)])
        self.env.flush_all()
        costs = []
        for partners in (many[:1], many[1:]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            partners.grade_id = self.reseller
            self.env.flush_all()
            costs.append(self.cr.sql_log_count - before)
        self.assertEqual(costs[0], costs[1])
