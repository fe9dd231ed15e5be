from odoo import models
from odoo.tools import SQL


class RetentionModel(models.Model):
    """What a foreign key would do for ``customer.metric.retention_model_id``."""

    _inherit = "retention.model"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    def unlink(self):
        """Nothing is told any more of where the estimates of a fit that is forgotten are from."""
        ids = self.ids
        result = super().unlink()
        self.env.cr.execute(
            SQL("UPDATE customer_metric SET retention_model_id = NULL WHERE retention_model_id = ANY(%s)", ids)
        )
        self.env["customer.metric"].invalidate_model(flush=False)
        return result


class ResCompany(models.Model):
    """What a foreign key would do for the ``company_id`` of figures and of those at the end of a month."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    def unlink(self):
        ids = self.ids
        result = super().unlink()
        for model in ("customer.metric", "customer.metric.snapshot"):
            table = SQL.identifier(self.env[model]._table)
            self.env.cr.execute(SQL("DELETE FROM %s WHERE company_id = ANY(%s)", table, ids))
            self.env[model].invalidate_model(flush=False)
        return result
