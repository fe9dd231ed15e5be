from odoo import api, models
from odoo.tools import SQL

from ..rfm import SHARES, cut_points


class CustomerMetric(models.Model):
    """The figures that are counted: one row per customer from the facts until a day, in one statement."""

    _inherit = "customer.metric"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    @api.model
    def _select_figures(self, company, as_of, where=None):
        """What customers had bought until a day, one row per customer.

        The facts are put in order first (OFFSET 0 keeps PostgreSQL to it), so that days of a customer come one after the
        other: grouping by a hash takes twice the time, and memory for all customers. By the negative number, for there is no
        index of that: following one takes twice the time, too, a page for each fact.

        Mostly a day is one fact. Of customers with several on a day (by teams) those of the first day are added up.

        :param SQL where: condition on ``partner_id`` of the facts, which must name whole customers; all when left out
        :returns: SQL of partner_id, first_day, last_day, orders, purchase_days, amount, first_amount and ``days``: an array
            of the purchase days, ascending
        """
        return SQL(
            """
            SELECT -line AS partner_id, days[1] AS first_day, days[CARDINALITY(days)] AS last_day,
                   orders, CARDINALITY(days) AS purchase_days, amount, days,
                   CASE WHEN is_one_a_day THEN amounts[1]
                        ELSE (SELECT SUM(fact.amount) FROM customer_purchase fact
                               WHERE (fact.partner_id, fact.company_id, fact.day) = (-line, %(company)s, days[1]))
                        END AS first_amount
              FROM (
                    SELECT line, SUM(orders) AS orders, SUM(amount) AS amount,
                           COUNT(*) = COUNT(DISTINCT day) AS is_one_a_day,
                           ARRAY_AGG(DISTINCT day) FILTER (WHERE orders > 0) AS days,
                           ARRAY_AGG(amount) FILTER (WHERE orders > 0) AS amounts
                      FROM (SELECT -partner_id AS line, day, orders, amount FROM customer_purchase
                             WHERE company_id = %(company)s AND day <= %(as_of)s AND %(where)s
                             ORDER BY line DESC, day OFFSET 0) facts
                     GROUP BY line
                   ) customers
             WHERE days IS NOT NULL
            """,
            company=company.id,
            as_of=as_of,
            where=where or SQL("TRUE"),
        )

    @api.model
    def _select_counted(self, company, as_of, where):
        """:returns: SQL of the columns of ``_select_figures`` without ``days``, and of ``came_back``"""
        return SQL(
            """
            SELECT partner_id, first_day, last_day, orders, purchase_days, amount, first_amount, %s AS came_back
              FROM (%s) figures
            """,
            self._came_back_sql(company),
            self._select_figures(company, as_of, where),
        )

    @api.model
    def _came_back_sql(self, company):
        """Whether a customer came back after having been lost, by the company's rules at his usual interval of then, fewer
        purchase days ago than make a customer loyal.

        Only so many of his last waits are looked at, and only where one can have been long enough.

        :returns: SQL on the columns of ``_select_figures``
        """
        return SQL(
            """
            CASE WHEN last_day - first_day > %(lost_days)s THEN EXISTS (
                SELECT 1 FROM GENERATE_SERIES(GREATEST(1, purchase_days - %(loyal)s + 1), purchase_days - 1) before
                 WHERE days[before + 1] - days[before] > GREATEST(%(lost_days)s, %(lost_factor)s * CASE
                           WHEN before > 1 THEN (days[before] - days[1])::float8 / (before - 1)
                           ELSE %(first_interval)s END)
            ) ELSE FALSE END
            """,
            loyal=company.lifecycle_loyal_days,
            lost_days=company.lifecycle_lost_days,
            lost_factor=company.lifecycle_lost_factor,
            first_interval=company.lifecycle_first_interval,
        )

    @api.model
    def _select_prospects(self, company, where, going_on=False):
        """Who has an open lead or quotation and never bought: is not in ``customer_metric_batch``.

        A lead of no company is of its sales team's, its salesperson's, else of every company.

        :param SQL where: condition on ``partner_id``
        :param going_on: nor known as a buyer whom nothing happened to
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
             WHERE NOT EXISTS (SELECT FROM customer_metric_batch buyer WHERE buyer.partner_id = interested.partner_id)
               AND %(unknown)s
               AND EXISTS (SELECT FROM res_partner customer WHERE customer.id = partner_id AND customer.active)
               AND %(where)s
            """,
            company=company.id,
            # Asked one by one (OFFSET): few are interested, and buyers are many.
            unknown=SQL(
                "NOT EXISTS (%s AND partner_id = interested.partner_id OFFSET 0)", self._select_unchanged(company)
            )
            if going_on
            else SQL("TRUE"),
            where=where,
        )

    @api.model
    def _cut_points(self, figures):
        """Where the lines of customers are cut for the scores, see ``rfm``.

        Days are few: how many customers there are of each tells where the line is cut, without lining them up.

        :param SQL figures: a source of recency_days, purchase_days and amount of all who ever bought
        :returns: dict of ``recency_days``, ``purchase_days`` and ``amount``: four values each; empty lists when nobody
            ever bought
        """
        [[days, amounts]] = self.env.execute_query(
            SQL(
                """
                WITH figures AS (SELECT recency_days, purchase_days, amount FROM %(figures)s)
                SELECT (SELECT JSON_AGG(counted) FROM (
                               SELECT recency_days, purchase_days, COUNT(*) AS customers FROM figures
                                GROUP BY GROUPING SETS ((recency_days), (purchase_days))) counted),
                       (SELECT percentile_disc(%(shares)s) WITHIN GROUP (ORDER BY amount::float8) FROM figures)
                """,
                figures=figures,
                shares=SQL("ARRAY[%s]", SQL(", ").join(SQL("%s", share) for share in SHARES)),
            )
        )
        cuts = {"amount": list(amounts or [])}
        for name in ("recency_days", "purchase_days"):
            line = [(row[name], row["customers"]) for row in days or [] if row[name] is not None]
            cuts[name] = list(map(float, cut_points(line)))
        return cuts

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
