from odoo import api, models


class CustomerPurchase(models.Model):
    """Whose days are counted anew, his figures are worked out anew the next night."""

    _inherit = "customer.purchase"

    @api.model
    def _recompute_days(self, keys):
        result = super()._recompute_days(keys)
        self.env["customer.metric.change"]._note({(partner, company) for partner, company, _day in keys})
        return result

    def unlink(self):
        self.env["customer.metric.change"]._note({(fact.partner_id.id, fact.company_id.id) for fact in self})
        return super().unlink()
