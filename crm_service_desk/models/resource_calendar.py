from odoo import api, fields, models, tools
from odoo.fields import Domain
from pytz import timezone, utc

from .sla_clock import SECOND, AroundTheClock, WorkingTime, block_bounds

AROUND_THE_CLOCK = AroundTheClock()


class ResourceCalendar(models.Model):
    """Core's working hours, as the clocks read them: in blocks of four weeks that are kept in memory."""

    _inherit = "resource.calendar"

    # How often the hours have changed, and as of which change the open clocks are planned: two numbers, so that a change
    # while the job plans is not lost.
    hours_version = fields.Integer(copy=False)
    hours_planned = fields.Integer(copy=False)

    @api.model
    def _working_time(self, calendar_id, company_id):
        """The working time of a calendar, with the public holidays of a company.

        :param calendar_id: an id; False for around the clock
        :return: a :class:`~.sla_clock.WorkingTime` or the like
        """
        if not calendar_id:
            return AROUND_THE_CLOCK
        return WorkingTime(lambda number: self._working_block(calendar_id, company_id, number))

    @api.model
    @tools.ormcache("calendar_id", "company_id", "number")
    def _working_block(self, calendar_id, company_id, number):
        """The working intervals of a block of four weeks: ((start, end), …), naive UTC, whole seconds.

        Hours outside the leaves, by core's own engine. Leaves of no calendar are of a company: another's do not count.
        """
        # sudo: the desk's hours do not depend on who asks; no calendar's data but its intervals leave this method
        calendar = self.sudo().with_context({}).browse(calendar_id)  # pylint: disable=context-overridden
        start, end = (utc.localize(moment) for moment in block_bounds(number))
        here = ["|", ("calendar_id", "!=", False), ("company_id", "in", [False, company_id])]
        intervals = calendar._work_intervals_batch(
            start, end, domain=[("time_type", "=", "leave"), *here], tz=timezone(calendar.tz)
        )[False]
        naive = ((_whole_second(low), _whole_second(high)) for low, high, _record in intervals)
        return tuple((low, high) for low, high in naive if low < high)

    @api.model
    def _forget_working_blocks(self, calendars=None):  # pylint: disable=missing-return
        """After a change of hours or leaves: read them anew, and have the job plan the open clocks anew.

        :param calendars: those that changed; None for all
        """
        self.env.registry.clear_cache()
        # sudo: whoever changes the hours need not write on calendars; only our own number is counted up
        changed = self.sudo().search(Domain.TRUE) if calendars is None else calendars.sudo().exists()
        for calendar in changed:
            super(ResourceCalendar, calendar).write(  # pylint: disable=super-method-mismatch
                {"hours_version": calendar.hours_version + 1}
            )

    @api.model_create_multi
    def create(self, vals_list):
        calendars = super().create(vals_list)
        self.env.registry.clear_cache()
        return calendars

    def write(self, vals):
        result = super().write(vals)
        if set(vals) - {"name", "hours_version", "hours_planned"}:
            self._forget_working_blocks(self)
        return result


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        attendances = super().create(vals_list)
        self.env["resource.calendar"]._forget_working_blocks(attendances.calendar_id)
        return attendances

    def write(self, vals):
        calendars = self.calendar_id
        result = super().write(vals)
        self.env["resource.calendar"]._forget_working_blocks(calendars | self.calendar_id)
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        self.env["resource.calendar"]._forget_working_blocks(calendars)
        return result


class ResourceCalendarLeaves(models.Model):
    """Leaves of a person change no clock; public ones do."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._forget_working_blocks()
        return leaves

    def write(self, vals):
        self._forget_working_blocks()
        result = super().write(vals)
        self._forget_working_blocks()
        return result

    def unlink(self):
        self._forget_working_blocks()
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _forget_working_blocks(self):
        public = self.filtered(lambda leave: not leave.resource_id)
        if public:
            everywhere = any(not leave.calendar_id for leave in public)
            self.env["resource.calendar"]._forget_working_blocks(None if everywhere else public.calendar_id)


def _whole_second(moment):
    """Core ends a day at 23:59:59.999999."""
    naive = moment.astimezone(utc).replace(tzinfo=None)
    return (naive + SECOND / 2).replace(microsecond=0) if naive.microsecond else naive
