import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..streaming import read_columns

_logger = logging.getLogger(__name__)

DAYS_BETWEEN = 7
# Below these a fit says more about chance than about customers.
LEAST_CUSTOMERS, LEAST_REPEATERS, LEAST_DAYS = 100, 30, 182
DAYS_PER_MONTH = 365.25 / 12


class RetentionModel(models.Model):
    """Fitting: read the purchases, find the likeliest parameters, test them on a hold-out, keep the attempt."""

    _inherit = "retention.model"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    @api.model
    def _fit_if_due(self, company):
        """Fit once a week, and when the company has changed horizon or discount.

        By days: a job that begins a few seconds earlier than a week ago fits all the same.
        """
        last = self.search([("company_id", "=", company.id)], limit=1)
        recent = last and last.as_of > company._purchase_today() - timedelta(days=DAYS_BETWEEN)
        unchanged = last and self._rules(company) == {name: last[name] for name in self._rules(company)}
        if not (recent and unchanged):
            self._fit(company)

    @api.model
    def _rules(self, company):
        return {"horizon_months": company.retention_horizon, "discount_rate": company.retention_discount}

    @api.model
    def _fit(self, company):
        """Fit to all purchases of a company until today.

        :returns: the attempt, whatever came of it
        """
        as_of = company._purchase_today()
        values = {
            "company_id": company.id,
            "fitted_on": fields.Datetime.now(),
            "as_of": as_of,
            **self._rules(company),
        }
        x, t_x, age, m = self._read_customers(company, as_of)
        values |= {"customers": len(x), "repeat_customers": int((x > 0).sum())}
        if lacking := self._lacking(x, age):
            return self.create([{**values, "state": "too_little", "message": lacking}])
        values |= self._fitted_values(x, t_x, age, m)
        if values["state"] == "fitted":
            values["holdout"] = self._holdout(company, as_of, int(age.max()), values["name"])
        return self.create([values])

    @api.model
    def _lacking(self, x, age):
        """:returns: what there is too little of, in words; empty when it is enough"""
        if len(x) < LEAST_CUSTOMERS:
            return self.env._(
                "%(number)s customers have bought so far. Estimates begin at %(least)s.",
                number=len(x),
                least=LEAST_CUSTOMERS,
            )
        if (repeaters := int((x > 0).sum())) < LEAST_REPEATERS:
            return self.env._(
                "%(number)s customers have bought again so far. Estimates begin at %(least)s.",
                number=repeaters,
                least=LEAST_REPEATERS,
            )
        if (days := int(age.max())) < LEAST_DAYS:
            return self.env._(
                "Purchases go back %(days)s days. Estimates begin at %(least)s.", days=days, least=LEAST_DAYS
            )
        return ""

    @api.model
    def _fitted_values(self, x, t_x, age, m):
        """:returns: values of an attempt: state, message, name, parameters, covariance, log_likelihood"""
        from ..statistics import bg_nbd, gamma_gamma, mbg_nbd  # loads scipy, which most workers never need
        from ..statistics.collapsed import Collapsed
        from ..statistics.maximise import NoFit

        data = Collapsed.of_rows(x, t_x, age)
        found, reasons = {}, []
        for name, module in (("bg_nbd", bg_nbd), ("mbg_nbd", mbg_nbd)):
            try:
                found[name] = module.fit(data)
            except (NoFit, ArithmeticError, ValueError) as error:
                reasons.append(f"{dict(self._fields['name'].selection)[name]}: {error}")
        if not found:
            message = self.env._(
                "The purchases follow neither model (%s). Estimates stay those of the last good fit, where there is one.",
                "; ".join(reasons),
            )
            _logger.warning("No fit of retention: %s", reasons)
            return {"state": "failed", "message": message}
        name = max(found, key=lambda key: found[key].log_likelihood)  # both have four parameters
        fitted = found[name]
        parameters = _with_errors("r alpha a b", fitted)
        covariance, message = {"purchases": fitted.covariance.tolist(), "value": None}, ""
        buys = (x > 0) & (m > 0)
        try:
            value = gamma_gamma.fit(x[buys], m[buys])
        except (NoFit, ArithmeticError, ValueError) as error:
            message = self.env._("What a purchase is worth could not be estimated (%s): no lifetime value.", error)
        else:
            parameters |= _with_errors("p q v", value)
            covariance["value"] = value.covariance.tolist()
            parameters["correlation"] = {"value": gamma_gamma.correlation(x[buys], m[buys]), "error": None}
        return {
            "state": "fitted",
            "message": message or False,
            "name": name,
            "parameters": parameters,
            "covariance": covariance,
            "log_likelihood": fitted.log_likelihood,
        }

    @api.model
    def _holdout(self, company, as_of, days, name):
        """Fit the same model to the first two thirds of the time (or all but the horizon, when that is longer).

        :returns: see ``statistics.holdout.compare``, with ``date_from`` and ``date_to``; None when the first part has too
            little
        """
        from ..statistics import bg_nbd, holdout, mbg_nbd  # loads scipy, see _fitted_values
        from ..statistics.collapsed import Collapsed
        from ..statistics.maximise import NoFit

        ahead = int(min(days / 3, company.retention_horizon * DAYS_PER_MONTH))
        end = as_of - timedelta(days=ahead)
        x, t_x, age, _m, actual = self._read_customers(company, end, until=as_of)
        if self._lacking(x, age + ahead):
            return None
        try:
            fitted = {"bg_nbd": bg_nbd, "mbg_nbd": mbg_nbd}[name].fit(Collapsed.of_rows(x, t_x, age))
        except NoFit:
            return None
        found = holdout.compare(fitted, x, t_x / 7, age / 7, actual, ahead / 7)
        return {**found, "date_from": str(end + timedelta(days=1)), "date_to": str(as_of)}

    @api.model
    def _read_customers(self, company, as_of, until=None):
        """The customers until a day, as arrays of one number each.

        :param until: also how many purchase days each had after ``as_of`` until then
        :returns: x, t_x, T (in days), m (mean amount of a repeat purchase day, 0 for none); and, with ``until``, those
        """
        later = SQL(
            """
            SELECT partner_id, COUNT(DISTINCT day) AS days FROM customer_purchase
             WHERE company_id = %s AND orders > 0 AND day > %s AND day <= %s GROUP BY partner_id
            """,
            company.id,
            as_of,
            until or as_of,
        )
        query = SQL(
            """
            SELECT purchase_days - 1, last_day - first_day, %(as_of)s::date - first_day,
                   GREATEST(0, COALESCE((amount - first_amount) / NULLIF(purchase_days - 1, 0), 0)) %(later)s
              FROM (%(figures)s) figures %(join)s
            """,
            as_of=as_of,
            figures=self.env["customer.metric"]._select_figures(company, as_of),
            later=SQL(", COALESCE(later.days, 0)") if until else SQL(),
            join=SQL("LEFT JOIN (%s) later USING (partner_id)", later) if until else SQL(),
        )
        return read_columns(self.env.cr, query, 5 if until else 4)


def _with_errors(names, fitted):
    pairs = zip(fitted.parameters, fitted.errors, strict=True)
    return dict(zip(names.split(), ({"value": value, "error": error} for value, error in pairs), strict=True))
