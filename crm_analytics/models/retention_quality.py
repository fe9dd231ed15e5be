from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class RetentionDashboard(models.AbstractModel):
    """Data that make the figures less than exact; see ``customer.purchase.issue``."""

    _inherit = "retention.dashboard"

    @api.model
    def _quality(self):
        """One question, see ``_ask_together``.

        :returns: [{kind, label, count}] of what is found in the reader's companies, in the order of the kinds
        """
        query = self._query("customer.purchase.issue", Domain("company_id", "in", self.env.companies.ids))
        kind, count = (SQL.identifier(query.table, name) for name in ("kind", "count"))
        query.groupby = kind
        rows = yield query.select(SQL("%s AS kind", kind), SQL("SUM(%s) AS count", count))
        return self.env["customer.purchase.issue"]._told({row["kind"]: row["count"] for row in rows})

    @api.model
    def _open_quality(self, args, _filters):
        kind = args.get("kind")
        self._check_key(kind, self._choices_of_selection("customer.purchase.issue", "kind"))
        return self.env["customer.purchase.issue"]._open_kind(kind)
