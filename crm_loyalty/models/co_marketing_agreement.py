from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# In these kinds our members are served by the partner; in the others their customers are served by us.
KINDS_FOR_OUR_MEMBERS = ("theirs_to_ours", "joint")
# What the two have agreed upon: fixed from the proposal on. Terms that change are a new version.
AGREED = {
    "partner_id", "company_id", "currency_id", "kind", "date_start", "date_end", "renewal", "renewal_months", "notice_days"
}  # fmt: skip


class CoMarketingAgreement(models.Model):
    """That a partner and we serve the customers of one another, from one day to another.

    The terms stand on versions (``co.marketing.version``): what was accepted is never changed, a change is a new version
    that is accepted anew, and each redemption keeps the version under which it was made. Whether the agreement is in force
    on a day follows from its state and its dates (:meth:`_in_force_domain`); a late job lets nothing begin or end late.
    """

    _name = "co.marketing.agreement"
    _description = "Co-Marketing Agreement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_end, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/")
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Partner Company",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('is_company', '=', True)]",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("theirs_to_ours", "Their offer to our members"),
            ("ours_to_theirs", "Our offer to their customers"),
            ("joint", "Joint offer, both ways"),
        ],
        required=True,
        default="theirs_to_ours",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposed", "Proposed"),
            ("accepted", "Accepted"),
            ("running", "Running"),
            ("suspended", "Suspended"),
            ("ended", "Ended"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        index="btree_not_null",
        default=lambda self: self.env.user,
        ondelete="restrict",
        domain="[('share', '=', False)]",
        tracking=True,
        help="Looks after the agreement: is reminded before notice and end, and told when card numbers are tried.",
    )
    contact_ids = fields.Many2many(
        "res.partner",
        relation="co_marketing_agreement_contact_rel",
        column1="agreement_id",
        column2="partner_id",
        string="Their Contacts",
        help="People of the partner who are written to about this agreement.",
    )
    colleague_ids = fields.Many2many(
        "res.users",
        relation="co_marketing_agreement_colleague_rel",
        column1="agreement_id",
        column2="user_id",
        string="Our Contacts",
        domain="[('share', '=', False)]",
    )
    outlet_ids = fields.Many2many(
        "co.marketing.outlet",
        relation="co_marketing_agreement_outlet_rel",
        column1="agreement_id",
        column2="outlet_id",
        string="Outlets",
        check_company=True,
    )
    date_start = fields.Date(string="Begins", required=True, default=fields.Date.context_today, tracking=True)
    date_end = fields.Date(
        string="Last Day", index="btree_not_null", tracking=True, help="Empty: until notice is given."
    )
    renewal = fields.Selection(
        [("ends", "Ends on the last day"), ("renews", "Goes on unless notice is given")],
        string="After the Last Day",
        required=True,
        default="ends",
        tracking=True,
    )
    renewal_months = fields.Integer(string="Goes on for (Months)", default=12)
    notice_days = fields.Integer(string="Period of Notice (Days)", default=30)
    notice_date = fields.Date(
        string="Notice by",
        compute="_compute_notice_date",
        store=True,
        help="The last day on which notice can be given for the last day.",
    )
    notice_given_on = fields.Date(readonly=True, copy=False, tracking=True)
    remind_days = fields.Integer(
        string="Remind Before (Days)", default=14, help="So many days before notice and before the end. 0: not at all."
    )
    void_minutes = fields.Integer(
        string="Cashiers May Void Within (Minutes)",
        default=15,
        help="A cashier voids what he has booked himself within this time; afterwards the partner's manager does.",
    )
    version_ids = fields.One2many("co.marketing.version", "agreement_id", string="Versions of the Terms")
    version_id = fields.Many2one(
        "co.marketing.version",
        string="Terms in Force",
        compute="_compute_version_id",
        compute_sudo=True,
        help="The version that was accepted last.",
    )
    open_version_id = fields.Many2one(
        "co.marketing.version",
        string="Terms Being Worked On",
        compute="_compute_version_id",
        compute_sudo=True,
        help="A version that is drafted or proposed, and not accepted yet.",
    )
    # "draft" or "proposed"; empty where nothing is being worked on.
    open_version_state = fields.Char(compute="_compute_version_id", compute_sudo=True)
    benefit_count = fields.Integer(string="Benefits", compute="_compute_counts")
    redemption_count = fields.Integer(string="Redemptions", compute="_compute_counts")
    target_redemptions = fields.Integer(string="Target: Redemptions")
    target_members = fields.Integer(string="Target: New Members")
    target_revenue = fields.Monetary(string="Target: Revenue")
    shared_cost = fields.Monetary(string="Shared Costs", help="Of leaflets, events and advertising together.")
    shared_cost_percent = fields.Float(string="Our Share of the Costs (%)", default=50)
    document_ids = fields.Many2many(
        "ir.attachment",
        relation="co_marketing_agreement_document_rel",
        column1="agreement_id",
        column2="attachment_id",
        string="Documents",
        bypass_search_access=True,
    )
    note = fields.Html(string="Internal Notes")

    # Serves the daily job: what is to begin, to end and to be reminded of.
    _calendar_idx = models.Index("(state, date_start, date_end)")
    _ends_after_start = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)", "An agreement cannot end before it begins."
    )
    _days_positive = models.Constraint(
        "CHECK (notice_days >= 0 AND remind_days >= 0 AND void_minutes >= 0)", "Enter 0 days and minutes or more."
    )
    _renews_for_months = models.Constraint(
        "CHECK (renewal != 'renews' OR (renewal_months > 0 AND date_end IS NOT NULL))",
        "An agreement that goes on by itself needs a last day, and one month or more to go on for.",
    )
    _share_of_costs = models.Constraint(
        "CHECK (shared_cost_percent >= 0 AND shared_cost_percent <= 100)", "Our share is between 0 and 100 %."
    )

    # ------------------------------------------------------------ what follows

    @api.depends("date_end", "notice_days")
    def _compute_notice_date(self):
        for agreement in self:
            end = agreement.date_end
            agreement.notice_date = end and end - timedelta(days=agreement.notice_days)

    @api.depends("version_ids.state")
    def _compute_version_id(self):
        for agreement in self:
            versions = agreement.version_ids
            agreement.version_id = versions.filtered(lambda version: version.state == "accepted")[:1]
            agreement.open_version_id = versions.filtered(lambda version: version.state in ("draft", "proposed"))[:1]
            agreement.open_version_state = agreement.open_version_id.state

    def _compute_counts(self):
        """Benefits of the version to look at, and the redemptions that count. Queries: the same for one and for many."""
        shown = {agreement: agreement.version_id or agreement.open_version_id for agreement in self}
        versions = self.env["co.marketing.version"].union(*shown.values())
        benefits = dict(
            self.env["co.marketing.benefit"]._read_group(
                [("version_id", "in", versions.ids)], ["version_id"], ["__count"]
            )
        )
        redemptions = dict(
            self.env["co.marketing.redemption"]._read_group(
                [("agreement_id", "in", self.ids), ("state", "=", "done")], ["agreement_id"], ["__count"]
            )
        )
        for agreement in self:
            agreement.benefit_count = benefits.get(shown[agreement], 0)
            agreement.redemption_count = redemptions.get(agreement, 0)

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for agreement in self:
            # sudo: the name of the partner stands on the agreement, which is the reader's.
            names = [agreement.name, agreement.sudo().partner_id.name]
            agreement.display_name = " · ".join(filter(None, names))

    def _today(self):
        """The day it is for this agreement: in the time zone of our company."""
        self.ensure_one()
        # sudo: only the time zone of the company, which stands on its address.
        return fields.Date.context_today(self.with_context(tz=self.company_id.sudo().partner_id.tz or "UTC"))

    @api.model
    def _in_force_domain(self, day):
        """Agreements under which somebody may be served on ``day``.

        Dates are asked beside the state, so that a late job lets nothing begin or end late.
        """
        goes_on = Domain("renewal", "=", "renews") & Domain("notice_given_on", "=", False)
        return (
            Domain("state", "in", ("accepted", "running"))
            & Domain("date_start", "<=", day)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", day) | goes_on)
        )

    # ------------------------------------------------------------ writing

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            if any(vals.get("state", "draft") != "draft" for vals in vals_list):
                raise UserError(self.env._("An agreement begins as a draft; its status is changed by its buttons."))
            vals_list = [{**vals, "state": "draft"} for vals in vals_list]  # whatever default a caller has sent along
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].next_by_code("co.marketing.agreement") or "/"
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if "state" in vals:
                raise UserError(self.env._("The status of an agreement is changed by its buttons."))
            if AGREED & set(vals):
                self._check_still_draft()
        return super().write(vals)

    def _check_still_draft(self):
        """:raises UserError: when one of these agreements was proposed already"""
        for agreement in self:
            if agreement.state != "draft":
                raise UserError(
                    self.env._(
                        "Agreement %s is no draft any more: partner, dates and renewal stay as they were proposed. Press"
                        " “Back to Draft” before it is accepted, or “Change the Terms” afterwards.",
                        agreement.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        for agreement in self:
            if agreement.state != "draft" or agreement.version_ids.filtered(lambda one: one.state != "draft"):
                raise UserError(
                    self.env._("Agreement %s was proposed already: end it, then archive it.", agreement.display_name)
                )

    def copy(self, default=None):
        """The copy has the outlets and a draft of the terms."""
        copies = super().copy(default)
        for agreement, copied in zip(self, copies, strict=True):
            source = agreement.version_id or agreement.version_ids[:1]
            if source:
                source._copy_to(copied, counted=False)
        return copies

    @api.constrains("outlet_ids", "partner_id")
    def _check_outlets(self):
        for agreement in self:
            # sudo: whose outlet it is does not depend on who looks, here and below.
            customer = agreement.sudo().partner_id.commercial_partner_id
            foreign = agreement.sudo().outlet_ids.filtered(
                lambda outlet, customer=customer: outlet.partner_id.commercial_partner_id != customer
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(outlets)s: of another company than %(partner)s. Choose outlets whose address belongs to the partner.",
                        outlets=", ".join(foreign.mapped("name")),
                        partner=agreement.partner_id.display_name,
                    )
                )

    # ------------------------------------------------------------ screens

    def action_open_terms(self):
        """The terms to look at: those being worked on, else those in force. A new agreement gets its first version."""
        self.ensure_one()
        version = self.open_version_id or self.version_id or self.version_ids.create({"agreement_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": version.display_name,
            "res_model": "co.marketing.version",
            "res_id": version.id,
            "views": [[False, "form"]],
        }

    def action_open_redemptions(self):
        """What was redeemed under this agreement."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.co_marketing_redemption_action")
        return {**action, "domain": [("agreement_id", "=", self.id)], "context": {"search_default_done": 1}}

    def action_open_people(self):
        """Who of the partner may work at the counter or sign."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.co_marketing_person_action")
        # sudo: only the number of the partner, who stands on the agreement.
        partner = self.sudo().partner_id.commercial_partner_id
        return {
            **action,
            "domain": [("partner_id", "child_of", partner.id), ("company_id", "=", self.company_id.id)],
            "context": {"default_company_id": self.company_id.id, "co_marketing_partner_id": partner.id},
        }
