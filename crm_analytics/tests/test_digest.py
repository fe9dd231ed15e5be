from datetime import datetime

from odoo.tests import new_test_user, tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestDigest(PurchaseCase):
    """Customers in the digest mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env["digest.digest"].create({"name": "Customers", "company_id": cls.company.id})
        cls.agus = cls.env["res.partner"].create({"name": "Agus"})
        cls.buy(cls.siti, "2001-01-20")
        cls.buy(cls.budi, "2001-01-25")
        cls.buy(cls.siti, "2001-02-03")  # stayed
        cls.buy(cls.agus, "2001-02-04")  # came
        cls.count()

    def told(self, digest=None, user=None):
        period = {"start_datetime": datetime(2001, 1, 31, 12), "end_datetime": datetime(2001, 2, 14, 12)}
        digest = (digest or self.digest).with_user(user or self.env.user).with_context(**period)
        digest.invalidate_model()
        names = ("kpi_active_customers", "kpi_new_customers", "kpi_customer_retention")
        return [digest[f"{name}_value"] for name in names]

    def test_it_tells_who_bought_came_and_stayed_in_the_period(self):
        # Active: Siti, Agus. New: Agus. Of Siti and Budi, who bought in the 14 days before, one bought again.
        self.assertEqual(self.told(), [2, 1, 50.0])

    def test_each_company_has_its_own_figures(self):
        other = self.env["res.company"].create({"name": "Other"})
        digest = self.digest.copy({"company_id": other.id})
        self.assertEqual(self.told(digest), [0, 0, 0.0])
        self.assertEqual(self.told(self.digest + digest[:0]), [2, 1, 50.0])

    def test_those_at_risk_are_counted_without_those_who_left(self):
        self.env["customer.metric"].search([("company_id", "=", self.company.id)])
        before = self.digest.kpi_customers_at_risk_value
        for partner, lifecycle in ((self.siti, "at_risk"), (self.budi, "lost")):
            self.env.cr.execute(
                "INSERT INTO customer_metric (partner_id, company_id, as_of, lifecycle, churn_risk, orders)"
                " VALUES (%s, %s, now(), %s, 'high', 1)"
                " ON CONFLICT (partner_id, company_id) DO UPDATE"
                " SET lifecycle = EXCLUDED.lifecycle, churn_risk = EXCLUDED.churn_risk",
                [partner.id, self.company.id, lifecycle],
            )
        self.env.invalidate_all()
        self.assertEqual(self.digest.kpi_customers_at_risk_value, before + 1)

    def test_the_digest_of_who_may_not_read_figures_leaves_them_out(self):
        self.digest.write({"kpi_active_customers": True, "kpi_customers_at_risk": True})
        quiet = {"no_reset_password": True}
        reader = new_test_user(self.env, "reader", "base.group_user,crm_analytics.group_analytics_user", context=quiet)
        plain = new_test_user(self.env, "plain", "base.group_user", context=quiet)
        told = {
            user: {kpi["kpi_name"] for kpi in self.digest._compute_kpis(self.company, user)} for user in (reader, plain)
        }
        self.assertLessEqual({"kpi_active_customers", "kpi_customers_at_risk"}, told[reader])
        self.assertFalse({"kpi_active_customers", "kpi_customers_at_risk"} & told[plain])
