from odoo import api, models


class RetentionDashboard(models.AbstractModel):
    """Data that make the figures less than exact; see ``customer.purchase.issue``."""

    _inherit = "retention.dashboard"

    @api.model
    def _quality(self):
        """:returns: [{kind, label, count}]"""
        return self.env["customer.purchase.issue"]._quality()

    @api.model
    def _open_quality(self, args, _filters):
        kind = args.get("kind")
        self._check_key(kind, self._choices_of_selection("customer.purchase.issue", "kind"))
        return self.env["customer.purchase.issue"]._open_kind(kind)
