from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

MOST = 1000
LONGEST_DAYS_AHEAD = 5 * 366


class ContactPlanCall(models.TransientModel):
    """Plan a call, or another activity, with many customers at once."""

    _name = "contact.plan.call"
    _description = "Plan Calls with Customers"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    date = fields.Date(
        string="On", required=True, default=lambda self: fields.Date.context_today(self) + timedelta(days=1)
    )
    who = fields.Selection(
        [("me", "Me"), ("user", "Somebody else"), ("salesperson", "The customer's salesperson, else me")],
        required=True,
        default="me",
    )
    user_id = fields.Many2one("res.users", string="Person", domain=[("share", "=", False)])
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="What",
        required=True,
        domain="[('res_model', 'in', (False, 'res.partner'))]",
        default=lambda self: self.env.ref("mail.mail_activity_data_call"),
    )
    note = fields.Html()
    summary = fields.Char(default=lambda self: self.env._("Ask how he is doing"))
    number = fields.Integer(string="Number of Customers", compute="_compute_number")

    @api.depends("partner_ids")
    def _compute_number(self):
        for wizard in self:
            wizard.number = len(wizard.partner_ids)

    def action_plan(self):
        """One open activity of this type per customer: who has one planned already is left as he is.

        :raises UserError: when nobody is chosen, too many are, or the day cannot be meant
        """
        self.ensure_one()
        self._check_plan()
        planned = self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", self.partner_ids.ids),
                ("activity_type_id", "=", self.activity_type_id.id),
            ]
        )
        left = self.partner_ids.filtered(lambda partner: partner.id not in planned.mapped("res_id"))
        model_id = self.env["ir.model"]._get_id("res.partner")
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": partner.id,
                    "activity_type_id": self.activity_type_id.id,
                    "date_deadline": self.date,
                    "summary": self.summary,
                    "note": self.note,
                    "user_id": self._caller(partner).id,
                }
                for partner in left
            ]
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(planned)s activities planned; %(had)s customers had one already.",
                    planned=len(left),
                    had=len(self.partner_ids) - len(left),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_plan(self):
        today = fields.Date.context_today(self)
        if not self.partner_ids:
            raise UserError(self.env._("Choose the customers to be called."))
        if len(self.partner_ids) > MOST:
            raise UserError(self.env._("Choose at most %s customers at once.", MOST))
        if not today <= self.date <= today + timedelta(days=LONGEST_DAYS_AHEAD):
            raise UserError(self.env._("Choose a day from today on, within five years."))
        if self.who == "user" and not self.user_id:
            raise UserError(self.env._("Say who is to call."))

    def _caller(self, partner):
        if self.who == "salesperson":
            return partner.user_id or self.env.user
        return self.user_id if self.who == "user" else self.env.user
