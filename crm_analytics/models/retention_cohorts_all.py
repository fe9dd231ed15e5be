from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..cohorts import add_months
from ..periods import GRAINS, unit_of


class RetentionDashboard(models.AbstractModel):
    """The row of all cohorts together opens its customers, too."""

    _inherit = "retention.dashboard"

    @api.model
    def _open_all_cohorts(self, args, filters):
        age = self._read_age(args)
        if age is None:
            name = self.env._("First bought in the period")
        else:
            names = {
                "month": self.env._("All cohorts, months since the first purchase: %s", age),
                "quarter": self.env._("All cohorts, quarters since the first purchase: %s", age),
                "year": self.env._("All cohorts, years since the first purchase: %s", age),
            }
            name = names[filters.grain]
        return self._open_customers(name, "all_cohorts", {"age": age}, filters)

    @api.model
    def _counted_in_all_cohorts(self, args, filters):
        """:returns: SQL of the ids of the customers of all cohorts; of an age: who bought at it, of the cohorts whose
        cell is over (see ``cohorts.all_cohorts``)"""
        age, step = self._read_age(args), GRAINS[filters.grain]
        period = filters.period.whole(filters.grain)
        last, at_age = period.last, SQL("TRUE")
        if age is not None:
            last = min(
                add_months(unit_of(period.last, filters.grain), -age * step),
                add_months(self._running_month(), -(age + 1) * step),
            )
            last = add_months(unit_of(last, filters.grain), step - 1)
            at_age = SQL(
                "DATE_TRUNC(%(unit)s, month) %(when)s DATE_TRUNC(%(unit)s, cohort_month) + MAKE_INTERVAL(months => %(months)s)",
                unit=filters.grain,
                when=SQL(">=") if filters.cohort_kind == "unbounded" else SQL("="),
                months=age * step,
            )
        return SQL(
            """
            SELECT partner_id FROM (%(facts)s) fact
             WHERE orders > 0 AND cohort_month BETWEEN %(first)s AND %(last)s AND %(at_age)s
            """,
            facts=self._facts_with_cohorts(filters, period),
            first=period.first,
            last=last,
            at_age=at_age,
        )

    @api.model
    def _read_age(self, args):
        age = args.get("age")
        if age is not None and (type(age) is not int or not 0 <= age < 1000):
            raise UserError(
                self.env._(
                    "“%s” is no number of months, quarters or years since the first purchase. Choose a column.", age
                )
            )
        return age
