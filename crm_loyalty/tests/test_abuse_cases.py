from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from ..models.ledger_booking import Piece
from .test_ledger import LedgerCase


class AbuseCase(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club.write(
            {
                "abuse_staff_orders": 3,
                "abuse_card_customers": 3,
                "abuse_seller_orders": 3,
                "abuse_loops": 2,
                "abuse_adjustments": 3,
                "abuse_merge_points": 20,
            }
        )
        cls.reviewer = new_test_user(
            cls.env, "reviewer", "crm_loyalty.group_club_manager,sales_team.group_sale_manager"
        )

    def search_kinds(self):
        return self.club._search_abuse().mapped("kind")

    def cases(self, kind):
        return self.env["loyalty.abuse.case"].search([("kind", "=", kind), ("club_id", "=", self.club.id)])

    def several(self, count=3, partner=None, **vals):
        orders = self.env["sale.order"]
        for _number in range(count):
            orders |= self.confirmed(partner, **vals)
        return orders

    def adjust(self, count=3):
        for _number in range(count):
            self.card.with_user(self.manager).adjust_points(5, "Cold coffee")


@tagged("post_install", "-at_install")
class TestPatterns(AbuseCase):
    def test_points_of_many_orders_on_the_card_of_an_employee(self):
        card = self.club._enrol(self.employee.partner_id).card_id
        self.several(2, self.employee.partner_id)
        self.assertNotIn("staff_card", self.search_kinds())
        self.several(1, self.employee.partner_id)
        self.assertIn("staff_card", self.search_kinds())
        case = self.cases("staff_card")
        self.assertEqual((case.card_id, case.partner_id, case.order_count, case.points), (
            card, self.employee.partner_id, 3, 30))  # fmt: skip
        self.assertIn("3 orders collected 30 points", case.facts)

    def test_a_customers_own_orders_are_no_case(self):
        self.several(5)
        self.assertEqual(self.search_kinds(), [])

    def test_one_card_on_orders_delivered_to_many_other_customers(self):
        for partner in self.env["res.partner"].create([{"name": f"Walk-in {number}"} for number in range(3)]):
            self.assertNotIn("many_customers", self.search_kinds())
            self.confirmed(partner_shipping_id=partner.id)
        self.assertIn("many_customers", self.search_kinds())
        self.assertEqual(self.cases("many_customers").customer_count, 3)

    def test_the_contacts_of_a_company_are_no_other_customers(self):
        self.club._enrol(self.textile)
        people = self.env["res.partner"].create(
            [{"name": f"Person {number}", "parent_id": self.textile.id} for number in range(4)]
        )
        for person in people:
            self.confirmed(person)
        self.assertNotIn("many_customers", self.search_kinds())

    def test_a_salesperson_whose_orders_all_carry_the_same_card(self):
        self.several(3, user_id=self.seller.id)
        self.assertIn("same_card", self.search_kinds())
        case = self.cases("same_card")
        self.assertEqual((case.user_id, case.card_id, case.order_count, case.share), (self.seller, self.card, 3, 100))

    def test_a_regular_customer_of_a_salesperson_who_has_others_is_no_case(self):
        self.club._enrol(self.budi)
        self.several(3, user_id=self.seller.id), self.several(2, self.budi, user_id=self.seller.id)
        self.assertNotIn("same_card", self.search_kinds())  # 60 % of his orders; 80 are suspicious

    def test_points_earned_and_taken_back_again_and_again(self):
        self.several(2)[0]._action_cancel()
        self.assertNotIn("refund_loop", self.search_kinds())
        order = self.confirmed()
        order._action_cancel()
        self.assertIn("refund_loop", self.search_kinds())
        self.assertEqual(self.cases("refund_loop").entry_count, 2)

    def test_many_adjustments_by_one_person(self):
        self.adjust(2)
        self.assertNotIn("adjustments", self.search_kinds())
        self.adjust(1)
        self.assertIn("adjustments", self.search_kinds())
        self.assertEqual((self.cases("adjustments").user_id, self.cases("adjustments").points), (self.manager, 15))

    def test_what_a_job_books_is_nobodys_adjustment(self):
        for number in range(5):
            self.card._book(5, "gift", f"gift/{number}")
        self.assertNotIn("adjustments", self.search_kinds())

    def test_points_redeemed_right_after_contacts_were_merged(self):
        self.club._enrol(self.budi).card_id._book(50, "gift", "test/gift")
        self.env["base.partner.merge.automatic.wizard"]._merge((self.budi | self.siti).ids, self.siti)
        self.env.invalidate_all()
        self.assertNotIn("merge_redeem", self.search_kinds())
        self.card.redeem_points(30, "till-1-0001")
        self.assertIn("merge_redeem", self.search_kinds())
        self.assertEqual(self.cases("merge_redeem").points, -30)

    def test_a_pattern_that_the_club_does_not_want_is_not_looked_for(self):
        self.club.abuse_adjustments = 0
        self.adjust()
        self.assertEqual(self.search_kinds(), [])

    def test_what_is_older_than_the_club_looks_back_does_not_count(self):
        self.adjust()
        with freeze_time(fields.Datetime.now() + timedelta(days=self.club.abuse_days + 1)):
            self.assertEqual(self.search_kinds(), [])
        self.assertEqual(self.search_kinds(), ["adjustments"])


@tagged("post_install", "-at_install")
class TestReviewList(AbuseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for _number in range(3):
            cls.card.with_user(cls.manager).adjust_points(5, "Cold coffee")

    def found(self):
        self.club._search_abuse()
        return self.cases("adjustments")

    def test_a_second_search_adds_no_case_and_updates_the_open_one(self):
        case = self.found()
        self.assertEqual(self.found(), case)
        self.adjust(1)
        self.assertEqual((self.found(), case.entry_count), (case, 4))

    def test_a_dismissed_case_does_not_come_back_for_the_same_facts(self):
        case = self.found().with_user(self.reviewer)
        case.note = "A promotion of the shop"
        case.action_dismiss()
        self.assertEqual((case.state, case.reviewer_id), ("dismissed", self.reviewer))
        self.adjust(2)
        self.assertEqual(self.found(), case.sudo())
        self.adjust(1)
        new = self.found() - case.sudo()
        self.assertEqual((new.state, new.entry_count), ("open", 3))

    def test_a_confirmed_case_is_kept_and_can_be_looked_at_again(self):
        case = self.found().with_user(self.reviewer)
        case.action_confirm_abuse()
        self.assertEqual(self.found().state, "confirmed")
        case.action_reopen()
        self.assertEqual((case.state, case.reviewer_id.id), ("open", False))

    def test_it_is_not_looked_at_again_beside_a_newer_one(self):
        case = self.found().with_user(self.reviewer)
        case.action_dismiss()
        self.adjust()
        self.found()
        with self.assertRaisesRegex(UserError, "newer case"):
            case.action_reopen()

    def test_nobody_judges_what_is_about_himself(self):
        with self.assertRaisesRegex(AccessError, "about yourself"):
            self.found().with_user(self.manager).action_dismiss()

    def test_facts_are_not_written_by_hand(self):
        case = self.found().with_user(self.reviewer)
        for vals in ({"state": "dismissed"}, {"entry_count": 1}, {"user_id": self.seller.id}):
            with self.assertRaises(AccessError):
                case.write(vals)
        for operation in ("create", "unlink"):
            self.assertFalse(case.has_access(operation))

    def test_others_see_no_case(self):
        self.found()
        for user in (self.seller, self.clerk, self.employee):
            with self.assertRaises(AccessError):
                self.env["loyalty.abuse.case"].with_user(user).search([])

    def test_another_company_sees_none_of_ours(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "crm_loyalty.group_club_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        case = self.found()
        self.assertNotIn(case, self.env["loyalty.abuse.case"].with_user(stranger).search([]).sudo())
        with self.assertRaises(AccessError):
            case.with_user(stranger).action_dismiss()

    def test_the_case_leads_to_its_entries_and_orders(self):
        case = self.found().with_user(self.reviewer)
        action = case.action_open_entries()
        entries = self.env["loyalty.ledger.entry"].with_user(self.reviewer).search(action["domain"])
        self.assertEqual(len(entries), 3)
        orders = self.several(3, user_id=self.seller.id)
        self.club._search_abuse()
        action = self.cases("same_card").with_user(self.reviewer).action_open_orders()
        self.assertEqual(self.env["sale.order"].search(action["domain"]), orders.sorted(reverse=True))

    def test_the_job_searches_each_club_once_a_day(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_abuse_search").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.club.abuse_searched_on, self.club._today())
        self.assertTrue(self.cases("adjustments"))

    def test_a_stopped_job_goes_on_with_the_next_club(self):
        other = self.make_club("Klub Teh")
        Cron = type(self.env["ir.cron"])
        clubs = (self.club | other).sorted(lambda club: (club.sequence, club.name))
        self.env["loyalty.club"].search([("id", "not in", clubs.ids)]).abuse_searched_on = self.club._today()
        self.patch(Cron, "_commit_progress", lambda cron, *args, **kwargs: 0)
        self.env["loyalty.club"]._cron_search_abuse()
        self.assertEqual(clubs.mapped(lambda club: bool(club.abuse_searched_on)), [True, False])
        self.env["loyalty.club"]._cron_search_abuse()
        self.assertEqual(clubs.mapped(lambda club: bool(club.abuse_searched_on)), [True, True])

    def test_one_case_and_a_hundred_cost_the_same(self):
        def search(count):
            people = self.env["res.partner"].create([{"name": f"Colleague {number}"} for number in range(count)])
            cards = self.club._enrol(people).card_id
            steps = [(1, "earn"), (-1, "cancel"), (1, "earn"), (-1, "cancel")]
            pieces = [
                (card, Piece(points, kind, source=("sale.order", 10**6 + card.id), action=f"step {number}"))
                for card in cards
                for number, (points, kind) in enumerate(steps)
            ]
            self.env["loyalty.card"]._book_many(pieces)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases = self.club._search_abuse()
            self.env.flush_all()
            self.assertGreaterEqual(len(cases), count)
            return self.env.cr.sql_log_count - before

        search(2)
        self.assertLessEqual(search(100), search(1) + 2)

    def test_anonymising_a_contact_empties_the_notes_about_it(self):
        self.several(2)[0]._action_cancel()
        self.confirmed()._action_cancel()
        self.club._search_abuse()
        case = self.cases("refund_loop")
        case.note = "Siti is his sister"
        case.message_post(body="Siti again")
        self.siti._anonymise()
        self.assertFalse(case.note or case.message_ids)
