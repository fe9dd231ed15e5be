from odoo import fields, models
from odoo.tools import SQL

from ..models.co_marketing_statement_settle import SETTLED_STATES

# What a line is. Shared costs stand on the agreement; what is fixed beside redemptions, on statements.
KINDS = [
    ("redemption", "Redemption"),
    ("monthly", "Amount for a month"),
    ("prepaid", "Budget paid beforehand"),
    ("shared", "Shared costs"),
]


class CoMarketingReport(models.Model):
    """What agreements with partners bring and cost, by month.

    A line is a redemption that counts (voided ones are none), on its day; or what is paid beside redemptions: a month's
    amount, on the month's first day, and a budget paid beforehand, on the first day of its statement, both as soon as a
    statement has them; or the shared costs, on the agreement's first day. What a redemption takes out of a prepaid budget
    was paid with the budget, and is not counted twice. So all that is to settle is the sum of all statements, and of the
    redemptions that are in none yet.

    Amounts are in the currency of the company that is worked in, at today's rates. An order that used two benefits brings
    its revenue once, and only what of it was not credited.
    """

    _name = "co.marketing.report"
    _description = "Figures of Agreements"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "kind"
    _depends = {
        "co.marketing.redemption": [
            "state", "direction", "happened_on", "agreement_id", "benefit_id", "outlet_id", "company_id", "currency_id",
            "partner_id", "membership_id", "sale_order_id", "is_new_customer", "amount", "discount", "settlement_payer",
            "settlement_amount", "settlement_kind", "credited_share",
        ],
        "co.marketing.statement.line": [
            "kind", "state", "happened_on", "agreement_id", "benefit_id", "outlet_id", "company_id", "currency_id", "payer",
            "amount", "redemption_id",
        ],
        "co.marketing.agreement": [
            "partner_id", "currency_id", "company_id", "state", "date_start", "shared_cost", "shared_cost_percent",
        ],
        "co.marketing.benefit": ["direction"],
        "sale.order": ["amount_untaxed", "currency_rate"],
        "loyalty.membership": ["partner_id"],
        "res.partner": ["commercial_partner_id"],
    }  # fmt: skip

    kind = fields.Selection(KINDS, string="What", readonly=True)
    statement_line_id = fields.Many2one("co.marketing.statement.line", string="Settled In", readonly=True)
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
    paid = fields.Monetary(
        string="We Pay",
        readonly=True,
        help="What we pay the partner: for redemptions, by the month, beforehand, and of shared costs that he has advanced.",
    )
    received = fields.Monetary(string="Partner Pays", readonly=True, help="The same, as the partner pays it to us.")
    net_position = fields.Monetary(
        string="Net to Settle", readonly=True, help="Partner pays less we pay: below 0, we owe him."
    )
    cost = fields.Monetary(
        readonly=True,
        help="Discounts we gave, what we pay the partner, and our share of common costs, whoever advanced it.",
    )
    return_on_cost = fields.Float(
        string="Return", readonly=True, aggregator="avg", help="Revenue at ours for each 1 of cost."
    )

    @property
    def _table_query(self):
        return SQL(
            """SELECT figures.id, figures.kind, figures.redemption_id, figures.statement_line_id, figures.date,
                      figures.agreement_id, agreement.partner_id, figures.benefit_id, figures.outlet_id, figures.direction,
                      figures.customer_id, figures.company_id, %(currency)s AS currency_id, figures.redemptions,
                      figures.members_served, figures.customers_won, figures.members_won, figures.revenue, figures.bills,
                      figures.discount_given, figures.discount_received, figures.paid, figures.received,
                      figures.received - figures.paid AS net_position, figures.cost, NULL::float8 AS return_on_cost
                 FROM (%(redemptions)s UNION ALL %(fixed)s UNION ALL %(shared)s) AS figures
                 JOIN co_marketing_agreement agreement ON agreement.id = figures.agreement_id""",
            currency=self.env.company.currency_id.id,
            redemptions=self._redemptions(),
            fixed=self._fixed_amounts(),
            shared=self._shared_costs(),
        )

    def _redemptions(self):
        """A line for each redemption that counts. A struck line of a statement is paid by nobody."""
        return SQL(
            """SELECT used.id, 'redemption' AS kind, used.id AS redemption_id, NULL::int AS statement_line_id,
                      used.happened_on AS date, used.agreement_id, used.benefit_id, used.outlet_id, used.direction,
                      used.partner_id AS customer_id, used.company_id, 1 AS redemptions,
                      CASE WHEN used.direction = 'ours' THEN 1 ELSE 0 END AS members_served,
                      used.is_new_customer::int AS customers_won,
                      CASE WHEN used.is_new_customer AND EXISTS (
                          SELECT 1 FROM loyalty_membership membership
                           WHERE membership.partner_id IN (used.partner_id, customer.commercial_partner_id)
                      ) THEN 1 ELSE 0 END AS members_won,
                      CASE WHEN used.direction = 'theirs' AND used.nth = 1
                           THEN sale.amount_untaxed / COALESCE(NULLIF(sale.currency_rate, 0), 1) * used.company_rate
                                * (1 - COALESCE(used.credited_share, 0))
                           ELSE 0 END AS revenue,
                      CASE WHEN used.direction = 'ours' THEN used.amount * used.rate ELSE 0 END AS bills,
                      CASE WHEN used.direction = 'theirs' THEN used.discount * used.rate ELSE 0 END AS discount_given,
                      CASE WHEN used.direction = 'ours' THEN used.discount * used.rate ELSE 0 END AS discount_received,
                      CASE WHEN used.settlement_payer = 'us' THEN used.due * used.rate ELSE 0 END AS paid,
                      CASE WHEN used.settlement_payer = 'partner' THEN used.due * used.rate ELSE 0 END AS received,
                      CASE WHEN used.direction = 'theirs' THEN used.discount * used.rate ELSE 0 END
                      + CASE WHEN used.settlement_payer = 'us' THEN used.due * used.rate ELSE 0 END AS cost
                 FROM (SELECT redemption.*, rates.rate, ours.rate AS company_rate,
                              CASE WHEN redemption.settlement_kind = 'prepaid' OR struck.id IS NOT NULL THEN 0
                                   ELSE redemption.settlement_amount END AS due,
                              row_number() OVER (PARTITION BY sale_order_id, redemption.agreement_id
                                                     ORDER BY redemption.id) AS nth
                         FROM co_marketing_redemption redemption
                         JOIN res_company company ON company.id = redemption.company_id
                         JOIN %(rates)s AS rates(currency_id, rate) ON rates.currency_id = redemption.currency_id
                         JOIN %(rates)s AS ours(currency_id, rate) ON ours.currency_id = company.currency_id
                    LEFT JOIN co_marketing_statement_line struck
                           ON struck.redemption_id = redemption.id AND struck.kind = 'redemption'
                              AND struck.state = 'struck'
                        WHERE redemption.state = 'done') AS used
                 JOIN res_partner customer ON customer.id = used.partner_id
            LEFT JOIN sale_order sale ON sale.id = used.sale_order_id""",
            rates=self._rates(),
        )

    def _fixed_amounts(self):
        """A line for each month's amount and prepaid budget that counts on a statement."""
        return SQL(
            """SELECT -2 * line.id, line.kind, NULL::int, line.id, line.happened_on, line.agreement_id, line.benefit_id,
                      line.outlet_id, benefit.direction, NULL::int, line.company_id, 0, 0, 0, 0, 0, 0, 0, 0,
                      CASE WHEN line.payer = 'us' THEN - line.amount * rates.rate ELSE 0 END,
                      CASE WHEN line.payer = 'partner' THEN line.amount * rates.rate ELSE 0 END,
                      CASE WHEN line.payer = 'us' THEN - line.amount * rates.rate ELSE 0 END
                 FROM co_marketing_statement_line line
                 JOIN %(rates)s AS rates(currency_id, rate) ON rates.currency_id = line.currency_id
            LEFT JOIN co_marketing_benefit benefit ON benefit.id = line.benefit_id
                WHERE line.state = 'open' AND line.kind IN ('monthly', 'prepaid')""",
            rates=self._rates(),
        )

    def _shared_costs(self):
        """A line for the shared costs of each agreement that was accepted: our share, and what of it a statement settles."""
        return SQL(
            """SELECT -2 * agreement.id - 1, 'shared', NULL::int, line.id, agreement.date_start, agreement.id, NULL::int,
                      NULL::int, NULL, NULL::int, agreement.company_id, 0, 0, 0, 0, 0, 0, 0, 0,
                      CASE WHEN line.payer = 'us' THEN - line.amount * rates.rate ELSE 0 END,
                      CASE WHEN line.payer = 'partner' THEN line.amount * rates.rate ELSE 0 END,
                      agreement.shared_cost * agreement.shared_cost_percent / 100 * rates.rate
                 FROM co_marketing_agreement agreement
                 JOIN %(rates)s AS rates(currency_id, rate) ON rates.currency_id = agreement.currency_id
            LEFT JOIN co_marketing_statement_line line
                   ON line.agreement_id = agreement.id AND line.kind = 'shared' AND line.state = 'open'
                WHERE agreement.shared_cost > 0 AND agreement.state IN %(accepted)s""",
            rates=self._rates(),
            accepted=SETTLED_STATES,
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
        """What is behind this line: the redemption, the statement, or the agreement with its shared costs."""
        self.ensure_one()
        source = self.redemption_id or self.statement_line_id.statement_id or self.agreement_id
        return {
            "type": "ir.actions.act_window",
            "res_model": source._name,
            "res_id": source.id,
            "views": [[False, "form"]],
        }
