from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class LoyaltyClubWizard(models.TransientModel):
    """A working club in a minute: the club, its tiers, its points program and a promotion for each tier."""

    _name = "loyalty.club.wizard"
    _description = "New Club"

    name = fields.Char(string="Club", required=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    member_level = fields.Selection(
        lambda self: self.env["loyalty.club"]._fields["member_level"]._description_selection(self.env),
        string="Member",
        required=True,
        default="commercial",
    )
    enrolment = fields.Selection(
        lambda self: self.env["loyalty.club"]._fields["enrolment"]._description_selection(self.env),
        string="How One Joins",
        required=True,
        default="invitation",
    )
    fee = fields.Monetary(help="What a membership costs for one period, before taxes. The product is made for you.")
    fee_start = fields.Selection(
        lambda self: self.env["loyalty.club"]._fields["fee_start"]._description_selection(self.env),
        string="Membership Begins",
        required=True,
        default="confirmed",
    )
    automatic_after = fields.Selection(
        lambda self: self.env["loyalty.club"]._fields["automatic_after"]._description_selection(self.env),
        string="Member After",
        required=True,
        default="order",
    )
    automatic_amount = fields.Monetary(string="Amount of Orders")
    validity = fields.Selection(
        lambda self: self.env["loyalty.club"]._fields["validity"]._description_selection(self.env),
        required=True,
        default="lifetime",
    )
    validity_months = fields.Integer(string="Months", default=12)
    validity_date = fields.Date(string="Last Day")
    card_prefix = fields.Char(required=True, default="044")
    card_length = fields.Integer(string="Card Digits", required=True, default=13)
    point_amount = fields.Monetary(
        string="Spend for One Point", required=True, default=10, help="So much paid earns one point."
    )
    point_value = fields.Monetary(
        string="Value of a Point", required=True, default=0.1, help="So much is taken off the bill for one point spent."
    )
    qualification_metric = fields.Selection(
        lambda self: self.env["loyalty.club"]._fields["qualification_metric"]._description_selection(self.env),
        string="Tiers Are Earned By",
    )
    qualification_period = fields.Selection(
        lambda self: self.env["loyalty.club"]._fields["qualification_period"]._description_selection(self.env),
        string="Counted Over",
        required=True,
        default="rolling",
    )
    tier_ids = fields.One2many(
        "loyalty.club.wizard.tier", "wizard_id", string="Tiers", default=lambda self: self._default_tiers()
    )

    def _default_tiers(self):
        return [
            Command.create({"name": name, "discount": discount, "sequence": position})
            for position, (name, discount) in enumerate(
                [(self.env._("Gold"), 15), (self.env._("Silver"), 10), (self.env._("Green"), 5)], start=1
            )
        ]

    def action_create(self):
        """Make the club and open it.

        :raises UserError: when points are worth nothing
        """
        self.ensure_one()
        if self.point_amount <= 0 or self.point_value <= 0:
            raise UserError(
                self.env._("Enter what is to be spent for a point, and what a point is worth: both above 0.")
            )
        club = self.env["loyalty.club"]._create_with_programs(
            self._club_values(),
            [
                {"name": tier.name, "discount": tier.discount, "threshold": tier.threshold}
                for tier in self.tier_ids.sorted("sequence")
            ],
            {"amount": self.point_amount, "value": self.point_value},
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "loyalty.club",
            "res_id": club.id,
            "views": [[False, "form"]],
        }

    def _club_values(self):
        """:raises UserError: when a club that is bought has no fee, or an automatic one no amount"""
        names = ["name", "member_level", "validity", "validity_months", "validity_date", "card_prefix", "card_length"]
        names += ["enrolment", "fee_start", "automatic_after", "automatic_amount"]
        names += ["qualification_metric", "qualification_period"]
        values = {"company_id": self.company_id.id, **{name: self[name] for name in names}}
        if self.enrolment == "paid":
            product = self.env["loyalty.club"]._make_fee_product(self.name, self.fee, self.company_id)
            values["fee_product_id"] = product.id
        if self.enrolment == "automatic" and self.automatic_after == "amount" and self.automatic_amount <= 0:
            raise UserError(self.env._("Enter the amount of orders from which customers become members: above 0."))
        return values


class LoyaltyClubWizardTier(models.TransientModel):
    _name = "loyalty.club.wizard.tier"
    _description = "Tier of a New Club"
    _order = "sequence, id"

    wizard_id = fields.Many2one("loyalty.club.wizard", required=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Tier", required=True)
    threshold = fields.Float(string="Earned From", help="0: given by hand only; of the lowest tier: everybody's.")
    threshold_currency_id = fields.Many2one("res.currency", compute="_compute_threshold_currency_id")
    discount = fields.Float(string="Discount (%)")

    @api.depends("wizard_id.qualification_metric", "wizard_id.currency_id")
    def _compute_threshold_currency_id(self):
        for line in self:
            wizard = line.wizard_id
            line.threshold_currency_id = wizard.currency_id if wizard.qualification_metric == "spend" else False
