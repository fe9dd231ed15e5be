from odoo import api, fields, models
from odoo.exceptions import UserError

from .service_sla_target import METRICS

STATES = [
    ("running", "Running"),
    ("paused", "Paused"),
    ("kept", "Kept"),
    ("breached", "Breached"),
    ("cancelled", "Cancelled"),
]


class ServiceSlaClock(models.Model):
    """One promise to one customer: what its events and the working hours say, stored for lists and reports.

    Every column but ``warned_on`` and ``escalated_on`` is what :func:`~.sla_clock.read` makes of the events; times are as
    of the last of them. Nobody writes here but ``sla_book``.
    """

    _name = "service.sla.clock"
    _description = "SLA Clock"
    _order = "ticket_id desc, id"
    _log_access = False

    ticket_id = fields.Many2one("service.ticket", required=True, readonly=True, index=True, ondelete="cascade")
    metric = fields.Selection(METRICS, string="Promise", required=True, readonly=True)
    policy_id = fields.Many2one("service.sla.policy", readonly=True, index="btree_not_null", ondelete="restrict")
    target_id = fields.Many2one("service.sla.target", readonly=True, index="btree_not_null", ondelete="set null")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    team_id = fields.Many2one("service.team", readonly=True, index="btree_not_null", ondelete="restrict")
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        readonly=True,
        ondelete="restrict",
        help="Empty: around the clock.",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, help="Breached also while the promise is still to be fulfilled."
    )
    started = fields.Datetime(required=True, readonly=True)
    deadline = fields.Datetime(readonly=True, help="Empty while the clock is paused.")
    stopped = fields.Datetime(readonly=True, help="When the promise was fulfilled, or cancelled.")
    breached_on = fields.Datetime(readonly=True)
    hours = fields.Float(string="Promised Hours", readonly=True, aggregator="avg")
    elapsed_hours = fields.Float(
        string="Used Hours",
        readonly=True,
        aggregator="avg",
        help="Working hours, pauses left out; of an open clock: so far.",
    )
    paused_hours = fields.Float(readonly=True, aggregator="avg", help="Working hours.")
    overdue_hours = fields.Float(
        readonly=True, aggregator="avg", help="Working hours beyond the deadline when it ended."
    )
    kept_share = fields.Float(
        string="Kept (%)",
        readonly=True,
        aggregator="avg",
        help="Of the promises that are kept or breached: how many were kept.",
    )
    warned_on = fields.Datetime(readonly=True)
    escalated_on = fields.Datetime(readonly=True)
    next_check = fields.Datetime(
        readonly=True, help="When the job must look at the clock: a warning or the deadline is due. Empty when never."
    )
    event_ids = fields.One2many("service.sla.event", "clock_id", string="What Happened", readonly=True)

    type = fields.Selection(related="ticket_id.type")
    category_id = fields.Many2one(related="ticket_id.category_id")
    severity = fields.Selection(related="ticket_id.severity")
    user_id = fields.Many2one(related="ticket_id.user_id")
    partner_id = fields.Many2one(related="ticket_id.partner_id")

    # One clock per promise; of "next answer" one that is open.
    _metric_uidx = models.UniqueIndex(
        "(ticket_id, metric) WHERE metric <> 'next_answer'", "This promise has just been made. Reload the page."
    )
    _open_next_answer_uidx = models.UniqueIndex(
        "(ticket_id) WHERE metric = 'next_answer' AND stopped IS NULL",
        "This promise has just been made. Reload the page.",
    )
    # The job of warnings and breaches: proportional to what is due, however many clocks there are.
    _next_check_idx = models.Index("(next_check, id) WHERE next_check IS NOT NULL")
    # The report of a period, in a company.
    _company_started_idx = models.Index("(company_id, started)")
    # Planning open clocks anew after a change of working hours.
    _open_calendar_idx = models.Index("(calendar_id) WHERE stopped IS NULL")

    @api.depends("ticket_id", "metric")
    def _compute_display_name(self):
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        for clock in self:
            clock.display_name = f"{clock.ticket_id.number}: {metrics.get(clock.metric, '')}"

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A clock shows what happened. Reclassify the ticket, or move it, instead."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A clock is deleted together with its ticket only."))

    def action_open_ticket(self):
        """The ticket of the clock."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()
