from odoo import api, models
from odoo.tools import frozendict

KNOWN_RATES = "retention_rates"


class Rates(frozendict):
    """As of ``_rates``. A class of its own on purpose: a remote caller can send any context, but none of these."""


class RetentionDashboard(models.AbstractModel):
    """Rates of currencies are asked once for all figures of a view."""

    _inherit = "retention.dashboard"

    @api.model
    def _read_companies(self):
        """Read at once what is asked of the reader's companies and their currencies time and again."""
        self.env.companies.fetch(["name", "currency_id", "partner_id"])
        self.env.companies.currency_id.fetch(["name", "rounding"])

    @api.model
    def _rates(self):
        known = self.env.context.get(KNOWN_RATES)
        return known if isinstance(known, Rates) else super()._rates()

    @api.model
    def _with_rates(self):
        """:returns: this model, which knows the rates of the reader's companies"""
        return self.with_context(**{KNOWN_RATES: Rates(self._rates())})
