import random
from datetime import date, datetime, time, timedelta

from odoo.addons.crm_loyalty.models import tier_rules
from odoo.addons.crm_loyalty.models.loyalty_membership_tier_standing import STANDING, Found
from odoo.tests import freeze_time, tagged

from .tier_case import TierCase

BEGIN = date(2025, 1, 10)


@tagged("post_install", "-at_install")
class TestTierSeries(TierCase):
    """A tier follows from sales and date: however the evaluation is done, the same rows come out.

    Series of random days: orders, credit notes, cancellations, tiers by hand, moved orders, other rules.
    """

    def play(self, seed, period, downgrade):
        draw = random.Random(seed)
        self.club.write(
            {"qualification_period": period, "downgrade": downgrade, "tier_grace_days": draw.choice([0, 20])}
        )
        partners = self.env["res.partner"].create([{"name": f"Member {number}"} for number in range(6)])
        day = BEGIN
        with freeze_time(datetime.combine(day, time(9))):
            members = self.club._enrol(partners)
            self.night()
        orders = self.env["sale.order"]
        for _step in range(14):
            day += timedelta(days=draw.choice([1, 5, 40, 120]))
            with freeze_time(datetime.combine(day, time(9))):
                self.night()
                orders |= self.something_happens(draw, partners, members, orders)
            with freeze_time(datetime.combine(day, time(20))):
                yield day, members

    def something_happens(self, draw, partners, members, orders):
        sold = orders.filtered(lambda order: order.state == "sale")
        what = draw.choice(["buy"] * 5 + ["cancel", "credit", "hand", "move"])
        if what == "hand":
            tier = draw.choice(self.club.tier_ids)
            until = draw.choice([None, date.today() + timedelta(days=30)])
            draw.choice(members)._change_tier(tier, "by hand", until=until)
        elif what == "cancel" and sold:
            sold[0]._action_cancel()
        elif what == "credit" and sold:
            self.credit(sold[-1]) if not sold[-1].invoice_ids else None
        elif what == "move" and sold:
            draw.choice(sold).partner_id = draw.choice(partners)
        else:
            return self.bought(draw.choice(partners), draw.choice([300, 900, 1000, 5000]))
        return orders.browse()

    def night(self):
        """What the cron does, without its commits."""
        self.env.flush_all()
        if self.club.tiers_evaluated_on != self.club._today():
            self.club._queue_the_day()
        self.work_off()

    def check(self, seed, period, downgrade):
        for day, members in self.play(seed, period, downgrade):
            with freeze_time(datetime.combine(day, time(20))):
                self.night()
                rows = self.rows(members)
                for way in (self.night, self.evaluate, lambda members=members: self.evaluate(members)):
                    way()
                    self.assertEqual(self.rows(members), rows, (seed, day))

    def test_the_night_in_full_and_again_over_rolling_months(self):
        self.check(1, "rolling", "earned")
        self.check(2, "rolling", "one_step")

    def test_the_night_in_full_and_again_over_calendar_years(self):
        self.check(3, "calendar_year", "earned")
        self.check(4, "calendar_year", "never")

    def test_the_night_in_full_and_again_over_years_of_membership(self):
        self.check(5, "membership_year", "earned")
        self.check(6, "membership_year", "one_step")

    def test_the_night_in_full_and_again_over_all_of_time(self):
        self.check(7, "lifetime", "earned")

    def test_what_the_database_passes_over_would_not_be_decided_otherwise(self):
        """The statement that finds the members with something to decide agrees with the plain functions."""
        for day, members in self.play(8, "rolling", "earned"):
            with freeze_time(datetime.combine(day, time(20))):
                self.night()
                self.assertFalse(self.club._decide(self.found(members), day, None))

    def found(self, members):
        """How members stand, as an evaluation would find them all."""
        return {
            member.id: Found(
                tier_rules.Standing(*(getattr(member, name) or None for name in STANDING.values()))._replace(
                    tier=member.tier_id.id
                ),
                member.qualified_value,
                member.date_start,
            )
            for member in members
        }
