from collections import defaultdict

import pytz
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .working_time import WorkingTime, middle_and_ninth

PERCENTILES = {"hours": 0.5, "hours_p90": 0.9}


class ServiceStageTime(models.Model):
    """A stay of a ticket in a stage: from the moves that the ticket's chatter keeps.

    Stays in stages that mean "done" count only when the ticket was taken up again: who is done waits for nothing.
    """

    _name = "service.stage.time"
    _description = "Time in Stages"
    _auto = False
    _order = "begin desc, id desc"
    _rec_name = "ticket_id"
    _depends = {
        "service.ticket": ["stage_id", "stage_category", "team_id", "user_id", "company_id", "type", "category_id",
                           "date_received", "merged_into_id"],
        "mail.message": ["model", "res_id"],
        "mail.tracking.value": ["mail_message_id", "field_id", "old_value_integer"],
        "service.stage": ["category"],
    }  # fmt: skip

    ticket_id = fields.Many2one("service.ticket", readonly=True)
    type = fields.Selection(
        lambda self: self.env["service.ticket"]._fields["type"]._description_selection(self.env), readonly=True
    )
    stage_id = fields.Many2one("service.stage", readonly=True)
    meaning = fields.Selection(
        lambda self: self.env["service.stage"]._fields["category"]._description_selection(self.env), readonly=True
    )
    team_id = fields.Many2one("service.team", readonly=True)
    user_id = fields.Many2one("res.users", string="Assigned to", readonly=True)
    category_id = fields.Many2one("service.category", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date_received = fields.Datetime(string="Received on", readonly=True)
    begin = fields.Datetime(string="From", readonly=True)
    end = fields.Datetime(string="To", readonly=True, help="Empty: it is there still.")
    stay_count = fields.Integer(string="Stays", readonly=True, aggregator="sum")
    hours = fields.Float(
        string="Hours (median)", readonly=True, aggregator="avg", help="Half of the stays were shorter, on the clock."
    )
    hours_p90 = fields.Float(
        string="Hours (9 of 10)", readonly=True, aggregator="avg", help="Nine of ten stays were shorter, on the clock."
    )
    hours_total = fields.Float(string="Hours (sum)", readonly=True, aggregator="sum")

    @property
    def _table_query(self):
        # The moves of each ticket are found one ticket at a time, in the index on a message's document, so that a filter on
        # the period or the team is applied before.
        stage_field = self.env["ir.model.fields"]._get("service.ticket", "stage_id").id
        return SQL(
            """
            SELECT stay.id, t.id AS ticket_id, t.type, stay.stage_id, stage.category AS meaning, t.team_id, t.user_id,
                   t.category_id, t.company_id, t.date_received, stay.begin, stay.end_on AS end,
                   1 AS stay_count, stay.hours, stay.hours AS hours_p90, stay.hours AS hours_total
              FROM service_ticket t
              JOIN LATERAL (
                    SELECT move.id, move.old_value_integer AS stage_id,
                           lag(move.create_date, 1, t.create_date) OVER (ORDER BY move.id) AS begin,
                           move.create_date AS end_on,
                           EXTRACT(EPOCH FROM move.create_date - lag(move.create_date, 1, t.create_date)
                               OVER (ORDER BY move.id))::float8 / 3600 AS hours
                      FROM mail_message message
                      JOIN mail_tracking_value move ON move.mail_message_id = message.id AND move.field_id = %(field)s
                     WHERE message.model = 'service.ticket' AND message.res_id = t.id
                 UNION ALL
                    SELECT -t.id, t.stage_id, COALESCE(max(move.create_date), t.create_date), NULL,
                           EXTRACT(EPOCH FROM (now() AT TIME ZONE 'UTC') - COALESCE(max(move.create_date), t.create_date)
                               )::float8 / 3600
                      FROM mail_message message
                      JOIN mail_tracking_value move ON move.mail_message_id = message.id AND move.field_id = %(field)s
                     WHERE message.model = 'service.ticket' AND message.res_id = t.id
                       AND t.stage_category NOT IN ('resolved', 'closed')
                    HAVING t.stage_category NOT IN ('resolved', 'closed')
                   ) stay ON TRUE
              JOIN service_stage stage ON stage.id = stay.stage_id
             WHERE t.merged_into_id IS NULL
            """,
            field=stage_field,
        )

    def _read_group_select(self, aggregate_spec, query):
        """Medians and ninth tenths, where the web client asks for an average."""
        name, _colon, function = aggregate_spec.partition(":")
        if function != "avg" or name not in PERCENTILES:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "percentile_cont(%s) WITHIN GROUP (ORDER BY %s)",
            PERCENTILES[name],
            self._field_to_sql(self._table, name, query),
        )

    @api.model
    def _working_hours(self, domain):
        """The stays of a domain that have ended, by stage, in working hours.

        Each calendar is read once for the whole time; the teams' calendars, the company's where a team has none, and on
        the clock where there is none at all.

        :return: list of (stage, number of stays, median, 90th percentile), in the order of the stages
        """
        stays = self.search_fetch(
            Domain(domain) & Domain("end", "!=", False), ["stage_id", "team_id", "begin", "end", "hours"]
        )
        hours = defaultdict(list)
        for (team, company), some in stays.grouped(lambda stay: (stay.team_id, stay.company_id)).items():
            time = self._working_time(team._clock_calendar(company), min(some.mapped("begin")), max(some.mapped("end")))
            for stay in some:
                hours[stay.stage_id].append(time.between(stay.begin, stay.end) if time else stay.hours)
        return [
            (stage, len(hours[stage]), *middle_and_ninth(hours[stage]))
            for stage in sorted(hours, key=lambda s: s.sequence)
        ]

    @api.model
    def _working_time(self, calendar, begin, end):
        """:return: :class:`~.working_time.WorkingTime`, in naive UTC; None without a calendar"""
        if not calendar:
            return None
        # sudo: when a team works is no secret to who may read its figures
        work = calendar.sudo()._work_intervals_batch(pytz.UTC.localize(begin), pytz.UTC.localize(end))[False]
        return WorkingTime(
            (start.astimezone(pytz.UTC).replace(tzinfo=None), stop.astimezone(pytz.UTC).replace(tzinfo=None))
            for start, stop, _attendance in work
        )

    def action_open_ticket(self):
        """The ticket that stayed there."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()
