from odoo import api, models
from odoo.tools import SQL

from .customer_metric_batch import BATCH, COUNTED, names

# How a customer is judged, in the order in which ``_add_judged_anew`` judges him again.
JUDGED = ["r_score", "f_score", "m_score", "lifecycle", "open_complaints", "csat", "csat_count", "estimated_on"]


class CustomerMetric(models.Model):
    """What a night need not count again: figures of customers whose facts are what they were the night before."""

    _inherit = "customer.metric"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    @api.model
    def _counting_basis(self, company, fit):
        """By what the figures were counted, besides the facts. Another basis, and all facts are read: so each new fit, every
        week, has them read, too, whatever was missed.

        :returns: text
        """
        rules = (
            company.lifecycle_loyal_days,
            company.lifecycle_lost_days,
            company.lifecycle_lost_factor,
            company.lifecycle_first_interval,
        )
        return " ".join(map(str, (*rules, fit.id)))

    @api.model
    def _known_since(self, company, as_of, fit):
        """:returns: the day until whose end the figures of all of a company's customers are known, counted by the same rules;
        None where they are not, or were worked out for a later day
        """
        # sudo: the scheduled job's own note, read for its own work
        day = self.env["customer.metric.day"].sudo().search([("company_id", "=", company.id)])
        if not day or not day._is_whole() or day.as_of > as_of or day.basis != self._counting_basis(company, fit):
            return None
        return day.as_of if self._is_any_known(company) else None

    @api.model
    def _is_any_known(self, company):
        [[known]] = self.env.execute_query(
            SQL("SELECT EXISTS (SELECT FROM customer_metric WHERE company_id = %s)", company.id)
        )
        return known

    @api.model
    def _find_changed(self, company, since, as_of, where):
        """Those whom anything happened to, into the temporary table ``customer_metric_changed``: counted anew, or with a
        purchase after the day until which the figures are known.

        :param date since: see ``_known_since``
        :returns: SQL of their partner_id
        """
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS customer_metric_changed"))
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE customer_metric_changed ON COMMIT DROP AS
                SELECT partner_id FROM customer_metric_change WHERE company_id = %(company)s AND %(where)s
                 UNION
                SELECT partner_id FROM customer_purchase
                 WHERE company_id = %(company)s AND day > %(since)s AND day <= %(as_of)s AND %(where)s
                """,
                company=company.id,
                where=where,
                since=since,
                as_of=as_of,
            )
        )
        self.env.cr.execute(SQL("ANALYZE customer_metric_changed"))
        return SQL("SELECT partner_id FROM customer_metric_changed")

    @api.model
    def _select_unchanged(self, company, where=None):
        """:returns: SQL of the rows of buyers whose facts are what they were"""
        return SQL(
            """
            SELECT * FROM customer_metric
             WHERE company_id = %s AND orders > 0 AND partner_id NOT IN (SELECT partner_id FROM customer_metric_changed)
               AND %s
            """,
            company.id,
            where or SQL("TRUE"),
        )

    @api.model
    def _cut_points_going_on(self, company, as_of, where):
        """The cut points of the batch and of those who are not in it because nothing happened to them."""
        return self._cut_points(
            SQL(
                """
                (SELECT %s - last_day AS recency_days, purchase_days, amount FROM (%s) unchanged
                  UNION ALL
                 SELECT recency_days, purchase_days, amount FROM customer_metric_batch WHERE orders > 0) figures
                """,
                as_of,
                self._select_unchanged(company, where),
            )
        )

    @api.model
    def _add_judged_anew(self, company, as_of, cuts, fit, where):
        """Add to ``customer_metric_batch`` those whose facts are what they were and who are judged otherwise all the same: a
        day is over, cut points have moved, a complaint is open. Segment and risk follow from what is compared here.
        """
        known = [*JUDGED, "as_of"]
        stored = SQL(", ").join(
            SQL("%s AS %s", SQL.identifier(name), SQL.identifier(f"known_{name}")) for name in known
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_metric_batch (%(batch)s)
                SELECT %(batch)s
                  FROM (%(observed)s) batch
                  LEFT JOIN (%(complaints)s) complaint USING (partner_id)
                  LEFT JOIN (%(answers)s) answer USING (partner_id)
                 WHERE known_as_of > %(as_of)s
                    OR (%(judged)s) IS DISTINCT FROM (
                       %(r_score)s, %(f_score)s, %(m_score)s, %(lifecycle)s, COALESCE(open_complaints, 0), answer.csat,
                       COALESCE(answer.csat_count, 0), estimated_on)
                """,
                batch=names(BATCH),
                observed=self._select_observed(
                    SQL(
                        "SELECT %s, %s FROM (%s) metric", names(COUNTED), stored, self._select_unchanged(company, where)
                    ),
                    as_of,
                    fit,
                ),
                complaints=self._select_open_complaints(company),
                answers=self._select_csat(company),
                as_of=as_of,
                judged=names(f"known_{name}" for name in JUDGED),
                **self._scores_sql(cuts),
                lifecycle=self._lifecycle_sql(company),
            )
        )
