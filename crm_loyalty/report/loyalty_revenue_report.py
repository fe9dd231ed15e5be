from odoo import fields, models
from odoo.tools import SQL


class LoyaltyRevenueReport(models.Model):
    """What members buy against what others buy: revenue, frequency and basket, by month.

    A line is a confirmed order, or a credit note's line for one, which counts in the month of the note. Who was a member
    on the day of the order, as of ``loyalty.membership._running_domain``, counts as one, whatever he is today. Amounts are
    without taxes, in the currency of the company that is worked in, at today's rates when companies have several.
    """

    _name = "loyalty.revenue.report"
    _description = "Members Against Others"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "order_id"
    _depends = {
        "sale.order": ["state", "date_order", "partner_id", "company_id", "amount_untaxed", "currency_rate"],
        "sale.order.line": ["order_id", "invoice_lines"],
        "account.move": ["state", "move_type", "date"],
        "account.move.line": ["move_id", "balance"],
        "res.partner": ["commercial_partner_id", "tz"],
        "loyalty.membership": [
            "partner_id", "commercial_partner_id", "club_id", "company_id", "date_start", "counts_until",
            "ended_on", "was_frozen",
        ],
        "loyalty.membership.freeze": ["membership_id", "date_from", "date_until"],
        "loyalty.club": ["member_level"],
    }  # fmt: skip

    date = fields.Date(readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    customer_kind = fields.Selection([("member", "Members"), ("other", "Others")], string="Who", readonly=True)
    revenue = fields.Monetary(readonly=True, help="Confirmed orders less credit notes, without taxes.")
    order_count = fields.Integer(string="Orders", readonly=True)
    customer_count = fields.Integer(string="Customers", readonly=True, aggregator="avg", help="Different customers.")
    frequency = fields.Float(
        string="Orders per Customer", readonly=True, aggregator="avg", help="In the period of the line or column."
    )
    basket = fields.Monetary(string="Revenue per Order", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            WITH bought AS (
                SELECT sale.id AS order_id, ordered.date, sale.company_id,
                       customer.commercial_partner_id AS partner_id,
                       sale.amount_untaxed / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS revenue,
                       CASE WHEN EXISTS (
                           SELECT 1 FROM loyalty_membership membership
                             JOIN loyalty_club club ON club.id = membership.club_id
                        LEFT JOIN res_company giver ON giver.id = membership.company_id
                            WHERE membership.commercial_partner_id = customer.commercial_partner_id
                              AND (membership.partner_id = sale.partner_id
                                   OR club.member_level = 'commercial'
                                   AND membership.partner_id = customer.commercial_partner_id)
                              AND (giver.id IS NULL OR company.parent_path LIKE giver.parent_path || '%%')
                              AND membership.date_start <= ordered.date
                              AND (membership.counts_until IS NULL OR membership.counts_until >= ordered.date)
                              AND (membership.ended_on IS NULL OR membership.ended_on > ordered.date)
                              AND NOT EXISTS (
                                  SELECT 1 FROM loyalty_membership_freeze frozen
                                   WHERE membership.was_frozen AND frozen.membership_id = membership.id
                                     AND frozen.date_from <= ordered.date
                                     AND (frozen.date_until IS NULL OR frozen.date_until >= ordered.date))
                       ) THEN 'member' ELSE 'other' END AS customer_kind
                  FROM sale_order sale
                  JOIN res_partner customer ON customer.id = sale.partner_id
                  JOIN res_company company ON company.id = sale.company_id
                  JOIN res_partner house ON house.id = company.partner_id,
               LATERAL (SELECT (sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(house.tz, 'UTC'))::date AS date)
                       ordered
                 WHERE sale.state = 'sale'
            ), line AS (
                SELECT 2 * order_id AS id, order_id, date, company_id, partner_id, revenue, customer_kind,
                       1 AS order_count
                  FROM bought
             UNION ALL
                SELECT 2 * credited.id + 1, bought.order_id, note.date, bought.company_id, bought.partner_id,
                       -credited.balance, bought.customer_kind, 0
                  FROM account_move_line credited
                  JOIN account_move note ON note.id = credited.move_id AND note.move_type = 'out_refund'
                                        AND note.state = 'posted'
                  JOIN (SELECT DISTINCT rel.invoice_line_id, sold.order_id
                          FROM sale_order_line_invoice_rel rel
                          JOIN sale_order_line sold ON sold.id = rel.order_line_id) of_order
                    ON of_order.invoice_line_id = credited.id
                  JOIN bought ON bought.order_id = of_order.order_id
            )
            SELECT line.id, line.order_id, line.date, line.company_id, line.partner_id, line.customer_kind,
                   line.revenue * rates.rate AS revenue, line.order_count, %(currency)s AS currency_id,
                   1 AS customer_count, NULL::float8 AS frequency, NULL::numeric AS basket
              FROM line JOIN %(currency_table)s rates ON rates.company_id = line.company_id
            """,
            currency=self.env.company.currency_id.id,
            currency_table=self._currency_table(),
        )

    def _currency_table(self):
        table = self.env["res.currency"]._get_simple_currency_table(self.env.companies)
        return SQL("(SELECT company_id, rate FROM %s)", table)

    def _read_group_select(self, aggregate_spec, query):
        """Customers are counted once, and ratios are of sums."""
        if aggregate_spec not in ("customer_count:avg", "frequency:avg", "basket:avg"):
            return super()._read_group_select(aggregate_spec, query)
        partner, orders, revenue = (
            self._field_to_sql(self._table, name, query) for name in ("partner_id", "order_count", "revenue")
        )
        customers = SQL("COUNT(DISTINCT %s) FILTER (WHERE %s > 0)", partner, orders)
        if aggregate_spec == "customer_count:avg":
            return customers
        if aggregate_spec == "frequency:avg":
            return SQL("SUM(%s)::float8 / NULLIF(%s, 0)", orders, customers)
        return SQL("SUM(%s) / NULLIF(SUM(%s), 0)", revenue, orders)

    def action_open_order(self):
        """The order behind this line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [[False, "form"]],
        }
