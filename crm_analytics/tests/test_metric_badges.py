from odoo.addons.crm_contact_history.tests.record_factory import RecordFactory
from odoo.tests import new_test_user, tagged

from .segment_common import SegmentCase


@tagged("post_install", "-at_install")
class TestMetricBadges(SegmentCase):
    """Risk and value at the head of the customer's card."""

    def badges(self, partner, user=None):
        found = partner.with_user(user or self.analyst)._customer_badges()[partner.id]
        return {badge["label"]: (badge["value"], badge["severity"]) for badge in found}

    def test_who_is_about_to_leave_is_told_with_how_long_he_stays_away(self):
        self.figures(
            self.agus,
            churn_risk="high",
            lifecycle="at_risk",
            recency_days=64,
            interval_days=21.4,
            frequency=4,
            amount=100,
        )
        badges = self.badges(self.agus)
        self.assertEqual(badges["Risk of leaving"], ("High (usually buys every 21 days, last 64 days ago)", "danger"))
        self.assertIn("100", badges["Bought for so far"][0])

    def test_who_stays_has_no_badge_of_risk(self):
        self.assertEqual(list(self.badges(self.budi)), ["Bought for so far"])

    def test_an_estimate_says_that_it_is_one_and_how_sure_it_is(self):
        fit = self.env["retention.model"].create({"company_id": self.company.id, **self.fit_values()})
        self.figures(
            self.agus,
            retention_model_id=fit.id,
            lifetime_value=500,
            lifetime_value_low=300,
            lifetime_value_high=900,
            estimated_on="2025-06-30",
        )
        value, severity = self.badges(self.agus)["Expected value (estimate)"]
        self.assertRegex(value, r"500.*95 %.*300.*900.*as of 06/30/2025")
        self.assertEqual(severity, "info")

    def fit_values(self):
        """What a fit must have besides its company."""
        return RecordFactory(self.env).values_for("retention.model", company_id=self.company.id)

    def test_a_contact_of_a_company_has_the_badges_of_his_company_and_opens_its_figures(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        worker = self.env["res.partner"].create({"name": "Worker", "parent_id": firm.id})
        self.figures(firm, churn_risk="medium", open_complaints=1)
        self.assertEqual(self.badges(worker)["Risk of leaving"], ("Medium (1 open complaint)", "warning"))
        [risk, __] = worker.with_user(self.analyst)._customer_badges()[worker.id]
        self.assertEqual(self.env["customer.metric"].search(risk["action"]["domain"]).partner_id, firm)

    def test_neither_employees_nor_salespersons_see_figures_nor_those_of_another_company(self):
        quiet = {"no_reset_password": True}
        for groups in ("base.group_user", "sales_team.group_sale_salesman"):
            user = new_test_user(self.env, groups.split(".")[-1], groups, context=quiet)
            self.assertFalse(self.badges(self.siti, user))
        self.figures(self.agus, self.env["res.company"].create({"name": "Other"}), churn_risk="high")
        self.assertFalse(self.badges(self.agus))

    def test_prospects_have_no_badge(self):
        self.figures(self.agus, orders=0, lifecycle="prospect")
        self.assertFalse(self.badges(self.agus))

    def test_badges_of_80_customers_cost_as_many_queries_as_of_one(self):
        many = self.env["res.partner"].create([{"name": f"C{n}"} for n in range(80)])
        self.figures(many, churn_risk="high", recency_days=3)

        def queries(partners):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners.with_user(self.analyst)._customer_badges()
            return self.env.cr.sql_log_count - before

        queries(many)
        self.assertLessEqual(queries(many), queries(many[:1]))
