from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class DigestDigest(models.Model):
    """Customers in the digest mail: how many bought, came, stayed, and may leave.

    Days of a period are whole days of the company's calendar, the last one being that on which the digest is made. Who
    may not read the figures gets a digest without them: reading raises AccessError, which core takes for that.
    """

    _inherit = "digest.digest"

    kpi_active_customers = fields.Boolean("Active Customers")
    kpi_active_customers_value = fields.Integer(
        compute="_compute_kpi_active_customers_value", help="Customers who bought in the period."
    )
    kpi_new_customers = fields.Boolean("New Customers")
    kpi_new_customers_value = fields.Integer(
        compute="_compute_kpi_new_customers_value", help="Customers who bought for the first time in the period."
    )
    kpi_customer_retention = fields.Boolean("Retention Rate (%)")
    kpi_customer_retention_value = fields.Float(
        compute="_compute_kpi_customer_retention_value",
        help="Of the customers who bought in the period of the same length just before: how many bought again.",
    )
    kpi_customers_at_risk = fields.Boolean("Customers at Risk Now")
    kpi_customers_at_risk_value = fields.Integer(
        compute="_compute_kpi_customers_at_risk_value",
        help="Customers at medium or high risk of leaving, by the figures of last night, whatever the period.",
    )

    def _compute_kpi_active_customers_value(self):
        self._take_customer_figure("kpi_active_customers_value", lambda found: found["active"])

    def _compute_kpi_new_customers_value(self):
        self._take_customer_figure("kpi_new_customers_value", lambda found: found["new"])

    def _compute_kpi_customer_retention_value(self):
        self._take_customer_figure(
            "kpi_customer_retention_value",
            lambda found: 100.0 * found["kept"] / found["base"] if found["base"] else 0.0,
        )

    def _compute_kpi_customers_at_risk_value(self):
        __, __, companies = self._get_kpi_compute_parameters()
        metrics = self.env["customer.metric"]
        at_risk = metrics._at_risk_domain() & Domain("company_id", "in", companies.ids)
        counts = dict(metrics._read_group(at_risk, ["company_id"], ["__count"]))
        for digest in self:
            digest.kpi_customers_at_risk_value = counts.get(digest.company_id or self.env.company, 0)

    def _take_customer_figure(self, field, figure):
        found = self._customer_figures()
        for digest in self:
            company = digest.company_id or self.env.company
            digest[field] = figure(found[company.id]) if company.id in found else 0

    def _customer_figures(self):
        """How many customers bought in the period and in the one before it; one statement.

        :returns: {company_id: {"active", "new", "base", "kept"}}: numbers of customers; companies without are left out
        :raises AccessError: to who may not read the figures
        """
        purchases = self.env["customer.purchase"]
        purchases.browse().check_access("read")
        start, end, companies = self._get_kpi_compute_parameters()
        if not (start and end):
            return {}
        # Whole days, as many as core's period has, ending with its last one.
        start, end = fields.Datetime.to_datetime(start), fields.Datetime.to_datetime(end)
        last, days = end.date(), max((end - start).days, 1)
        first, before = last - timedelta(days=days - 1), last - timedelta(days=2 * days - 1)
        query = purchases._search(
            [
                ("company_id", "in", companies.ids),
                ("day", ">=", before),
                ("day", "<=", last),
                ("orders", ">", 0),
            ]
        )
        company, partner, day = (SQL.identifier(query.table, name) for name in ("company_id", "partner_id", "day"))
        query.groupby = SQL("%s, %s", company, partner)
        customers = query.select(
            SQL("%s AS company_id", company),
            SQL("%s AS partner_id", partner),
            SQL("BOOL_OR(%s >= %s) AS bought", day, first),
            SQL("BOOL_OR(%s < %s) AS before", day, first),
        )
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT company_id,
                       COUNT(*) FILTER (WHERE bought) AS active,
                       COUNT(*) FILTER (WHERE before) AS base,
                       COUNT(*) FILTER (WHERE bought AND before) AS kept,
                       COUNT(*) FILTER (WHERE bought AND NOT before AND NOT EXISTS (
                           SELECT FROM customer_purchase earlier
                            WHERE earlier.partner_id = customer.partner_id
                              AND earlier.company_id = customer.company_id
                              AND earlier.day < %(first)s AND earlier.orders > 0)) AS new
                  FROM (%(customers)s) customer
                 GROUP BY company_id
                """,
                customers=customers,
                first=first,
            )
        )
        return {row["company_id"]: row for row in rows}

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menus = {
            name: self.env.ref(f"crm_analytics.{name}").id
            for name in ("menu_retention_dashboard", "menu_customer_risk")
        }
        dashboard = f"crm_analytics.action_retention_dashboard?menu_id={menus['menu_retention_dashboard']}"
        risk = f"crm_analytics.customer_metric_action_risk?menu_id={menus['menu_customer_risk']}"
        names = ("kpi_active_customers", "kpi_new_customers", "kpi_customer_retention")
        return {**actions, **dict.fromkeys(names, dashboard), "kpi_customers_at_risk": risk}
