from datetime import timedelta

from odoo import Command
from odoo.tests import Form, tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestMemberPrices(ClubCase):
    """Issue 2, C.2: a quotation for a member gets the tier's discount; a non-member does not; it ends with the tier."""

    def test_a_quotation_for_a_member_gets_the_discount_of_the_tier(self):
        self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti)
        self.assertPrice(order, 85)
        self.assertEqual(order.order_line.reward_id, self.gold.program_id.reward_ids)

    def test_a_quotation_for_somebody_else_does_not(self):
        self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.budi)
        self.assertPrice(order, 100)
        self.assertFalse(order.coupon_point_ids)

    def test_a_salesperson_sees_the_discount_when_the_form_is_saved(self):
        self.club._enrol(self.siti, tier=self.silver)
        form = Form(self.env["sale.order"].with_user(self.seller))
        form.partner_id = self.siti
        with form.order_line.new() as line:
            line.product_id = self.coffee
            line.tax_ids.clear()
        order = form.save()
        self.assertPrice(order, 90)
        self.assertEqual((order.member_tier_id, order.member_club_id), (self.silver, self.club))

    def test_the_discount_follows_the_lines(self):
        self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti)
        line = order.order_line.filtered(lambda line: not line.reward_id)
        line.product_uom_qty = 3
        self.assertPrice(order, 255)
        order.write(
            {"order_line": [Command.create({"product_id": self.coffee.id, "price_unit": 100, "tax_ids": False})]}
        )
        self.assertPrice(order, 340)
        self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": self.coffee.id, "price_unit": 100, "tax_ids": False}
        )
        self.assertPrice(order, 425)
        line.unlink()
        self.assertPrice(order, 170)

    def test_the_discount_follows_the_customer(self):
        self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti)
        order.partner_id = self.budi
        self.assertPrice(order, 100)
        order.partner_id = self.siti
        self.assertPrice(order, 85)

    def test_an_open_quotation_gets_the_discount_when_the_customer_joins(self):
        order = self.quotation(self.siti)
        self.club._enrol(self.siti, tier=self.gold)
        self.assertPrice(order, 85)

    def test_an_open_quotation_follows_a_change_of_tier(self):
        membership = self.club._enrol(self.siti, tier=self.silver)
        order = self.quotation(self.siti)
        order.action_quotation_sent()
        membership._change_tier(self.gold, "spent a lot")
        self.assertPrice(order, 85)
        self.assertEqual(len(order.order_line), 2)

    def test_the_discount_falls_away_when_the_membership_ends(self):
        membership = self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti)
        membership._end("moved away")
        self.assertPrice(order, 100)
        self.assertFalse(order.order_line.reward_id)

    def test_it_falls_away_on_time_without_any_cron(self):
        membership = self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti)
        membership.write({"date_start": self.today - timedelta(days=9), "date_end": self.today - timedelta(days=1)})
        self.assertEqual(membership.state, "running")
        order._update_programs_and_rewards()
        self.assertPrice(order, 100)

    def test_an_old_quotation_is_confirmed_without_the_discount_of_an_ended_membership(self):
        membership = self.club._enrol(self.siti, tier=self.gold, date=self.today - timedelta(days=30))
        order = self.quotation(self.siti, date_order=self.today - timedelta(days=20))
        self.assertPrice(order, 85)
        membership.write({"date_end": self.today - timedelta(days=1)})
        order.action_confirm()
        self.assertPrice(order, 100)

    def test_a_quotation_older_than_the_membership_is_confirmed_with_the_discount(self):
        membership = self.club._enrol(self.siti, tier=self.gold, date=self.today + timedelta(days=1))
        order = self.quotation(self.siti)
        self.assertPrice(order, 100)
        membership.date_start = self.today
        order.action_confirm()
        self.assertPrice(order, 85)

    def test_a_confirmed_order_keeps_the_discount_after_the_end(self):
        membership = self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti)
        order.action_confirm()
        order.date_order -= timedelta(days=5)
        membership.write({"date_start": self.today - timedelta(days=9)})
        membership._end("moved away")
        order._update_programs_and_rewards()
        self.assertPrice(order, 85)

    def test_of_two_clubs_the_better_discount_counts(self):
        other = self.make_club("Klub Teh", tiers=(("Leaf", 20),))
        self.club._enrol(self.siti, tier=self.gold)
        membership = other._enrol(self.siti)
        order = self.quotation(self.siti)
        self.assertPrice(order, 80)
        membership._end("coffee again")
        self.assertPrice(order, 85)

    def test_a_better_promotion_for_everybody_is_not_overridden(self):
        sale = self.env["loyalty.program"].create(
            {
                "name": "Opening sale",
                "program_type": "promotion",
                "trigger": "auto",
                "rule_ids": [Command.create({"minimum_qty": 0})],
                "reward_ids": [Command.create({"discount": 50})],
            }
        )
        self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti)
        coupon = order.coupon_point_ids.coupon_id.filtered(lambda card: card.program_id == sale)
        order._apply_program_reward(sale.reward_ids, coupon)
        self.assertPrice(order, 50)
        order.order_line[0].product_uom_qty = 2
        self.assertPrice(order, 100)

    def test_a_promotion_for_everybody_is_still_claimed_by_hand(self):
        self.env["loyalty.program"].create(
            {
                "name": "Opening sale",
                "program_type": "promotion",
                "trigger": "auto",
                "rule_ids": [Command.create({"minimum_qty": 0})],
                "reward_ids": [Command.create({"discount": 50})],
            }
        )
        self.club._enrol(self.siti, tier=self.gold)
        self.assertPrice(self.quotation(self.siti), 85)

    def test_a_code_for_members_is_refused_to_others(self):
        self.env["loyalty.program"].create(
            {
                "name": "Members' code",
                "program_type": "promo_code",
                "trigger": "with_code",
                "club_ids": self.club.ids,
                "company_id": self.company.id,
                "rule_ids": [Command.create({"mode": "with_code", "code": "KOPI", "minimum_qty": 0})],
                "reward_ids": [Command.create({"discount": 40})],
            }
        )
        self.club._enrol(self.siti)
        self.assertIn("error", self.quotation(self.budi)._try_apply_code("KOPI"))
        self.assertNotIn("error", self.quotation(self.siti)._try_apply_code("KOPI"))

    def test_members_collect_points_and_others_do_not(self):
        membership = self.club._enrol(self.siti, tier=self.gold)
        self.quotation(self.siti).action_confirm()
        self.assertEqual(membership.card_id.points, 8.5)  # one for ten spent, of what is left after the discount
        self.quotation(self.budi).action_confirm()
        self.assertFalse(self.env["loyalty.card"].search([("partner_id", "=", self.budi.id)]))

    def test_points_are_spent_beside_the_discount(self):
        membership = self.club._enrol(self.siti, tier=self.gold)
        membership.card_id.points = 20
        order = self.quotation(self.siti)
        order._apply_program_reward(self.club.program_id.reward_ids, membership.card_id)
        order._update_programs_and_rewards()
        self.assertLess(order.amount_total, 66)
        order.action_confirm()
        self.assertGreaterEqual(membership.card_id.points, 0)

    def test_nobody_says_from_outside_which_memberships_count(self):
        """What a caller sends as context is no membership of the customer's."""
        foreign = self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.budi)
        order = order.with_context(member_benefits_known=(order.id, tuple(foreign.ids)))
        order._update_programs_and_rewards()
        self.assertFalse(order._entitling_memberships())
        self.assertPrice(order, 100)

    def test_nobody_puts_off_from_outside_what_members_get(self):
        self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti).with_context(member_benefits_later=True)
        order.order_line.filtered(lambda line: not line.reward_id).product_uom_qty = 2
        self.assertPrice(order, 170)

    def test_an_order_without_member_benefits_has_neither_discount_nor_points(self):
        membership = self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti)
        order.skip_member_benefits = True
        self.assertPrice(order, 100)
        order.action_confirm()
        self.assertEqual(membership.card_id.points, 0)

    def test_a_salesperson_changes_the_customer_of_a_quotation(self):
        self.club._enrol(self.siti, tier=self.gold)
        self.club._enrol(self.budi, tier=self.green)
        order = self.quotation(self.siti, user_id=self.seller.id).with_user(self.seller)
        order.partner_id = self.budi
        self.assertPrice(order, 95)
        order.action_confirm()
        self.assertEqual(self.budi._running_memberships().card_id.points, 9.5)
        self.assertEqual(self.siti._running_memberships().card_id.points, 0)

    def test_a_salesperson_confirms_a_quotation_of_an_ended_membership(self):
        membership = self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti, user_id=self.seller.id).with_user(self.seller)
        membership.write({"date_start": self.today - timedelta(days=9), "date_end": self.today - timedelta(days=1)})
        order.action_confirm()
        self.assertPrice(order, 100)
        self.assertEqual(membership.card_id.points, 0)

    def test_a_salesperson_takes_the_benefits_off_and_gives_them_back(self):
        self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti, user_id=self.seller.id).with_user(self.seller)
        order.action_skip_member_benefits()
        self.assertPrice(order, 100)
        order.action_give_member_benefits()
        self.assertPrice(order, 85)

    def test_a_discount_line_deleted_by_hand_comes_back(self):
        self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti)
        order.order_line.filtered("reward_id").unlink()
        self.assertPrice(order, 85)

    def test_a_copy_has_the_discount_once(self):
        self.club._enrol(self.siti, tier=self.gold)
        copy = self.quotation(self.siti).copy()
        self.assertPrice(copy, 85)
        self.assertEqual(len(copy.order_line), 2)

    def test_a_cancelled_order_gets_it_back_with_the_draft(self):
        self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti)
        order.action_confirm()
        order._action_cancel()
        self.assertFalse(order.order_line.reward_id)
        order.action_draft()
        self.assertPrice(order, 85)

    def test_a_quotation_without_lines_is_left_alone(self):
        self.club._enrol(self.siti, tier=self.gold)
        order = self.env["sale.order"].create({"partner_id": self.siti.id})
        self.assertFalse(order.order_line)

    def test_archiving_a_tier_opens_its_discount_to_nobody(self):
        self.gold.active = False
        self.assertPrice(self.quotation(self.budi), 100)
        order = self.quotation(self.budi)
        self.assertFalse(self.gold.program_id.filtered_domain(order._get_program_domain()))
        self.assertNotIn(self.gold.program_id, self.env["loyalty.program"].search(order._get_program_domain()))

    def test_archiving_a_club_opens_its_points_to_nobody(self):
        self.club.active = False
        self.quotation(self.budi).action_confirm()
        self.assertFalse(self.env["loyalty.card"].search([("partner_id", "=", self.budi.id)]))

    def test_a_membership_of_another_company_counts_for_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        club = (
            self.env["loyalty.club"]
            .with_company(other)
            ._create_with_programs(
                {"name": "Other club", "company_id": other.id},
                [{"name": "Best", "discount": 50}],
                {"amount": 1, "value": 1},
            )
        )
        club._enrol(self.siti)
        self.assertPrice(self.quotation(self.siti), 100)

    def test_a_branch_honours_the_club_of_its_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.club._enrol(self.siti, tier=self.gold)
        self.env.user.company_ids += branch
        self.assertEqual(self.siti._running_memberships(branch).tier_id, self.gold)

    def test_the_order_tells_club_tier_and_card(self):
        membership = self.club._enrol(self.siti, tier=self.gold)
        order = self.quotation(self.siti)
        self.assertEqual(order.membership_id, membership)
        self.assertEqual(order.member_card_code, membership.card_code)
        self.assertFalse(self.quotation(self.budi).membership_id)
