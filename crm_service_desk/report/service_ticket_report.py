from odoo import api, fields, models
from odoo.tools import SQL

# A complaint of the same customer for the same cause within so many days is a recurrence.
RECURRENCE_DAYS = 90
RECURRENCE_PARAMETER = "crm_service_desk.recurrence_days"
# Measures that are no averages: {field: the part of the ordered values below it}.
PERCENTILES = {"hours_to_answer": 0.5, "hours_to_answer_p90": 0.9, "days_to_close": 0.5, "days_to_close_p90": 0.9}


class ServiceTicketReport(models.Model):
    """A ticket as the figures count it: a line per ticket, merged ones left out (they go on in another).

    The register of complaints, the pivot, the Pareto chart and the monthly review all read here, so that they agree. Who
    reads it sees the tickets that he may read, by rules of its own that say the same.

    Times are counted as the customer waits: on the clock, from the moment he told us. What was promised in working hours is
    told by the SLA.
    """

    _name = "service.ticket.report"
    _description = "Tickets Looked Back at"
    _auto = False
    _order = "date_received, id"
    _rec_name = "number"
    _depends = {
        "service.ticket": [
            "number", "name", "type", "channel", "date_received", "date_closed", "date_first_answer", "partner_id",
            "commercial_partner_id", "category_id", "product_id", "branch_id", "severity", "safety_concern",
            "remedy_sought", "root_cause_id", "outcome", "external_route_offered", "team_id", "user_id", "company_id",
            "stage_category", "reopen_count", "merged_into_id",
        ],
        "service.remedy": ["ticket_id", "state", "cost"],
        "service.sla.clock": ["ticket_id", "metric", "state", "stopped"],
        "res.company": ["currency_id"],
    }  # fmt: skip

    def _selection_of_ticket(name):
        return lambda self: self.env["service.ticket"]._fields[name]._description_selection(self.env)

    ticket_id = fields.Many2one("service.ticket", readonly=True)
    number = fields.Char(readonly=True)
    name = fields.Char(string="Subject", readonly=True)
    type = fields.Selection(_selection_of_ticket("type"), readonly=True)
    channel = fields.Selection(_selection_of_ticket("channel"), string="Received by", readonly=True)
    date_received = fields.Datetime(string="Received on", readonly=True)
    date_acknowledged = fields.Datetime(
        string="Acknowledged on",
        readonly=True,
        help="The first sign to the customer that we know, automatic or personal.",
    )
    date_first_answer = fields.Datetime(string="First Answered on", readonly=True)
    date_closed = fields.Datetime(string="Done on", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Account", readonly=True)
    category_id = fields.Many2one("service.category", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    branch_id = fields.Many2one("res.partner", readonly=True)
    severity = fields.Selection(_selection_of_ticket("severity"), readonly=True)
    safety_concern = fields.Boolean(readonly=True)
    remedy_sought = fields.Selection(_selection_of_ticket("remedy_sought"), readonly=True)
    root_cause_id = fields.Many2one("service.root.cause", readonly=True)
    remedies = fields.Char(
        string="Remedy", readonly=True, help="The kinds of what was offered, withdrawn ones left out."
    )
    outcome = fields.Selection(_selection_of_ticket("outcome"), readonly=True)
    external_route_offered = fields.Boolean(string="Told where else to turn to", readonly=True)
    team_id = fields.Many2one("service.team", readonly=True)
    user_id = fields.Many2one("res.users", string="Assigned to", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    stage_category = fields.Selection(_selection_of_ticket("stage_category"), string="State", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)

    ticket_count = fields.Integer(string="Tickets", readonly=True, aggregator="sum")
    hours_to_answer = fields.Float(
        string="Hours to First Answer (median)",
        readonly=True,
        aggregator="avg",
        help="From the moment the customer told us to the first answer of a person, on the clock. Half of the tickets "
        "answered were answered within this time; tickets without an answer yet are left out.",
    )
    hours_to_answer_p90 = fields.Float(
        string="Hours to First Answer (9 of 10)",
        readonly=True,
        aggregator="avg",
        help="Nine of ten tickets answered were answered within this time.",
    )
    days_to_close = fields.Float(
        string="Days to Done (median)",
        readonly=True,
        aggregator="avg",
        help="From the moment the customer told us until the ticket was done last, on the clock; open tickets are left out.",
    )
    days_to_close_p90 = fields.Float(
        string="Days to Done (9 of 10)",
        readonly=True,
        aggregator="avg",
        help="Nine of ten tickets that are done were done within this time.",
    )
    is_done = fields.Integer(
        string="Done", readonly=True, aggregator="sum", help="Tickets that are resolved or closed."
    )
    reopened = fields.Float(
        string="Reopened (%)",
        readonly=True,
        aggregator="avg",
        help="Of the tickets that were ever done: how many were taken up again.",
    )
    repeated = fields.Float(
        string="Recurrence (%)",
        readonly=True,
        aggregator="avg",
        help="Of the complaints with a root cause: how many came from a customer who had complained of the same cause "
        "shortly before (90 days, unless an administrator has set crm_service_desk.recurrence_days).",
    )
    sla_kept = fields.Float(
        string="SLA Kept (%)",
        readonly=True,
        aggregator="avg",
        help="Of the tickets with a promise that is decided: how many had every promise kept.",
    )
    sla = fields.Selection(
        [("kept", "Kept"), ("broken", "Broken")],
        string="SLA",
        readonly=True,
        help="Kept: every promise that is decided was kept. Empty: nothing was promised, or nothing is decided yet.",
    )
    cost = fields.Monetary(
        string="Cost of Remedies",
        readonly=True,
        aggregator="sum",
        help="Of remedies carried out, in the currency of the ticket's company; see Cost of Remedies for one currency.",
    )

    del _selection_of_ticket

    @property
    def _table_query(self):
        # Every join is one to one or a subquery of its own, so that PostgreSQL works out only the columns asked for, of
        # only the tickets of the period.
        return SQL(
            """
            SELECT t.id, t.id AS ticket_id, 1 AS ticket_count, t.number, t.name, t.type, t.channel, t.date_received, t.date_first_answer,
                   t.date_closed, t.partner_id, t.commercial_partner_id, t.category_id, t.product_id, t.branch_id,
                   t.severity, t.safety_concern, t.remedy_sought, t.root_cause_id, t.outcome, t.external_route_offered,
                   t.team_id, t.user_id, t.company_id, t.stage_category, company.currency_id,
                   LEAST(
                       (SELECT min(stopped) FROM service_sla_clock
                         WHERE ticket_id = t.id AND metric = 'acknowledge' AND state IN ('kept', 'breached')),
                       (SELECT min(date) FROM mail_message
                         WHERE model = 'service.ticket' AND res_id = t.id AND message_type IN ('email_outgoing', 'auto_comment')),
                       t.date_first_answer) AS date_acknowledged,
                   (SELECT string_agg(DISTINCT kind, ' ' ORDER BY kind) FROM service_remedy
                     WHERE ticket_id = t.id AND state <> 'cancelled') AS remedies,
                   CASE WHEN t.date_first_answer IS NOT NULL
                        THEN GREATEST(EXTRACT(EPOCH FROM t.date_first_answer - t.date_received), 0)::float8 / 3600 END
                       AS hours_to_answer,
                   CASE WHEN t.date_first_answer IS NOT NULL
                        THEN GREATEST(EXTRACT(EPOCH FROM t.date_first_answer - t.date_received), 0)::float8 / 3600 END
                       AS hours_to_answer_p90,
                   CASE WHEN t.date_closed IS NOT NULL
                        THEN GREATEST(EXTRACT(EPOCH FROM t.date_closed - t.date_received), 0)::float8 / 86400 END
                       AS days_to_close,
                   CASE WHEN t.date_closed IS NOT NULL
                        THEN GREATEST(EXTRACT(EPOCH FROM t.date_closed - t.date_received), 0)::float8 / 86400 END
                       AS days_to_close_p90,
                   (t.stage_category IN ('resolved', 'closed'))::int AS is_done,
                   CASE WHEN t.date_first_closed IS NOT NULL
                        THEN 100.0 * (COALESCE(t.reopen_count, 0) > 0)::int END::float8 AS reopened,
                   CASE WHEN t.type = 'complaint' AND t.root_cause_id IS NOT NULL AND t.commercial_partner_id IS NOT NULL
                        THEN 100.0 * EXISTS (
                            SELECT FROM service_ticket earlier
                             WHERE earlier.commercial_partner_id = t.commercial_partner_id
                               AND earlier.root_cause_id = t.root_cause_id
                               AND earlier.company_id = t.company_id
                               AND earlier.type = 'complaint'
                               AND earlier.merged_into_id IS NULL
                               AND earlier.date_received >= t.date_received - %(days)s * interval '1 day'
                               AND (earlier.date_received, earlier.id) < (t.date_received, t.id))::int
                   END::float8 AS repeated,
                   (SELECT CASE WHEN bool_or(state = 'breached') THEN 0.0 ELSE 100.0 END::float8 FROM service_sla_clock
                     WHERE ticket_id = t.id AND state IN ('kept', 'breached') HAVING count(*) > 0) AS sla_kept,
                   (SELECT CASE WHEN bool_or(state = 'breached') THEN 'broken' ELSE 'kept' END FROM service_sla_clock
                     WHERE ticket_id = t.id AND state IN ('kept', 'breached') HAVING count(*) > 0) AS sla,
                   (SELECT sum(cost) FROM service_remedy WHERE ticket_id = t.id AND state = 'done') AS cost
              FROM service_ticket t
              JOIN res_company company ON company.id = t.company_id
             WHERE t.merged_into_id IS NULL
            """,
            days=self._recurrence_days(),
        )

    @api.model
    def _recurrence_days(self):
        """Within how many days the same complaint is a recurrence."""
        # sudo: a number of days, which everybody who reads the report has to know
        value = self.env["ir.config_parameter"].sudo().get_param(RECURRENCE_PARAMETER, "")
        return int(value) if value.isdecimal() else RECURRENCE_DAYS

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

    def action_open_ticket(self):
        """The ticket behind this line."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()
