from odoo import api, fields, models
from odoo.fields import Domain


class ServiceAction(models.Model):
    """What we do so that it does not happen again: corrective (puts this case right) or preventive (all others).

    Its owner has an activity for it until it is done.
    """

    _name = "service.action"
    _description = "Corrective or Preventive Action"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _rec_name = "text"
    _order = "date_done desc, date_due, id"

    ticket_id = fields.Many2one("service.ticket", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    team_id = fields.Many2one(related="ticket_id.team_id", store=True)
    root_cause_id = fields.Many2one(related="ticket_id.root_cause_id")
    kind = fields.Selection(
        [("corrective", "Corrective"), ("preventive", "Preventive")],
        required=True,
        default="corrective",
        tracking=True,
        help="Corrective: removes the cause of this case. Preventive: keeps it from happening elsewhere.",
    )
    text = fields.Char(string="What to do", required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        ondelete="restrict",
        tracking=True,
    )
    date_due = fields.Date(string="Due on", required=True, default=fields.Date.context_today, tracking=True)
    date_done = fields.Date(string="Done on", copy=False, tracking=True)
    is_overdue = fields.Boolean(string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue")

    # "My actions" and the list of overdue ones.
    _user_open_idx = models.Index("(user_id, date_due) WHERE date_done IS NULL")

    @api.depends("date_due", "date_done")
    @api.depends_context("tz")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for action in self:
            action.is_overdue = bool(not action.date_done and action.date_due and action.date_due < today)

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain("date_done", "=", False) & Domain("date_due", "<", fields.Date.context_today(self))
        return Domain.OR(overdue if wanted else ~overdue for wanted in value)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_tickets({vals.get("ticket_id") for vals in vals_list})
        actions = super().create(vals_list)
        actions._remind_owner()
        return actions

    def write(self, vals):
        self._check_tickets({vals.get("ticket_id")})
        result = super().write(vals)
        if {"user_id", "date_due", "date_done", "text"} & vals.keys() and not self.env.context.get(
            "service_action_no_reminder"
        ):
            self._remind_owner()
        return result

    def _check_tickets(self, ticket_ids):
        """:raises AccessError: for tickets that the person may not work on: the owner of an action sees it whatever its
        ticket, so nobody may hang one on a ticket that is not his to change"""
        self.env["service.ticket"].browse(filter(None, ticket_ids)).check_access("write")

    def _remind_owner(self):
        """Each open action has one activity, of its owner and for its day; one that is done has none left."""
        todo = "mail.mail_activity_data_todo"
        done = self.filtered("date_done")
        done.activity_feedback([todo])
        for action in self - done:
            values = {"user_id": action.user_id.id, "date_deadline": action.date_due, "summary": action.text}
            # sudo: the activity may be a colleague's; who may write the action may pass it on.
            planned = action.sudo().activity_ids.filtered("automated")[:1]
            if planned:
                planned.write(values)
            else:
                action.activity_schedule(todo, **values)

    def action_done(self):
        """Done today."""
        self.filtered(lambda action: not action.date_done).date_done = fields.Date.context_today(self)

    def action_open_ticket(self):
        """The ticket that it belongs to."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()

    def _forget_text(self):
        """Take what is written from these actions; their activities are gone already, and none is made anew."""
        quiet = self.with_context(service_action_no_reminder=True, tracking_disable=True)
        quiet.write({"text": self.env._("Action for an anonymised contact")})
