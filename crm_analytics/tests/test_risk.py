from ast import literal_eval

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .segment_common import SegmentCase


@tagged("post_install", "-at_install")
class TestRisk(SegmentCase):
    """What is done about customers who may leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Metric = cls.env["customer.metric"]
        cls.worried = cls.Metric.search([("partner_id", "=", cls.siti.id)])
        cls.keeper = new_test_user(
            cls.env,
            "keeper",
            "base.group_user,base.group_partner_manager,crm_analytics.group_analytics_user",
            context={"no_reset_password": True, "tracking_disable": True},
        )

    def risk_list(self):
        action = self.env.ref("crm_analytics.customer_metric_action_risk")._get_action_dict()
        return self.Metric.search(literal_eval(action["domain"]))

    def test_the_risk_list_holds_customers_at_medium_or_high_risk_who_have_not_left(self):
        self.figures(self.agus, churn_risk="medium")
        gone = self.env["res.partner"].create({"name": "Rina"})
        self.figures(gone, churn_risk="high", lifecycle="lost")
        ours = self.siti + self.budi + self.agus + gone
        self.assertEqual(self.risk_list().partner_id & ours, self.siti + self.agus)

    def test_each_in_the_list_is_told_with_his_reasons(self):
        self.figures(self.agus, churn_risk="high", lifecycle="at_risk", recency_days=64, interval_days=21.4, frequency=4,
                     open_complaints=1)  # fmt: skip
        listed = self.Metric.search([("partner_id", "=", self.agus.id)])
        self.assertEqual(listed.risk_reasons, "usually buys every 21 days, last 64 days ago; 1 open complaint")

    def test_an_activity_is_planned_with_many_with_its_type_person_day_and_note(self):
        self.figures(self.agus, churn_risk="high")
        figures = self.Metric.search([("partner_id", "in", (self.siti + self.agus).ids)]).with_user(self.keeper)
        action = figures.action_plan_calls()
        form = Form(self.env["contact.plan.call"].with_user(self.keeper).with_context(**action["context"]))
        form.activity_type_id = self.env.ref("mail.mail_activity_data_todo")
        form.who, form.user_id = "user", self.analyst
        form.note = "<p>Offer coffee</p>"
        form.save().action_plan()
        planned = (self.siti + self.agus).activity_ids
        self.assertEqual(planned.mapped("res_id"), (self.siti + self.agus).ids)
        self.assertEqual(planned.user_id, self.analyst)
        self.assertEqual(planned.activity_type_id, self.env.ref("mail.mail_activity_data_todo"))
        self.assertIn("Offer coffee", planned[0].note)

    def test_the_card_of_the_customer_opens(self):
        action = self.worried.with_user(self.keeper).action_open_card()
        self.assertEqual(
            (action["tag"], action["params"]["partner_id"]), ("crm_contact_history.front_desk", self.siti.id)
        )

    def test_a_segment_of_those_at_risk_is_made_from_the_list(self):
        action = self.Metric.with_user(self.keeper).action_make_segment()
        segment = Form(self.env["customer.segment"].with_user(self.keeper).with_context(**action["context"])).save()
        found = self.env["res.partner"].search([("customer_segment_ids", "in", segment.ids)])
        self.assertEqual(found, self.risk_list().partner_id)

    def test_who_may_not_read_figures_does_nothing_with_them(self):
        employee = new_test_user(self.env, "employee", "base.group_user", context={"no_reset_password": True})
        figures = self.worried.with_user(employee)
        for call in (figures.action_plan_calls, figures.action_send_offer, figures.action_open_card):
            with self.assertRaises(AccessError):
                call()

    def test_choosing_nobody_is_told(self):
        with self.assertRaisesRegex(UserError, "Choose the customers"):
            self.Metric.action_plan_calls()
