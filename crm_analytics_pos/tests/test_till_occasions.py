from datetime import datetime, timedelta
from unittest import SkipTest

from odoo.addons.crm_loyalty.tests.occasion_case import NOON, OccasionCase
from odoo.fields import Command
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestTillOccasions(OccasionCase):
    """Who buys at the till is a customer, and the days on which he does so are days of purchase."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", cls.company.id)]):
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        cls.till = cls.env["pos.config"].create({"name": "Till of occasions"})
        cls.till.open_ui()
        cls.ayu, cls.doni = cls.env["res.partner"].create(
            [{"name": name, "email": f"{name}@till.example", "tz": "Asia/Jakarta"} for name in ("Ayu", "Doni")]
        )

    def sell(self, partner, day, amount=10.0, **values):
        line = {"product_id": self.coffee.id, "qty": 1, "price_unit": amount}
        line |= {"price_subtotal": amount, "price_subtotal_incl": amount}
        return self.env["pos.order"].create({
            "config_id": self.till.id,
            "session_id": self.till.current_session_id.id,
            "partner_id": partner.id,
            "date_order": day,
            "state": "paid",
            "lines": [Command.create(line)],
            "amount_paid": amount,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": amount,
            **values,
        })  # fmt: skip

    def test_a_gift_used_at_the_till_is_used(self):
        if "coupon_id" not in self.env["pos.order.line"]._fields:
            raise SkipTest("Odoo's programs at the till (pos_loyalty) are not installed.")
        program = self.env["loyalty.program"].create({
            "name": "A coffee on us",
            "program_type": "coupons",
            "applies_on": "current",
            "company_id": self.company.id,
            "reward_ids": [Command.create({"reward_type": "discount", "discount": 20, "discount_mode": "percent"})],
        })  # fmt: skip
        self.occasion.gift_program_id = program
        self.greet()
        first, second = self.greetings().coupon_id
        use = lambda coupon: {  # noqa: E731
            "product_id": self.coffee.id, "qty": 1, "price_unit": -2, "price_subtotal": -2, "price_subtotal_incl": -2,
            "is_reward_line": True, "reward_id": program.reward_ids.id, "coupon_id": coupon.id, "points_cost": 1,
        }  # fmt: skip
        sale = self.sell(first.partner_id, NOON)
        sale.lines = [Command.create(use(first))]
        unpaid = self.sell(second.partner_id, NOON, state="draft")
        unpaid.lines = [Command.create(use(second))]
        self.occasion.invalidate_recordset()
        figures = ("coupon_count", "coupon_used_count", "order_count", "till_order_count")
        self.assertEqual([self.occasion[name] for name in figures], [2, 1, 0, 1])
        self.assertEqual(self.env["pos.order"].search(self.occasion.action_open_till_orders()["domain"]), sale)

    def due(self, occasion):
        """Whom the job would write down at noon."""
        self.env.flush_all()
        rows = self.env.execute_query(occasion._due_sql(NOON))
        return self.env["res.partner"].browse(row[0] for row in rows) & (self.ayu | self.doni)

    def test_who_bought_at_the_till_only_is_a_customer_and_who_did_not_pay_is_none(self):
        feast = self.make_occasion(kind="fixed", fixed_month="6", fixed_day=15, club_ids=[])
        self.sell(self.ayu, datetime(2026, 5, 1, 5))
        self.sell(self.doni, datetime(2026, 5, 1, 5), state="draft")
        self.sell(self.doni, datetime(2026, 5, 2, 5), -10.0, is_refund=True)
        self.assertEqual(self.due(feast), self.ayu)

    def test_a_first_purchase_may_be_one_at_the_till(self):
        first = self.make_occasion(kind="first_purchase", timing="after", shift_days=1, club_ids=[])
        for partner in (self.ayu, self.doni):
            self.sell(partner, datetime(2026, 6, 14, 5))
        self.sell(self.doni, datetime(2026, 1, 1, 5))
        self.assertEqual(self.due(first), self.ayu)

    def test_a_long_absence_is_over_with_a_purchase_at_the_till(self):
        absence = self.make_occasion(kind="absence", absence_days=90, club_ids=[])
        for partner in (self.ayu, self.doni):
            self.quotation(partner).write({"state": "sale", "date_order": NOON - timedelta(days=90)})
        self.assertEqual(self.due(absence), self.ayu | self.doni)
        self.sell(self.doni, NOON - timedelta(days=10))
        self.assertEqual(self.due(absence), self.ayu)
