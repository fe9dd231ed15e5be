from odoo import api, fields, models


class CoMarketingAgreement(models.Model):
    """What an agreement has brought so far: the key figures on its form, as the report has them."""

    _inherit = "co.marketing.agreement"

    figures_currency_id = fields.Many2one("res.currency", compute="_compute_figures")
    customers_won = fields.Integer(compute="_compute_figures", help="New customers whose first order used it.")
    members_won = fields.Integer(
        compute="_compute_figures", help="Of them, who are, or were, members of a club of ours."
    )
    target_text = fields.Text(
        string="So Far", compute="_compute_target_text", help="What was reached of each target, as of now."
    )
    revenue = fields.Monetary(
        string="Revenue at Ours",
        compute="_compute_figures",
        currency_field="figures_currency_id",
        help="Orders of the partner's customers, without taxes.",
    )
    net_position = fields.Monetary(
        string="Net to Settle",
        compute="_compute_figures",
        currency_field="figures_currency_id",
        help="What the partner pays us less what we pay him: of all redemptions that count, and of what statements have"
        " beside them.",
    )
    total_cost = fields.Monetary(
        string="Cost",
        compute="_compute_figures",
        currency_field="figures_currency_id",
        help="Discounts we gave, what we pay the partner, and our share of common costs.",
    )

    def _compute_figures(self):
        """Queries: the same for one and for many."""
        rows = self.env["co.marketing.report"]._read_group(
            [("agreement_id", "in", self.ids)],
            ["agreement_id"],
            ["customers_won:sum", "members_won:sum", "revenue:sum", "net_position:sum", "cost:sum"],
        )
        found = {agreement: figures for agreement, *figures in rows}
        for agreement in self:
            agreement.figures_currency_id = self.env.company.currency_id
            won, members, revenue, net, cost = found.get(agreement, (0, 0, 0.0, 0.0, 0.0))
            agreement.customers_won, agreement.members_won, agreement.revenue = won, members, revenue
            agreement.net_position, agreement.total_cost = net, cost

    @api.depends("target_redemptions", "target_members", "target_revenue")
    def _compute_target_text(self):
        """A line for each target that there is."""
        for agreement in self:
            target = agreement.target_revenue and agreement.currency_id._convert(
                agreement.target_revenue, agreement.figures_currency_id, agreement.company_id, fields.Date.today()
            )
            money = agreement.figures_currency_id.format
            lines = (
                (agreement.target_redemptions, self.env._("Redemptions"), agreement.redemption_count, str),
                (agreement.target_members, self.env._("New members"), agreement.members_won, str),
                (target, self.env._("Revenue at ours"), agreement.revenue, money),
            )
            agreement.target_text = "\n".join(
                self.env._("%(what)s: %(reached)s of %(target)s", what=what, reached=word(reached), target=word(aim))
                for aim, what, reached, word in lines
                if aim
            )

    def action_open_figures(self):
        """The figures by month, from which each goes down to its redemptions."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.co_marketing_report_action")
        return {**action, "domain": [("agreement_id", "=", self.id)], "context": {}}

    def action_open_customers_won(self):
        """The customers whose first order used it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers Won"),
            "res_model": "res.partner",
            "domain": [("co_marketing_agreement_id", "=", self.id)],
            "views": [[False, "list"], [False, "form"]],
            "context": {"create": False},
        }

    def action_open_codes(self):
        """The codes that were made for the partner's customers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Codes"),
            "res_model": "loyalty.card",
            "domain": self._codes_domain(),
            "views": [[False, "list"], [False, "form"]],
            "context": {"create": False},
        }
