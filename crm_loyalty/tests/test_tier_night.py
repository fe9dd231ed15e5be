from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo.addons.crm_loyalty.models import loyalty_tier_queue
from odoo.tests import freeze_time, tagged

from .tier_case import TierCase


@tagged("post_install", "-at_install")
class TestTierNight(TierCase):
    """The cron: whose day has come, who has changed; in batches, and again after a kill."""

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_tiers").method_direct_trigger()
        self.env.invalidate_all()

    def waiting(self):
        self.env.flush_all()
        return self.Queue.search([]).membership_id

    def quiet(self):
        """A night that has looked at all."""
        self.run_cron()
        self.assertFalse(self.waiting())

    def test_the_first_night_looks_at_all_members(self):
        member = self.member()
        self.bought(self.siti, 1000)
        self.env.cr.execute("UPDATE loyalty_membership SET qualified_value = 0, tier_id = %s", [self.green.id])
        self.env.cr.execute("DELETE FROM loyalty_tier_queue")
        self.env.invalidate_all()
        self.run_cron()
        self.assertEqual((member.tier_id, member.qualified_value), (self.silver, 1000))
        self.assertEqual(self.club.tiers_evaluated_on, self.today)

    def test_a_quiet_night_evaluates_nobody(self):
        self.member()
        self.quiet()
        with self.assertLogs("odoo.sql_db", "DEBUG") as log:
            self.run_cron()
        self.assertFalse([line for line in log.output if "WITH fresh" in line])

    def test_documents_bring_their_customers_to_the_queue(self):
        siti, budi = self.member(), self.member(self.budi)
        order = self.bought(self.siti, 400)
        self.quiet()
        order._action_cancel()
        self.assertEqual(self.waiting(), siti)
        self.quiet()
        order = self.bought(self.budi, 400)
        self.quiet()
        self.credit(order)
        self.assertEqual(self.waiting(), budi)

    def test_a_draft_brings_nobody(self):
        self.member()
        self.quiet()
        self.quotation(self.siti).order_line.price_unit = 5
        self.assertFalse(self.waiting())

    def test_who_loses_a_purchase_on_that_day_is_looked_at(self):
        member = self.member()
        self.member(self.budi)
        self.bought(self.siti, 700, days_ago=300)
        self.bought(self.budi, 700, days_ago=200)
        self.quiet()
        falls_out = self.today - timedelta(days=300) + relativedelta(years=1)
        with freeze_time(falls_out - timedelta(days=1)):
            self.club._queue_the_day()
            self.assertFalse(self.waiting())
        with freeze_time(falls_out):
            self.club._queue_the_day()
            self.assertEqual(self.waiting(), member)

    def test_whose_review_has_come_is_looked_at_and_whose_tier_by_hand_is_over(self):
        siti = self.member(tier=self.gold)
        budi = self.member(self.budi)
        budi._change_tier(self.gold, "raffle", until=self.today + timedelta(days=10))
        self.quiet()
        with freeze_time(self.today + timedelta(days=11)):
            self.run_cron()
        self.assertEqual((siti.tier_id, budi.tier_id), (self.gold, self.green))
        with freeze_time(siti.review_date + timedelta(days=3)):  # the cron is late
            self.run_cron()
        self.assertEqual(siti.tier_id, self.green)

    def test_a_killed_night_goes_on_where_it_stopped(self):
        partners = self.env["res.partner"].create([{"name": f"Member {number}"} for number in range(5)])
        members = self.club._enrol(partners)
        members.sudo().write({"tier_id": self.gold.id, "review_date": self.today})
        members._queue_tiers()
        self.club.tiers_evaluated_on = self.today
        self.patch(loyalty_tier_queue, "BATCH", 2)
        Cron = type(self.env["ir.cron"])
        self.patch(Cron, "_commit_progress", lambda cron, *args, **kwargs: 0)  # no time left after the first batch
        self.Queue._cron_evaluate()
        done = members.filtered(lambda member: member.tier_id == self.green)
        self.assertTrue(0 < len(done) < 5)
        self.patch(Cron, "_commit_progress", lambda cron, *args, **kwargs: 60)
        self.Queue._cron_evaluate()
        self.assertEqual(members.tier_id, self.green)
        self.assertEqual(len(members.log_ids.filtered(lambda row: row.event == "tier")), 5)

    def test_other_rules_bring_all_that_differ(self):
        member = self.member()
        self.bought(self.siti, 800)
        self.quiet()
        self.silver.threshold = 500
        self.run_cron()
        self.assertEqual(member.tier_id, self.silver)

    def test_an_archived_tier_is_not_reached(self):
        member = self.member()
        self.quiet()
        self.gold.active = False
        self.bought(self.siti, 6000)
        member._queue_tiers()
        self.quiet()
        self.assertEqual(member.tier_id, self.silver)

    def test_a_membership_that_begins_is_looked_at(self):
        self.bought(self.siti, 1000)
        member = self.member(date=self.today + timedelta(days=1))
        self.run_cron()
        self.assertEqual(member.tier_id, self.green)
        member.date_start = self.today
        member.sudo()._follow_dates()
        self.run_cron()
        self.assertEqual(member.tier_id, self.silver)

    def test_merged_contacts_have_what_both_have_bought(self):
        siti = self.member()
        self.member(self.budi)
        self.bought(self.siti, 600)
        self.bought(self.budi, 600)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.siti | self.budi).ids, self.siti)
        self.run_cron()
        self.assertEqual((siti.qualified_value, siti.tier_id), (1200, self.silver))

    def test_a_plain_employee_reads_nothing_of_the_queue(self):
        self.assertFalse(self.Queue.with_user(self.employee).has_access("read"))
        self.assertFalse(self.Queue.with_user(self.manager).has_access("write"))
