from datetime import date

from odoo.tests import tagged
from odoo.tools import SQL

from .metric_case import MetricCase


@tagged("post_install", "-at_install")
class TestMetricReferences(MetricCase):
    """Figures of customers have no foreign keys; what these would do, code does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gone, cls.siti = cls.customers("Gone", "Siti")
        cls.env["crm.lead"].create({"name": "Beans", "partner_id": cls.siti.id, "company_id": cls.company.id})
        cls.work_out()
        cls.work_out(date(2025, 5, 31), kind="snapshot")

    def test_nothing_is_looked_up_for_a_row_that_is_written(self):
        keys = self.env.execute_query(
            SQL(
                "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid IN"
                " ('customer_metric'::regclass, 'customer_metric_snapshot'::regclass)"
            )
        )
        self.assertFalse(keys)

    def test_a_deleted_company_leaves_no_figures(self):
        company_id = self.company.id
        self.assertTrue(self.metric(self.siti))
        self.Run.search([("company_id", "=", company_id)]).unlink()
        self.company.unlink()
        for model in (self.Metric, self.Snapshot):
            self.assertFalse(model.search([("company_id", "=", company_id)]), model)

    def test_a_fit_that_is_forgotten_is_named_by_nobody(self):
        fit = self.env["retention.model"].create(
            {"company_id": self.company.id, "fitted_on": "2025-06-30", "as_of": "2025-06-30", "state": "failed"}
        )
        self.env.cr.execute(SQL("UPDATE customer_metric SET retention_model_id = %s", fit.id))
        fit.unlink()
        self.assertFalse(self.metric(self.siti).retention_model_id)

    def test_a_prospect_whose_contact_is_gone_is_gone_the_next_night(self):
        gone = self.gone.id
        self.gone.unlink()
        self.env.cr.execute(SQL("UPDATE customer_metric SET partner_id = %s WHERE partner_id = %s", gone, self.siti.id))
        self.work_out()
        self.assertEqual(self.Metric.search([("company_id", "=", self.company.id)]).partner_id, self.siti)
