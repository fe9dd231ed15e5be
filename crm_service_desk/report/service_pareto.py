from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .pareto import pareto

# By what complaints can be put in order, and what is counted.
DIMENSIONS = ("root_cause_id", "category_id", "product_id", "branch_id", "team_id", "channel", "severity")
MEASURES = {"tickets": "__count", "cost": "cost:sum"}


class ServiceTicketReport(models.Model):
    """The Pareto chart: which few causes make most of the complaints, or of what remedies cost."""

    _inherit = "service.ticket.report"

    @api.model
    @api.readonly
    def pareto_chart(self, dimension="root_cause_id", measure="tickets", date_from=False, date_to=False, team_id=False):
        """Complaints received in a period, by cause or another dimension, the greatest first.

        :param str dimension: one of ``DIMENSIONS``
        :param str measure: "tickets" or "cost" (of remedies carried out, in the company's currency)
        :param date_from, date_to: first and last day, in the reader's time zone; by default the last twelve months
        :param int team_id: of this team only
        :return: dict of ``bars`` (dicts of label, value, share, cumulative, is_vital, domain), ``total``, ``unknown``
            (without cause: its value, not among the bars, and its ``unknown_domain``), ``number`` of complaints,
            ``date_from``, ``date_to``, ``currency_id``, ``teams``
        :raise UserError: for a dimension, measure or period that makes no sense
        :raise AccessError: to who may not read the reports
        """
        self.browse().check_access("read")
        if dimension not in DIMENSIONS or measure not in MEASURES:
            raise UserError(self.env._("There is no chart of “%(what)s” by “%(by)s”.", what=measure, by=dimension))
        period = self.env["service.period"]
        if not (date_from and date_to):
            date_from, date_to = period._last_months(12)
        domain = (
            Domain("type", "=", "complaint")
            & Domain("company_id", "=", self.env.company.id)
            & period._within("date_received", date_from, date_to)
        )
        if team_id:
            domain &= Domain("team_id", "=", int(team_id))
        values = {key: value or 0 for key, value in self._read_group(domain, [dimension], [MEASURES[measure]])}
        unknown = sum(value for key, value in values.items() if not key)
        is_record = self._fields[dimension].type == "many2one"
        labels = {} if is_record else dict(self._fields[dimension]._description_selection(self.env))
        return {
            "bars": [
                {
                    "label": bar.key.display_name if is_record else labels[bar.key],
                    "value": bar.value,
                    "share": bar.share,
                    "cumulative": bar.cumulative,
                    "is_vital": bar.is_vital,
                    "domain": list(domain & Domain(dimension, "=", bar.key.id if is_record else bar.key)),
                }
                for bar in pareto((key, value) for key, value in values.items() if key)
            ],
            "total": sum(values.values()) - unknown,
            "unknown": unknown,
            "unknown_domain": list(domain & Domain(dimension, "=", False)),
            "number": self.search_count(domain),
            "date_from": str(date_from),
            "date_to": str(date_to),
            "currency_id": self.env.company.currency_id.id,
            "teams": self.env["service.team"].search_read(Domain.TRUE, ["name"]),
        }
