from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .loyalty_occasion import CHANNELS

REASONS = [
    ("no_address", "No address"),
    ("no_consent", "No consent"),
    ("blacklisted", "On the blacklist"),
    ("audience", "Not in the audience any more"),
    ("late", "Too late"),
    ("merged", "Greeted as another contact, merged since"),
]


class LoyaltyGreeting(models.Model):
    """That a person is greeted on an occasion: once for each day of it, whatever crashes.

    Written by the hourly job alone: planned first, then, in one transaction with its mail, activity and coupon, sent.
    """

    _name = "loyalty.greeting"
    _description = "Greeting of a Customer"
    _rec_name = "partner_id"
    _order = "send_on desc, id desc"
    _check_company_auto = True

    occasion_id = fields.Many2one("loyalty.occasion", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="occasion_id.company_id", store=True, precompute=True, index=True)
    channel = fields.Selection(CHANNELS, string="How", required=True, readonly=True, default="email")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date = fields.Date(string="Day", required=True, readonly=True, help="The birthday, for instance, of this year.")
    send_on = fields.Date(string="Greeted On", required=True, readonly=True)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("to_print", "To Print"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("skipped", "Not Sent"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="planned",
    )
    reason = fields.Selection(REASONS, string="Why Not", readonly=True)
    error = fields.Char(readonly=True, help="Why it failed, in the words of the mail server or of the text.")
    sent_at = fields.Datetime(readonly=True)
    coupon_id = fields.Many2one(
        "loyalty.card", string="Gift", readonly=True, index="btree_not_null", ondelete="set null"
    )
    coupon_code = fields.Char(related="coupon_id.code", compute_sudo=True)
    message_id = fields.Many2one("mail.message", readonly=True, index="btree_not_null", ondelete="set null")
    activity_id = fields.Many2one(
        "mail.activity", string="Call", readonly=True, index="btree_not_null", ondelete="set null"
    )
    years = fields.Integer(compute="_compute_years")  # asked for once, for all whose texts are made together
    is_duplicate = fields.Boolean(
        readonly=True, help="The same greeting of a contact that was merged into this one; kept for the record."
    )

    # The promise: nobody is greeted twice by an occasion for the same day. The rows of merged contacts are kept beside.
    _once = models.UniqueIndex(
        "(occasion_id, partner_id, date) WHERE is_duplicate IS NOT TRUE",
        "This customer is greeted on this day already.",
    )
    # Serves the job, which takes what is planned, batch by batch.
    _planned_idx = models.Index("(occasion_id, id) WHERE state = 'planned'")
    # Serves the figures of an occasion, and its list by status.
    _occasion_state_idx = models.Index("(occasion_id, state)")

    @api.depends("partner_id", "occasion_id")
    def _compute_display_name(self):
        for greeting in self:
            names = [greeting.occasion_id.name, greeting.partner_id.name]
            greeting.display_name = " · ".join(filter(None, names))

    # ------------------------------------------------------------ words for the text

    def _first_word(self):
        """By what name the text speaks to the person."""
        self.ensure_one()
        return self.partner_id.name or ""

    @api.depends("occasion_id.kind", "partner_id", "date")
    def _compute_years(self):
        told = self.filtered(lambda greeting: greeting.occasion_id.kind == "membership")
        members = self.env["loyalty.membership"].search([("partner_id", "in", told.partner_id.ids)])
        by_partner = members.grouped("partner_id")
        for greeting in self:
            theirs = by_partner.get(greeting.partner_id, members.browse()) if greeting in told else members.browse()
            starts = [m.date_start for m in theirs if m.date_start.month == greeting.date.month]
            greeting.years = greeting.date.year - min(starts).year if starts else 0

    def _years(self):
        """How many years it is, on an anniversary; 0 elsewhere and on birthdays, which nobody is told."""
        self.ensure_one()
        return self.years

    def _gift_until(self):
        """The last day of the gift, as the person reads it."""
        self.ensure_one()
        return self.coupon_id.expiration_date and format_date(self.env, self.coupon_id.expiration_date)

    def _stop_url(self):
        """The link by which the person wants no more greetings."""
        self.ensure_one()
        return self.partner_id._greetings_stop_url()

    # ------------------------------------------------------------ buttons

    def action_send_again(self):
        """Try once more what failed, or what could not be sent.

        :raises AccessError: unless the user manages clubs
        :raises UserError: for what was sent
        """
        self.check_access("read")
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager sends greetings again."))
        for greeting in self:
            if greeting.state not in ("failed", "skipped") or greeting.is_duplicate:
                raise UserError(self.env._("“%s” was sent, or will be: it is not sent again.", greeting.display_name))
            if greeting.occasion_id.state != "running":
                raise UserError(
                    self.env._("“%s” does not run: start the occasion, then send again.", greeting.occasion_id.name)
                )
        # sudo: the right is checked above; nobody may write greetings in any other way.
        greetings = self.sudo()
        # A mail that failed and still waits in the queue would be a second greeting if somebody sent it from there.
        self.env["mail.mail"].sudo().search([("mail_message_id", "in", greetings.message_id.ids)]).cancel()
        greetings.write(
            {"state": "planned", "reason": False, "error": False, "send_on": fields.Date.context_today(self)}
        )
        self.env.ref("crm_loyalty.ir_cron_greetings")._trigger()

    def action_open_partner(self):
        """The contact, with the message in its chatter."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [[False, "form"]],
        }
