from odoo import fields, models
from odoo.addons.crm_contact_history.unchecked_many2one import UncheckedMany2one

from .customer_metric import LIFECYCLES, SEGMENTS


class CustomerMetricSnapshot(models.Model):
    """What a customer was at the end of a month: one row per customer, company and month.

    Written once, when the month is over, and never changed by a later run: it tells what was known then, for moves
    between segments and stages.
    """

    _name = "customer.metric.snapshot"
    _description = "Figures of a Customer at the End of a Month"
    _order = "month DESC, id DESC"
    _rec_name = "partner_id"
    _log_access = False

    # Without foreign keys, as those of ``customer.metric``.
    partner_id = UncheckedMany2one("res.partner", "Customer", required=True, ondelete="restrict", readonly=True)
    company_id = UncheckedMany2one("res.company", required=True, ondelete="restrict", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True, help="First day of the month at whose end this held.")
    segment = fields.Selection(SEGMENTS, readonly=True)
    lifecycle = fields.Selection(LIFECYCLES, "Lifecycle Stage", required=True, readonly=True)
    amount = fields.Monetary("Amount without Taxes", readonly=True, help="All he had bought for until then.")
    probability_alive = fields.Float("Chance to Buy Again", readonly=True, aggregator="avg", digits=(16, 4))
    lifetime_value = fields.Monetary(readonly=True, help="As estimated then.")

    # Serves taking a snapshot (nothing twice), a customer's past, deleting and merging contacts.
    _partner_company_month_uidx = models.UniqueIndex("(partner_id, company_id, month)")
    # Serves the customers of a month by segment, and moves between two months.
    _month_idx = models.Index("(company_id, month, segment) INCLUDE (partner_id)")
