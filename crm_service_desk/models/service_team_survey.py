from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .service_feedback_survey import SURVEY_WINDOW_DAYS


class ServiceTeam(models.Model):
    """Whether and when a team asks its customers how satisfied they are."""

    _inherit = "service.team"  # pylint: disable=consider-merging-classes-inherited

    survey = fields.Boolean(
        string="Ask for Feedback",
        tracking=True,
        help="When a ticket is done, the customer is asked by mail how satisfied he is, once.",
    )
    survey_days = fields.Integer(
        string="Ask After (days)", default=1, help="So many days after the ticket was done; 0: the same day."
    )
    survey_template_id = fields.Many2one(
        "mail.template",
        string="Question",
        domain=[("model", "=", "service.feedback")],
        help="The mail by which the customer is asked. Empty: the standard one.",
    )

    @api.constrains("survey_days")
    def _check_survey_days(self):
        for team in self:
            if not 0 <= team.survey_days < SURVEY_WINDOW_DAYS:
                raise ValidationError(
                    self.env._(
                        "Team %(team)s: ask for feedback between 0 and %(most)s days after the ticket was done.",
                        team=team.name,
                        most=SURVEY_WINDOW_DAYS - 1,
                    )
                )
