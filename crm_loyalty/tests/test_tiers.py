from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import Command, fields
from odoo.addons.crm_loyalty.models import loyalty_club_tier_values
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from .tier_case import TierCase


@tagged("post_install", "-at_install")
class TestTiers(TierCase):
    # ------------------------------------------------------------ net spend

    def test_a_member_goes_up_when_the_order_is_confirmed(self):
        member = self.member()
        self.bought(self.siti, 999)
        self.assertEqual((member.tier_id, member.qualified_value), (self.green, 999))
        self.bought(self.siti, 1)
        self.assertEqual((member.tier_id, member.qualified_value), (self.silver, 1000))
        self.assertEqual(member.tier_since, self.today)

    def test_the_log_says_why(self):
        member = self.member()
        self.bought(self.siti, 5000)
        row = member.log_ids.sorted("id")[-1]
        self.assertEqual((row.event, row.old_tier_id, row.new_tier_id), ("tier", self.green, self.gold))
        self.assertIn("5,000.00", row.reason)

    def test_a_salesperson_without_rights_on_clubs_confirms_and_the_member_goes_up(self):
        member = self.member()
        order = self.quotation(self.siti, 1000, user_id=self.seller.id)
        order.with_user(self.seller).action_confirm()
        self.assertEqual(member.tier_id, self.silver)

    def test_a_quotation_is_no_purchase_and_a_cancelled_order_none_either(self):
        member = self.member()
        self.quotation(self.siti, 3000)
        order = self.bought(self.siti, 900)
        order._action_cancel()
        self.work_off()
        self.assertEqual(member.qualified_value, 0)

    def test_taxes_do_not_count_and_discounts_count_less(self):
        member = self.member()
        tax = self.env["account.tax"].create({"name": "11", "amount": 11, "company_id": self.company.id})
        line = self.line_of(self.coffee, 500, tax_ids=[Command.set(tax.ids)], discount=10)
        self.env["sale.order"].create({"partner_id": self.siti.id, "order_line": [line]}).action_confirm()
        self.assertEqual(member.qualified_value, 450)

    def test_a_credit_note_takes_its_amount_back(self):
        member = self.member()
        order = self.bought(self.siti, 800)
        note = self.credit(order, 0.25)
        self.work_off()
        self.assertEqual(member.qualified_value, 600)
        note.button_draft()
        self.work_off()
        self.assertEqual(member.qualified_value, 800)

    def test_a_credit_note_of_an_old_order_counts_with_that_order(self):
        member = self.member()
        old = self.bought(self.siti, 800, days_ago=400)
        self.credit(old)
        self.bought(self.siti, 300)
        self.evaluate()
        self.assertEqual(member.qualified_value, 300)

    def test_a_credit_note_lowers_no_tier_before_the_review(self):
        member = self.member()
        order = self.bought(self.siti, 1000)
        self.credit(order)
        self.work_off()
        self.assertEqual((member.tier_id, member.qualified_value), (self.silver, 0))
        with freeze_time(member.review_date):
            self.evaluate()
        self.assertEqual(member.tier_id, self.green)

    def test_more_sold_on_a_confirmed_order_counts(self):
        member = self.member()
        order = self.bought(self.siti, 800)
        order.order_line.filtered("product_id")[0].price_unit = 1600
        self.work_off()
        self.assertEqual((member.qualified_value, member.tier_id), (1600, self.silver))

    def test_an_order_given_to_another_customer_counts_for_him(self):
        siti, budi = self.member(), self.member(self.budi)
        order = self.bought(self.siti, 400)
        self.work_off()
        order.partner_id = self.budi
        self.work_off()
        self.assertEqual((siti.qualified_value, budi.qualified_value), (0, 400))

    def test_what_was_bought_before_joining_counts(self):
        self.bought(self.siti, 1200, days_ago=100)
        member = self.member()
        self.work_off()
        self.assertEqual(member.tier_id, self.silver)

    def test_all_contacts_of_a_company_count(self):
        member = self.member(self.rina)
        self.assertEqual(member.partner_id, self.textile)
        self.bought(self.rina, 700)
        self.bought(self.textile, 300)
        self.assertEqual((member.qualified_value, member.tier_id), (1000, self.silver))

    def test_in_a_club_of_persons_each_counts_alone(self):
        self.club.member_level = "person"
        rina = self.member(self.rina)
        self.bought(self.textile, 700)
        self.bought(self.rina, 300)
        self.evaluate()
        self.assertEqual(rina.qualified_value, 300)

    def test_a_member_who_becomes_a_contact_keeps_what_he_has_bought(self):
        member = self.member()
        self.bought(self.siti, 1500)
        self.siti.parent_id = self.textile
        self.work_off()
        self.assertEqual(member.qualified_value, 1500)

    def test_a_contact_that_moves_to_the_company_brings_its_purchases(self):
        company = self.member(self.textile)
        self.bought(self.budi, 1500)
        self.budi.parent_id = self.textile
        self.work_off()
        self.assertEqual((company.qualified_value, company.tier_id), (1500, self.silver))

    def test_few_and_many_members_are_added_up_alike(self):
        """One statement in two shapes: orders kept at hand, or looked up where they are needed."""
        members = self.member() | self.member(self.rina) | self.member(self.budi)
        self.credit(self.bought(self.siti, 800), 0.25)
        self.credit(self.bought(self.siti, 50))
        self.bought(self.rina, 700)
        self.bought(self.textile, 300)
        self.env.flush_all()
        for metric, done in (("spend", [600, 1000]), ("orders", [1, 2])):
            for few in (0, 100):
                self.patch(loyalty_club_tier_values, "FEW", few)
                values = self.club._current_values(self.today, members.ids, metric=metric)
                self.assertEqual("MATERIALIZED" in values.code, few > 0)
                found = dict(self.env.execute_query(values))
                self.assertEqual([found.get(member.id, 0) for member in members], [*done, 0])

    # ------------------------------------------------------------ currencies and companies

    def test_another_currency_counts_at_the_rate_of_the_day(self):
        rupiah = self.env.ref("base.IDR")
        rupiah.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", rupiah.id)]).unlink()
        self.env["res.currency.rate"].create(
            [
                {"name": self.today - timedelta(days=60), "rate": 10_000, "currency_id": rupiah.id},
                {"name": self.today - timedelta(days=30), "rate": 20_000, "currency_id": rupiah.id},
            ]
        )
        pricelist = self.env["product.pricelist"].create({"name": "Rupiah", "currency_id": rupiah.id})
        member = self.member()
        order = self.quotation(self.siti, 1_000_000, pricelist_id=pricelist.id)
        order.date_order = fields.Datetime.now() - timedelta(days=45)
        order.action_confirm()
        order.date_order = fields.Datetime.now() - timedelta(days=45)
        self.quotation(self.siti, 1_000_000, pricelist_id=pricelist.id).action_confirm()
        self.evaluate()
        self.assertAlmostEqual(member.qualified_value, 100 + 50, 2)

    def test_a_club_of_all_companies_adds_them_up_in_its_currency(self):
        rupiah = self.env.ref("base.IDR")
        rupiah.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", rupiah.id)]).unlink()
        other = self.env["res.company"].create({"name": "PT Lain", "currency_id": rupiah.id})
        club = self.make_club("Everywhere", company_id=False)
        main = club._main_company()
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "rate": 10_000, "currency_id": rupiah.id, "company_id": main.id}
        )
        best = club.tier_ids.sorted("sequence")[0]
        best.threshold = 5000
        club.tier_ids.discount = 0
        club.qualification_metric = "spend"
        member = club._enrol(self.siti)
        self.bought(self.siti, 1000)
        order = self.quotation(self.siti, 45_000_000, company_id=other.id)
        order.action_confirm()
        self.evaluate()
        self.assertEqual(order.currency_id, rupiah)
        self.assertAlmostEqual(member.qualified_value, 1000 + 4500, 2)
        self.assertEqual(member.tier_id, best)

    def test_orders_of_another_company_do_not_count_for_the_clubs(self):
        other = self.env["res.company"].create({"name": "Other", "currency_id": self.company.currency_id.id})
        member = self.member()
        self.quotation(self.siti, 4000, company_id=other.id).action_confirm()
        self.evaluate()
        self.assertEqual(member.qualified_value, 0)

    def test_orders_of_a_branch_count(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        member = self.member()
        self.quotation(self.siti, 400, company_id=branch.id).action_confirm()
        self.evaluate()
        self.assertEqual(member.qualified_value, 400)

    # ------------------------------------------------------------ purchases and points

    def test_purchases_are_counted_unless_credited_in_full(self):
        self.club.qualification_metric = "orders"
        self.set_thresholds(gold=4, silver=2)
        member = self.member()
        kept, credited, _free = self.bought(self.siti, 10), self.bought(self.siti, 10), self.bought(self.siti, 0)
        self.assertEqual((member.qualified_value, member.tier_id), (2, self.silver))
        self.credit(kept, 0.5)
        self.credit(credited)
        self.work_off()
        self.assertEqual(member.qualified_value, 1)

    def test_points_earned_are_counted_not_those_given(self):
        self.club.qualification_metric = "points"
        self.set_thresholds(gold=500, silver=20)
        member = self.member()
        member.card_id._book(300, "gift", "a-gift")
        order = self.bought(self.siti, 200)
        self.assertEqual((member.qualified_value, member.tier_id), (20, self.silver))
        order._action_cancel()
        self.work_off()
        self.assertEqual(member.qualified_value, 0)

    def test_points_spent_are_still_earned(self):
        self.club.qualification_metric = "points"
        member = self.member()
        self.bought(self.siti, 200)
        member.card_id.redeem_points(15, "key-of-the-test")
        self.work_off()
        self.assertEqual(member.qualified_value, 20)

    # ------------------------------------------------------------ periods

    def test_of_rolling_months_a_purchase_falls_out_on_its_day(self):
        member = self.member()
        self.bought(self.siti, 700, days_ago=100)
        self.evaluate()
        day = self.today - timedelta(days=100) + relativedelta(years=1)
        with freeze_time(day - timedelta(days=1)):
            self.evaluate()
            self.assertEqual(member.qualified_value, 700)
        with freeze_time(day):
            self.evaluate()
        self.assertEqual(member.qualified_value, 0)

    def test_the_calendar_year_begins_with_nothing(self):
        self.club.qualification_period = "calendar_year"
        member = self.member()
        with freeze_time("2027-06-01"):
            self.bought(self.siti, 1000)
            self.assertEqual((member.tier_id, str(member.review_date)), (self.silver, "2028-01-01"))
        with freeze_time("2028-01-01"):
            self.evaluate()  # the year that is over is judged: it was enough
            self.assertEqual((member.qualified_value, member.tier_id), (0, self.silver))
            self.assertEqual(str(member.review_date), "2029-01-01")
        with freeze_time("2029-01-01"):
            self.evaluate()
        self.assertEqual(member.tier_id, self.green)

    def test_in_the_days_of_grace_the_tier_is_kept_and_can_be_earned(self):
        self.club.write({"qualification_period": "calendar_year", "tier_grace_days": 31})
        siti, budi = self.member(tier=self.silver), self.member(self.budi, tier=self.silver)
        self.assertEqual(siti.review_date, self.today.replace(year=self.today.year + 1, month=2, day=1))
        with freeze_time(siti.review_date - timedelta(days=10)):
            self.bought(self.budi, 999)
            self.bought(self.budi, 1, days_ago=-0)
            self.evaluate()
            self.assertEqual((siti.tier_id, budi.tier_id), (self.silver, self.silver))
        with freeze_time(siti.review_date):
            self.evaluate()
        self.assertEqual((siti.tier_id, budi.tier_id), (self.green, self.silver))

    def test_the_year_of_the_membership(self):
        self.club.qualification_period = "membership_year"
        member = self.member(date=self.today - timedelta(days=370))
        self.bought(self.siti, 600, days_ago=10)
        self.bought(self.siti, 300, days_ago=1)
        self.evaluate()
        self.assertEqual(member.qualified_value, 300)

    def test_all_of_time(self):
        self.club.qualification_period = "lifetime"
        member = self.member()
        self.bought(self.siti, 4000, days_ago=3000)
        self.bought(self.siti, 1000)
        self.assertEqual((member.qualified_value, member.tier_id), (5000, self.gold))

    # ------------------------------------------------------------ down

    def test_down_at_the_review_by_one_step(self):
        self.club.downgrade = "one_step"
        member = self.member(tier=self.gold)
        with freeze_time(member.review_date):
            self.evaluate()
        self.assertEqual(member.tier_id, self.silver)

    def test_never_down(self):
        self.club.downgrade = "never"
        member = self.member(tier=self.gold)
        with freeze_time(self.today + timedelta(days=2000)):
            self.evaluate()
        self.assertEqual((member.tier_id, member.review_date), (self.gold, False))

    def test_other_rules_for_the_review_do_not_take_a_tier_away_on_the_spot(self):
        member = self.member(tier=self.gold)
        with freeze_time(self.today + timedelta(days=300)):
            self.club.qualification_period = "calendar_year"
            self.evaluate()
            self.assertEqual(member.tier_id, self.gold)
            self.assertGreater(member.review_date, self.today + timedelta(days=300))

    # ------------------------------------------------------------ by hand

    def test_a_tier_by_hand_has_a_reason_and_a_last_day(self):
        member = self.member()
        until = self.today + timedelta(days=30)
        member.with_user(self.manager)._change_tier(self.gold, "winner of the raffle", until=until)
        self.assertEqual((member.tier_id, member.tier_until, member.tier_by_hand), (self.gold, until, "raised"))
        self.assertIn("winner of the raffle", member.log_ids.sorted("id")[-1].reason)
        with freeze_time(until):
            self.evaluate()
            self.assertEqual(member.tier_id, self.gold)
        with freeze_time(until + timedelta(days=1)):
            self.evaluate()
        self.assertEqual((member.tier_id, member.tier_until, member.tier_by_hand), (self.green, False, False))

    def test_a_member_lowered_by_hand_does_not_rise_by_the_next_order(self):
        member = self.member()
        self.bought(self.siti, 5000)
        member._change_tier(self.green, "fraud")
        self.bought(self.siti, 5000)
        self.assertEqual((member.tier_id, member.tier_by_hand), (self.green, "lowered"))

    def test_only_a_manager_gives_a_tier_until_a_day(self):
        member = self.member()
        with self.assertRaises(AccessError):
            member.with_user(self.clerk)._change_tier(self.gold, "friend", until=self.today)

    def test_a_last_day_that_is_over_is_refused(self):
        member = self.member()
        with self.assertRaisesRegex(UserError, "over already"):
            member._change_tier(self.gold, "too late", until=self.today - timedelta(days=1))

    def test_in_a_club_whose_tiers_are_not_earned_a_tier_has_no_last_day(self):
        self.club.qualification_metric = False
        member = self.member()
        member._change_tier(self.gold, "as ever")
        self.assertFalse(member.tier_by_hand)
        with self.assertRaisesRegex(UserError, "does not say how tiers are earned"):
            member._change_tier(self.silver, "until?", until=self.today)

    def test_the_wizard_asks_for_the_last_day(self):
        member = self.member()
        until = self.today + timedelta(days=5)
        wizard = self.env["loyalty.membership.wizard"].with_user(self.manager)
        wizard.create(
            {
                "membership_ids": member.ids,
                "change": "tier",
                "tier_id": self.gold.id,
                "until": until,
                "reason": "jubilee",
            }
        ).action_apply()
        self.assertEqual((member.tier_id, member.tier_until), (self.gold, until))

    # ------------------------------------------------------------ rules

    def test_a_better_tier_is_not_easier_to_earn(self):
        with self.assertRaisesRegex(ValidationError, "its threshold must be higher"):
            self.silver.threshold = 6000

    def test_thresholds_of_several_tiers_are_changed_together(self):
        self.club.tier_ids = [
            Command.update(self.silver.id, {"threshold": 6000}),
            Command.update(self.gold.id, {"threshold": 9000}),
        ]
        self.assertEqual(self.silver.threshold, 6000)

    def test_a_club_that_does_not_qualify_leaves_tiers_alone(self):
        self.club.qualification_metric = False
        member = self.member()
        self.bought(self.siti, 9000)
        self.evaluate()
        self.assertEqual((member.tier_id, member.qualified_value), (self.green, 0))
        self.assertEqual(member._tier_progress(), {})

    # ------------------------------------------------------------ for readers

    def test_progress_tells_value_next_tier_and_what_is_missing(self):
        member = self.member()
        self.bought(self.siti, 250)
        progress = member._tier_progress()
        self.assertEqual(
            {name: progress[name] for name in ("metric", "value", "next_tier", "missing", "percent")},
            {"metric": "spend", "value": 250, "next_tier": "Silver", "missing": 750, "percent": 25},
        )
        self.assertIn("750.00", progress["missing_text"])

    def test_on_top_nothing_is_missing(self):
        member = self.member()
        self.bought(self.siti, 5000)
        progress = member._tier_progress()
        self.assertEqual((progress["next_tier"], progress["missing"], progress["percent"]), (False, 0, 100))
        self.assertTrue(progress["review_date"])
        self.assertRegex(member.qualified_text, r"5,000\.00 · no higher tier to earn")

    def test_a_tier_opens_its_members(self):
        member = self.member(tier=self.gold)
        self.member(self.budi)
        action = self.gold.with_user(self.manager).action_open_members()
        self.assertEqual(self.env["loyalty.membership"].search(action["domain"]), member)
        self.assertEqual(self.gold.member_count, 1)

    def test_the_badge_says_what_is_missing(self):
        self.member()
        self.bought(self.siti, 250)
        [badge] = self.siti.with_user(self.clerk)._customer_badges()[self.siti.id]
        self.assertRegex(badge["value"], r"Green since .*750\.00 to Silver")

    def test_a_clerk_reads_all_of_it(self):
        member = self.member().with_user(self.clerk)
        self.assertTrue(member.qualified_text)
        self.assertEqual(member.next_tier_id, self.silver)

    def test_staff_lists_who_is_nearly_at_the_next_tier(self):
        people = self.env["res.partner"].create([{"name": f"Spent {spent}"} for spent in (0, 790, 800, 4500, 6000)])
        members = {partner.name: self.member(partner) for partner in people}
        for partner in people[1:]:
            self.bought(partner, int(partner.name.split()[1]))
        everybody = self.Membership.union(*members.values())
        clerks = everybody.with_user(self.clerk)

        def found(*domain):
            return clerks.search([("id", "in", everybody.ids), *domain]).partner_id.mapped("name")

        nearly = {"Spent 800", "Spent 4500"}
        self.assertEqual(set(found(("next_tier_percent", ">=", 80), ("next_tier_id", "!=", False))), nearly)
        self.assertEqual(set(found(("next_tier_id", "=", self.gold.id))), {"Spent 4500"})
        self.assertEqual(set(found(("next_tier_id.name", "=", "Gold"))), {"Spent 4500"})
        self.assertEqual(set(found(("next_tier_id", "=", False))), {"Spent 6000"})
        self.assertEqual(set(found(("next_tier_id", "!=", self.silver.id))), {"Spent 4500", "Spent 6000"})
        self.assertEqual(set(found(("missing_value", "<=", 210), ("missing_value", ">", 200))), {"Spent 790"})
        self.assertEqual(set(found(("missing_value", "=", 1000))), {"Spent 0"})
        for member in everybody:  # what is searched is what is shown
            for domain in ([("missing_value", "<", 300)], [("next_tier_percent", ">=", 80)]):
                self.assertEqual(
                    member.search([("id", "=", member.id), *domain]), member.filtered_domain(domain), domain
                )
        stranger = new_test_user(self.env, "stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.Membership.with_user(stranger).search([("next_tier_percent", ">=", 0)])
