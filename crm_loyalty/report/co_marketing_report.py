from odoo import fields, models
from odoo.tools import SQL


class CoMarketingReport(models.Model):
    """What agreements with partners bring and cost, by month.

    A line is a redemption that counts: voided ones are none. Amounts are in the currency of the company that is worked in,
    at today's rates. What is settled by the month, beforehand or as shared costs is no matter of one redemption, and not in
    here. An order that used two benefits brings its revenue once.
    """

    _name = "co.marketing.report"
    _description = "Figures of Agreements"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "redemption_id"
    _depends = {
        "co.marketing.redemption": [
            "state", "direction", "happened_on", "agreement_id", "benefit_id", "outlet_id", "company_id", "currency_id",
            "partner_id", "membership_id", "sale_order_id", "is_new_customer", "amount", "discount", "settlement_payer",
            "settlement_amount",
        ],
        "co.marketing.agreement": ["partner_id", "currency_id"],
        "sale.order": ["amount_untaxed", "currency_rate"],
        "loyalty.membership": ["partner_id"],
        "res.partner": ["commercial_partner_id"],
    }  # fmt: skip

    date = fields.Date(readonly=True)
    redemption_id = fields.Many2one("co.marketing.redemption", readonly=True)
    agreement_id = fields.Many2one("co.marketing.agreement", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    benefit_id = fields.Many2one("co.marketing.benefit", readonly=True)
    outlet_id = fields.Many2one("co.marketing.outlet", readonly=True)
    direction = fields.Selection(
        [("ours", "Our members, at the partner's"), ("theirs", "The partner's customers, at ours")],
        string="Who",
        readonly=True,
    )
    customer_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    redemptions = fields.Integer(readonly=True)
    members_served = fields.Integer(
        readonly=True, aggregator="avg", help="Different members of ours whom the partner has served."
    )
    customers_won = fields.Integer(readonly=True, help="New customers of ours: their first order used the agreement.")
    members_won = fields.Integer(readonly=True, help="Customers won who are, or were, members of a club of ours.")
    revenue = fields.Monetary(
        string="Revenue at Ours", readonly=True, help="Orders of the partner's customers, without taxes."
    )
    bills = fields.Monetary(string="Bills at Theirs", readonly=True, help="What our members' bills came to there.")
    discount_given = fields.Monetary(
        string="Discounts We Gave", readonly=True, help="To the partner's customers on our orders, with taxes."
    )
    discount_received = fields.Monetary(
        string="Discounts for Our Members", readonly=True, help="What the partner took off our members' bills."
    )
    paid = fields.Monetary(string="We Pay", readonly=True, help="What we pay the partner for these redemptions.")
    received = fields.Monetary(string="Partner Pays", readonly=True, help="What the partner pays us for them.")
    net_position = fields.Monetary(
        string="Net to Settle", readonly=True, help="Partner pays less we pay: below 0, we owe him."
    )
    cost = fields.Monetary(readonly=True, help="Discounts we gave, and what we pay the partner.")
    return_on_cost = fields.Float(
        string="Return", readonly=True, aggregator="avg", help="Revenue at ours for each 1 of cost."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH used AS (
                SELECT redemption.*, rates.rate, ours.rate AS company_rate,
                       row_number() OVER (PARTITION BY sale_order_id, agreement_id ORDER BY redemption.id) AS nth
                  FROM co_marketing_redemption redemption
                  JOIN res_company company ON company.id = redemption.company_id
                  JOIN %(rates)s AS rates(currency_id, rate) ON rates.currency_id = redemption.currency_id
                  JOIN %(rates)s AS ours(currency_id, rate) ON ours.currency_id = company.currency_id
                 WHERE redemption.state = 'done'
            ), figures AS (
                SELECT used.*,
                       CASE WHEN used.direction = 'theirs' AND used.nth = 1
                            THEN sale.amount_untaxed / COALESCE(NULLIF(sale.currency_rate, 0), 1) * used.company_rate
                            ELSE 0 END AS revenue,
                       CASE WHEN used.direction = 'theirs' THEN used.discount * used.rate ELSE 0 END AS discount_given,
                       CASE WHEN used.settlement_payer = 'us' THEN used.settlement_amount * used.rate ELSE 0 END AS paid,
                       CASE WHEN used.settlement_payer = 'partner' THEN used.settlement_amount * used.rate ELSE 0 END
                           AS received
                  FROM used LEFT JOIN sale_order sale ON sale.id = used.sale_order_id
            )
            SELECT figures.id, figures.id AS redemption_id, figures.happened_on AS date, figures.agreement_id,
                   agreement.partner_id, figures.benefit_id, figures.outlet_id, figures.direction,
                   figures.partner_id AS customer_id, figures.company_id, %(currency)s AS currency_id,
                   1 AS redemptions, CASE WHEN figures.direction = 'ours' THEN 1 ELSE 0 END AS members_served,
                   figures.is_new_customer::int AS customers_won,
                   CASE WHEN figures.is_new_customer AND EXISTS (
                       SELECT 1 FROM loyalty_membership membership
                        WHERE membership.partner_id IN (figures.partner_id, customer.commercial_partner_id)
                   ) THEN 1 ELSE 0 END AS members_won,
                   figures.revenue,
                   CASE WHEN figures.direction = 'ours' THEN figures.amount * figures.rate ELSE 0 END AS bills,
                   figures.discount_given,
                   CASE WHEN figures.direction = 'ours' THEN figures.discount * figures.rate ELSE 0 END
                       AS discount_received,
                   figures.paid, figures.received, figures.received - figures.paid AS net_position,
                   figures.discount_given + figures.paid AS cost, NULL::float8 AS return_on_cost
              FROM figures
              JOIN co_marketing_agreement agreement ON agreement.id = figures.agreement_id
              JOIN res_partner customer ON customer.id = figures.partner_id
            """,
            rates=self._rates(),
            currency=self.env.company.currency_id.id,
        )

    def _rates(self):
        """Of each currency that occurs: what one of it is worth in the currency of the company that is worked in."""
        company, today = self.env.company, fields.Date.context_today(self)
        found = self.env.execute_query(
            SQL("SELECT currency_id FROM co_marketing_agreement UNION SELECT currency_id FROM res_company")
        )
        currencies = self.env["res.currency"].browse(row[0] for row in found) | company.currency_id
        rates = currencies._get_rates(company, today)
        own = rates[company.currency_id.id]
        rows = [SQL("(%s::int, %s::numeric)", key, own / rate) for key, rate in rates.items() if rate]
        return SQL("(VALUES %s)", SQL(", ").join(rows))

    def _read_group_select(self, aggregate_spec, query):
        """Members are counted once, and the return is of sums."""
        if aggregate_spec == "members_served:avg":
            customer, direction = (
                self._field_to_sql(self._table, name, query) for name in ("customer_id", "direction")
            )
            return SQL("COUNT(DISTINCT %s) FILTER (WHERE %s = 'ours')", customer, direction)
        if aggregate_spec == "return_on_cost:avg":
            revenue, cost = (self._field_to_sql(self._table, name, query) for name in ("revenue", "cost"))
            return SQL("(SUM(%s) / NULLIF(SUM(%s), 0))::float8", revenue, cost)
        return super()._read_group_select(aggregate_spec, query)

    def action_open_redemption(self):
        """The redemption behind this line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "co.marketing.redemption",
            "res_id": self.redemption_id.id,
            "views": [[False, "form"]],
        }
