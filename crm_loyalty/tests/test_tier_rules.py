import random
from datetime import date, timedelta

from odoo.addons.crm_loyalty.models.tier_rules import (
    Rules,
    Standing,
    anniversaries,
    decide,
    earned,
    first_review,
    hand_given,
    judged_from,
    next_review,
    next_tier,
    period_start,
)
from odoo.tests import BaseCase, tagged

TIERS = (("gold", 5000), ("silver", 1000), ("green", 0))
JOINED = date(2024, 2, 29)
TODAY = date(2026, 3, 10)


def rules(period="rolling", downgrade="earned", grace=0, tiers=TIERS):
    return Rules(tiers, period, downgrade, grace)


def stand(tier, review=None, **more):
    return Standing(tier, date(2025, 1, 1), review, **more)


@tagged("post_install", "-at_install")
class TestTierRules(BaseCase):
    def decide(self, standing, value, judged=0, today=TODAY, **of_rules):
        return decide(rules(**of_rules), standing, value, judged, JOINED, today)

    # ------------------------------------------------------------ what is earned

    def test_a_tier_is_earned_from_its_threshold_on(self):
        self.assertEqual([earned(rules(), value) for value in (-5, 0, 999.99, 1000, 4999, 5000)],
                         ["green", "green", "green", "silver", "silver", "gold"])  # fmt: skip

    def test_a_tier_without_threshold_is_given_by_hand_only(self):
        tiers = (("black", 0), ("gold", 5000), ("green", 0))
        self.assertEqual(earned(rules(tiers=tiers), 9_999_999), "gold")
        self.assertEqual(next_tier(rules(tiers=tiers), "gold"), (None, None))

    def test_the_lowest_tier_is_everybodys_whatever_its_threshold(self):
        self.assertEqual(earned(rules(tiers=(("gold", 5000), ("green", 100))), 0), "green")

    def test_the_next_tier_is_the_nearest_better_one(self):
        self.assertEqual(next_tier(rules(), "green"), ("silver", 1000))
        self.assertEqual(next_tier(rules(), "gold"), (None, None))

    # ------------------------------------------------------------ up and down

    def test_up_at_once_and_by_two_tiers(self):
        new, why = self.decide(stand("green"), 5000)
        self.assertEqual((new.tier, new.since, new.review, why), ("gold", TODAY, date(2027, 3, 10), "reached"))

    def test_not_down_before_the_review(self):
        standing = stand("gold", TODAY + timedelta(days=1))
        self.assertEqual(self.decide(standing, 0), (standing, None))

    def test_at_the_review_down_to_what_is_earned(self):
        new, why = self.decide(stand("gold", TODAY), 0)
        self.assertEqual((new.tier, new.since, new.review, why), ("green", TODAY, None, "reviewed"))

    def test_at_the_review_down_one_step_and_again_a_year_later(self):
        new, _why = self.decide(stand("gold", TODAY), 0, downgrade="one_step")
        self.assertEqual((new.tier, new.review), ("silver", date(2027, 3, 10)))
        new, _why = self.decide(new, 0, today=date(2027, 3, 10), downgrade="one_step")
        self.assertEqual((new.tier, new.review), ("green", None))

    def test_never_down(self):
        new, why = self.decide(stand("gold", TODAY), 0, downgrade="never")
        self.assertEqual((new.tier, new.review, why), ("gold", None, None))

    def test_the_review_judges_the_period_that_is_over(self):
        new, why = self.decide(stand("gold", TODAY), 0, judged=5000)
        self.assertEqual((new.tier, new.review, why), ("gold", date(2027, 3, 10), None))

    def test_a_late_review_is_made_up_for_one_at_a_time(self):
        new, _why = self.decide(stand("gold", date(2024, 3, 1)), 0, downgrade="one_step")
        self.assertEqual((new.tier, new.review), ("silver", date(2025, 3, 1)))

    def test_the_lowest_tier_has_no_review(self):
        self.assertIsNone(self.decide(stand("green", TODAY + timedelta(days=9)), 0)[0].review)

    def test_who_has_a_tier_to_lose_gets_a_review(self):
        new, why = self.decide(stand("silver"), 0)
        self.assertEqual((new.tier, new.review, why), ("silver", date(2027, 3, 10), None))

    def test_a_tier_that_is_not_the_clubs_gives_way(self):
        self.assertEqual(self.decide(stand("bronze of old"), 1000)[0].tier, "silver")
        self.assertEqual(self.decide(stand(None), 0)[0].tier, "green")

    # ------------------------------------------------------------ by hand

    def test_a_tier_given_by_hand_stays_until_its_last_day(self):
        given = stand("gold", by_hand="raised", until=TODAY)
        self.assertEqual(self.decide(given, 0), (given, None))

    def test_after_its_last_day_it_is_what_is_earned(self):
        given = stand("gold", by_hand="raised", until=TODAY - timedelta(days=1))
        new, why = self.decide(given, 1000)
        self.assertEqual((new.tier, new.by_hand, new.until, why), ("silver", None, None, "hand_over"))
        self.assertEqual(new.review, date(2027, 3, 10))

    def test_who_earns_more_than_was_given_gets_it(self):
        given = stand("silver", by_hand="raised", until=date(2026, 12, 31))
        new, why = self.decide(given, 5000)
        self.assertEqual((new.tier, new.by_hand, why), ("gold", None, "reached"))

    def test_who_was_lowered_by_hand_stays_there_whatever_he_buys(self):
        given = stand("green", by_hand="lowered")
        self.assertEqual(self.decide(given, 9000), (given, None))

    def test_given_by_hand_means_at_least_or_at_most(self):
        self.assertEqual(hand_given(rules(), "gold", 1000), "raised")
        self.assertEqual(hand_given(rules(), "silver", 1000), "raised")
        self.assertEqual(hand_given(rules(), "green", 1000), "lowered")

    def test_a_tier_given_by_hand_is_not_reviewed(self):
        given = stand("gold", TODAY, by_hand="raised")
        self.assertEqual(self.decide(given, 0)[0].tier, "gold")

    # ------------------------------------------------------------ periods

    def test_rolling_months_end_today(self):
        self.assertEqual(period_start("rolling", JOINED, TODAY), date(2025, 3, 11))

    def test_the_calendar_year(self):
        self.assertEqual(period_start("calendar_year", JOINED, TODAY), date(2026, 1, 1))
        year = rules("calendar_year", grace=31)
        self.assertEqual(first_review(year, TODAY, JOINED), date(2027, 2, 1))
        self.assertEqual(next_review(year, date(2027, 2, 1), JOINED), date(2028, 2, 1))
        self.assertEqual(judged_from(year, date(2027, 2, 1), JOINED), date(2026, 1, 1))

    def test_the_membership_year_of_a_29th_of_february(self):
        self.assertEqual(period_start("membership_year", JOINED, TODAY), date(2026, 2, 28))
        self.assertEqual(period_start("membership_year", JOINED, date(2026, 2, 27)), date(2025, 2, 28))
        self.assertEqual(period_start("membership_year", JOINED, date(2028, 2, 28)), date(2027, 2, 28))
        self.assertEqual(period_start("membership_year", JOINED, date(2028, 2, 29)), date(2028, 2, 29))
        of_member = rules("membership_year", grace=10)
        self.assertEqual(first_review(of_member, TODAY, JOINED), date(2027, 3, 10))
        self.assertEqual(judged_from(of_member, date(2027, 3, 10), JOINED), date(2026, 2, 28))

    def test_a_membership_has_its_first_year_from_its_first_day(self):
        self.assertEqual(period_start("membership_year", TODAY, TODAY), TODAY)
        self.assertEqual(first_review(rules("membership_year"), TODAY, TODAY), date(2027, 3, 10))

    def test_twelve_rolling_months_are_judged_and_the_days_of_grace(self):
        self.assertEqual(judged_from(rules(grace=30), date(2026, 3, 31), JOINED), date(2025, 3, 1))

    def test_for_life_all_counts(self):
        self.assertIsNone(period_start("lifetime", JOINED, TODAY))
        self.assertIsNone(judged_from(rules("lifetime"), TODAY, JOINED))

    def test_anniversaries_since_the_last_look(self):
        self.assertEqual(anniversaries(date(2026, 2, 27), date(2026, 2, 28)), {(2, 28), (2, 29)})
        self.assertEqual(anniversaries(date(2028, 2, 27), date(2028, 2, 28)), {(2, 28)})
        self.assertEqual(len(anniversaries(date(2020, 1, 1), date(2026, 1, 1))), 366)

    # ------------------------------------------------------------ promises

    def test_deciding_again_changes_nothing(self):
        """Any member on any day, by any rules: what was decided is decided again."""
        draw = random.Random(42)
        for _case in range(5000):
            by = rules(
                draw.choice(["rolling", "calendar_year", "membership_year", "lifetime"]),
                draw.choice(["never", "one_step", "earned"]),
                draw.choice([0, 14, 60]),
            )
            today = date(2020, 1, 1) + timedelta(days=draw.randrange(3000))
            by_hand = draw.choice([None, None, "raised", "lowered"])
            standing = Standing(
                draw.choice(["gold", "silver", "green", None]),
                today,
                draw.choice([None, today + timedelta(days=draw.randrange(-300, 300))]),
                by_hand,
                by_hand and draw.choice([None, today + timedelta(days=draw.randrange(-3, 3))]),
            )
            value, judged = draw.choice([0, 1000, 5000]), draw.choice([0, 1000, 5000])
            once, _why = decide(by, standing, value, judged, date(2019, 3, 3), today)
            while once.review and once.review <= today:  # reviews that were missed
                once, _why = decide(by, once, value, judged, date(2019, 3, 3), today)
            again, why = decide(by, once, value, judged, date(2019, 3, 3), today)
            self.assertEqual((again, why), (once, None), (by, standing, value, judged, today))
