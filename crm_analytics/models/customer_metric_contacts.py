from odoo import api, models
from odoo.tools import SQL


class CustomerMetric(models.Model):
    """What happens to the figures of contacts that are merged or deleted."""

    _inherit = "customer.metric"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    @api.model
    def _merge_before(self, sources, target):
        """Before contacts are merged: their figures of today go (they are worked out anew afterwards), their past is kept.

        Of a month of which both have a snapshot the remaining customer's segment and stage stand, and the amounts are
        added up.

        :param sources: contacts about to be merged into ``target``
        :returns: ids of the customers whose figures have to be worked out anew after the merge
        """
        self.env.flush_all()
        customers = (sources.commercial_partner_id - sources + target.commercial_partner_id).ids
        self.env.cr.execute(SQL("DELETE FROM customer_metric WHERE partner_id = ANY(%s)", sources.ids))
        self.env.cr.execute(
            SQL(
                """
                WITH gone AS (DELETE FROM customer_metric_snapshot WHERE partner_id = ANY(%s) RETURNING *)
                INSERT INTO customer_metric_snapshot AS kept (partner_id, company_id, month, segment, lifecycle, amount,
                                                             probability_alive, lifetime_value)
                SELECT %s, company_id, month,
                       (ARRAY_AGG(segment ORDER BY amount DESC NULLS LAST, id))[1],
                       (ARRAY_AGG(lifecycle ORDER BY amount DESC NULLS LAST, id))[1],
                       SUM(amount),
                       (ARRAY_AGG(probability_alive ORDER BY amount DESC NULLS LAST, id))[1],
                       SUM(lifetime_value)
                  FROM gone
                 GROUP BY company_id, month
                    ON CONFLICT (partner_id, company_id, month) DO UPDATE
                   SET amount = CASE WHEN kept.amount IS NULL AND EXCLUDED.amount IS NULL THEN NULL
                                     ELSE COALESCE(kept.amount, 0) + COALESCE(EXCLUDED.amount, 0) END,
                       lifetime_value = CASE WHEN kept.lifetime_value IS NULL AND EXCLUDED.lifetime_value IS NULL
                                             THEN NULL
                                             ELSE COALESCE(kept.lifetime_value, 0)
                                                  + COALESCE(EXCLUDED.lifetime_value, 0) END,
                       segment = COALESCE(kept.segment, EXCLUDED.segment),
                       lifecycle = CASE WHEN kept.lifecycle = 'prospect' THEN EXCLUDED.lifecycle
                                        ELSE kept.lifecycle END
                """,
                sources.ids,
                target.commercial_partner_id.id,
            )
        )
        return customers

    @api.model
    def _recompute_customers(self, partner_ids):
        """Work out the figures of some customers anew, at once, by the cut points of the company's last run."""
        for run in self.env["customer.metric.run"].search([("kind", "=", "figures")]):
            where = SQL("partner_id = ANY(%s)", list(partner_ids))
            cuts = run.cuts or self._cut_points_of_facts(run.company_id, run.as_of)
            self._write_batch(run.company_id, run.as_of, cuts, run.retention_model_id, where)

    @api.model
    def _forget(self, partners):
        """Drop all figures of contacts about to be deleted: they never keep a contact."""
        for table in ("customer_metric", "customer_metric_snapshot"):
            self.env.cr.execute(SQL("DELETE FROM %s WHERE partner_id = ANY(%s)", SQL.identifier(table), partners.ids))
        self.invalidate_model()
        self.env["customer.metric.snapshot"].invalidate_model()
