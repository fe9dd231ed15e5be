from odoo import api, fields, models
from odoo.addons.crm_contact_history.plausible import is_plausible
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class ServiceTicket(models.Model):
    """A complaint, a question or a request of a customer, from the first word to the remedy.

    What it does is told file by file: its number (``service_ticket_number``), how answers and replies move it
    (``service_ticket_conversation``), how a customer files it (``service_ticket_filing``), mail in and out
    (``service_ticket_mail``), its part in the customer's history (``service_ticket_history``).
    """

    _name = "service.ticket"
    _description = "Service Ticket"
    _inherit = [
        "portal.mixin",
        "mail.thread.cc",
        "rating.mixin",
        "mail.activity.mixin",
        "mail.tracking.duration.mixin",
        "utm.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _track_duration_field = "stage_id"
    # Who may read a ticket may write a message on it: the customer in the portal.
    _mail_post_access = "read"

    name = fields.Char(string="Subject", required=True, tracking=True, index="trigram")
    type = fields.Selection(
        [("complaint", "Complaint"), ("question", "Question"), ("request", "Request")],
        required=True,
        default="complaint",
        tracking=True,
    )
    description = fields.Html(help="In the customer's own words.")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "service_ticket_attachment_rel",
        string="Files",
        copy=False,
        help="Filed together with the ticket. The customer sees them.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="restrict", check_company=True, tracking=True
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Account", related="partner_id.commercial_partner_id", store=True, ondelete="restrict"
    )
    # not tracked on the ticket: each write would read all customers
    partner_email = fields.Char(related="partner_id.email", string="Customer E-mail", tracking=False)
    partner_phone = fields.Char(related="partner_id.phone", string="Customer Phone", tracking=False)
    sale_order_id = fields.Many2one(
        "sale.order",
        string="Order Concerned",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('partner_id', 'child_of', commercial_partner_id)]",
    )
    channel = fields.Selection(
        [
            ("portal", "Portal"),
            ("email", "E-mail"),
            ("phone", "Phone"),
            ("counter", "Counter"),
            ("chat", "Chat"),
            ("social", "Social media"),
            ("letter", "Letter"),
        ],
        default="phone",
        required=True,
        string="Received by",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    team_id = fields.Many2one(
        "service.team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Assigned to", domain=[("share", "=", False)], tracking=True, ondelete="restrict"
    )
    category_id = fields.Many2one("service.category", index="btree_not_null", ondelete="restrict", check_company=True)
    priority = fields.Selection(
        [("0", "Normal"), ("1", "Raised"), ("2", "High"), ("3", "Urgent")],
        default="0",
        required=True,
        groups="base.group_user",
    )
    stage_id = fields.Many2one(
        "service.stage",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
        tracking=True,
        copy=False,
        group_expand="_read_group_stage_id",
        domain="['|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]",
    )
    # required: a column that may be empty is searched with "or is empty", which no index of the open tickets could serve
    stage_category = fields.Selection(
        string="State", related="stage_id.category", store=True, precompute=True, required=True
    )
    date_received = fields.Datetime(
        string="Received on",
        required=True,
        default=fields.Datetime.now,
        copy=False,
        help="When the customer told us; a letter is older than its ticket.",
    )
    color = fields.Integer(groups="base.group_user")

    # "My open tickets" and the counters of a person.
    _user_open_idx = models.Index("(user_id) WHERE stage_category NOT IN ('resolved', 'closed')")
    # A team's list and kanban, by stage.
    _team_stage_idx = models.Index("(team_id, stage_id)")
    # The portal's list (newest first), the tickets of a customer, and the portal's record rule.
    _commercial_partner_idx = models.Index("(commercial_partner_id, id DESC)")
    # The badge "open complaints" and the duplicate check: few rows, whatever the years.
    _open_complaint_idx = models.Index(
        "(commercial_partner_id) WHERE type = 'complaint' AND stage_category NOT IN ('resolved', 'closed')"
    )

    @api.constrains("date_received")
    def _check_date_received(self):
        for ticket in self:
            if not is_plausible(ticket.date_received):
                raise ValidationError(
                    self.env._(
                        "The year %s cannot be meant: look at the time of the ticket.", ticket.date_received.year
                    )
                )

    @api.depends("name", "number")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = " ".join(filter(None, [ticket.number, ticket.name]))

    @api.depends("company_id")
    def _compute_team_id(self):
        """A team that serves the ticket's company: the one chosen while it does, else the first."""
        teams = self._teams_of(self.company_id)
        for ticket in self:
            ticket.team_id = ticket.team_id._of_company(ticket.company_id) or teams._of_company(ticket.company_id)

    @api.model
    def _teams_of(self, companies):
        """The teams that serve any of ``companies``."""
        if not companies:
            return self.env["service.team"]
        return self.env["service.team"].search([("company_id", "in", [False, *companies.ids])])

    @api.depends("team_id")
    def _compute_stage_id(self):
        """The stage chosen while the team uses it, else the team's first one of the same meaning."""
        stages = self.env["service.stage"].search(self._stages_domain(self.team_id))
        for ticket in self:
            meaning = ticket.stage_id.category or "new"
            ticket.stage_id = (
                ticket.stage_id._of_team(ticket.team_id, meaning)
                or stages._of_team(ticket.team_id, meaning)
                or stages[:1]
            )

    @api.model
    def _read_group_stage_id(self, stages, domain):
        """All stages in use are columns of the kanban; those of one team when the screen is of one team."""
        team = self.env["service.team"].browse(self.env.context.get("default_team_id") or [])
        return stages.search(self._stages_domain(team) if team else Domain.TRUE)

    @api.model
    def _stages_domain(self, teams):
        """The stages that any of ``teams`` uses."""
        return Domain("team_ids", "=", False) | Domain("team_ids", "in", teams.ids)

    @api.model_create_multi
    def create(self, vals_list):
        self._complete_company(vals_list)
        self._give_numbers(vals_list)
        self._give_access_tokens(vals_list)
        orphans = self._assign_new(vals_list)
        tickets = super().create(vals_list)
        tickets._claim_files()
        tickets._follow_customer()
        tickets._start_clocks()
        tickets._queue_acknowledgement()
        self._tell_leaders(orphans)
        return tickets

    def write(self, vals):
        former = {ticket: ticket.partner_id for ticket in self} if "partner_id" in vals else {}
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._claim_files()
        self._replace_customer(former)
        if "team_id" in vals and "user_id" not in vals:
            self._hand_over()
        return result

    @api.model
    def _complete_company(self, vals_list):
        """A ticket for which only the team is given is of the team's company."""
        teams = self.env["service.team"].browse({vals["team_id"] for vals in vals_list if vals.get("team_id")})
        for vals in vals_list:
            if not vals.get("company_id"):
                team = teams.browse(vals.get("team_id") or [])
                vals["company_id"] = (team.company_id or self.env.company).id

    def action_assign_to_me(self):
        """Take the tickets."""
        self.write({"user_id": self.env.uid})

    def action_open_customer(self):
        """The customer's contact."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    def action_preview(self):
        """The ticket as the customer sees it in the portal."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "target": "self", "url": self.get_portal_url()}

    def _move_to(self, category):
        """Put the tickets into their team's first stage of ``category``; where there is none, leave them."""
        stages = self.env["service.stage"].search([("category", "=", category)])
        for team, tickets in self.grouped("team_id").items():
            if stage := stages._of_team(team, category):
                tickets.stage_id = stage

    def _move_or_explain(self, category):
        """``_move_to`` for somebody who has asked for it.

        :raise UserError: when a team has no such stage
        """
        self._move_to(category)
        if stuck := self.filtered(lambda ticket: ticket.stage_category != category)[:1]:
            raise UserError(
                self.env._(
                    "Ticket %(ticket)s stays where it is: %(team)s has no stage that means “%(meaning)s”. "
                    "Add one in Configuration / Stages.",
                    ticket=stuck.number,
                    team=stuck.team_id.name or self.env._("a ticket without a team"),
                    meaning=dict(self.env["service.stage"]._fields["category"]._description_selection(self.env))[
                        category
                    ],
                )
            )
