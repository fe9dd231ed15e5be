from datetime import datetime

from odoo.addons.crm_analytics.hooks import uninstall_hook
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .segment_common import SegmentCase

NOON = datetime(2026, 6, 15, 12)


@tagged("post_install", "-at_install")
class TestSegmentOccasions(SegmentCase):
    """Occasions that greet the customers of a segment only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lure = cls.segment(name="At risk", metric_domain=cls.at_risk)
        (cls.siti | cls.budi).write({"birthday": "1990-06-15", "tz": "UTC"})
        cls.occasion = cls.env["loyalty.occasion"].create(
            {"name": "Birthday of those at risk", "segment_id": cls.lure.id, "company_id": cls.company.id}
        )
        cls.occasion.write({"state": "running", "started_on": "2026-06-01"})

    def greeted(self):
        """Who has been greeted when the hourly job has run."""
        with freeze_time(NOON):
            self.occasion._plan(NOON)
            self.env["loyalty.greeting"]._greet_next(NOON)
        rows = self.env["loyalty.greeting"].search([("occasion_id", "=", self.occasion.id), ("state", "=", "sent")])
        return rows.partner_id

    def test_only_customers_of_the_segment_are_greeted(self):
        self.assertEqual(self.greeted(), self.siti)

    def test_a_live_segment_is_asked_when_somebody_is_due(self):
        self.siti.city, self.agus.birthday = "Bogor", "1990-06-15"
        self.figures(self.agus, churn_risk="high")
        self.assertEqual(self.greeted(), self.agus)

    def test_a_static_segment_keeps_whom_it_found(self):
        self.lure.kind = "static"
        self.siti.city = "Bogor"
        self.assertEqual(self.greeted(), self.siti)

    def test_a_contact_of_a_customer_belongs_to_his_segment(self):
        self.siti.is_company = True
        worker = self.env["res.partner"].create(
            {"name": "Worker", "parent_id": self.siti.id, "email": "worker@segment.example", "birthday": "1980-06-15"}
        )
        self.assertEqual(self.greeted(), worker)

    def test_who_leaves_the_segment_between_planning_and_sending_is_not_greeted(self):
        with freeze_time(NOON):
            self.occasion._plan(NOON)
        self.siti.city = "Bogor"
        self.assertFalse(self.greeted())
        self.assertEqual(self.occasion.greeting_ids.reason, "audience")

    def break_the_rule(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_segment SET partner_domain = %s WHERE id = %s", ["[('gone', '=', 1)]", self.lure.id]
        )
        self.lure.invalidate_recordset()

    @mute_logger("odoo.addons.crm_loyalty.models.loyalty_greeting_job")
    def test_a_broken_rule_greets_nobody_and_the_occasion_says_why(self):
        self.break_the_rule()
        self.assertFalse(self.greeted())
        self.assertIn("cannot be asked", self.occasion.problem)

    @mute_logger("odoo.addons.crm_loyalty.models.loyalty_greeting_job")
    def test_a_rule_that_breaks_after_planning_fails_the_greeting(self):
        with freeze_time(NOON):
            self.occasion._plan(NOON)
        self.break_the_rule()
        self.assertFalse(self.greeted())
        self.assertEqual(self.occasion.greeting_ids.state, "failed")
        self.assertIn("cannot be asked", self.occasion.greeting_ids.error)

    def test_a_segment_is_of_the_occasions_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(ValidationError, "segment of that company"):
            self.env["loyalty.occasion"].create({"name": "Theirs", "company_id": other.id, "segment_id": self.lure.id})

    def test_who_may_not_see_segments_previews_the_occasion_but_not_its_segment(self):
        manager = new_test_user(self.env, "clubs only", "crm_loyalty.group_club_manager")
        with freeze_time(NOON):
            action = self.occasion.with_user(manager).action_preview()
        rows = self.env["loyalty.occasion.preview"].with_user(manager).search(action["domain"])
        self.assertEqual(rows.partner_id, self.siti)
        with self.assertRaises(AccessError):
            self.occasion.with_user(manager).read(["segment_id"])

    def test_the_segment_is_chosen_on_the_form(self):
        sales_manager = new_test_user(self.env, "sales manager", "sales_team.group_sale_manager")
        with Form(self.env["loyalty.occasion"].with_user(sales_manager)) as form:
            form.name = "We miss you"
            form.kind = "absence"
            form.segment_id = self.lure
        self.assertEqual(form.record.template_id, self.env.ref("crm_loyalty.mail_template_greeting_absence"))

    def test_uninstalling_stops_what_was_for_some_customers_only(self):
        for_all = self.env["loyalty.occasion"].create({"name": "For all"})
        for_all.action_start()
        uninstall_hook(self.env)
        self.assertEqual((self.occasion.state, for_all.state), ("stopped", "running"))
