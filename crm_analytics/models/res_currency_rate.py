from odoo import api, models
from odoo.tools import SQL


class ResCurrencyRate(models.Model):
    """A rate that is written, changed or deleted later changes what purchases of its days were worth."""

    _inherit = "res.currency.rate"

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        rates.flush_recordset()
        rates._enqueue_purchases()
        return rates

    def _write_multi(self, vals_list):
        self._enqueue_purchases()
        result = super()._write_multi(vals_list)
        self._enqueue_purchases()
        return result

    def unlink(self):
        self.flush_recordset()
        self._enqueue_purchases()
        return super().unlink()

    def _enqueue_purchases(self):
        """Note the days for which these rates hold: from their day to the next one's; the first ever also before it."""
        if not self.ids:
            return
        spans = self.env.execute_query(
            SQL(
                """
                SELECT rate.currency_id, rate.company_id, CASE WHEN earlier.name IS NOT NULL THEN rate.name END, later.name
                  FROM res_currency_rate rate
     LEFT JOIN LATERAL (SELECT name FROM res_currency_rate earlier
                         WHERE earlier.currency_id = rate.currency_id AND earlier.name < rate.name
                           AND earlier.company_id IS NOT DISTINCT FROM rate.company_id LIMIT 1) earlier ON TRUE
     LEFT JOIN LATERAL (SELECT MIN(name) AS name FROM res_currency_rate later
                         WHERE later.currency_id = rate.currency_id AND later.name > rate.name
                           AND later.company_id IS NOT DISTINCT FROM rate.company_id) later ON TRUE
                 WHERE rate.id = ANY(%s)
                """,
                self.ids,
            )
        )
        if spans:
            for source in self.env["customer.purchase"]._purchase_sources():
                source._enqueue_rates(spans)
