from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class RetentionDashboard(models.AbstractModel):
    """As of when the figures hold, for the lists, pivots and graphs that show them row by row."""

    _inherit = "retention.dashboard"

    @api.model
    @api.readonly
    def figures_as_of(self):
        """:returns: dict of ``as_of``, ``queued``, ``building`` of the purchases and ``metrics_as_of`` of the figures of each
            customer, of the reader's companies; see ``load``
        :raises AccessError: to who may not read the figures
        """
        self._check_reader()
        freshness = self._freshness()
        return self._plain({
            **{name: freshness[name] for name in ("as_of", "queued", "building")},
            "metrics_as_of": self._metrics_day(),
        })  # fmt: skip

    @api.model
    def _metrics_day(self):
        """:returns: the day of the figures of each customer, of the company whose are oldest; a row of each is looked at"""
        questions, metrics = {}, self.env["customer.metric"]
        for company in self.env.companies:
            query = self._query("customer.metric", Domain("company_id", "=", company.id))
            query.limit = 1
            day = metrics._field_to_sql(query.table, "as_of", query)
            questions[str(company.id)] = query.select(SQL("%s AS day", day))
        return min((row["day"] for rows in self._ask(questions).values() for row in rows), default=None)
