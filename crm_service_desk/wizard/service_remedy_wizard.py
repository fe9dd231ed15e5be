import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.service_remedy import REMEDY_KINDS

MAX_TEXT = 5000
MAX_POINTS = 1e9


class ServiceRemedyWizard(models.TransientModel):
    """The dialog in which a remedy is put together. It checks what was entered; :meth:`service.ticket._offer_remedy` does the rest."""

    _name = "service.remedy.wizard"
    _description = "Offer a Remedy"

    ticket_id = fields.Many2one("service.ticket", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="ticket_id.partner_id")
    commercial_partner_id = fields.Many2one(related="ticket_id.commercial_partner_id")
    kind = fields.Selection(REMEDY_KINDS, required=True, readonly=True, default="apology")
    request_key = fields.Char(default=lambda self: uuid.uuid4().hex, readonly=True)
    text = fields.Text(string="To the Customer", help="What the customer reads with the offer.")

    allowed_program_ids = fields.Many2many("loyalty.program", compute="_compute_allowed_program_ids")
    program_id = fields.Many2one("loyalty.program", compute="_compute_program_id", store=True, readonly=False)
    points = fields.Float(default=1.0)
    valid_until = fields.Date()

    date_start = fields.Datetime(string="When")
    hours = fields.Float(default=1.0)
    typed_cost = fields.Monetary(string="Cost of It", help="What it costs us, as well as you know.")

    cost = fields.Monetary(compute="_compute_cost", help="What the customer is given, without tax.")
    cost_unknown = fields.Boolean(compute="_compute_cost")
    needs_approval = fields.Boolean(compute="_compute_cost")

    @api.depends("kind", "ticket_id")
    def _compute_allowed_program_ids(self):
        for wizard in self:
            ticket = wizard.ticket_id
            wizard.allowed_program_ids = ticket.team_id._remedy_programs(wizard.kind, ticket.company_id)

    @api.depends("allowed_program_ids")
    def _compute_program_id(self):
        for wizard in self:
            allowed = wizard.allowed_program_ids
            wizard.program_id = wizard.program_id & allowed or (allowed if len(allowed) == 1 else False)

    @api.depends("kind", "program_id", "points", "typed_cost")
    def _compute_cost(self):
        for wizard in self:
            wizard.cost, wizard.cost_unknown = wizard._cost()
            ticket = wizard.ticket_id
            wizard.needs_approval = bool(ticket) and ticket._needs_approval(
                self.env.user, wizard.cost, wizard.cost_unknown
            )

    def _cost(self):
        """What this remedy costs, in company currency, and whether that is unknown."""
        self.ensure_one()
        if self.kind in ("coupon", "points"):
            # sudo: of the programs of which the team may give, and of no other, everybody of it may know the value
            program = (self.program_id & self.allowed_program_ids).sudo()
            value = program._value_of_points(self.points if self.kind == "points" else 1.0) if program else 0.0
            if value is None:
                return 0.0, True
            today = fields.Date.context_today(self)
            return program.currency_id._convert(
                value, self.currency_id, self.company_id, today
            ) if program else 0.0, False
        return (self.typed_cost, False) if self.kind in ("repair", "visit") else (0.0, False)

    # Buttons ---------------------------------------------------------------------------------------

    def action_offer(self):
        """Offer it: the customer decides in the portal."""
        return self._offer(ask=True)

    def action_give(self):
        """Give it at once, without asking."""
        return self._offer(ask=False)

    def _offer(self, ask):
        self.ensure_one()
        self.ticket_id._offer_remedy(self._values(), ask=ask, key=self.request_key, documents=self._documents())
        return {"type": "ir.actions.act_window_close"}

    def _documents(self):
        """What makes the draft documents of this kind; None when it has none."""
        return None

    def _values(self):
        """The remedy's values.

        :raises UserError: when something is missing
        """
        text = (self.text or "").strip()
        if self.kind in ("apology", "explanation") and not text:
            raise UserError(self.env._("Write what the customer is to read."))
        if len(text) > MAX_TEXT:
            raise UserError(
                self.env._(
                    "The text has %(length)s characters; at most %(most)s are possible.",
                    length=len(text),
                    most=MAX_TEXT,
                )
            )
        if self.kind == "points" and not 0 < self.points < MAX_POINTS:
            raise UserError(self.env._("Enter how many points are given: more than 0."))
        cost, unknown = self._cost()
        values = {"kind": self.kind, "text": text, "cost": cost, "cost_unknown": unknown}
        if self.kind in ("coupon", "points"):
            # One coupon is one point of its program: core's way.
            values |= {"program_id": self.program_id.id, "points": self.points if self.kind == "points" else 1.0}
        if self.kind == "coupon":
            values["valid_until"] = self._checked_last_day()
        if self.kind in ("repair", "visit"):
            values |= self._checked_meeting()
        return values

    def _checked_last_day(self):
        if self.valid_until and self.valid_until < fields.Date.context_today(self):
            raise UserError(self.env._("The coupon would be expired already: choose a later day or none."))
        return self.valid_until

    def _checked_meeting(self):
        if not self.date_start or not 0 < self.hours <= 24:
            raise UserError(self.env._("Enter when it is, and for how many hours (at most 24)."))
        if self.typed_cost < 0:
            raise UserError(self.env._("The cost cannot be negative."))
        return {"date_start": self.date_start, "hours": self.hours}
