from odoo import fields, models
from odoo.exceptions import UserError

STAGE_CATEGORIES = [
    ("new", "New"),
    ("in_progress", "In progress"),
    ("waiting_customer", "Waiting for the customer"),
    ("waiting_third_party", "Waiting for a third party"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
]
# A ticket in a stage of one of these needs nothing more from us.
DONE_CATEGORIES = ("resolved", "closed")
# … and in one of these, nothing from us for the time being.
WAITING_CATEGORIES = ("waiting_customer", "waiting_third_party")


class ServiceStage(models.Model):
    """A step of the work on a ticket.

    The name is free; the *stage category* tells the rules (and, later, the clocks) what the step means.
    """

    _name = "service.stage"
    _description = "Ticket Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    category = fields.Selection(
        STAGE_CATEGORIES, string="Meaning", required=True, default="in_progress", help="What the rules go by."
    )
    team_ids = fields.Many2many("service.team", string="Teams", help="Leave empty for a stage of all teams.")
    fold = fields.Boolean(string="Folded in Kanban")
    active = fields.Boolean(default=True)

    def write(self, vals):
        """:raise UserError: when another meaning would rewrite what happened to tickets: their clocks and closing times"""
        if "category" in vals:
            self.filtered(lambda stage: stage.category != vals["category"])._check_unused()
        return super().write(vals)

    def _check_unused(self):
        # sudo: tickets of all teams and companies count; only their number is told
        tickets = self.env["service.ticket"].sudo()
        for stage, count in tickets._read_group([("stage_id", "in", self.ids)], ["stage_id"], ["__count"], limit=1):
            meanings = dict(self._fields["category"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(count)s tickets are in the stage “%(stage)s”, and their deadlines went by its meaning, “%(meaning)s”. "
                    "Move them to another stage first, or add a new stage with the other meaning and archive this one.",
                    count=count,
                    stage=stage.name,
                    meaning=meanings[stage.category],
                )
            )

    def _of_team(self, team, category):
        """The first of these stages that ``team`` uses for ``category``; an empty stage when it uses none."""
        return self.filtered(
            lambda stage: stage.category == category and (not stage.team_ids or team in stage.team_ids)
        )[:1]
