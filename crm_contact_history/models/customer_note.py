from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

LONGEST = 500
REVIEW_MONTHS = 6


class CustomerNote(models.Model):
    """What everybody who meets this customer should know: what matters to him, what to do and what not."""

    _name = "customer.note"
    _description = "Pinned Note"
    _order = "sequence, id"
    _rec_name = "text"
    _check_company_auto = True

    # Restrict, not cascade: the privacy look-up passes over cascading fields. See res.partner.unlink.
    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, index=True, ondelete="restrict", check_company=True
    )
    kind = fields.Selection([("info", "Good to know"), ("do", "Do"), ("dont", "Do not")], required=True, default="info")
    text = fields.Text(string="Note", required=True)
    author_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="restrict", default=lambda self: self.env.user
    )
    review_date = fields.Date(
        string="Review On",
        index="btree_not_null",
        default=lambda self: fields.Date.context_today(self) + relativedelta(months=REVIEW_MONTHS),
        help="When somebody should look whether it still holds; empty: never.",
    )
    is_due = fields.Boolean(string="To Review", compute="_compute_is_due", search="_search_is_due")
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company, help="Empty: for all companies."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.depends("review_date")
    @api.depends_context("uid")
    def _compute_is_due(self):
        today = fields.Date.context_today(self)
        for note in self:
            note.is_due = bool(note.review_date) and note.review_date <= today

    def _search_is_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        due = Domain("review_date", "<=", fields.Date.context_today(self))
        wanted = set(value)
        if wanted == {True}:
            return due
        return Domain.TRUE if True in wanted else ~due | Domain("review_date", "=", False)

    @api.constrains("text")
    def _check_text(self):
        for note in self:
            if not (note.text or "").strip():
                raise ValidationError(self.env._("Write what is good to know about this customer."))
            if len(note.text) > LONGEST:
                raise ValidationError(
                    self.env._(
                        "A pinned note is read while he waits: %(most)s characters at most, this one has %(has)s.",
                        most=LONGEST,
                        has=len(note.text),
                    )
                )

    def action_still_holds(self):
        """Reviewed: it still holds; look again in half a year."""
        self.review_date = fields.Date.context_today(self) + relativedelta(months=REVIEW_MONTHS)
