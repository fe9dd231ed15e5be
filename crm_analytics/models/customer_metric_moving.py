from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

MOVING = ("as_of", "recency_days", "age_days")


class CustomerMetric(models.Model):
    """The figures that move with the calendar: not stored, else each night would write all rows for them.

    They are searched, sorted, grouped and averaged in SQL as if they were.
    """

    _inherit = "customer.metric"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    as_of = fields.Date(
        "As of",
        compute="_compute_moving",
        search=lambda self, *condition: self._search_moving("as_of", *condition),
        help="The figures hold at the end of this day.",
    )
    recency_days = fields.Integer(
        "Days since Last Purchase",
        compute="_compute_moving",
        search=lambda self, *condition: self._search_moving("recency_days", *condition),
        aggregator="avg",
    )
    age_days = fields.Integer(
        "Days since First Purchase",
        compute="_compute_moving",
        search=lambda self, *condition: self._search_moving("age_days", *condition),
        aggregator="avg",
        help="The customer's age, T in the statistics.",
    )

    @api.depends("changed_on", "company_id", "partner_id", "first_day", "last_day")
    def _compute_moving(self):
        """In Python what ``_field_to_sql`` is in SQL."""
        # sudo: the day of a company's figures says nothing about its customers; who reads it has a row of figures.
        days = self.env["customer.metric.day"].sudo().search([("company_id", "in", self.company_id.ids)])
        of_company = {day.company_id.id: day for day in days}
        for metric in self:
            day = of_company.get(metric.company_id.id)
            held = day and (day.as_of if metric.partner_id.id < day.next_partner else day.before)
            metric.as_of = max(filter(None, (metric.changed_on, held)), default=False)
            metric.recency_days = (metric.as_of - metric.last_day).days if metric.last_day else 0
            metric.age_days = (metric.as_of - metric.first_day).days if metric.first_day else 0

    @api.model
    def _search_moving(self, name, operator, value):
        field = self._fields[name]
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(name, operator, value, model, alias, query)
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        name, _dot, part = field_expr.partition(".")
        if name not in MOVING or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        field = self._fields[name]
        self._check_field_access(field, "read")
        sql = self._moving_sql(name, alias, query)
        return field.property_to_sql(sql, part, self, alias, query) if part else sql

    @api.model
    def _moving_sql(self, name, alias, query):
        """:returns: SQL of one of ``MOVING`` for the rows of an alias in a query, to which the company's day is joined"""

        def column(stored):
            return SQL.identifier(alias, stored, to_flush=self._fields[stored])

        day = query.make_alias(alias, "day")
        query.add_join(
            "LEFT JOIN",
            day,
            "customer_metric_day",
            SQL("%s = %s", SQL.identifier(day, "company_id"), column("company_id")),
        )
        as_of = SQL(
            "GREATEST(%s, CASE WHEN %s < %s THEN %s ELSE %s END)",
            column("changed_on"),
            column("partner_id"),
            *(SQL.identifier(day, noted) for noted in ("next_partner", "as_of", "before")),
        )
        if name == "as_of":
            return as_of
        return SQL("(%s - %s)", as_of, column("last_day" if name == "recency_days" else "first_day"))
