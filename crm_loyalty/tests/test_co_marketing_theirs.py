import base64
import contextlib

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .co_marketing_case import SIGNATURE
from .co_marketing_theirs_case import TheirsCase


@tagged("post_install", "-at_install")
class TestCoMarketingTheirs(TheirsCase):
    """The partner's customers are recognised on our orders, counted, limited and settled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, "desk seller", "sales_team.group_sale_salesman_all_leads,crm_loyalty.group_club_user"
        )

    # ------------------------------------------------------------ recognised

    def test_a_number_of_the_partner_gives_the_discount_and_is_booked_when_the_order_is_confirmed(self):
        order = self.order(user=self.seller)
        answer = order.apply_partner_number(" hk77-1234 56 ")
        self.assertIn("20%", answer["text"])
        self.assertEqual((order.amount_total, len(self.booked(order))), (80.0, 0))
        order.action_confirm()
        receipt = self.booked(order)
        self.assertEqual((receipt.direction, receipt.partner_id), ("theirs", self.stranger))
        self.assertEqual((receipt.amount, receipt.discount, receipt.settlement_amount), (100.0, 20.0, 10.0))
        self.assertEqual((receipt.version_id, receipt.settlement_payer), (self.theirs.version_id, "partner"))
        self.assertFalse(receipt.membership_id or receipt.outlet_id)

    def test_scanning_says_whose_customer_it_is_and_asks_for_the_customer_first(self):
        orders = self.env["sale.order"].with_user(self.seller)
        self.assertIn("choose the customer", orders.identify_by_card(self.NUMBER)["error"])
        answer = orders.identify_by_card(self.NUMBER, self.stranger.id)
        self.assertEqual((answer["their_number"], answer["text"]), (True, "Customer of Warung Dago"))
        self.assertIn("error", orders.identify_by_card("ZZ77123456", self.stranger.id))

    def test_a_code_is_good_for_one_order(self):
        [code] = self.codes()
        self.assertEqual(self.booked(self.sell(code)).discount, 20.0)
        self.assertIn("error", self.order().apply_partner_number(code))

    def test_a_code_on_two_quotations_is_good_for_the_one_that_is_confirmed_first(self):
        [code] = self.codes()
        first, second = self.order(), self.order()
        for order in (first, second):
            self.assertIn("text", order.apply_partner_number(code))
        first.action_confirm()
        with contextlib.suppress(UserError), self.env.cr.savepoint():
            second.action_confirm()
        self.assertEqual(len(self.booked(first | second)), 1)
        self.assertFalse(second.state == "sale" and second.amount_total < 100)

    def test_the_window_makes_codes_and_hands_them_out_as_a_file(self):
        wizard = (
            self.env["co.marketing.codes"].with_user(self.manager).create({"agreement_id": self.theirs.id, "count": 3})
        )
        wizard.action_make()
        rows = base64.b64decode(wizard.file).decode().split()
        self.assertEqual((rows[0], len(set(rows)), self.theirs.code_count), ("Code", 4, 3))
        self.assertEqual(self.env["loyalty.card"].search([("code", "=", rows[1])]).points, 1)

    def test_codes_are_made_by_managers_only_and_for_terms_in_force_only(self):
        with self.assertRaises(AccessError):
            self.theirs.with_user(self.clerk)._make_codes(self.theirs_benefit, 1)
        for benefit, count in ((self.benefit, 1), (self.theirs_benefit, 0), (self.theirs_benefit, 10**6)):
            with self.assertRaises(UserError):
                self.theirs._make_codes(benefit, count)
        self.theirs.action_suspend()
        with self.assertRaises(UserError):
            self.theirs._make_codes(self.theirs_benefit, 1)

    def test_new_terms_hold_for_codes_that_were_handed_out_before(self):
        [code] = self.codes()
        self.theirs.action_change_terms()
        version = self.theirs.open_version_id
        version.benefit_ids.percent = 30
        self.theirs.action_propose()
        version._accept("Agus", SIGNATURE, self.agus)
        receipt = self.booked(self.sell(code))
        self.assertEqual((receipt.discount, receipt.version_id), (30.0, version))

    # ------------------------------------------------------------ not recognised

    def test_forged_and_mistyped_numbers_give_nothing(self):
        self.theirs.write({"card_prefix": "HK7", "card_length": 10, "card_check": "luhn"})
        order = self.order()
        for number in (
            "HK77123",
            "HK7712345x",
            "XX77123456",
            "%",
            "HK7%______",
            "",
            "'; DROP TABLE",
            None,
            7,
            "HK77" * 20,
        ):
            self.assertIn("error", order.apply_partner_number(number), number)
        right = [f"HK7123456{digit}" for digit in range(10)]
        taken = [number for number in right if "error" not in self.order().apply_partner_number(number)]
        self.assertEqual(len(taken), 1)  # of ten numbers that differ in the check digit only
        self.assertFalse(self.booked(order))

    def test_visitors_of_a_shop_make_no_use_of_made_up_numbers(self):
        visitor = new_test_user(self.env, "visitor", "base.group_portal")
        order = self.order()
        found = order.with_user(visitor).sudo()._try_apply_code(self.NUMBER)
        self.assertTrue(found.get("not_found"))
        self.assertEqual(order.amount_total, 100.0)

    def test_numbers_and_codes_of_another_company_are_none_here(self):
        other = self.env["res.company"].create({"name": "Other"})
        [code] = self.codes()
        flour = self.flour
        order = self.env["sale.order"].create(
            {"partner_id": self.stranger.id, "company_id": other.id, "order_line": [(0, 0, {"product_id": flour.id})]}
        )
        for number in (self.NUMBER, code):
            self.assertIn("error", order.apply_partner_number(number))
        self.assertFalse(order.order_line.filtered("reward_id"))

    def test_a_suspended_or_ended_agreement_gives_nothing_also_on_quotations_made_before(self):
        [code] = self.codes()
        before = self.order()
        before.apply_partner_number(code)
        self.theirs.action_suspend()
        for number in (self.NUMBER, code):
            self.assertIn("error", self.order().apply_partner_number(number))
        with self.assertRaisesRegex(UserError, "cannot be confirmed"):
            before.action_confirm()

    def test_only_who_may_change_the_order_applies_a_number(self):
        with self.assertRaises(AccessError):
            self.order().with_user(self.clerk).apply_partner_number(self.NUMBER)

    def test_prefixes_that_would_take_anything_are_refused(self):
        for prefix, length in (
            ("H", 10),
            ("HK*", 10),
            (".*", 10),
            ("HK77", 4),
            ("HK77", 99),
            ("HK77123", 10),
            ("ÄÖ", 10),
        ):
            with self.assertRaises(ValidationError, msg=prefix), self.env.cr.savepoint():
                self.theirs.write({"card_prefix": prefix, "card_length": length})

    # ------------------------------------------------------------ limited

    def test_limits_hold_for_each_card_and_for_all(self):
        for limit, first, second in (
            ({"limit_member": 1}, "LL000001", "LL000002"),
            ({"limit_member_day": 1}, "LL000001", "LL000002"),
            ({"limit_total": 1}, "LL000001", None),
            ({"limit_day": 1}, "LL000001", None),
        ):
            benefit = self.limited(**limit)
            self.sell(first)
            self.assertIn("error", self.order().apply_partner_number(first), limit)
            answer = self.order().apply_partner_number("LL000002")
            self.assertEqual("error" in answer, not second, limit)
            benefit.agreement_id.action_end()

    def test_of_two_quotations_for_the_last_use_one_is_confirmed(self):
        self.limited(limit_total=1)
        first, second = self.order(), self.order()
        first.apply_partner_number("LL000001")
        second.apply_partner_number("LL000002")
        first.action_confirm()
        with self.assertRaisesRegex(UserError, "given away"), self.env.cr.savepoint():
            second.action_confirm()
        self.assertEqual(len(self.booked(first | second)), 1)

    def test_budget_and_minimum_spend_are_kept(self):
        self.limited(budget=15, minimum_spend=50)
        self.assertEqual(self.booked(self.sell("LL000001")).discount, 10.0)
        self.assertIn("budget", self.order().apply_partner_number("LL000002")["error"])
        self.flour.list_price = 49
        self.limited(minimum_spend=50)
        self.assertIn("From a bill", self.order().apply_partner_number("LL000001")["error"])

    # ------------------------------------------------------------ taken back

    def test_a_cancelled_order_voids_it_and_gives_the_use_back(self):
        self.limited(limit_member=1)
        order = self.sell("LL000001")
        order._action_cancel()
        receipt = self.booked(order)
        self.assertEqual(receipt.state, "voided")
        self.assertIn(order.name, receipt.void_reason)
        self.assertEqual(self.booked(self.sell("LL000001")).state, "done")

    def test_nobody_voids_it_by_hand(self):
        receipt = self.booked(self.sell())
        with self.assertRaisesRegex(UserError, "cancel the order"):
            receipt.with_user(self.manager).action_void()
        wizard = (
            self.env["co.marketing.void"]
            .with_user(self.manager)
            .create({"redemption_id": receipt.id, "reason": "Because"})
        )
        with self.assertRaisesRegex(UserError, "cancel the order"):
            wizard.action_void()

    def test_the_database_refuses_a_redemption_that_is_neither_a_members_nor_an_orders(self):
        receipt = self.booked(self.sell())
        values = receipt.copy_data()[0] | {"sale_order_id": False, "idempotency_key": "forged-key", "name": "Forged"}
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["co.marketing.redemption"].create(values).flush_recordset()

    # ------------------------------------------------------------ strangers and new customers

    def test_of_a_number_only_a_hash_and_its_end_are_kept(self):
        order = self.sell()
        card = self.booked(order).customer_card_id
        self.assertEqual((card.number_end, card.display_name), ("3456", "…3456"))
        self.assertNotIn("123456", card.sudo().number_key)
        with self.assertRaises(AccessError):
            card.with_user(self.manager).read(["number_key"])
        self.assertEqual(self.booked(self.sell()).customer_card_id, card)

    def test_who_bought_for_the_first_time_is_won_and_keeps_the_partner_as_source(self):
        order = self.sell()
        self.assertEqual(
            (self.booked(order).is_new_customer, self.stranger.co_marketing_agreement_id), (True, self.theirs)
        )
        self.assertFalse(self.booked(self.sell()).is_new_customer)
        order._action_cancel()
        self.assertEqual(self.stranger.co_marketing_agreement_id, self.theirs)  # he has bought once more

    def test_a_customer_who_bought_before_is_not_won(self):
        self.order(self.budi).action_confirm()
        self.assertFalse(self.booked(self.sell(partner=self.budi)).is_new_customer)
        self.assertFalse(self.budi.co_marketing_agreement_id)

    def test_whose_first_order_is_cancelled_was_not_won(self):
        self.sell()._action_cancel()
        self.assertFalse(self.stranger.co_marketing_agreement_id)

    def test_it_stands_in_the_customers_history(self):
        order = self.sell()
        entries = self.env["contact.history.entry"].search(
            [("kind", "=", "redemption"), ("partner_id", "=", self.stranger.id)]
        )
        rows = self.booked(order)._contact_history_render()
        self.assertEqual((len(entries), order.name in rows[self.booked(order).id]["title"]), (1, True))

    # ------------------------------------------------------------ members are served as before

    def test_a_joint_offer_gives_each_side_its_own_benefits(self):
        agreement = self.make_agreement(
            [{"name": "For ours"}, {"name": "For theirs", "direction": "theirs"}], kind="joint"
        )
        ours, theirs = agreement.version_id.benefit_ids
        self.assertTrue(self.offer(ours))
        self.assertIsNone(self.offer(theirs))
        with self.assertRaises(UserError):
            agreement._make_codes(ours, 1)
        self.assertTrue(self.booked(self.sell(self.codes(benefit=theirs)[0])))

    def test_a_perk_is_nothing_that_an_order_could_give(self):
        with self.assertRaises(ValidationError):
            self.make_theirs([{"name": "Perk", "kind": "perk"}])

    def test_the_tally_made_anew_is_the_same(self):
        benefit = self.limited(limit_member=5, limit_total=5)
        self.sell("LL000001")
        self.sell("LL000001")
        self.redeem()

        def tally():
            self.env.cr.execute(
                "SELECT member_key, span, period, uses FROM co_marketing_tally WHERE benefit_id = %s ORDER BY 1, 2",
                [benefit.id],
            )
            return self.env.cr.fetchall()

        before = tally()
        self.env["co.marketing.tally"]._recount(benefit)
        self.assertEqual((tally(), len(before)), (before, 6))

    def test_among_a_hundred_agreements_a_number_is_found_with_as_many_queries_as_among_one(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.env["co.marketing.agreement"]._of_card_number(self.NUMBER, self.company)
            return self.env.cr.sql_log_count - start

        queries()
        one = queries()
        for count in range(15):
            self.make_theirs([{"name": "Many"}], card_prefix=f"M{count:02d}", card_length=10)
        self.assertLessEqual(queries(), one)
        self.assertEqual(self.env["co.marketing.agreement"]._of_card_number(self.NUMBER, self.company), self.theirs)
