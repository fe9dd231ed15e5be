from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .tiers_field import tiers_field

KINDS = [
    ("birthday", "Birthday"),
    ("membership", "Anniversary of the membership"),
    ("first_purchase", "First purchase"),
    ("absence", "Long absence"),
    ("fixed", "Fixed day of the year"),
]
CHANNELS = [("email", "E-mail"), ("print", "Printed card"), ("call", "Call to make")]
MONTHS = [
    ("1", "January"),
    ("2", "February"),
    ("3", "March"),
    ("4", "April"),
    ("5", "May"),
    ("6", "June"),
    ("7", "July"),
    ("8", "August"),
    ("9", "September"),
    ("10", "October"),
    ("11", "November"),
    ("12", "December"),
]


class LoyaltyOccasion(models.Model):
    """A rule by which customers are greeted: on which day, who of them, how, and with which gift.

    Whom it finds is in ``loyalty_occasion_people`` (the day) and ``loyalty_occasion_audience`` (the circle); what was
    sent is a ``loyalty.greeting``. The hourly job greets for occasions that run.
    """

    _name = "loyalty.occasion"
    _description = "Occasion to Greet Customers"
    _inherit = ["mail.thread"]
    _order = "state desc, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        help="In whose name is greeted.",
    )
    state = fields.Selection(
        [("draft", "Not Started"), ("running", "Running"), ("stopped", "Stopped")],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    started_on = fields.Date(readonly=True, copy=False, help="What was due before this day is not greeted any more.")
    kind = fields.Selection(KINDS, string="Day", required=True, default="birthday", tracking=True)
    absence_days = fields.Integer(
        string="Days Without Purchase",
        default=180,
        help="Counted from the day of the last purchase: a confirmed order, or a sale at the till.",
    )
    fixed_month = fields.Selection(MONTHS, string="Month", default="1")
    fixed_day = fields.Integer(string="Day of the Month", default=1)
    timing = fields.Selection(
        [("on", "On the day"), ("before", "Days before it"), ("after", "Days after it")],
        string="When",
        required=True,
        default="on",
        tracking=True,
    )
    shift_days = fields.Integer(string="Days", default=1)
    hour = fields.Integer(
        required=True,
        default=9,
        help="0 to 23, in the time zone of the recipient; of the company, for a contact without one.",
    )
    club_ids = fields.Many2many(
        "loyalty.club",
        relation="loyalty_occasion_club_rel",
        column1="occasion_id",
        column2="club_id",
        string="Members' Clubs",
        ondelete="restrict",
        context={"active_test": False},
        help="Only members of these clubs, in whichever tier. Empty, together with the tiers: all customers.",
    )
    tier_ids = tiers_field(
        "loyalty_occasion_tier_rel",
        "occasion_id",
        "Only members of these tiers. Empty, together with the clubs: all customers.",
    )
    consent = fields.Selection(
        [("not_refused", "Everybody who has not refused"), ("agreed", "Only those who agreed")],
        required=True,
        default="not_refused",
        tracking=True,
        help="What the contact says under “Greetings”. The blacklists for e-mail and telephone hold in any case.",
    )
    channel = fields.Selection(CHANNELS, string="How", required=True, default="email", tracking=True)
    template_id = fields.Many2one(
        "mail.template",
        string="Text",
        domain="[('model', '=', 'loyalty.greeting')]",
        compute="_compute_template_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Of the mail, or of the printed card.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Who Calls",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        index="btree_not_null",
        ondelete="restrict",
        help="Calls customers who have no salesperson of their own.",
    )
    gift_program_id = fields.Many2one(
        "loyalty.program",
        string="Gift",
        domain="[('program_type', '=', 'coupons')]",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Each person gets one coupon of this program, for himself alone.",
    )
    gift_days = fields.Integer(
        string="Gift Valid for Days", default=30, help="From the day of the greeting. 0: for ever."
    )
    problem = fields.Char(readonly=True, copy=False, help="Why the last run of the job could greet nobody.")
    greeting_ids = fields.One2many("loyalty.greeting", "occasion_id", string="Greetings")

    _hour_of_the_day = models.Constraint("CHECK (hour BETWEEN 0 AND 23)", "The hour is between 0 and 23.")
    _shift_within_a_year = models.Constraint(
        "CHECK (timing = 'on' OR shift_days BETWEEN 1 AND 180)", "Greet between 1 and 180 days before or after the day."
    )
    _absence_days = models.Constraint(
        "CHECK (kind != 'absence' OR absence_days BETWEEN 7 AND 3650)", "A long absence is between 7 and 3650 days."
    )
    _gift_days = models.Constraint("CHECK (gift_days >= 0)", "A gift is valid for some days, or for ever with 0.")

    @api.depends("kind", "channel")
    def _compute_template_id(self):
        """The text that comes with the addon for this kind of day, unless another one was chosen."""
        ours = {kind: self.env.ref(f"crm_loyalty.mail_template_greeting_{kind}", False) for kind, _label in KINDS}
        for occasion in self:
            theirs = occasion.template_id and occasion.template_id not in ours.values()
            if occasion.channel == "call":
                occasion.template_id = False
            elif not theirs:
                occasion.template_id = ours.get(occasion.kind)

    @api.constrains("kind", "fixed_month", "fixed_day")
    def _check_fixed_day(self):
        for occasion in self.filtered(lambda one: one.kind == "fixed"):
            try:
                date(2024, int(occasion.fixed_month), occasion.fixed_day)  # a year with a 29 February
            except (TypeError, ValueError) as error:
                raise ValidationError(
                    self.env._("“%(occasion)s”: there is no such day of the year.", occasion=occasion.name)
                ) from error

    @api.constrains("template_id", "gift_program_id")
    def _check_what_is_sent(self):
        for occasion in self:
            # sudo: of what kind they are; whoever writes the occasion has chosen them.
            template, program = occasion.sudo().template_id, occasion.sudo().gift_program_id
            if template and template.model != "loyalty.greeting":
                raise ValidationError(
                    self.env._(
                        "“%s” is no text for greetings: choose a template that applies to greetings.", template.name
                    )
                )
            if program and program.program_type != "coupons":
                raise ValidationError(
                    self.env._("“%s” cannot be a gift: choose a program of the type “Coupons”.", program.name)
                )

    @api.constrains("club_ids", "tier_ids", "company_id")
    def _check_members_company(self):
        for occasion in self:
            # sudo: only companies are compared.
            its, clubs, tiers = occasion.sudo().company_id, occasion.sudo().club_ids, occasion.sudo().tier_ids
            if (clubs | tiers.club_id).company_id - its.parent_ids:
                raise ValidationError(
                    self.env._(
                        "“%(occasion)s” greets in the name of %(company)s: choose clubs and tiers of that company.",
                        occasion=occasion.name,
                        company=its.name,
                    )
                )

    def write(self, vals):
        if "company_id" in vals and any(one.company_id.id != vals["company_id"] and one.greeting_ids for one in self):
            raise UserError(self.env._("This occasion has greeted already: make another one for the other company."))
        if vals.get("active") is False:
            vals = {**vals, "state": "stopped"}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_greeted(self):
        if self.greeting_ids:
            raise UserError(
                self.env._("Customers were greeted by this occasion. Archive it: so it is known what they got.")
            )

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%s (copy)", occasion.name)}
            for occasion, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # ------------------------------------------------------------ start and stop

    def action_start(self):
        """Greet from today on: whoever is due today too, when the hour comes or has come.

        :raises UserError: when there is nothing to send
        """
        for occasion in self:
            if occasion.channel != "call" and not occasion.template_id:
                raise UserError(self.env._("“%s”: choose a text, then start.", occasion.name))
            if occasion.channel == "call" and not occasion.user_id:
                raise UserError(self.env._("“%s”: choose who calls, then start.", occasion.name))
        for occasion in self:
            occasion.write({"state": "running", "started_on": occasion._today(), "problem": False, "active": True})
        self.env.ref("crm_loyalty.ir_cron_greetings")._trigger()

    def action_stop(self):
        """Greet nobody any more. What waits to be sent is not sent; what was sent stays."""
        self.write({"state": "stopped"})

    def _today(self):
        """The day it is for the company."""
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self._zone()))

    def _zone(self):
        """Time zone of contacts who have none."""
        self.ensure_one()
        # sudo: the company's address, which holds the time zone.
        return self.company_id.sudo().partner_id.tz or "UTC"

    def _shift(self):
        """Days from the occasion's day to the greeting: -3 for three days before it."""
        self.ensure_one()
        return {"on": 0, "before": -self.shift_days, "after": self.shift_days}[self.timing]
