from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestDigest(LedgerCase):
    """The points audit in core's digest mail."""

    def digest(self, user):
        now = fields.Datetime.now()
        digest = self.env["digest.digest"].create({"name": "Daily", "kpi_points_audit": True})
        period = {"start_datetime": now - timedelta(days=7), "end_datetime": now + timedelta(minutes=1)}
        return digest.with_context(**period).with_user(user).with_company(self.company)

    def audit(self, mismatches, days_ago=0):
        day = fields.Datetime.now() - timedelta(days=days_ago)
        vals = {"company_id": self.company.id, "mismatch_count": mismatches, "card_count": 9, "date": day}
        return self.env["loyalty.ledger.audit"].create(vals)

    def test_a_manager_reads_how_many_cards_did_not_match(self):
        self.audit(3, days_ago=3), self.audit(1), self.audit(50, days_ago=8)
        self.assertEqual(self.digest(self.manager).kpi_points_audit_value, 3)

    def test_the_line_leads_to_the_audits(self):
        kpis = self.digest(self.manager)._compute_kpis(self.company, self.manager)
        [line] = [kpi for kpi in kpis if kpi["kpi_name"] == "kpi_points_audit"]
        self.assertIn("crm_loyalty.loyalty_ledger_audit_action", line["kpi_action"])

    def test_others_get_the_mail_without_the_line(self):
        with self.assertRaises(AccessError):
            _value = self.digest(self.seller).kpi_points_audit_value
        kpis = self.digest(self.seller)._compute_kpis(self.company, self.seller)
        self.assertNotIn("kpi_points_audit", [kpi["kpi_name"] for kpi in kpis])
