from datetime import datetime, time, timedelta

import pytz
from odoo import Command, api, fields, models
from odoo.tools import SQL


class LoyaltyLiabilityWizard(models.TransientModel):
    """What the company owes its members in points, on any day."""

    _name = "loyalty.liability.wizard"
    _description = "Points Liability"

    date = fields.Date(required=True, default=fields.Date.context_today, help="At the end of this day.")
    line_ids = fields.One2many("loyalty.liability.line", "wizard_id", string="Programs", readonly=True)

    @api.depends("date")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Points Liability")

    @api.model
    def action_open(self):
        """The report of today."""
        wizard = self.create({})
        return wizard.action_compute()

    def action_compute(self):
        """Fill the report for its date."""
        self.ensure_one()
        # As the user: programs of his companies only. The rest is summed up for these.
        programs = (
            self.env["loyalty.program"].with_context(active_test=False).search([("program_type", "=", "loyalty")])
        )
        self.line_ids = [
            Command.clear(),
            *(Command.create({"program_id": program.id, **values}) for program, values in (
                self._liability(programs, self.date).items())),
        ]  # fmt: skip
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Points Liability"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "current",
        }

    @api.model
    def _end_of(self, day):
        """The first moment after ``day`` where the company is, in UTC."""
        timezone = pytz.timezone(self.env.company.partner_id.tz or "UTC")
        midnight = timezone.localize(datetime.combine(day + timedelta(days=1), time()))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _liability(self, programs, day):
        """The points of programs at the end of a day, in the past as well as now. Two queries.

        :param programs: ``loyalty.program`` records that the user may read
        :return: ``{loyalty.program: values of loyalty.liability.line}``, of those with any entry until then
        """
        if not programs:
            return {}
        self.env["loyalty.ledger.entry"].flush_model()
        query = SQL(
            """
            WITH entries AS (
                SELECT * FROM loyalty_ledger_entry WHERE program_id IN %(programs)s AND date < %(end)s
            ), lots AS (
                SELECT lot.program_id, lot.expires_on, lot.points - COALESCE((
                           SELECT sum(taken.points) FROM loyalty_ledger_allocation taken
                             JOIN loyalty_ledger_entry debit ON debit.id = taken.entry_id
                            WHERE taken.lot_id = lot.id AND debit.date < %(end)s
                       ), 0) AS points
                  FROM entries lot WHERE lot.points > 0
            ), expiring AS (
                SELECT program_id, sum(points) AS points,
                       sum(points) FILTER (WHERE expires_on <= %(day)s::date + 30) AS in_30,
                       sum(points) FILTER (WHERE expires_on <= %(day)s::date + 60) AS in_60,
                       sum(points) FILTER (WHERE expires_on <= %(day)s::date + 90) AS in_90
                  FROM lots GROUP BY program_id
            ), states AS (
                SELECT program_id, sum(points) AS balance, sum(pending) AS pending,
                       sum(points) FILTER (
                           WHERE kind IN ('opening', 'earn', 'release', 'gift') OR kind = 'adjust' AND points > 0
                       ) AS issued,
                       -sum(points) FILTER (
                           WHERE kind = 'redeem' OR kind IN ('reverse', 'cancel') AND points > 0
                       ) AS redeemed,
                       -sum(points) FILTER (WHERE kind = 'expire') AS expired,
                       -sum(points) FILTER (WHERE kind IN ('reverse', 'cancel') AND points < 0) AS reversed
                  FROM entries GROUP BY program_id
            )
            SELECT states.program_id, balance::float8, pending::float8, issued::float8, redeemed::float8,
                   expired::float8, reversed::float8, expiring.points::float8 AS available, in_30::float8,
                   in_60::float8, in_90::float8
              FROM states LEFT JOIN expiring USING (program_id)
            """,
            programs=tuple(programs.ids),
            end=self._end_of(day),
            day=day,
        )
        clubs = programs._clubs_by_points_program()
        found = {}
        for row in self.env.execute_query_dict(query):
            program = programs.browse(row.pop("program_id"))
            values = {name: value or 0.0 for name, value in row.items()}
            club = clubs.get(program)
            value = program._point_value()
            breakage = club.expected_breakage if club else 0.0
            outstanding = values["available"] + values["pending"]
            found[program] = {
                **values,
                "owed": values["available"] - values["balance"],
                "point_value": value,
                "expected_breakage": breakage,
                "redemption_rate": 100 * values["redeemed"] / values["issued"] if values["issued"] else 0.0,
                "gross_value": outstanding * value,
                "liability": outstanding * value * (1 - breakage / 100),
            }
        return found


class LoyaltyLiabilityLine(models.TransientModel):
    _name = "loyalty.liability.line"
    _description = "Points Liability of a Program"

    wizard_id = fields.Many2one("loyalty.liability.wizard", required=True, ondelete="cascade")
    program_id = fields.Many2one("loyalty.program", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="program_id.currency_id")
    available = fields.Float(help="Left of all lots: what members can spend.")
    pending = fields.Float(help="Promised by orders, and not available yet.")
    owed = fields.Float(help="Owed by members after credit notes: cleared by what they earn next.")
    balance = fields.Float(help="Available less owed: the sum of all cards.")
    issued = fields.Float(help="Given until then.")
    redeemed = fields.Float(help="Spent until then, less what was given back.")
    expired = fields.Float()
    reversed = fields.Float(help="Taken back by cancellations and credit notes.")
    in_30 = fields.Float(string="Expire in 30 Days")
    in_60 = fields.Float(string="In 60 Days")
    in_90 = fields.Float(string="In 90 Days")
    point_value = fields.Float(string="Value of a Point")
    expected_breakage = fields.Float(string="Expected Breakage (%)")
    redemption_rate = fields.Float(string="Redeemed (%)", help="Redeemed of all that was issued.")
    gross_value = fields.Monetary(string="Value", help="Of what is available and pending.")
    liability = fields.Monetary(help="The value less the breakage that is expected.")
