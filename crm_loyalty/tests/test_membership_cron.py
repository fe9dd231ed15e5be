from datetime import timedelta

from odoo.addons.crm_loyalty.models import loyalty_membership_calendar
from odoo.tests import tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestMembershipCron(ClubCase):
    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_memberships").method_direct_trigger()
        self.env.invalidate_all()

    def test_it_ends_what_is_over_and_leaves_the_last_day_alone(self):
        over, last_day = self.club._enrol(self.siti | self.budi)
        self.club.validity = "lifetime"
        (over | last_day).date_start = self.today - timedelta(days=40)
        over.date_end, last_day.date_end = self.today - timedelta(days=2), self.today
        self.run_cron()
        self.assertEqual((over.state, over.ended_on), ("ended", self.today - timedelta(days=1)))
        self.assertEqual(last_day.state, "running")
        self.assertFalse(over.partner_id.grade_id)

    def test_it_begins_what_has_come(self):
        membership = self.club._enrol(self.siti, date=self.today + timedelta(days=1))
        order = self.quotation(self.siti)
        self.run_cron()
        self.assertEqual(membership.state, "future")
        membership.date_start = self.today
        self.run_cron()
        self.assertEqual((membership.state, self.siti.grade_id), ("running", self.green))
        self.assertPrice(order, 95)

    def test_a_second_run_does_nothing(self):
        membership = self.club._enrol(self.siti)
        membership.write({"date_start": self.today - timedelta(days=9), "date_end": self.today - timedelta(days=2)})
        self.run_cron()
        rows = membership.log_ids
        self.run_cron()
        self.assertEqual(membership.log_ids, rows)
        self.assertEqual(rows.sorted("id").mapped("event"), ["enrolled", "ended"])

    def test_a_stopped_run_is_continued_by_the_next(self):
        partners = self.env["res.partner"].create([{"name": f"Member {number}"} for number in range(5)])
        memberships = self.club._enrol(partners)
        memberships.write({"date_start": self.today - timedelta(days=9), "date_end": self.today - timedelta(days=2)})
        self.patch(loyalty_membership_calendar, "CRON_BATCH", 2)
        Cron = type(self.env["ir.cron"])
        self.patch(Cron, "_commit_progress", lambda cron, *args, **kwargs: 0)  # no time left after the first batch
        self.env["loyalty.membership"]._cron_follow_the_calendar()
        self.assertEqual(memberships.mapped("state").count("ended"), 2)
        self.patch(Cron, "_commit_progress", lambda cron, *args, **kwargs: 60)
        self.env["loyalty.membership"]._cron_follow_the_calendar()
        self.assertEqual(set(memberships.mapped("state")), {"ended"})
        self.assertEqual(len(memberships.log_ids.filtered(lambda row: row.event == "ended")), 5)
