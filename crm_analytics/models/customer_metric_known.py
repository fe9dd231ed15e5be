from odoo import api, models
from odoo.tools import SQL


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
        [[known]] = self.env.execute_query(
            SQL("SELECT EXISTS (SELECT FROM customer_metric WHERE company_id = %s)", company.id)
        )
        return day.as_of if known else None

    @api.model
    def _select_going_on(self, company, since, as_of, where):
        """The same as ``_select_counted``, the facts read of those customers only whom anything happened to: counted anew,
        or with a purchase after the day until which the figures are known.

        :param date since: see ``_known_since``
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
        changed = SQL("SELECT partner_id FROM customer_metric_changed")
        return SQL(
            """
            SELECT partner_id, first_day, last_day, orders, purchase_days, amount, first_amount, came_back
              FROM customer_metric
             WHERE company_id = %(company)s AND orders > 0 AND %(where)s AND partner_id NOT IN (%(changed)s)
             UNION ALL
            %(counted)s
            """,
            company=company.id,
            where=where,
            changed=changed,
            counted=self._select_counted(company, as_of, SQL("partner_id IN (%s)", changed)),
        )
