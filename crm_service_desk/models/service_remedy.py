from odoo import api, fields, models

REMEDY_KINDS = [
    ("apology", "Apology"),
    ("explanation", "Explanation"),
    ("coupon", "Coupon"),
    ("points", "Points"),
    ("credit_note", "Credit note"),
    ("replacement", "Replacement"),
    ("repair", "Repair"),
    ("visit", "Visit"),
]
REMEDY_STATES = [
    ("to_approve", "To approve"),
    ("proposed", "Proposed"),
    ("accepted", "To carry out"),
    ("rejected", "Rejected"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]
# What the customer sees of his remedies.
SHOWN_STATES = ("proposed", "accepted", "rejected", "done")


class ServiceRemedy(models.Model):
    """What we do for the customer to put it right: offered, decided by him, carried out.

    Nobody writes a remedy directly: it moves by the methods of :mod:`.service_remedy_decision`, which check who may.
    """

    _name = "service.remedy"
    _description = "Remedy"
    _order = "id desc"

    ticket_id = fields.Many2one("service.ticket", required=True, index=True, ondelete="cascade", readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="To whom it was offered. When the ticket gets another customer, it is still his.",
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True, groups="base.group_user")
    currency_id = fields.Many2one(related="company_id.currency_id", groups="base.group_user")
    kind = fields.Selection(REMEDY_KINDS, required=True, readonly=True)
    state = fields.Selection(REMEDY_STATES, required=True, default="proposed", readonly=True, copy=False)
    text = fields.Text(string="To the Customer", readonly=True, help="What the customer reads.")
    offered = fields.Text(string="What Is Offered", readonly=True, help="In the customer's language, as he was told.")
    asks = fields.Boolean(string="Customer Decides", readonly=True, default=True, groups="base.group_user")
    decision = fields.Selection(
        [("accepted", "Accepted"), ("rejected", "Rejected")],
        string="Customer's Decision",
        readonly=True,
        copy=False,
        help="What the customer said. It stays when the remedy is carried out or withdrawn.",
    )
    decided_on = fields.Datetime(readonly=True, copy=False)
    decision_reason = fields.Text(string="Why Not", readonly=True, copy=False, help="In the customer's words.")

    user_id = fields.Many2one(
        "res.users",
        string="Offered by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        groups="base.group_user",
    )
    cost = fields.Monetary(
        readonly=True,
        groups="base.group_user",
        help="What the customer is given, without tax, in the currency of the company: a credit note's amount, a "
        "coupon's or the points' value by the program's reward, the discount on a replacement, or what was typed in.",
    )
    cost_unknown = fields.Boolean(
        readonly=True,
        groups="base.group_user",
        help="A discount in per cent, for example, costs what the next order makes of it.",
    )
    approved_by_id = fields.Many2one(
        "res.users", string="Approved by", readonly=True, ondelete="restrict", copy=False, groups="base.group_user"
    )
    approval_activity_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_user",
    )
    done_on = fields.Datetime(readonly=True, copy=False, groups="base.group_user")
    request_key = fields.Char(
        readonly=True, copy=False, groups="base.group_system", help="Which dialog was sent: sent twice, it counts once."
    )

    # What it consists of
    program_id = fields.Many2one("loyalty.program", readonly=True, ondelete="restrict", groups="base.group_user")
    points = fields.Float(readonly=True, groups="base.group_user")
    valid_until = fields.Date(readonly=True, groups="base.group_user")
    card_id = fields.Many2one(
        "loyalty.card", readonly=True, index="btree_not_null", ondelete="set null", groups="base.group_user"
    )
    move_id = fields.Many2one(
        "account.move",
        string="Credit Note",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )
    sale_order_id = fields.Many2one(
        "sale.order",
        string="Replacement Order",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )
    event_id = fields.Many2one(
        "calendar.event",
        string="Meeting",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )
    date_start = fields.Datetime(string="Agreed for", readonly=True)
    hours = fields.Float(readonly=True, default=1.0, groups="base.group_user")

    # One remedy per dialog, however often its button is pressed.
    _request_uidx = models.UniqueIndex("(request_key) WHERE request_key IS NOT NULL", "This remedy is offered already.")
    # The remedies a leader has to approve: few rows, whatever the years.
    _to_approve_idx = models.Index("(company_id) WHERE state = 'to_approve'")

    @api.depends("kind", "ticket_id.number")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for remedy in self:
            # sudo: the number of a ticket; who may read the remedy may know which ticket it is for
            remedy.display_name = f"{kinds.get(remedy.kind, '')} {remedy.sudo().ticket_id.number or ''}".strip()

    def _forget_words(self):
        """Kind, cost and decision stay; what was said goes. As superuser."""
        self.write({"text": False, "offered": False, "decision_reason": False})
