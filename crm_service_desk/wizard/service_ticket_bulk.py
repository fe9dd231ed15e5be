from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

MOST_ANSWERS = 200


class ServiceTicketBulk(models.TransientModel):
    """Changes many tickets at once: only what is filled in."""

    _name = "service.ticket.bulk"
    _description = "Change Many Tickets"

    ticket_ids = fields.Many2many("service.ticket", string="Tickets", required=True)
    count = fields.Integer(string="Number of Tickets", compute="_compute_count")
    user_id = fields.Many2one("res.users", string="Assign to", domain=[("share", "=", False)])
    team_id = fields.Many2one("service.team", string="Move to Team")
    category_id = fields.Many2one("service.category")
    priority = fields.Selection(
        [("0", "Normal"), ("1", "Raised"), ("2", "High"), ("3", "Urgent")], string="Set Priority"
    )
    move_to = fields.Selection(
        [
            ("in_progress", "In progress"),
            ("waiting_customer", "Waiting for the customer"),
            ("waiting_third_party", "Waiting for a third party"),
            ("resolved", "Resolved"),
            ("closed", "Closed"),
        ],
        string="Set State",
    )
    answer = fields.Html(
        string="Answer to All",
        help="Each customer gets it by mail, as an answer on his ticket. {{customer}}, {{number}} and the other "
        "placeholders are filled in for each.",
    )

    @api.depends("ticket_ids")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.ticket_ids)

    def action_apply(self):
        """Change the tickets, answer, then move them.

        :raises UserError: when nothing is filled in, or an answer would go to too many
        """
        self.ensure_one()
        values = self._values()
        has_answer = not is_html_empty(self.answer)
        if not (values or has_answer or self.move_to):
            raise UserError(self.env._("Nothing is filled in: choose what to change on the tickets."))
        if has_answer and len(self.ticket_ids) > MOST_ANSWERS:
            raise UserError(
                self.env._(
                    "An answer can go to %(most)s tickets at a time, and %(count)s are chosen. Choose fewer.",
                    most=MOST_ANSWERS,
                    count=len(self.ticket_ids),
                )
            )
        if values:
            self.ticket_ids.write(values)
        if has_answer:
            self.ticket_ids._answer_all(self.answer)
        if self.move_to:
            self.ticket_ids._move_or_explain(self.move_to)
        return {"type": "ir.actions.act_window_close"}

    def _values(self):
        values = {name: self[name].id for name in ("user_id", "team_id", "category_id") if self[name]}
        return {**values, "priority": self.priority} if self.priority else values
