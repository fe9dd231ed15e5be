from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerMetric(models.Model):
    """The figures that move with the calendar: not stored, else each night would write all rows for them.

    They are searched, sorted, grouped and averaged in SQL as if they were.
    """

    _inherit = "customer.metric"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    recency_days = fields.Integer(
        "Days since Last Purchase",
        compute="_compute_days",
        search=lambda self, *condition: self._search_days("recency_days", *condition),
        aggregator="avg",
    )
    age_days = fields.Integer(
        "Days since First Purchase",
        compute="_compute_days",
        search=lambda self, *condition: self._search_days("age_days", *condition),
        aggregator="avg",
        help="The customer's age, T in the statistics.",
    )

    @api.depends("as_of", "first_day", "last_day")
    def _compute_days(self):
        for metric in self:
            metric.recency_days = (metric.as_of - metric.last_day).days if metric.last_day else 0
            metric.age_days = (metric.as_of - metric.first_day).days if metric.first_day else 0

    @api.model
    def _search_days(self, name, operator, value):
        field = self._fields[name]
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(name, operator, value, model, alias, query)
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        since = {"recency_days": "last_day", "age_days": "first_day"}
        name, _dot, part = field_expr.partition(".")
        if query is None or (name != "as_of" and name not in since):
            return super()._field_to_sql(alias, field_expr, query)
        field = self._fields[name]
        self._check_field_access(field, "read")
        sql = self._as_of_sql(alias, query)
        if name in since:
            sql = SQL("(%s - %s)", sql, super()._field_to_sql(alias, since[name], query))
        return field.property_to_sql(sql, part, self, alias, query) if part else sql

    @api.model
    def _as_of_sql(self, alias, query):
        """:returns: SQL of the day at whose end a row holds: that of the company's figures, which is joined to the query, or
        the row's own where that is later
        """
        written, company, partner = (
            SQL.identifier(alias, name, to_flush=self._fields[name]) for name in ("as_of", "company_id", "partner_id")
        )
        day = query.make_alias(alias, "day")
        query.add_join(
            "LEFT JOIN", day, "customer_metric_day", SQL("%s = %s", SQL.identifier(day, "company_id"), company)
        )
        return SQL(
            "GREATEST(%s, CASE WHEN %s < %s THEN %s ELSE %s END)",
            written,
            partner,
            *(SQL.identifier(day, name) for name in ("next_partner", "as_of", "before")),
        )
