from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceTeam(models.Model):
    """When a team works: what the hours of its promises are counted in."""

    _inherit = "service.team"

    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        index="btree_not_null",
        ondelete="restrict",
        domain="['|', ('company_id', '=', False), ('company_id', '=?', company_id)]",
        help="Promises are counted in these hours, public holidays left out. Left empty: the working hours of the company; "
        "when it has none either, around the clock.",
    )
    calendar_hint = fields.Char(compute="_compute_calendar_hint")

    @api.depends("calendar_id", "company_id")
    def _compute_calendar_hint(self):
        for team in self:
            company = team.company_id or self.env.company
            if team.calendar_id:
                team.calendar_hint = False
            elif company.resource_calendar_id:
                team.calendar_hint = self.env._("As the company: %s", company.resource_calendar_id.name)
            else:
                team.calendar_hint = self.env._("Around the clock, since the company has no working hours either")

    def _clock_calendar(self, company):
        """The working hours in which this team's promises to customers of ``company`` are counted; empty: all hours.

        Also for an empty team.
        """
        return self.calendar_id or company.resource_calendar_id

    @api.constrains("calendar_id", "company_id")
    def _check_calendar(self):
        """Refuse hours by which no deadline could ever be counted."""
        for team in self.filtered("calendar_id"):
            theirs = team.calendar_id.company_id
            if team.company_id and theirs and team.company_id != theirs:
                raise ValidationError(
                    self.env._(
                        "The team “%(team)s” is of %(company)s, its working hours “%(calendar)s” are of %(other)s. Choose others, "
                        "or empty their company to share them.",
                        team=team.name,
                        company=team.company_id.name,
                        calendar=team.calendar_id.name,
                        other=theirs.name,
                    )
                )
            team._check_hours(team.company_id or self.env.company, 1)

    def _check_hours(self, company, hours):
        """Refuse the setup when ``hours`` cannot be worked within ten years.

        :raises ValidationError: names the team and its working hours, and says what to do
        """
        for team in self:
            calendar = team._clock_calendar(company)
            if calendar.flexible_hours:
                raise ValidationError(
                    self.env._(
                        "The working hours “%(calendar)s” of the team “%(team)s” are flexible: they do not say when somebody is "
                        "there. Give the team working hours with a start and an end.",
                        calendar=calendar.name,
                        team=team.name,
                    )
                )
            time = calendar._working_time(calendar.id, company.id)
            if time.after(fields.Datetime.now(), timedelta(hours=hours)) is None:
                raise ValidationError(
                    self.env._(
                        "The working hours “%(calendar)s” of the team “%(team)s” hold less than %(hours)g hours in the next ten "
                        "years, so that no deadline can be counted. Add attendances of more than zero hours to them, end their "
                        "public holidays, or give the team other working hours.",
                        calendar=calendar.name,
                        team=team.name,
                        hours=hours,
                    )
                )
