from itertools import pairwise

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL, float_repr, frozendict, get_lang

from . import tier_rules
from .amount_text import formatted_by_shape

QUALIFICATION = {"qualification_metric", "qualification_period", "downgrade", "tier_grace_days", "fee_product_id"}


class LoyaltyClub(models.Model):
    """How members earn their tiers. What follows from it is decided in ``tier_rules``, by plain functions."""

    _inherit = "loyalty.club"

    qualification_metric = fields.Selection(
        [
            ("spend", "Net spend"),
            ("orders", "Number of purchases"),
            ("points", "Points earned"),
        ],
        string="Tiers Are Earned By",
        tracking=True,
        help="Net spend: confirmed orders without taxes, less posted credit notes, the club's fee not counted, in the"
        " club's currency at the day's rate. Purchases: confirmed orders of which something is left to pay after"
        " discounts and credit notes. Points: what orders have earned, less what was taken back. Empty: tiers are"
        " given by hand.",
    )
    qualification_period = fields.Selection(
        [
            ("rolling", "The last 12 months"),
            ("calendar_year", "The calendar year"),
            ("membership_year", "The year of the membership"),
            ("lifetime", "All of time"),
        ],
        string="Counted Over",
        required=True,
        default="rolling",
        tracking=True,
        help="Purchases before the customer joined count as well, where they are in the period.",
    )
    downgrade = fields.Selection(
        [("never", "Never"), ("one_step", "By one tier"), ("earned", "To what is earned")],
        string="Down at the Review",
        required=True,
        default="earned",
        tracking=True,
        help="A member goes up at once, and down only at the review: at the end of each period; with the last 12 months"
        " and all of time, a year after the tier was reached.",
    )
    tier_grace_days = fields.Integer(
        string="Grace Before the Review (Days)",
        tracking=True,
        help="So many days after the end of a period the tier is reviewed. What is bought in them still counts for it.",
    )
    tiers_evaluated_on = fields.Date(
        readonly=True, copy=False, help="Until this day the calendar has been followed: periods, reviews, last days."
    )
    qualification_currency_id = fields.Many2one("res.currency", compute="_compute_qualification_currency_id")

    _tier_grace_days_positive = models.Constraint("CHECK (tier_grace_days >= 0)", "Days of grace are 0 or more.")

    @api.depends("company_id")
    def _compute_qualification_currency_id(self):
        for club in self:
            club.qualification_currency_id = club._main_company().currency_id

    def _main_company(self):
        """The company whose currency and rates count: the club's; of a club of all companies, the first one."""
        self.ensure_one()
        # sudo: the club is the user's to read; of the company only the currency is used.
        return self.company_id.sudo() or self.env["res.company"].sudo().search([], order="id", limit=1)

    def _selling_companies(self):
        """The companies whose orders count: the club's and its branches; for a club of all companies, all.

        By a bare statement, for it is asked at every order: what a customer has bought does not depend on who looks at
        his tier, and only sums are used.

        :return: ``{id of the company: id of its currency}``
        """
        self.ensure_one()
        self.env["res.company"].flush_model(["parent_path", "currency_id"])
        own = SQL("(SELECT parent_path || '%%' FROM res_company WHERE id = %s)", self.company_id.id)
        query = SQL(
            "SELECT id, currency_id FROM res_company WHERE %s ORDER BY id",
            SQL("parent_path LIKE %s", own) if self.company_id else SQL("TRUE"),
        )
        return dict(self.env.execute_query(query))

    # ------------------------------------------------------------ rules

    def _tier_rules(self, **other):
        """What this club says, for ``tier_rules``.

        :param other: other values of ``tiers``, ``period``, ``downgrade`` and ``grace_days``, to see what would be
        """
        self.ensure_one()
        tiers = tuple((tier.id, tier.threshold) for tier in self.tier_ids.sorted(lambda tier: (tier.sequence, tier.id)))
        own = {
            "tiers": tiers,
            "period": self.qualification_period,
            "downgrade": self.downgrade,
            "grace_days": self.tier_grace_days,
        }
        return tier_rules.Rules(**{**own, **other})

    @api.model
    def _metrics_in_use(self):
        """The metrics by which clubs qualify members: most changes of documents concern none of them."""
        return set(self._metrics_by_club().values())

    @api.model
    @tools.ormcache()
    def _metrics_by_club(self):
        """``{id of the club: its metric}``, of all clubs that qualify their members, archived ones too. No query."""
        # sudo: this is a fact about the database, and cached for all users.
        clubs = self.sudo().with_context(active_test=False).search([("qualification_metric", "!=", False)], order="id")
        return frozendict({club.id: club.qualification_metric for club in clubs})

    @api.constrains("qualification_metric", "tier_ids")
    def _check_thresholds(self):
        """:raises ValidationError: when a better tier is easier to earn than a lesser one"""
        for club in self.filtered("qualification_metric"):
            ladder = [tier for tier in club.tier_ids.sorted("sequence")[:-1] if tier.threshold > 0]
            for better, lesser in pairwise(ladder):
                if better.threshold <= lesser.threshold:
                    raise ValidationError(
                        self.env._(
                            "The tier %(better)s of %(club)s is better than %(lesser)s: its threshold must be higher.",
                            better=better.name,
                            lesser=lesser.name,
                            club=club.name,
                        )
                    )

    def write(self, vals):
        # The thresholds of several tiers are changed one by one; they are looked at when all are written.
        result = super(LoyaltyClub, self.with_context(thresholds_later=True)).write(vals)
        if {"qualification_period", "tier_grace_days"} & vals.keys():
            # A review that was set by the old rules is set anew by the new ones.
            self.env["loyalty.membership"].sudo().search(
                [("club_id", "in", self.ids), ("review_date", "!=", False)]
            ).review_date = False
        if QUALIFICATION & vals.keys():
            self._evaluate_soon()
        return result

    def _evaluate_soon(self):
        """Let the cron look at all members of these clubs, because the rules have changed."""
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE loyalty_club SET tiers_evaluated_on = NULL WHERE id IN %s", tuple(self.ids)))
        self.invalidate_recordset(["tiers_evaluated_on"])
        # sudo: whoever may change the rules of a club may have them followed.
        self.env.ref("crm_loyalty.ir_cron_tiers").sudo()._trigger()

    def action_preview_tiers(self):
        """Ask for other rules, and show who would move."""
        self.ensure_one()
        return self.env["loyalty.tier.preview"]._open(self)

    # ------------------------------------------------------------ texts

    def _format_value(self, value):
        """A value of the club's metric, for a reader."""
        self.ensure_one()
        if self.qualification_metric == "spend":
            return self.qualification_currency_id.format(value)
        if self.qualification_metric == "orders":
            return self.env._("%s purchases", int(value)) if value != 1 else self.env._("1 purchase")
        return self.env._("%s points", f"{value:g}" if value == round(value, 2) < 1e6 else float_repr(value, 2))

    def _texts_of_values(self):
        """As :meth:`_format_value`, for many: the language is looked for once.

        :return: a function
        """
        if self.qualification_metric != "spend":
            return self._format_value
        currency = self.qualification_currency_id.with_context(lang=get_lang(self.env).code)
        if 10**-currency.decimal_places != currency.rounding:
            return currency.format  # it rounds amounts further than values are
        return formatted_by_shape(currency.format, currency.decimal_places)
