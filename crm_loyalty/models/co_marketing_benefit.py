from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .plain_number import plain_number
from .tiers_field import tiers_field

KINDS = [
    ("percent", "Percent off the bill"),
    ("amount", "Amount off the bill"),
    ("free_item", "Something for free"),
    ("points", "Bonus points"),
    ("perk", "Perk without amount"),
]
SETTLEMENTS = [
    ("none", "Nothing is paid"),
    ("each", "Amount for each redemption"),
    ("bill", "Percent of the bill"),
    ("discount", "Percent of the discount"),
    ("monthly", "Amount a month"),
    ("prepaid", "Out of a prepaid budget"),
]
PAYERS = [("us", "We pay the partner"), ("partner", "The partner pays us")]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class CoMarketingBenefit(models.Model):
    """What is given under some terms: how much, to whom, when, how often, and how it is settled between the two.

    It is part of a version of the terms, and is fixed with it. A new version copies it; uses of all copies count
    together for its limits (``counted_benefit_id``), so that new terms do not begin to count anew.
    """

    _name = "co.marketing.benefit"
    _description = "Benefit of a Co-Marketing Agreement"
    _order = "version_id desc, sequence, id"
    _check_company_auto = True

    version_id = fields.Many2one(
        "co.marketing.version", required=True, index=True, ondelete="cascade", domain=[("state", "=", "draft")]
    )
    agreement_id = fields.Many2one(related="version_id.agreement_id", store=True, index=True)
    company_id = fields.Many2one(related="version_id.agreement_id.company_id", store=True)
    currency_id = fields.Many2one(related="version_id.agreement_id.currency_id")
    counted_benefit_id = fields.Many2one(
        "co.marketing.benefit",
        string="Counted With",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The same benefit in the first version that had it: uses of both count together.",
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    category_id = fields.Many2one("co.marketing.category", index="btree_not_null", ondelete="restrict")
    picture = fields.Image(max_width=800, max_height=800)
    how_to_use = fields.Text(translate=True, help="What the member does to get it, in his words.")
    terms = fields.Text(string="Conditions", translate=True)

    kind = fields.Selection(KINDS, required=True, default="percent")
    percent = fields.Float(default=10)
    max_discount = fields.Monetary(string="At Most", help="The highest discount on one bill. 0: no limit.")
    amount = fields.Monetary(help="Off the bill, or what the free item is worth.")
    points = fields.Integer(string="Bonus Points")

    club_ids = fields.Many2many(
        "loyalty.club",
        relation="co_marketing_benefit_club_rel",
        column1="benefit_id",
        column2="club_id",
        string="Clubs",
        ondelete="restrict",
        context={"active_test": False},
        help="Only members of these clubs. Empty: of all clubs of the company.",
    )
    tier_ids = tiers_field(
        "co_marketing_benefit_tier_rel",
        "benefit_id",
        "Only members in these tiers. Empty: in all tiers, and without one.",
    )
    outlet_ids = fields.Many2many(
        "co.marketing.outlet",
        relation="co_marketing_benefit_outlet_rel",
        column1="benefit_id",
        column2="outlet_id",
        string="Only in These Outlets",
        help="Empty: in all outlets of the agreement.",
    )

    minimum_spend = fields.Monetary(help="The bill, before the discount. 0: any.")
    limit_member_day = fields.Integer(string="Each Member, a Day")
    limit_member_month = fields.Integer(string="Each Member, a Month")
    limit_member = fields.Integer(string="Each Member, in All")
    limit_day = fields.Integer(string="All Members, a Day")
    limit_month = fields.Integer(string="All Members, a Month")
    limit_total = fields.Integer(string="All Members, in All")
    budget = fields.Monetary(help="The sum of discounts that is given at most. 0: no limit.")
    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean(default=True)
    wednesday = fields.Boolean(default=True)
    thursday = fields.Boolean(default=True)
    friday = fields.Boolean(default=True)
    saturday = fields.Boolean(default=True)
    sunday = fields.Boolean(default=True)
    hour_from = fields.Float(string="From", help="In the outlet's time zone.")
    hour_to = fields.Float(
        string="To",
        help="Both 0: all day. Earlier than “From”: until the morning after, which counts to the day before.",
    )

    settlement_kind = fields.Selection(SETTLEMENTS, string="Settlement", required=True, default="none")
    settlement_payer = fields.Selection(PAYERS, string="Who Pays", required=True, default="us")
    settlement_figure = fields.Float(
        digits=(16, 6), help="The amount, or the percent. Of a prepaid budget: what is paid beforehand."
    )

    _limits_positive = models.Constraint(
        "CHECK (limit_member_day >= 0 AND limit_member_month >= 0 AND limit_member >= 0 AND limit_day >= 0 AND"
        " limit_month >= 0 AND limit_total >= 0 AND budget >= 0 AND minimum_spend >= 0 AND max_discount >= 0)",
        "Limits, budget and minimum spend are 0 (none) or more.",
    )
    _hours_of_a_day = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_from < 24 AND hour_to >= 0 AND hour_to <= 24)",
        "Enter hours between 0:00 and 24:00.",
    )
    _settlement_positive = models.Constraint(
        "CHECK (settlement_figure >= 0)", "Enter what is paid as 0 or more, and choose who pays it."
    )

    # ------------------------------------------------------------ what is promised

    @api.constrains("kind", "percent", "amount", "points")
    def _check_promise(self):
        for benefit in self:
            wrong = {
                "percent": not 0 < benefit.percent <= 100 and self.env._("a percentage above 0 and up to 100"),
                "amount": benefit.amount <= 0 and self.env._("an amount above 0"),
                "free_item": benefit.amount < 0 and self.env._("what it is worth, 0 or more"),
                "points": not 0 < benefit.points < 10**9 and self.env._("points above 0"),
            }.get(benefit.kind)
            if wrong:
                raise ValidationError(self.env._("%(benefit)s: enter %(what)s.", benefit=benefit.name, what=wrong))

    @api.constrains("settlement_kind", "settlement_figure")
    def _check_settlement(self):
        for benefit in self:
            percent = benefit.settlement_kind in ("bill", "discount")
            if percent and benefit.settlement_figure > 100:
                raise ValidationError(
                    self.env._("%s: what is paid is 100 %% of the bill or the discount at most.", benefit.name)
                )

    @api.constrains("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    def _check_weekdays(self):
        for benefit in self:
            if not any(benefit[day] for day in WEEKDAYS):
                raise ValidationError(self.env._("%s: choose a weekday on which it holds.", benefit.name))

    @api.constrains("club_ids", "tier_ids", "outlet_ids", "version_id")
    def _check_whose(self):
        """It is for members and outlets that the agreement reaches."""
        for benefit in self.sudo():  # sudo: what belongs together does not depend on who looks
            companies = benefit.company_id.parent_ids
            strangers = [
                one.display_name
                for one in [*benefit.club_ids, *benefit.tier_ids]
                if one.company_id and one.company_id not in companies
            ]
            strangers += (benefit.outlet_ids - benefit.agreement_id.outlet_ids).mapped("name")
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(benefit)s: %(others)s do not belong to the agreement. Choose clubs and tiers of %(company)s and"
                        " outlets of the agreement.",
                        benefit=benefit.name,
                        others=", ".join(strangers),
                        company=benefit.company_id.name,
                    )
                )

    # ------------------------------------------------------------ fixed with its version

    @api.model_create_multi
    def create(self, vals_list):
        benefits = super().create(vals_list)
        benefits.version_id._check_changeable()
        return benefits

    def write(self, vals):
        if set(vals) - {"agreement_id", "company_id"}:  # these follow from the version
            self.version_id._check_changeable()
        result = super().write(vals)
        if "version_id" in vals:
            self.version_id._check_changeable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        self.version_id._check_changeable()

    def _counted(self):
        """The benefits with which uses of these are counted: the first of their kind."""
        return self.browse([benefit.counted_benefit_id.id or benefit.id for benefit in self])

    # ------------------------------------------------------------ figures

    def _discount(self, amount):
        """What a member gets off a bill, in the agreement's currency, rounded to it.

        ``percent``: that part of the bill, at most ``max_discount``. ``amount``: so much, at most the bill. ``free_item``:
        what the item is worth. Points and perks take nothing off.

        :param amount: the bill; None or 0 when it is not known
        """
        self.ensure_one()
        amount = amount or 0.0
        if self.kind == "percent":
            discount = amount * self.percent / 100
            discount = min(discount, self.max_discount) if self.max_discount else discount
        elif self.kind == "amount":
            discount = min(self.amount, amount) if amount else self.amount
        else:
            discount = self.amount if self.kind == "free_item" else 0.0
        return self.currency_id.round(discount)

    def _needs_amount(self):
        """Whether the bill must be known to give this benefit, or to settle it."""
        self.ensure_one()
        return self.kind in ("percent", "amount") or bool(self.minimum_spend) or self.settlement_kind == "bill"

    def _settlement_amount(self, amount, discount):
        """What one redemption costs who pays, rounded to the agreement's currency.

        What is paid by the month or beforehand is no matter of one redemption: 0 for the first; for the second the
        discount, which is what it takes out of the prepaid budget.
        """
        self.ensure_one()
        figure = self.settlement_figure
        paid = {
            "each": figure,
            "bill": (amount or 0.0) * figure / 100,
            "discount": discount * figure / 100,
            "prepaid": discount,
        }.get(self.settlement_kind, 0.0)
        return self.currency_id.round(paid)

    def _promise_text(self):
        """What is given, in a few words, for members and cashiers."""
        self.ensure_one()
        if self.kind == "percent":
            return self.env._("%s off", f"{self.percent:g}%")
        if self.kind == "amount":
            return self.env._("%s off", self.currency_id.format(self.amount))
        if self.kind == "points":
            return self.env._("%s bonus points", self.points)
        return self.env._("Free") if self.kind == "free_item" else self.env._("Perk")

    def _settlement_text(self):
        """What is paid for it, as the partner reads it: a percentage, or an amount."""
        self.ensure_one()
        if self.settlement_kind in ("bill", "discount"):
            return f"{plain_number(self.env, self.settlement_figure)}%"
        return self.currency_id.format(self.settlement_figure)

    def _limits_text(self):
        """How often it may be used, in words."""
        self.ensure_one()
        names = ("limit_member_day", "limit_member_month", "limit_member", "limit_day", "limit_month", "limit_total")
        labels = {name: self._fields[name]._description_string(self.env) for name in names}
        return "; ".join(f"{labels[name]}: {self[name]}" for name in names if self[name])
