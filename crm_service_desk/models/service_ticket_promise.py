from datetime import timedelta

import pytz
from odoo import api, fields, models

from .sla_book import SlaBook

# The working hours sent to the browser for its countdown.
SHOWN_INTERVALS = 60
SHOWN_AHEAD = timedelta(days=120)


class ServiceTicket(models.Model):
    """What the clocks tell the agent: a countdown. What they promise the customer: ``_promised_answer``."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    sla_countdown = fields.Json(
        string="Time Left",
        compute="_compute_sla_countdown",
        groups="base.group_user",
        help="What the countdown shows: state, promise, deadline, and the working hours until then.",
    )

    @api.depends("clock_ids")
    def _compute_sla_countdown(self):
        book = SlaBook(self.sudo(), fields.Datetime.now())  # sudo: fields of a ticket that may be read
        metrics = dict(self.env["service.sla.clock"]._fields["metric"]._description_selection(self.env))
        by_ticket = {ticket.id: [] for ticket in self}
        for clock in book.clocks:
            by_ticket[clock.ticket_id].append(clock)
        for ticket in self:
            ticket.sla_countdown = ticket._countdown(book, by_ticket[ticket.id], metrics)

    def _countdown(self, book, clocks, metrics):
        """The clock that matters now: the next deadline; else a paused one; else how the last ended.

        :return: dict, or False without clocks; times as [seconds since 1970] for the browser
        """
        shown = [(clock, book.reading(clock)) for clock in clocks]
        counting = [(clock, reading) for clock, reading in shown if reading.counts]
        still_open = [(clock, reading) for clock, reading in shown if reading.open]
        if counting:
            clock, reading = min(counting, key=lambda pair: pair[1].deadline)
        elif still_open:
            clock, reading = still_open[0]
        elif shown:
            late = [(clock, reading) for clock, reading in shown if reading.breached_on]
            clock, reading = (late or shown)[-1]
        else:
            return False
        time = book.time_of(clock)(reading.plan.calendar)
        start, end = sorted((book.now, reading.deadline)) if reading.deadline else (book.now, book.now)
        hours = time.intervals(start, min(end, start + SHOWN_AHEAD)) if reading.counts else []
        warning = book.warning_on(clock, reading)
        return {
            "state": reading.state,
            "promise": metrics[clock.metric],
            "deadline": _epoch(None if reading.waits else reading.deadline),
            "stopped": not reading.open,
            "warning": _epoch(warning),
            "left": (reading.plan.duration - reading.elapsed).total_seconds(),
            "overdue": reading.overdue.total_seconds(),
            # When there are too many of them, the browser shows the day only.
            "hours": [[_epoch(low), _epoch(high)] for low, high in hours] if len(hours) <= SHOWN_INTERVALS else [],
        }


def _epoch(moment):
    return int(pytz.utc.localize(moment).timestamp()) if moment else False
