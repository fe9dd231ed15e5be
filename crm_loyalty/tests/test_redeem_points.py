from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestRedeemPoints(ClubCase):
    """Issue 4: redeem a chosen number of points. A point of the club is worth 1 in the company's currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.green.discount = 0  # points only
        cls.card = cls.club._enrol(cls.siti).card_id
        cls.card._book(60, "gift", "test/start")
        cls.reward = cls.club.program_id.reward_ids

    def wizard(self, order, points=None, user=None):
        action = order.with_user(user or self.env.user).action_open_redeem()
        wizard = self.env[action["res_model"]].with_user(user or self.env.user).browse(action["res_id"])
        if points is not None:
            wizard.points = points
        return wizard

    def redeem(self, order, points, user=None):
        wizard = self.wizard(order, points, user)
        told = wizard.amount_left
        wizard.action_redeem()
        self.assertPrice(order, told)
        return order

    def cost(self, order):
        return sum(order.order_line.mapped("points_cost"))

    def test_as_many_as_the_customer_wants(self):
        order = self.redeem(self.quotation(self.siti), 25)
        self.assertPrice(order, 75)
        self.assertEqual(self.cost(order), 25)
        order.action_confirm()
        self.assertPrice(order, 75)
        self.assertEqual(self.card.points, 60 - 25 + 10)

    def test_the_most_useful_number_is_proposed(self):
        self.assertEqual(self.wizard(self.quotation(self.siti)).points, 60)
        wizard = self.wizard(self.quotation(self.siti, price=40))
        self.assertEqual((wizard.points, wizard.amount_points, wizard.amount_left), (40, 40, 0))

    def test_what_they_are_worth_and_what_is_left_to_pay_is_told(self):
        wizard = self.wizard(self.quotation(self.siti), 15)
        self.assertEqual((wizard.amount_before, wizard.amount_points, wizard.amount_left), (100, 15, 85))

    def test_the_number_stays_when_lines_change_afterwards(self):
        order = self.redeem(self.quotation(self.siti), 25)
        line = order.order_line.filtered(lambda line: not line.reward_id)
        line.product_uom_qty = 3
        self.assertPrice(order, 275)
        order.write(
            {"order_line": [Command.create({"product_id": self.coffee.id, "price_unit": 50, "tax_ids": False})]}
        )
        self.assertPrice(order, 325)
        order._update_programs_and_rewards()
        self.assertEqual((order.amount_total, self.cost(order)), (325, 25))
        order.action_confirm()
        self.assertEqual(self.cost(order), 25)

    def test_an_order_that_becomes_cheaper_takes_no_more_than_it_is_worth(self):
        order = self.redeem(self.quotation(self.siti), 50)
        order.order_line.filtered(lambda line: not line.reward_id).price_unit = 30
        self.assertEqual((order.amount_total, self.cost(order)), (0, 30))
        order.order_line.filtered(lambda line: not line.reward_id).price_unit = 90
        self.assertEqual((order.amount_total, self.cost(order)), (40, 50))

    def test_another_number_replaces_the_first(self):
        order = self.redeem(self.quotation(self.siti), 25)
        self.assertEqual(self.wizard(order).amount_before, 100)
        self.assertPrice(self.redeem(order, 60), 40)
        self.assertPrice(self.redeem(order, 5), 95)
        self.assertEqual(len(order.sudo().points_choice_ids), 1)

    def test_redeeming_none_takes_them_off_the_order(self):
        order = self.redeem(self.quotation(self.siti), 25)
        self.wizard(order).action_take_back()
        self.assertPrice(order, 100)
        self.assertFalse(order.sudo().points_choice_ids)

    def test_never_more_than_there_is_on_the_card(self):
        order = self.quotation(self.siti)
        for points in (61, 69, 1e9):  # 10 more will be earned by this order itself
            with self.assertRaisesRegex(UserError, "can redeem 60 Points here"):
                self.wizard(order, points).action_redeem()
        for points in (0, -5):
            with self.assertRaisesRegex(UserError, "more than 0"):
                self.wizard(order, points).action_redeem()
        self.assertPrice(order, 100)

    def test_never_more_than_the_order_is_worth(self):
        with self.assertRaisesRegex(UserError, "40 points pay all"):
            self.wizard(self.quotation(self.siti, price=40), 50).action_redeem()

    def test_a_choice_written_behind_the_wizards_back_takes_no_more_than_there_is(self):
        order = self.redeem(self.quotation(self.siti, price=500), 60)
        order.sudo().points_choice_ids.points = 400
        order._update_programs_and_rewards()
        self.assertEqual(self.cost(order), 60)

    def test_a_member_without_points_is_told_so(self):
        self.club._enrol(self.budi)
        with self.assertRaisesRegex(UserError, "no points that could pay"):
            self.quotation(self.budi).action_open_redeem()

    def test_on_top_of_the_discount_of_the_tier(self):
        self.green.discount = 5
        order = self.redeem(self.quotation(self.siti), 25)
        self.assertPrice(order, 70)
        order.order_line.filtered(lambda line: not line.reward_id).product_uom_qty = 2
        self.assertPrice(order, 165)

    def test_lines_of_two_taxes_share_the_discount(self):
        taxes = self.env["account.tax"].create([{"name": "10%", "amount": 10}, {"name": "20%", "amount": 20}])
        order = self.env["sale.order"].create(
            {
                "partner_id": self.siti.id,
                "order_line": [
                    Command.create({"product_id": self.coffee.id, "price_unit": 100, "tax_ids": [Command.set(tax.ids)]})
                    for tax in taxes
                ],
            }
        )
        self.assertPrice(self.redeem(order, 23), 207)
        self.assertEqual(len(order.order_line.filtered("reward_id")), 2)
        self.assertEqual(self.cost(order), 23)
        order.order_line[0].product_uom_qty = 2
        self.assertAlmostEqual(order.amount_total, 317, delta=0.011)  # core rounds the tax of each line
        self.assertEqual(self.cost(order), 23)

    def test_another_salesperson_redeems_and_goes_on_with_the_order(self):
        order = self.redeem(self.quotation(self.siti, user_id=self.seller.id), 25, user=self.seller)
        colleague = self.seller.copy({"login": "colleague", "group_ids": [Command.set(self.seller.group_ids.ids)]})
        colleague.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        order.with_user(colleague).order_line[0].product_uom_qty = 2
        self.assertPrice(order, 175)
        self.redeem(order, 30, user=colleague)
        order.with_user(colleague).action_confirm()
        self.assertEqual(self.card.points, 60 - 30 + 20)

    def test_who_may_not_change_the_order_redeems_nothing(self):
        order = self.quotation(self.siti, user_id=self.seller.id)
        wizard = self.wizard(order, 10)
        with self.assertRaises(AccessError):
            order.with_user(self.clerk).action_open_redeem()
        with self.assertRaises(AccessError):
            wizard.copy().with_user(self.clerk).action_redeem()
        self.assertPrice(order, 100)

    def test_of_two_quotations_the_second_is_refused_with_a_clear_sentence(self):
        first, second = (self.redeem(self.quotation(self.siti), 50) for _ in range(2))
        self.assertEqual(self.wizard(first).reserved_text, "50 Points")
        first.action_confirm()
        self.assertEqual(self.card.points, 20)
        with self.assertRaisesRegex(ValidationError, "redeems 50 Points of card .* has only 20 Points now"):
            second.action_confirm()
        self.assertEqual(second.state, "draft")
        self.redeem(second, 20).action_confirm()
        self.assertEqual(self.card.points, 10)

    def test_what_the_order_itself_earns_does_not_pay_what_is_missing(self):
        order = self.redeem(self.quotation(self.siti), 60)
        self.card._book(-5, "adjust", "test/less")
        with self.assertRaisesRegex(ValidationError, "has only 55 Points"):
            order.action_confirm()

    def test_cancelled_and_redone(self):
        order = self.redeem(self.quotation(self.siti), 25)
        order.action_confirm()
        order._action_cancel()
        self.assertEqual(self.card.points, 60)
        order.action_draft()
        self.assertPrice(order, 100)
        self.redeem(order, 40).action_confirm()
        self.assertEqual((order.amount_total, self.card.points), (60, 60 - 40 + 10))

    def test_cores_button_takes_all_points_again_when_the_choice_is_off_the_order(self):
        order = self.redeem(self.quotation(self.siti), 25)
        order.order_line.filtered("reward_id").unlink()
        order._update_programs_and_rewards()
        order._apply_program_reward(self.reward, self.card)
        self.assertPrice(order, 30)  # core spends what the order itself will earn, too

    def test_a_copied_order_redeems_nothing(self):
        copy = self.redeem(self.quotation(self.siti), 25).copy()
        self.assertPrice(copy, 100)
        self.assertFalse(copy.sudo().points_choice_ids)

    def test_a_contact_spends_as_many_points_of_its_company_as_it_wants(self):
        card = self.club._enrol(self.textile).card_id
        card._book(60, "gift", "test/company")
        order = self.redeem(self.quotation(self.rina), 25)
        self.assertPrice(order, 75)
        order.order_line.filtered(lambda line: not line.reward_id).product_uom_qty = 2
        self.assertPrice(order, 175)
        order.action_confirm()
        self.assertEqual(card.points, 60 - 25 + 20)

    def test_whole_portions_only(self):
        self.reward.required_points = 20
        order = self.quotation(self.siti)
        with self.assertRaisesRegex(UserError, "by 20: choose 20"):
            self.wizard(order, 25).action_redeem()
        self.assertPrice(self.redeem(order, 40), 60)
        self.assertEqual(self.wizard(self.quotation(self.siti, price=50)).points, 60)

    def test_the_customer_changes_and_the_points_go(self):
        order = self.redeem(self.quotation(self.siti), 25)
        order.partner_id = self.budi
        self.assertPrice(order, 100)


@tagged("post_install", "-at_install")
class TestRedeemInCurrencies(ClubCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.green.discount = 0
        cls.card = cls.club._enrol(cls.siti).card_id
        cls.reward = cls.club.program_id.reward_ids
        cls.rupiah = cls.env["res.currency"].with_context(active_test=False).search([("name", "=", "IDR")])
        cls.rupiah.write({"active": True, "rounding": 1})

    def redeem(self, order, points):
        action = order.action_open_redeem()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.points = points
        told = wizard.amount_left
        wizard.action_redeem()
        self.assertPrice(order, told)

    def test_an_order_in_rupiah_without_decimals_takes_exactly_the_points_chosen(self):
        self.club.program_id.currency_id = self.rupiah
        self.club.program_id.pricelist_ids = False
        self.reward.discount = 0.4
        self.card._book(7, "gift", "test/start")
        pricelist = self.env["product.pricelist"].create({"name": "IDR", "currency_id": self.rupiah.id})
        for points, price in ((3, 99), (5, 98), (7, 97)):  # 1.2, 2 and 2.8 rupiah
            order = self.quotation(self.siti, pricelist_id=pricelist.id)
            self.assertEqual(order.currency_id, self.rupiah)
            self.redeem(order, points)
            self.assertPrice(order, price)
            self.assertEqual(sum(order.order_line.mapped("points_cost")), points)
            order.unlink()

    def test_points_that_are_worth_less_than_the_smallest_coin_are_refused(self):
        self.club.program_id.currency_id = self.rupiah
        self.reward.discount = 0.4
        self.card._book(7, "gift", "test/start")
        pricelist = self.env["product.pricelist"].create({"name": "IDR", "currency_id": self.rupiah.id})
        order = self.quotation(self.siti, pricelist_id=pricelist.id)
        with self.assertRaisesRegex(UserError, "worth nothing"):
            self.redeem(order, 1)

    def test_an_order_in_another_currency(self):
        self.env["res.currency.rate"].create(
            {"currency_id": self.rupiah.id, "rate": 15873, "company_id": self.company.id, "name": self.today}
        )
        self.card._book(60, "gift", "test/start")
        pricelist = self.env["product.pricelist"].create({"name": "IDR", "currency_id": self.rupiah.id})
        order = self.quotation(self.siti, price=1_000_000, pricelist_id=pricelist.id)
        self.redeem(order, 7)
        self.assertPrice(order, 1_000_000 - 7 * 15873)
        self.assertEqual(sum(order.order_line.mapped("points_cost")), 7)
        order.action_confirm()
        self.assertPrice(order, 1_000_000 - 7 * 15873)
