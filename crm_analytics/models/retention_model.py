from odoo import api, fields, models
from odoo.tools import format_date

NAMES = [("bg_nbd", "BG/NBD"), ("mbg_nbd", "MBG/NBD")]
STATES = [("fitted", "Fitted"), ("too_little", "Too Little Data"), ("failed", "Failed")]


class RetentionModel(models.Model):
    """A fit of the statistics of retention to the purchases of a company: one row per company and attempt.

    Who estimates takes ``_last_good``: a later attempt that failed leaves the estimates of the last good one, with its
    date. Time is in weeks in all parameters.
    """

    _name = "retention.model"
    _description = "Fit of Retention"
    _order = "fitted_on DESC, id DESC"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="restrict", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    fitted_on = fields.Datetime("Tried on", required=True, readonly=True)
    as_of = fields.Date("Purchases until", required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    message = fields.Text(readonly=True, help="What was found, in words.")
    name = fields.Selection(NAMES, "Model", readonly=True)
    customers = fields.Integer(readonly=True, help="Customers whose purchases the model was fitted to.")
    repeat_customers = fields.Integer(readonly=True, help="Those of them who bought on more than one day.")
    log_likelihood = fields.Float(readonly=True, aggregator=None, digits=(16, 4))
    horizon_months = fields.Integer("Horizon (Months)", readonly=True, aggregator=None)
    discount_rate = fields.Float("Discount per Year", readonly=True, aggregator=None, digits=(16, 4))
    parameters = fields.Json(
        readonly=True,
        help="{name: {value, error}}: r, alpha, a, b of the purchases, p, q, v of the money; standard errors.",
    )
    covariance = fields.Json(
        readonly=True, help="{purchases: 4 by 4, value: 3 by 3 or null}, of the logarithms of the parameters."
    )
    holdout = fields.Json(
        "Hold-out Test",
        readonly=True,
        help="See crm_analytics.statistics.holdout.compare; with date_from and date_to, the days that were predicted.",
    )

    # Serves the last fit of a company, and the last good one.
    _company_fitted_idx = models.Index("(company_id, fitted_on DESC)")

    @api.depends("company_id", "as_of")
    def _compute_display_name(self):
        for fit in self:
            fit.display_name = f"{fit.company_id.name}, {format_date(self.env, fit.as_of)}"

    def _last_good(self, company, as_of):
        """:returns: the newest fit of a company that estimates of a day go by; empty when there was none yet"""
        good = [("company_id", "=", company.id), ("state", "=", "fitted"), ("as_of", "<=", as_of)]
        return self.search(good, limit=1)
