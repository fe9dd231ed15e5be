import json

from odoo import fields
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import SQL, mute_logger
from psycopg2 import errors

from .test_ledger import LedgerCase

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestLedgerFlows(LedgerCase, HttpCase):
    """Whichever way an order comes to be confirmed, its points are entries of the ledger."""

    def test_an_order_that_the_customer_signs_on_the_web_is_booked(self):
        order = self.quotation(self.siti, require_signature=True, require_payment=False)
        order._portal_ensure_token()
        order.action_quotation_sent()
        self.env.flush_all()
        answer = self.url_open(
            f"/my/orders/{order.id}/accept",
            data=json.dumps(
                {"params": {"access_token": order.access_token, "name": "Siti", "signature": PIXEL}, "jsonrpc": "2.0"}
            ),
            headers={"Content-Type": "application/json"},
        )
        self.assertIn("redirect_url", answer.text)
        self.env.invalidate_all()
        self.assertEqual((order.state, self.booked()), ("sale", [("earn", 10)]))
        self.assertEqual(self.entries().reason, order.name)

    def test_a_coupon_for_the_next_order_is_booked_when_it_is_given_and_when_it_is_used(self):
        self.club.program_id.active = False
        values = self.env["loyalty.program"]._get_template_values()["next_order_coupons"]
        program = self.env["loyalty.program"].create({**values, "name": "Next order", "company_id": self.company.id})
        program.rule_ids.write({"minimum_amount": 0, "minimum_qty": 0})
        order = self.confirmed(self.budi)
        coupon = order._get_reward_coupons()
        self.assertEqual(self.booked(coupon), [("earn", 1)])
        second = self.quotation(self.budi)
        second._try_apply_code(coupon.code)
        second._apply_program_reward(program.reward_ids[:1], coupon)
        second.action_confirm()
        self.assertEqual(self.booked(coupon)[1:], [("redeem", -1)])

    @freeze_time("2026-01-31 10:00:00")
    def test_points_of_31_january_that_last_a_month_are_good_until_28_february(self):
        self.club.points_months = 1
        self.env["loyalty.membership"].search([("card_id", "=", self.card.id)]).date_start = "2026-01-01"
        self.confirmed()
        self.assertEqual(self.entries().expires_on, fields.Date.to_date("2026-02-28"))

    @mute_logger("odoo.sql_db")
    def test_the_database_itself_books_one_source_once(self):
        self.card._book(10, "earn", "shop/4711", idempotency_key="shop-4711")
        self.env.flush_all()
        for column, key in (("source_key", "shop/4711"), ("idempotency_key", "shop-4711")):
            query = SQL(
                "INSERT INTO loyalty_ledger_entry (date, kind, points, %s) VALUES (now(), 'earn', 10, %s)",
                SQL.identifier(column),
                key,
            )
            with self.assertRaises(errors.UniqueViolation), self.env.cr.savepoint():
                self.env.cr.execute(query)
