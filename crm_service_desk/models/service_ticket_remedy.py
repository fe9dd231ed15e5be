from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from .service_stage import DONE_CATEGORIES


class ServiceTicket(models.Model):
    """How the case ends: what was offered, what the customer said of it, and where else he was told to turn to."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    remedy_ids = fields.One2many(
        "service.remedy", "ticket_id", string="Remedies", groups="crm_service_desk.group_service_user"
    )
    outcome = fields.Selection(
        [("accepted", "Accepted"), ("rejected", "Rejected"), ("no_answer", "No answer"), ("none", "No remedy")],
        compute="_compute_outcome",
        store=True,
        precompute=True,
        copy=False,
        groups="crm_service_desk.group_service_user",
        help="What the customer said last of what we offered. No answer: he has not decided, or was not asked.",
    )
    external_route_offered = fields.Boolean(
        string="Told where else to turn to",
        copy=False,
        tracking=True,
        groups="crm_service_desk.group_service_user",
        help="The customer was told of a body outside, such as consumer arbitration. It happens by itself when he "
        "rejects a remedy.",
    )
    external_route = fields.Html(
        string="Where Else to Turn to",
        copy=False,
        sanitize_attributes=True,
        groups="crm_service_desk.group_service_user",
        help="What the customer was told, as it was at the time.",
    )

    @api.depends("remedy_ids.state", "remedy_ids.decision", "remedy_ids.decided_on")
    def _compute_outcome(self):
        for ticket in self:
            remedies = ticket.remedy_ids.filtered(lambda remedy: remedy.decision or remedy.state != "cancelled")
            decided = remedies.filtered("decision").sorted(lambda remedy: (remedy.decided_on, remedy.id))
            ticket.outcome = decided[-1:].decision or ("no_answer" if remedies else "none")

    def _needs_approval(self, user, cost, cost_unknown, remedy=None):
        """Whether another remedy of ``user`` waits for the leader: all that this ticket has cost counts together, so that
        nobody gives much in small pieces."""
        self.ensure_one()
        # sudo: a sum of the ticket's own remedies
        others = self.sudo().remedy_ids - (remedy or self.env["service.remedy"])
        given = sum(others.filtered(lambda other: other.state in ("proposed", "accepted", "done")).mapped("cost"))
        return self.team_id._needs_approval(user, given + cost, cost_unknown)

    def _take_up_again(self):
        """Back to the team, wherever the ticket stood."""
        self.unanswered = True
        self.filtered(lambda ticket: ticket.stage_category not in ("new", "in_progress"))._move_to("in_progress")

    def _tell_external_route(self):
        """Note that the customers are told where else they can turn to, and what; where the company has such a text."""
        for ticket in self.filtered(lambda ticket: not ticket.external_route_offered):
            route = ticket.company_id.with_context(lang=ticket.partner_id.lang or self.env.lang).service_external_route
            if not is_html_empty(route):
                ticket.write({"external_route_offered": True, "external_route": route})

    def _who_answers_for_it(self, fallback):
        """Who is told when something is wrong: the team's leader, who has the ticket, else ``fallback``; of them the
        first who may see the ticket."""
        self.ensure_one()
        for user in (self.team_id.user_id, self.user_id, fallback):
            if user.active and self.with_user(user).has_access("read"):
                return user
        return fallback or self.env.user

    def action_offer_external_route(self):
        """Tell the customer where else he can turn to: it stands on his page from now on.

        :raises UserError: when the company has not said where
        """
        self.check_access("write")
        # sudo: the right to write the tickets was checked; what stands there is for the customers to read
        if any(is_html_empty(ticket.company_id.sudo().service_external_route) for ticket in self):
            raise UserError(
                self.env._(
                    "Nobody has written yet where customers can turn to. An administrator does so on the company, under "
                    "Service Desk."
                )
            )
        # sudo: the right to change the tickets was checked; the text is the company's
        self.sudo()._tell_external_route()

    def write(self, vals):
        result = super().write(vals)
        if vals.get("stage_id") and self.env["service.stage"].browse(vals["stage_id"]).category in DONE_CATEGORIES:
            # sudo: who closes a ticket after a rejected remedy owes the customer the way on, whatever he may read
            self.sudo().filtered(lambda ticket: ticket.outcome == "rejected")._tell_external_route()
        return result
