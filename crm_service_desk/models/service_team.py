from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Domain

from .service_stage import DONE_CATEGORIES


class ServiceTeam(models.Model):
    """Who answers which tickets, and under which e-mail address."""

    _name = "service.team"
    _description = "Service Team"
    _inherit = ["mail.alias.mixin", "mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one("res.company", index="btree_not_null", help="Leave empty to serve all companies.")
    user_id = fields.Many2one("res.users", string="Leader", domain=[("share", "=", False)], tracking=True)
    member_ids = fields.Many2many(
        "res.users",
        string="Members",
        domain=[("share", "=", False)],
        help="They see the team's tickets. A team without members is open to every service user.",
    )
    private = fields.Boolean(
        tracking=True,
        help="Only members, the leader and service managers see its tickets, whatever else they may see.",
    )
    acknowledgement_template_id = fields.Many2one(
        "mail.template",
        string="Acknowledgement",
        domain=[("model", "=", "service.ticket")],
        default=lambda self: self.env.ref("crm_service_desk.mail_template_acknowledgement", raise_if_not_found=False),
        help="Sent to the customer with the ticket's number as soon as there is one. Leave empty to send nothing.",
    )
    ticket_ids = fields.One2many("service.ticket", "team_id", string="Tickets")
    open_count = fields.Integer(string="Open Tickets", compute="_compute_counts")
    unanswered_count = fields.Integer(string="Unanswered Tickets", compute="_compute_counts")
    unassigned_count = fields.Integer(string="Unassigned Tickets", compute="_compute_counts")

    def _compute_counts(self):
        tickets = self.env["service.ticket"]
        still_open = Domain("team_id", "in", self.ids) & Domain("stage_category", "not in", DONE_CATEGORIES)
        for field, more in {
            "open_count": Domain.TRUE,
            "unanswered_count": Domain("unanswered", "=", True),
            "unassigned_count": Domain("user_id", "=", False),
        }.items():
            counts = dict(tickets._read_group(still_open & more, ["team_id"], ["__count"])) if self.ids else {}
            for team in self:
                team[field] = counts.get(team, 0)

    def _of_company(self, company):
        """The first of these teams that serves ``company``; an empty team when none does."""
        return self.filtered(lambda team: not team.company_id or team.company_id == company)[:1]

    def action_open_tickets(self):
        """The team's open tickets."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_service_desk.service_ticket_action_all")
        return action | {
            "display_name": self.name,
            "domain": [("team_id", "=", self.id)],
            "context": {"default_team_id": self.id, "search_default_open": 1},
        }

    @api.model
    def _alias_get_creation_values_model(self):
        return self.env["ir.model"]._get_id("service.ticket")

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self._alias_get_creation_values_model()
        if self.id:
            defaults = literal_eval(self.alias_defaults or "{}")
            values["alias_defaults"] = defaults | {"team_id": self.id, "channel": "email"}
        return values
