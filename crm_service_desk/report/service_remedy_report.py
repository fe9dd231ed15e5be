from odoo import fields, models
from odoo.tools import SQL


class ServiceRemedyReport(models.Model):
    """What remedies cost, by kind, cause and month, in one currency.

    Costs are in the currency of the ticket's company; here they are converted into that of the reader's company, at the rate
    of the day on which the remedy was carried out, so that companies can be summed up.
    """

    _name = "service.remedy.report"
    _description = "Cost of Remedies"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "ticket_id"
    _depends = {
        "service.remedy": ["ticket_id", "company_id", "kind", "state", "cost", "cost_unknown", "done_on", "user_id"],
        "service.ticket": ["root_cause_id", "category_id", "product_id", "branch_id", "team_id", "user_id", "company_id",
                           "commercial_partner_id", "type", "merged_into_id"],
        "res.company": ["currency_id"],
        "res.currency.rate": ["currency_id", "company_id", "name", "rate"],
    }  # fmt: skip

    remedy_id = fields.Many2one("service.remedy", readonly=True)
    ticket_id = fields.Many2one("service.ticket", readonly=True)
    kind = fields.Selection(
        lambda self: self.env["service.remedy"]._fields["kind"]._description_selection(self.env), readonly=True
    )
    date = fields.Datetime(string="Carried out on", readonly=True)
    type = fields.Selection(
        lambda self: self.env["service.ticket"]._fields["type"]._description_selection(self.env), readonly=True
    )
    root_cause_id = fields.Many2one("service.root.cause", readonly=True)
    category_id = fields.Many2one("service.category", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    branch_id = fields.Many2one("res.partner", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Account", readonly=True)
    team_id = fields.Many2one("service.team", readonly=True)
    user_id = fields.Many2one("res.users", string="Offered by", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    cost = fields.Monetary(
        readonly=True,
        aggregator="sum",
        help="Of remedies carried out, in the currency of your company, at the rate of the day.",
    )
    cost_unknown = fields.Integer(
        string="Of Unknown Cost", readonly=True, aggregator="sum", help="Carried out, but what it costs is not known."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT remedy.id, remedy.id AS remedy_id, remedy.ticket_id, remedy.kind, remedy.done_on AS date, t.type,
                   t.root_cause_id, t.category_id, t.product_id, t.branch_id, t.commercial_partner_id, t.team_id,
                   remedy.user_id, t.company_id, %(currency)s AS currency_id,
                   (COALESCE(remedy.cost_unknown, FALSE))::int AS cost_unknown,
                   COALESCE(remedy.cost, 0) * CASE WHEN company.currency_id = %(currency)s THEN 1
                        ELSE %(to_rate)s / %(from_rate)s END AS cost
              FROM service_remedy remedy
              JOIN service_ticket t ON t.id = remedy.ticket_id
              JOIN res_company company ON company.id = t.company_id
             WHERE remedy.state = 'done'
            """,
            currency=self.env.company.currency_id.id,
            to_rate=self._rate(SQL("%s", self.env.company.currency_id.id)),
            from_rate=self._rate(SQL("company.currency_id")),
        )

    def _rate(self, currency):
        """The rate of a currency on the day the remedy was carried out: the newest until then, else the oldest, else 1."""
        return SQL(
            """COALESCE(
                (SELECT rate FROM res_currency_rate r WHERE r.currency_id = %(currency)s
                    AND (r.company_id = %(company)s OR r.company_id IS NULL) AND r.name <= remedy.done_on::date
                  ORDER BY r.company_id, r.name DESC LIMIT 1),
                (SELECT rate FROM res_currency_rate r WHERE r.currency_id = %(currency)s
                    AND (r.company_id = %(company)s OR r.company_id IS NULL)
                  ORDER BY r.company_id, r.name LIMIT 1),
                1)""",
            currency=currency,
            company=self.env.company.root_id.id,
        )

    def action_open_ticket(self):
        """The ticket that the remedy was for."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()
