from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..lookup_term import LookupTerm
from ..plausible import is_plausible
from ..specs import HistorySpec

LONGEST_HOURS = 31 * 24


class CrmTouchpoint(models.Model):
    """A contact with a customer that leaves no document of its own: a call, a visit, a word at the counter."""

    _name = "crm.touchpoint"
    _description = "Logged Contact"
    _inherit = ["mail.thread", "mail.activity.mixin", "contact.history.mixin"]
    _rec_name = "subject"
    _contact_history_document = "partner_id"
    _order = "start desc, id desc"
    _check_company_auto = True

    # Restrict, not cascade: the privacy look-up passes over cascading fields. See res.partner.unlink.
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Empty for a caller who is not known yet; his number then stands under Phone.",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Customer", store=True, index="btree_not_null"
    )
    phone = fields.Char(help="The number he called from or was called at.")
    channel_id = fields.Many2one(
        "crm.touchpoint.channel",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_channel(),
        help="The way of contact.",
    )
    channel_icon = fields.Char(related="channel_id.icon", string="Channel Icon")
    direction = fields.Selection(
        [("in", "From the customer"), ("out", "To the customer")], required=True, default="in", tracking=True
    )
    # Index: what is older than the history keeps, see _contact_history_retire; the calendar.
    start = fields.Datetime(string="When", required=True, default=fields.Datetime.now, index=True)
    duration = fields.Float(help="Hours and minutes; a call of 24 hours and 10 minutes is 24:10.")
    subject = fields.Char(tracking=True)
    summary = fields.Text()
    outcome_id = fields.Many2one("crm.touchpoint.outcome", index="btree_not_null", ondelete="restrict", tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Our Person",
        index="btree_not_null",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, default=lambda self: self.env.company
    )
    document_ref = fields.Reference(
        selection="_document_models", string="Document", help="What it was about: an order, an invoice, a lead …"
    )
    call_ref = fields.Char(
        string="Call Number", copy=False, readonly=True, help="The telephone exchange's own number of a call."
    )
    follow_up_id = fields.Many2one(
        "mail.activity",
        string="Follow-up",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="What was planned with the customer after this contact.",
    )
    active = fields.Boolean(default=True)

    # NaN is greater than any number to PostgreSQL, so it is refused too.
    _duration_range = models.Constraint(
        f"CHECK (duration BETWEEN 0 AND {LONGEST_HOURS})", "A contact takes between nothing and 31 days."
    )
    # A telephone exchange may tell of one call twice.
    _call_unique = models.UniqueIndex("(call_ref) WHERE call_ref IS NOT NULL", "This call has been logged already.")
    # The list, newest first, and the calendar's range.
    _start_idx = models.Index("(start DESC, id DESC)")
    # Unknown callers by number: what a new customer said before he was known.
    _phone_idx = models.Index("(phone) WHERE phone IS NOT NULL AND partner_id IS NULL")

    @api.model
    def _default_channel(self):
        return self.env["crm.touchpoint.channel"].search([("is_loggable", "=", True)], limit=1)

    @api.model
    def _document_models(self):
        """The kinds of documents that one may link: those that take part in the history and that he may read.

        :return: list of ``(model name, label)``
        """
        names = set(self.env["contact.history.entry"]._sources()) | {"crm.lead", "account.move", "sale.order"}
        names -= {self._name, "mail.message"}
        models_ = [self.env[name] for name in names if name in self.env and self.env[name].has_access("read")]
        return sorted(((model._name, self.env["ir.model"]._get(model._name).name) for model in models_), key=str)

    @api.depends("subject", "channel_id")
    def _compute_display_name(self):
        for touchpoint in self:
            touchpoint.display_name = touchpoint.subject or touchpoint.channel_id.name or self.env._("Logged contact")

    # -- what is right -------------------------------------------------------------------------------------------

    @api.constrains("duration")
    def _check_duration(self):
        for touchpoint in self:
            if not 0 <= touchpoint.duration <= LONGEST_HOURS:
                raise ValidationError(
                    self.env._("A contact takes between nothing and 31 days, not %s hours.", touchpoint.duration)
                )

    @api.constrains("start")
    def _check_start(self):
        """What lies ahead is planned, not logged; a day is left for clocks of other time zones."""
        for touchpoint in self:
            if touchpoint.start and touchpoint.start > fields.Datetime.now() + timedelta(days=1):
                raise ValidationError(
                    self.env._(
                        "A contact on %s has not taken place yet: plan an activity or a meeting instead.",
                        fields.Datetime.to_string(touchpoint.start),
                    )
                )
            if not is_plausible(touchpoint.start):
                raise ValidationError(
                    self.env._("The year %s cannot be meant: look at the time of the contact.", touchpoint.start.year)
                )

    @api.constrains("phone")
    def _check_phone(self):
        for touchpoint in self:
            term = touchpoint.phone and LookupTerm.parse(touchpoint.phone)
            if touchpoint.phone and not (term and term.digits):
                raise ValidationError(self.env._("“%s” is no telephone number.", touchpoint.phone[:80]))

    @api.constrains("document_ref")
    def _check_document(self):
        for touchpoint in self:
            document = touchpoint.document_ref
            # Constraints run with all rights; what counts is what this person may read.
            if document and not document.sudo(False).has_access("read"):
                raise ValidationError(self.env._("You may only link a document that you may read."))

    # -- what one does with it -----------------------------------------------------------------------------------

    def action_follow_up(self):
        """Plan a call to the customer, in one click; the one that was planned is shown instead of a second one."""
        self.ensure_one()
        if not self.partner_id:
            raise ValidationError(self.env._("Say first who it was: a follow-up is planned with a contact."))
        if not self.follow_up_id.active:
            self.follow_up_id = self.partner_id.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=fields.Date.context_today(self) + timedelta(days=1),
                summary=self.subject or self.channel_id.name,
                user_id=self.env.uid,
                automated=False,
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Follow-up"),
            "res_model": "mail.activity",
            "res_id": self.follow_up_id.id,
            "views": [[self.env.ref("mail.mail_activity_view_form_popup").id, "form"]],
            "target": "new",
        }

    # -- in the history ------------------------------------------------------------------------------------------

    @api.model
    def _contact_history_specs(self):
        return [
            HistorySpec(
                "touchpoint",
                date="start",
                channel_field="channel_id.code",
                direction_field="direction",
                domain=(("active", "=", True),),
            )
        ]

    @api.model
    def _contact_history_retire(self, kind, cutoff, company, limit):
        """A logged contact is nothing but the contact: it goes when the history keeps it no longer."""
        if kind != "touchpoint":
            return super()._contact_history_retire(kind, cutoff, company, limit)
        older = Domain("start", "<", cutoff) & (Domain("company_id", "=", company.id) if company else Domain.TRUE)
        # sudo: called by the scheduled job alone, under the rule that an administrator set.
        touchpoints = self.sudo().with_context(active_test=False).search(older, order="start, id", limit=limit)
        deleted = len(touchpoints)
        touchpoints.unlink()
        return deleted

    def _contact_history_render(self):
        return {
            touchpoint.id: {
                "title": touchpoint.display_name,
                "text": " ".join((touchpoint.summary or "").split())[:300],
                "amount": False,
                "status": touchpoint.outcome_id.name or False,
                "can_read": bool(touchpoint.summary),
            }
            for touchpoint in self
        }

    def _contact_history_read(self):
        """The whole summary with its attachments, read in place."""
        self.ensure_one()
        attachments = self.env["ir.attachment"].search([("res_model", "=", self._name), ("res_id", "=", self.id)])
        return {"title": self.display_name, "body": plaintext2html(self.summary or ""), "attachments": attachments}

    @api.model
    def _contact_history_text_domain(self, text):
        return Domain("subject", "ilike", text) | Domain("summary", "ilike", text)
