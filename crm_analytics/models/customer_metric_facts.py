from odoo import api, models
from odoo.tools import SQL

from ..rfm import SHARES


class CustomerMetric(models.Model):
    """The figures that are counted: one row per customer from the facts until a day, in one statement."""

    _inherit = "customer.metric"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    @api.model
    def _select_figures(self, company, as_of, where=None):
        """What customers had bought until a day, one row per customer.

        ``before_return`` is the number of purchase days before the last time he came back after having been lost, by the
        company's rules at his usual interval of then; null when he never was.

        :param SQL where: condition on ``partner_id`` of the facts, which must name whole customers; all when left out
        :returns: SQL of partner_id, first_day, last_day, orders, purchase_days, amount, first_amount, before_return
        """
        return SQL(
            """
            SELECT partner_id,
                   MIN(day) FILTER (WHERE orders > 0) AS first_day,
                   MAX(day) FILTER (WHERE orders > 0) AS last_day,
                   SUM(orders) AS orders,
                   COUNT(*) FILTER (WHERE orders > 0) AS purchase_days,
                   SUM(amount) AS amount,
                   SUM(amount) FILTER (WHERE orders > 0 AND before = 0) AS first_amount,
                   MAX(before) FILTER (
                       WHERE orders > 0 AND day - last_before > GREATEST(%(lost_days)s, %(lost_factor)s * CASE
                           WHEN before > 1 THEN (last_before - first_before)::float8 / (before - 1)
                           ELSE %(first_interval)s END)
                   ) AS before_return
              FROM (
                    SELECT partner_id, day, orders, amount,
                           COUNT(*) FILTER (WHERE orders > 0) OVER earlier AS before,
                           MAX(day) FILTER (WHERE orders > 0) OVER earlier AS last_before,
                           MIN(day) FILTER (WHERE orders > 0) OVER earlier AS first_before
                      FROM (
                            SELECT partner_id, day, SUM(orders) AS orders, SUM(amount) AS amount
                              FROM customer_purchase
                             WHERE company_id = %(company)s AND day <= %(as_of)s AND %(where)s
                             GROUP BY partner_id, day
                           ) days
                    WINDOW earlier AS (PARTITION BY partner_id ORDER BY day
                                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                   ) days
             GROUP BY partner_id
            HAVING COUNT(*) FILTER (WHERE orders > 0) > 0
            """,
            company=company.id,
            as_of=as_of,
            where=where or SQL("TRUE"),
            lost_days=company.lifecycle_lost_days,
            lost_factor=company.lifecycle_lost_factor,
            first_interval=company.lifecycle_first_interval,
        )

    @api.model
    def _select_prospects(self, company, where):
        """Who has an open lead or quotation and never bought.

        A lead of no company is of its sales team's, its salesperson's, else of every company.

        :param SQL where: condition on ``partner_id``
        :returns: SQL of partner_id
        """
        return SQL(
            """
            SELECT DISTINCT partner_id
              FROM (
                    SELECT contact.commercial_partner_id AS partner_id
                      FROM crm_lead lead
                      JOIN res_partner contact ON contact.id = lead.partner_id
                      LEFT JOIN crm_team team ON team.id = lead.team_id
                      LEFT JOIN res_users salesperson ON salesperson.id = lead.user_id
                     WHERE lead.active
                       AND COALESCE(lead.company_id, team.company_id, salesperson.company_id, %(company)s) = %(company)s
                     UNION ALL
                    SELECT contact.commercial_partner_id
                      FROM sale_order quotation
                      JOIN res_partner contact ON contact.id = quotation.partner_id
                     WHERE quotation.state IN ('draft', 'sent') AND quotation.company_id = %(company)s
                   ) interested
              JOIN res_partner customer ON customer.id = partner_id AND customer.active
             WHERE %(where)s
            """,
            company=company.id,
            where=where,
        )

    @api.model
    def _cut_points(self, figures):
        """Where the lines of customers are cut for the scores, see ``rfm``.

        :param SQL figures: a source of recency_days, purchase_days and amount of all who ever bought
        :returns: dict of ``recency_days``, ``purchase_days`` and ``amount``: four values each; empty lists when nobody
            ever bought
        """
        shares = SQL("ARRAY[%s]", SQL(", ").join(SQL("%s", share) for share in SHARES))
        names = ("recency_days", "purchase_days", "amount")
        cuts = [SQL("percentile_disc(%s) WITHIN GROUP (ORDER BY %s)", shares, SQL.identifier(name)) for name in names]
        [found] = self.env.execute_query(SQL("SELECT %s FROM %s", SQL(", ").join(cuts), figures))
        return {name: [float(cut) for cut in line or []] for name, line in zip(names, found, strict=True)}

    @api.model
    def _cut_points_of_facts(self, company, as_of):
        """The same, of all customers of a company until a day."""
        return self._cut_points(
            SQL(
                """
                (SELECT %s::date - MAX(day) FILTER (WHERE orders > 0) AS recency_days,
                        COUNT(DISTINCT day) FILTER (WHERE orders > 0) AS purchase_days,
                        SUM(amount) AS amount
                   FROM customer_purchase
                  WHERE company_id = %s AND day <= %s
                  GROUP BY partner_id
                 HAVING MAX(orders) > 0) figures
                """,
                as_of,
                company.id,
                as_of,
            )
        )
