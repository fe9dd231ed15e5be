from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger
from psycopg2 import errors

from ..models.ledger_booking import BOOKING, Booking
from .common import ClubCase


class LedgerCase(ClubCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls.club._enrol(cls.siti, tier=cls.gold).card_id
        cls.sales_manager = new_test_user(cls.env, "sales manager", "sales_team.group_sale_manager")
        cls.club.tier_ids.discount = 0  # so that an order of 100 earns 10 points

    def entries(self, card=None):
        return self.env["loyalty.ledger.entry"].search([("card_id", "=", (card or self.card).id)], order="id")

    def booked(self, card=None):
        """[(kind, points), …] in the order in which they were booked."""
        return [(entry.kind, entry.points) for entry in self.entries(card)]

    def confirmed(self, partner=None, price=100, spend=0, **vals):
        order = self.quotation(partner or self.siti, price=price, **vals)
        if spend:
            self.card._book(spend, "gift", f"test/{order.id}")
            order._apply_program_reward(self.club.program_id.reward_ids, self.card)
        order.action_confirm()
        return order

    def assertBalanced(self):
        """Every card of the database has the points that its entries add up to."""
        self.env.flush_all()
        wrong = self.env.execute_query(
            SQL("""
            SELECT card.id, card.points, sum(entry.points)
              FROM loyalty_card card LEFT JOIN loyalty_ledger_entry entry ON entry.card_id = card.id
          GROUP BY card.id HAVING abs(card.points - COALESCE(sum(entry.points), 0)) > 0.001
            """)
        )
        self.assertFalse(wrong)

    def tearDown(self):
        self.assertBalanced()
        super().tearDown()


@tagged("post_install", "-at_install")
class TestLedger(LedgerCase):
    def test_a_confirmed_order_is_booked_as_earned(self):
        order = self.confirmed()
        self.assertEqual(self.booked(), [("earn", 10)])
        entry = self.entries()
        self.assertEqual((entry.res_model, entry.res_id), ("sale.order", order.id))
        self.assertEqual((entry.partner_id, entry.program_id, entry.card_code), (
            self.siti, self.club.program_id, self.card.code))  # fmt: skip

    def test_changes_are_gathered_by_the_flow_that_makes_them(self):
        """Odoo has one environment for equal contexts, and two lists are equal as long as both are empty."""
        first, second = [], []
        waiting = self.card.with_context(**{BOOKING: Booking(collected=first)})
        working = self.card.with_context(**{BOOKING: Booking(collected=second)})
        working.points += 5
        self.assertEqual((first, second), ([], [(self.card, 5)]))
        self.assertIsNot(waiting.env, working.env)
        working.points -= 5

    def test_what_an_order_spends_and_earns_stands_apart(self):
        self.confirmed(spend=30)
        self.assertEqual(self.booked(), [("gift", 30), ("earn", 10), ("redeem", -40)])
        self.assertEqual(self.card.points, 0)  # core lets an order spend what it earns

    def test_a_cancelled_order_takes_back_and_gives_back(self):
        order = self.confirmed(spend=30)
        order._action_cancel()
        self.assertEqual(self.booked()[3:], [("cancel", -10), ("cancel", 30), ("cancel", 10)])
        self.assertEqual(self.card.points, 30)

    def test_an_order_confirmed_again_after_cancelling_is_booked_again(self):
        order = self.confirmed()
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.booked(), [("earn", 10), ("cancel", -10), ("earn", 10)])

    def test_orders_confirmed_together_are_booked_each(self):
        orders = self.quotation(self.siti) | self.quotation(self.siti, price=50)
        orders.action_confirm()
        self.assertEqual(
            [(entry.res_id, entry.points) for entry in self.entries()], [(orders[0].id, 10), (orders[1].id, 5)]
        )

    def test_a_reward_taken_on_a_confirmed_order_is_booked_for_it(self):
        self.card._book(20, "gift", "test/gift")
        order = self.confirmed()
        order._apply_program_reward(self.club.program_id.reward_ids, self.card)
        entry = self.entries()[-1]
        self.assertEqual((entry.kind, entry.points, entry.res_id), ("redeem", -30, order.id))

    def test_a_salesperson_confirms_and_an_administrator_cancels(self):
        order = self.quotation(self.siti, user_id=self.seller.id)
        order.with_user(self.seller).action_confirm()
        self.assertEqual(self.booked(), [("earn", 10)])
        order.with_user(self.sales_manager)._action_cancel()  # core lets sales administrators cancel such orders only
        self.assertEqual(self.booked(), [("earn", 10), ("cancel", -10)])

    def test_the_points_of_a_contact_are_booked_on_the_card_of_its_company(self):
        card = self.club._enrol(self.textile).card_id
        self.confirmed(self.rina)
        self.assertEqual(self.booked(card), [("earn", 10)])

    def test_generated_cards_are_booked_as_gifts_with_the_description(self):
        wizard = self.env["loyalty.generate.wizard"].with_user(self.sales_manager)
        wizard = wizard.create(
            {
                "program_id": self.club.program_id.id,
                "mode": "selected",
                "customer_ids": [Command.set(self.budi.ids)],
                "points_granted": 25,
                "description": "Opening of the shop in Jalan Riau",
            }
        )
        wizard.generate_coupons()
        entry = self.entries(self.card_of(self.budi))
        self.assertEqual((entry.kind, entry.points, entry.reason), ("gift", 25, "Opening of the shop in Jalan Riau"))

    def card_of(self, partner):
        return self.env["loyalty.card"].search([("partner_id", "=", partner.id)])

    def test_points_written_by_other_code_are_booked_too(self):
        self.card.points = 7
        self.card.write({"points": 3})
        self.assertEqual(self.booked(), [("adjust", 7), ("adjust", -4)])

    def test_a_deleted_card_leaves_its_entries_which_add_up_to_nothing(self):
        card = self.env["loyalty.card"].create({"program_id": self.club.program_id.id, "points": 5})
        entries, code = self.entries(card), card.code
        card.unlink()
        self.env.invalidate_all()
        entries = self.env["loyalty.ledger.entry"].search([("card_code", "=", code)])
        self.assertEqual(sum(entries.mapped("points")), 0)
        self.assertFalse(entries.card_id)

    # ------------------------------------------------------------ append-only

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_to_change_delete_or_truncate(self):
        self.card._book(10, "gift", "test/gift")
        self.card._book(-4, "redeem", "test/spent")
        entry = self.entries()[0]
        for attack in (
            SQL("UPDATE loyalty_ledger_entry SET points = 99 WHERE id = %s", entry.id),
            SQL("UPDATE loyalty_ledger_entry SET card_id = NULL WHERE id = %s", entry.id),
            SQL("UPDATE loyalty_ledger_entry SET reason = 'x', partner_id = NULL WHERE id = %s", entry.id),
            SQL("DELETE FROM loyalty_ledger_entry WHERE id = %s", entry.id),
            SQL("UPDATE loyalty_ledger_allocation SET points = 1"),
            SQL("DELETE FROM loyalty_ledger_allocation"),
            SQL("TRUNCATE loyalty_ledger_allocation"),
        ):
            with self.assertRaises(errors.RestrictViolation), self.env.cr.savepoint():
                self.env.cr.execute(attack)

    def test_only_the_contact_of_an_entry_may_follow_a_merge(self):
        self.card._book(10, "gift", "test/gift")
        self.env.cr.execute(
            SQL("UPDATE loyalty_ledger_entry SET partner_id = %s WHERE card_id = %s", self.budi.id, self.card.id)
        )
        self.env.invalidate_all()
        self.assertEqual(self.entries().partner_id, self.budi)

    def test_anonymising_takes_the_reason_and_no_figure(self):
        self.card._book(10, "gift", "test/gift", reason="For the wedding of Siti")
        self.siti._anonymise_records()
        entry = self.entries()
        self.assertEqual((entry.reason, entry.points, entry.partner_id), (False, 10, self.siti))

    def test_odoo_refuses_it_with_a_sentence(self):
        self.card._book(10, "gift", "test/gift")
        with self.assertRaisesRegex(UserError, "never changed"):
            self.entries().points = 3
        with self.assertRaisesRegex(UserError, "never deleted"):
            self.entries().unlink()

    # ------------------------------------------------------------ who may

    def test_a_salesperson_or_manager_does_not_overwrite_points(self):
        for user in (self.seller, self.manager):
            with self.assertRaisesRegex(AccessError, "not overwritten"):
                self.card.with_user(user).write({"points": 1000})
            with self.assertRaises(AccessError):
                self.card.with_user(user).points += 1
            forged = self.card.with_user(user).with_context(loyalty_ledger_booking={"piece": {"kind": "gift"}})
            with self.assertRaises(AccessError):
                forged.write({"points": 1000})
        self.assertEqual(self.card.points, 0)

    def test_a_salesperson_gets_no_points_by_the_lines_of_an_order(self):
        order = self.quotation(self.siti, user_id=self.seller.id)
        line = order.order_line.with_user(self.seller)
        with self.assertRaisesRegex(ValidationError, "cannot bring any"):
            line.write({"coupon_id": self.card.id, "points_cost": -500})
        order.action_confirm()
        with self.assertRaisesRegex(AccessError, "by its rewards only"):
            line.write({"coupon_id": self.card.id, "points_cost": 5})
        values = {"order_id": order.id, "product_id": self.coffee.id, "coupon_id": self.card.id}
        with self.assertRaisesRegex(ValidationError, "cannot bring any"):
            line.create({**values, "points_cost": -5})
        with self.assertRaisesRegex(AccessError, "by its rewards only"):
            line.create({**values, "points_cost": 5})
        self.assertEqual(self.card.points, 10)

    def test_a_clerk_reads_the_ledger_and_nobody_writes_it(self):
        self.card._book(10, "gift", "test/gift")
        for user in (self.clerk, self.manager):
            entry = self.entries().with_user(user)
            self.assertEqual(entry.points, 10)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(entry.has_access(operation))
        with self.assertRaises(AccessError):
            self.entries().with_user(self.employee).read(["points"])

    # ------------------------------------------------------------ once

    def test_the_same_source_is_booked_once(self):
        first = self.card._book(10, "earn", "shop/4711")
        self.assertEqual(self.card._book(10, "earn", "shop/4711"), first)
        self.assertEqual(self.card.points, 10)

    def test_a_key_is_not_used_for_something_else(self):
        self.card._book(10, "earn", "shop/4711")
        with self.assertRaisesRegex(UserError, "used before"):
            self.card._book(11, "earn", "shop/4711")

    def test_a_repeated_redemption_returns_the_first_result(self):
        self.card._book(10, "gift", "test/gift")
        first = self.card.with_user(self.clerk).redeem_points(4, "till-1-0001")
        self.card.with_user(self.clerk).redeem_points(3, "till-1-0002")
        self.assertEqual(self.card.with_user(self.clerk).redeem_points(4, "till-1-0001"), first)
        self.assertEqual((first["balance"], self.card.points), (6, 3))

    def test_more_than_there_is_cannot_be_redeemed(self):
        self.card._book(10, "gift", "test/gift")
        with self.assertRaisesRegex(UserError, "not enough"):
            self.card.with_user(self.clerk).redeem_points(11, "till-1-0001")

    def test_who_is_no_member_any_more_or_frozen_redeems_nothing(self):
        self.card._book(10, "gift", "test/gift")
        membership = self.siti._running_memberships()
        done = self.card.redeem_points(4, "till-1-0001")
        membership._freeze(self.today)
        with self.assertRaisesRegex(UserError, "does not count at present: Frozen"):
            self.card.with_user(self.clerk).redeem_points(1, "till-1-0002")
        membership._unfreeze()
        membership.write({"date_start": self.today - timedelta(days=9), "date_end": self.today - timedelta(days=1)})
        with self.assertRaisesRegex(UserError, "has ended"):  # before any job has said so
            self.card.with_user(self.clerk).redeem_points(1, "till-1-0002")
        self.assertEqual(self.card.points, 6)
        self.assertEqual(self.card.redeem_points(4, "till-1-0001"), done)  # what was done before is told again
        membership.date_end = self.today
        self.card.with_user(self.clerk).redeem_points(1, "till-1-0002")
        self.assertEqual(self.card.points, 5)

    def test_nonsense_is_refused_with_a_sentence(self):
        for points in (0, -1, "1", None, True, float("nan"), float("inf"), 1e12):
            with self.assertRaisesRegex(UserError, "points"):
                self.card.with_user(self.clerk).redeem_points(points, "till-1-0001")
        for key in (None, "", "short", 12345678, "x" * 65):
            with self.assertRaisesRegex(UserError, "key"):
                self.card.with_user(self.clerk).redeem_points(1, key)

    def test_who_may_not_redeem_does_not(self):
        with self.assertRaises(AccessError):
            self.card.with_user(self.employee).redeem_points(1, "till-1-0001")

    # ------------------------------------------------------------ before there was a ledger

    def test_a_card_older_than_the_ledger_gets_an_opening_entry(self):
        card = self.env["loyalty.card"].create({"program_id": self.club.program_id.id, "partner_id": self.budi.id})
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE loyalty_card SET points = 12.5 WHERE id = %s", card.id))
        self.env.invalidate_all()
        self.env["loyalty.ledger.entry"]._open_existing_cards()
        self.assertEqual(self.booked(card), [("opening", 12.5)])
        self.assertEqual(self.env["loyalty.ledger.entry"]._open_existing_cards(), 0)

    def test_an_order_older_than_the_ledger_is_cancelled_as_core_does(self):
        order = self.confirmed()
        card = self.env["loyalty.card"].create({"program_id": self.club.program_id.id, "points": 10})
        order.coupon_point_ids.coupon_id = card
        order._action_cancel()
        self.assertEqual(card.points, 0)
