from datetime import datetime, time, timedelta

from odoo import fields
from odoo.tests import tagged

from ..models.co_marketing_hours import is_open
from .co_marketing_case import PactCase


@tagged("post_install", "-at_install")
class TestCoMarketingOpen(PactCase):
    """What a member may use now."""

    def test_a_member_may_use_what_is_offered_at_the_outlet(self):
        offer = self.offer(amount=250)
        self.assertTrue(offer.is_open)
        self.assertEqual((offer.uses_left, offer.discount), (None, 25))

    def test_only_members_in_the_tiers_and_clubs_may_use_it(self):
        other = self.make_club("Other Club")
        for vals, code in (
            ({"tier_ids": self.silver.ids}, "tier"),
            ({"tier_ids": (self.gold | self.silver).ids}, ""),
            ({"club_ids": other.ids}, "club"),
            ({"club_ids": self.club.ids}, ""),
        ):
            self.assertEqual(self.offer(self.make_benefit(**vals)).code, code, vals)

    def test_a_membership_that_does_not_count_opens_nothing(self):
        self.member._end("moved")
        self.assertEqual(self.offer().code, "membership")

    def test_without_an_outlet_the_day_is_that_of_the_members_club(self):
        self.member.date_start = self.today + timedelta(days=1)
        for hour, minute, code in ((16, 30, "membership"), (17, 30, "")):  # midnight in Jakarta is 17:00 in UTC
            moment = datetime.combine(self.today, time(hour, minute))
            [offer] = self.benefit._benefits_open_to(self.member, self.env["co.marketing.outlet"], moment)
            self.assertEqual(offer.code, code, moment)

    def test_it_is_offered_in_the_outlets_of_the_agreement_and_of_the_benefit_only(self):
        elsewhere = self.dago.copy({"name": "Elsewhere"})
        only_dago = self.make_benefit(outlet_ids=self.dago.ids)
        self.assertTrue(self.offer(only_dago, outlet=self.dago))
        self.assertFalse(self.offer(only_dago, outlet=self.braga))
        self.assertFalse(self.offer(outlet=elsewhere))

    def test_weekdays_and_hours_are_those_of_the_outlets_clock(self):
        lunch = self.make_benefit(hour_from=11, hour_to=14, saturday=False, sunday=False)
        friday_noon_in_jakarta = datetime(2026, 11, 27, 5, 0)  # UTC+7
        self.agreement_began_long_ago()
        for moment, code in (
            (friday_noon_in_jakarta, ""),
            (friday_noon_in_jakarta - timedelta(hours=2), "hours"),
            (friday_noon_in_jakarta + timedelta(hours=2), "hours"),
            (friday_noon_in_jakarta + timedelta(days=1), "weekday"),
        ):
            self.assertEqual(self.offer(lunch, moment).code, code, moment)
        self.dago.tz = "Pacific/Auckland"  # there it is already evening
        self.assertEqual(self.offer(lunch, friday_noon_in_jakarta).code, "hours")

    def agreement_began_long_ago(self):
        agreements = self.env["co.marketing.agreement"].search([])
        agreements.date_start = "2020-01-01"
        self.env.cr.execute("UPDATE loyalty_membership SET date_start = '2020-01-01' WHERE id = %s", [self.member.id])
        self.member.invalidate_recordset()

    def test_hours_over_midnight_belong_to_the_day_before(self):
        friday = [False] * 4 + [True, False, False]
        found = [
            is_open(friday, 22, 2, datetime(2026, 11, day, hour, minute))
            for day, hour, minute in ((27, 21, 59), (27, 22, 0), (28, 1, 59), (28, 2, 0), (27, 1, 0), (28, 22, 0))
        ]
        self.assertEqual(found, [False, True, True, False, False, False])

    def test_the_minimum_spend_is_asked_of_the_bill(self):
        benefit = self.make_benefit(minimum_spend=50)
        codes = [self.offer(benefit, amount=amount).code for amount in (None, 0, 49.99, 50)]
        self.assertEqual(codes, ["", "amount", "minimum", ""])

    def test_it_says_how_often_it_may_still_be_used_and_why_not_any_more(self):
        for name, code in (
            ("limit_member_day", "member_day"),
            ("limit_member_month", "member_month"),
            ("limit_member", "member"),
            ("limit_day", "day"),
            ("limit_month", "month"),
            ("limit_total", "total"),
        ):
            benefit = self.make_benefit(**{name: 2})
            found = []
            for _use in range(2):
                found.append((self.offer(benefit).uses_left, self.offer(benefit).code))
                self.redeem(benefit)
            found.append((self.offer(benefit).uses_left, self.offer(benefit).code))
            self.assertEqual(found, [(2, ""), (1, ""), (0, code)], name)
            self.assertTrue(self.offer(benefit).reason)

    def test_a_limit_of_each_member_is_no_limit_of_another(self):
        benefit, budi = self.make_benefit(limit_member=1), self.club._enrol(self.budi)
        self.redeem(benefit)
        self.assertEqual(self.offer(benefit).code, "member")
        self.assertEqual(self.offer(benefit, membership=budi).code, "")

    def test_a_new_day_and_a_new_month_bring_new_uses(self):
        benefit = self.make_benefit(limit_member_day=1, limit_month=1)
        self.agreement_began_long_ago()
        first = datetime(2026, 11, 30, 16, 30)  # 23:30 on the last of November in Jakarta
        self.redeem(benefit, moment=first)
        self.assertEqual(self.offer(benefit, first).code, "member_day")
        self.assertEqual(self.offer(benefit, first + timedelta(hours=1)).code, "")

    def test_a_budget_ends_with_the_last_coin(self):
        benefit = self.make_benefit(budget=25)
        self.redeem(benefit, 200)
        self.assertEqual(self.offer(benefit, amount=60).code, "budget")
        self.assertEqual(self.offer(benefit, amount=50).code, "")
        self.redeem(benefit, 50)
        self.assertEqual(self.offer(benefit).code, "budget")

    def test_an_agreement_that_is_not_in_force_offers_nothing(self):
        self.agreement.action_suspend()
        self.assertIsNone(self.offer())
        self.agreement.action_resume()
        self.assertTrue(self.offer())
        self.agreement.date_end = self.today - timedelta(days=1)  # and the daily job has not run yet
        self.assertIsNone(self.offer())

    def test_our_offer_to_their_customers_is_none_to_our_members(self):
        agreement = self.make_agreement([{"name": "For theirs"}], kind="ours_to_theirs")
        self.assertIsNone(self.offer(agreement.version_id.benefit_ids))

    def test_discounts_are_rounded_to_the_currency(self):
        for vals, amount, discount in (
            ({"percent": 10}, 33.33, 3.33),
            ({"percent": 15, "max_discount": 20}, 1000, 20),
            ({"kind": "amount", "amount": 30}, 20, 20),
            ({"kind": "amount", "amount": 30}, 200, 30),
            ({"kind": "free_item", "amount": 12}, 0, 12),
            ({"kind": "points", "points": 50}, 100, 0),
            ({"kind": "perk"}, 100, 0),
        ):
            benefit = self.env["co.marketing.benefit"].new({"currency_id": self.company.currency_id.id, **vals})
            self.assertAlmostEqual(benefit._discount(amount), discount, 2, vals)

    def test_a_hundred_benefits_cost_as_many_queries_as_one(self):
        def queries(count):
            self.make_agreement(
                [
                    {"name": f"B {number}", "limit_member": 5, "budget": 900, "tier_ids": self.gold.ids,
                     "club_ids": self.club.ids, "outlet_ids": self.dago.ids}
                    for number in range(count)
                ]
            )  # fmt: skip
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            offers = self.env["co.marketing.benefit"]._benefits_open_to(
                self.member, self.dago, fields.Datetime.now(), 100
            )
            self.assertGreaterEqual(sum(offer.is_open for offer in offers), count)
            return self.env.cr.sql_log_count - start

        queries(1)  # what is cached for good
        self.assertLessEqual(queries(100), queries(1))
