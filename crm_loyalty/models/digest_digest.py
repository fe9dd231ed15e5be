from odoo import fields, models
from odoo.exceptions import AccessError


class DigestDigest(models.Model):
    """The points audit in the digest mail of managers."""

    _inherit = "digest.digest"

    kpi_points_audit = fields.Boolean("Cards Not Matching the Points Ledger")
    kpi_points_audit_value = fields.Integer(compute="_compute_kpi_points_audit_value")

    def _compute_kpi_points_audit_value(self):
        """The most cards that did not match in one audit of the period: a mismatch of many nights counts once."""
        if not self.env.user.has_group("crm_loyalty.group_club_manager"):
            raise AccessError(self.env._("Only a club manager sees the points audit."))
        start, end, companies = self._get_kpi_compute_parameters()
        mismatches = dict(
            self.env["loyalty.ledger.audit"]._read_group(
                [("date", ">=", start), ("date", "<", end), ("company_id", "in", companies.ids)],
                ["company_id"],
                ["mismatch_count:max"],
            )
        )
        for digest in self:
            digest.kpi_points_audit_value = mismatches.get(digest.company_id or self.env.company, 0)

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("crm_loyalty.menu_loyalty_ledger_audit").id
        actions["kpi_points_audit"] = f"crm_loyalty.loyalty_ledger_audit_action?menu_id={menu}"
        return actions
