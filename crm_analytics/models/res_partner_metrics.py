from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    metric_ids = fields.One2many(
        "customer.metric",
        "partner_id",
        "Figures",
        readonly=True,
        groups="crm_analytics.group_analytics_user",
        help="One row per company.",
    )

    def unlink(self):
        """Figures never keep a contact from being deleted."""
        self.check_access("unlink")
        self.env["customer.metric"]._forget(self)
        return super().unlink()
