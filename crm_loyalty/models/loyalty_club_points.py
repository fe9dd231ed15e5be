from datetime import datetime, time

import pytz
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from . import points_lots


class LoyaltyClub(models.Model):
    """What the club says about points: how long they last, when they become available, who may give them by hand."""

    _inherit = "loyalty.club"

    points_months = fields.Integer(
        string="Points Last (Months)", tracking=True, help="How long points can be spent. 0: for ever."
    )
    points_rounding = fields.Selection(
        [
            ("none", "To the day"),
            ("month", "To the end of the month"),
            ("quarter", "To the end of the quarter"),
            ("year", "To the end of the year"),
        ],
        string="Points Expire",
        required=True,
        default="none",
    )
    reminder_days = fields.Integer(
        string="Remind Before (Days)",
        help="So many days before points expire the member gets a mail, once for each lot. 0: no mail.",
    )
    reminder_template_id = fields.Many2one(
        "mail.template", string="Reminder", domain="[('model', '=', 'loyalty.card')]", ondelete="set null"
    )
    expected_breakage = fields.Float(
        string="Expected Breakage (%)",
        tracking=True,
        help="Of all points, how many are never redeemed: taken off the liability.",
    )
    adjustment_cap = fields.Float(
        string="Adjustments per Day",
        tracking=True,
        help="As many points may one person give and take by hand on a day. 0: no limit.",
    )

    _points_months_positive = models.Constraint("CHECK (points_months >= 0)", "Points last 0 months or more.")
    _reminder_days_positive = models.Constraint("CHECK (reminder_days >= 0)", "Remind 0 days before or more.")
    _expected_breakage_percent = models.Constraint(
        "CHECK (expected_breakage BETWEEN 0 AND 100)", "The expected breakage is between 0 and 100 percent."
    )
    _adjustment_cap_positive = models.Constraint(
        "CHECK (adjustment_cap >= 0)", "The limit of adjustments is 0 or more."
    )

    def _points_expire_on(self, day):
        """The last day on which points credited on ``day`` may be spent; False: for ever."""
        self.ensure_one()
        return points_lots.expiry_date(day, self.points_months, self.points_rounding) or False

    def _midnight(self):
        """When the club's day began, in UTC."""
        self.ensure_one()
        # sudo: as in _today
        timezone = pytz.timezone(self.sudo().company_id.partner_id.tz or "UTC")
        midnight = timezone.localize(datetime.combine(self._today(), time())).astimezone(pytz.utc)
        return midnight.replace(tzinfo=None)

    @api.model
    def _one_at_a_time(self, records):
        """Let nobody else count what these records have done until this transaction ends: caps hold at the same moment.

        The rows are written, though nothing changes in them: a lock alone would let the one who waited count in the
        past. PostgreSQL refuses him then, and Odoo repeats his request.
        """
        if records:
            records.flush_recordset()
            query = SQL("UPDATE %s SET id = id WHERE id IN %s", SQL.identifier(records._table), tuple(records.ids))
            self.env.cr.execute(query)

    def _check_adjustment_cap(self, points):
        """:raises UserError: when ``points`` more would exceed what this user may adjust on one day"""
        self.ensure_one()
        if not self.adjustment_cap or self.env.uid == SUPERUSER_ID:
            return
        self.env["loyalty.club"]._one_at_a_time(self.env.user)
        done = self.env["loyalty.ledger.entry"].search_fetch(
            [
                ("user_id", "=", self.env.uid),
                ("date", ">=", self._midnight()),
                ("kind", "in", ("adjust", "gift")),
                ("program_id", "=", self.program_id.id),
            ],
            ["points"],
        )
        left = self.adjustment_cap - sum(abs(entry.points) for entry in done)
        if points > left + points_lots.SMALLEST:
            raise UserError(
                self.env._(
                    "You may adjust %(left)g more points of %(club)s today; the limit is %(cap)g per day and person.",
                    left=max(left, 0),
                    club=self.name,
                    cap=self.adjustment_cap,
                )
            )
