from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ServicePeriod(models.AbstractModel):
    """What the printed reports share: a period of days in the reader's time zone, and the tickets within."""

    _name = "service.period"
    _description = "Period of a Report"

    @api.model
    def _bounds(self, date_from, date_to):
        """The moments at which a period begins and ends.

        :param date_from, date_to: its first and last day, in the reader's time zone
        :return: naive UTC, the end not within
        :raise UserError: when it ends before it begins
        """
        first, last = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        if not first or not last or first > last:
            raise UserError(self.env._("The period ends before it begins. Choose a later last day."))
        zone = self.env.tz
        return tuple(
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.UTC).replace(tzinfo=None)
            for day in (first, last + timedelta(days=1))
        )

    @api.model
    def _last_months(self, number):
        """The first and last day of so many months, the running one the last."""
        first = fields.Date.context_today(self).replace(day=1)
        return first - relativedelta(months=number - 1), first + relativedelta(months=1, days=-1)

    @api.model
    def _within(self, field, date_from, date_to):
        """The records whose moment ``field`` lies in the period."""
        begin, end = self._bounds(date_from, date_to)
        return Domain(field, ">=", begin) & Domain(field, "<", end)

    @api.model
    def _of_companies(self, company, teams):
        """The records of a company and, when some are chosen, of its teams."""
        domain = Domain("company_id", "=", company.id)
        return domain & Domain("team_id", "in", teams.ids) if teams else domain
