from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .tier_case import TierCase


@tagged("post_install", "-at_install")
class TestTierPricelist(TierCase):
    """The price list of a tier: given, followed, taken back, and nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("product.group_product_pricelist")
        cls.env.ref("base.group_user").implied_ids += cls.env.ref("product.group_product_pricelist")
        cls.env["product.pricelist"].search([]).active = False
        cls.gold_list, cls.silver_list = (cls.pricelist(name, price) for name, price in (("Gold", 70), ("Silver", 80)))
        cls.gold.default_pricelist_id = cls.gold_list
        cls.silver.default_pricelist_id = cls.silver_list

    @classmethod
    def pricelist(cls, name, price, **vals):
        item = Command.create({"compute_price": "fixed", "fixed_price": price, "product_tmpl_id": cls.coffee_tmpl().id})
        return cls.env["product.pricelist"].create({"name": name, "item_ids": [item], **vals})

    @classmethod
    def coffee_tmpl(cls):
        return cls.coffee.product_tmpl_id

    def listed(self, partner, **vals):
        """A quotation at the price of the customer's list."""
        line = Command.create({"product_id": self.coffee.id, "tax_ids": [Command.clear()]})
        return self.env["sale.order"].create({"partner_id": partner.id, "order_line": [line], **vals})

    def list_of(self, partner, company=None):
        return partner.with_company(company or self.company).property_product_pricelist

    # ------------------------------------------------------------ never a stranger's

    def test_a_lone_list_of_a_tier_is_nobody_elses(self):
        self.silver.default_pricelist_id = False
        self.silver_list.active = False
        self.assertFalse(self.list_of(self.budi))
        self.assertPrice(self.listed(self.budi), 100)

    def test_everybodys_list_is_found_behind_those_of_tiers(self):
        everybody = self.pricelist("Everybody", 95, sequence=99)
        self.assertEqual(self.list_of(self.budi), everybody)
        self.assertPrice(self.listed(self.budi), 95)

    def test_the_list_of_an_archived_tier_opens_to_nobody(self):
        self.gold.active = False
        self.assertNotEqual(self.list_of(self.budi), self.gold_list)

    def test_a_list_no_longer_a_tiers_is_an_ordinary_one(self):
        self.gold.default_pricelist_id = False
        self.assertEqual(self.list_of(self.budi), self.gold_list)

    def test_a_quotation_to_a_stranger_cannot_have_the_list(self):
        order = self.listed(self.budi, pricelist_id=self.gold_list.id)
        self.assertPrice(order, 100)
        order.pricelist_id = self.gold_list
        order.action_confirm()
        self.assertNotEqual(order.pricelist_id, self.gold_list)

    # ------------------------------------------------------------ given

    def test_a_member_has_the_list_and_so_have_his_contacts(self):
        self.member(self.textile, tier=self.gold)
        self.assertEqual(self.list_of(self.textile), self.gold_list)
        self.assertEqual(self.list_of(self.rina), self.gold_list)
        child = self.env["res.partner"].create({"name": "New there", "parent_id": self.textile.id})
        self.assertEqual(self.list_of(child), self.gold_list)
        self.assertPrice(self.listed(child), 70)

    def test_a_contact_created_with_a_level_has_its_list(self):
        level = self.env["res.partner.grade"].create(
            {"name": "Wholesale", "default_pricelist_id": self.pricelist("W", 60).id}
        )
        partner = self.env["res.partner"].create({"name": "New", "grade_id": level.id})
        self.assertEqual(self.list_of(partner), level.default_pricelist_id)

    def test_a_list_chosen_for_a_new_contact_stays(self):
        level = self.env["res.partner.grade"].create(
            {"name": "Wholesale", "default_pricelist_id": self.pricelist("W", 60).id}
        )
        own = self.pricelist("Own", 50)
        partner = self.env["res.partner"].create(
            {"name": "New", "grade_id": level.id, "specific_property_product_pricelist": own.id}
        )
        self.assertEqual(self.list_of(partner), own)

    def test_a_branch_sells_by_the_list_as_well(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.member(tier=self.gold)
        self.assertEqual(self.list_of(self.siti, branch), self.gold_list)

    # ------------------------------------------------------------ followed and taken back

    def test_it_goes_with_the_membership(self):
        everybody = self.pricelist("Everybody", 95)
        member = self.member(tier=self.gold)
        member._end("left")
        self.assertEqual(self.list_of(self.siti), everybody)

    def test_it_goes_with_the_level_of_core(self):
        everybody = self.pricelist("Everybody", 95)
        level = self.env["res.partner.grade"].create(
            {"name": "Wholesale", "default_pricelist_id": self.pricelist("W", 60, sequence=99).id}
        )
        self.budi.grade_id = level
        self.assertEqual(self.list_of(self.budi), level.default_pricelist_id)
        self.budi.grade_id = False
        self.assertEqual(self.list_of(self.budi), everybody)

    def test_a_list_chosen_by_hand_stays_when_the_membership_ends(self):
        member = self.member(tier=self.gold)
        own = self.pricelist("Own", 50)
        self.siti.specific_property_product_pricelist = own
        member._end("left")
        self.assertEqual(self.list_of(self.siti), own)

    def test_members_follow_another_list_of_their_tier(self):
        self.member(tier=self.gold)
        order = self.listed(self.siti)
        self.gold.default_pricelist_id = self.pricelist("Gold of spring", 65)
        self.assertEqual(self.list_of(self.siti), self.gold.default_pricelist_id)
        self.assertPrice(order, 65)

    def test_members_get_the_first_list_of_their_tier_and_lose_it_again(self):
        self.member(tier=self.green)
        self.green.default_pricelist_id = self.pricelist("Green", 90)
        self.assertEqual(self.list_of(self.siti), self.green.default_pricelist_id)
        self.green.default_pricelist_id = False
        self.assertFalse(self.siti.specific_property_product_pricelist)

    # ------------------------------------------------------------ quotations

    def test_a_quotation_follows_a_change_of_tier(self):
        self.member()
        order = self.listed(self.siti)
        self.assertPrice(order, 100)
        self.bought(self.siti, 1000)
        self.assertPrice(order, 80)
        self.bought(self.siti, 4000)
        self.assertPrice(order, 70)
        self.assertEqual(order.pricelist_id, self.gold_list)

    def test_a_quotation_falls_back_when_the_membership_ends(self):
        everybody = self.pricelist("Everybody", 95)
        member = self.member(tier=self.gold)
        order = self.listed(self.siti)
        order.state = "sent"
        member._end("left")
        self.assertEqual(order.pricelist_id, everybody)
        self.assertPrice(order, 95)

    def test_a_price_made_by_hand_stays(self):
        member = self.member(tier=self.gold)
        order = self.listed(self.siti)
        order.order_line.price_unit = 66
        member._end("left")
        self.assertPrice(order, 66)

    def test_a_list_chosen_by_the_salesperson_stays(self):
        self.member()
        self.pricelist("Everybody", 95, sequence=1)
        friends = self.pricelist("Friends", 55)
        order = self.listed(self.siti, pricelist_id=friends.id)
        self.bought(self.siti, 1000)
        self.assertEqual(order.pricelist_id, friends)

    def late(self, member):
        """The membership is over, and the cron has not run."""
        member.write({"date_start": self.today - timedelta(days=9), "date_end": self.today - timedelta(days=1)})
        self.env.flush_all()

    def test_an_old_quotation_is_not_confirmed_at_the_members_price(self):
        member = self.member(tier=self.gold)
        order = self.listed(self.siti)
        self.assertPrice(order, 70)
        self.late(member)
        order.action_confirm()
        self.assertPrice(order, 100)

    def test_a_salesperson_confirms_an_old_quotation_at_the_ordinary_price(self):
        member = self.member(tier=self.gold)
        order = self.listed(self.siti, user_id=self.seller.id)
        self.late(member)
        order.with_user(self.seller).action_confirm()
        self.assertPrice(order, 100)

    def test_a_new_quotation_is_not_priced_by_a_membership_that_is_over(self):
        self.late(self.member(tier=self.gold))
        self.assertEqual(self.siti.specific_property_product_pricelist, self.gold_list)
        self.assertPrice(self.listed(self.siti), 100)

    def test_an_order_without_member_benefits_has_not_the_list_either(self):
        self.member(tier=self.gold)
        order = self.listed(self.siti)
        order.action_skip_member_benefits()
        self.assertPrice(order, 100)
