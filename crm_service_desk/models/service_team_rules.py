from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceTeam(models.Model):
    """What a team has agreed for its tickets: who gets them, how long they stay open."""

    _inherit = "service.team"  # pylint: disable=consider-merging-classes-inherited

    assignment = fields.Selection(
        [("manual", "By hand"), ("turn", "In turn"), ("least_loaded", "To who has the fewest open tickets")],
        required=True,
        default="manual",
        tracking=True,
        help="Who gets a new ticket. Members who are absent, who have their fill, or who do not take tickets of its "
        "category or language are passed over.",
    )
    reopen_days = fields.Integer(
        string="Reopen Within (days)",
        default=14,
        help="A reply within so many days after closing reopens the ticket; a later one becomes a new ticket, linked "
        "to the old one. 0: never reopen.",
    )
    close_after_days = fields.Integer(
        string="Close After (days)",
        default=0,
        help="A ticket for which the customer has not answered for so many days is closed. 0: never by itself.",
    )
    close_warning_days = fields.Integer(
        string="Warn Before (days)",
        default=3,
        help="So many days before it is closed, the customer is told by mail.",
    )

    @api.constrains("reopen_days", "close_after_days", "close_warning_days")
    def _check_days(self):
        for team in self:
            if min(team.reopen_days, team.close_after_days, team.close_warning_days) < 0:
                raise ValidationError(self.env._("Team %s: days cannot be negative. Enter 0 or more.", team.name))
            if team.close_after_days and not 0 < team.close_warning_days < team.close_after_days:
                raise ValidationError(
                    self.env._(
                        "Team %(team)s closes tickets after %(close)s days but warns %(warning)s days before: nobody "
                        "would have time to answer. Warn at least 1 and at most %(most)s days before.",
                        team=team.name,
                        close=team.close_after_days,
                        warning=team.close_warning_days,
                        most=team.close_after_days - 1,
                    )
                )
