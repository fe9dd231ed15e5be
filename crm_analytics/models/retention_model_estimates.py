import math
from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from ..streaming import read_columns, write_rows
from .retention_model_fit import DAYS_BETWEEN

WEEKS_PER_MONTH = 365.25 / 12 / 7
PIECE = 100_000  # distinct customers estimated at a time: bounds the memory
NINETY_FIVE = 1.96
ESTIMATES = ["probability_alive", "expected_purchases", "lifetime_value", "lifetime_value_low", "lifetime_value_high"]


class RetentionModel(models.Model):
    """Estimating: what a fit says about customers.

    The lifetime value is what the customer is expected to buy for within the horizon, discounted to today: expected
    purchases, each weighed by when it comes, times the expected amount of one. Its interval is that of the *expectation*:
    95 %, from how uncertain the parameters are (inverse Hessian, delta method on the logarithm). It is no forecast of what
    one person will spend, which chance moves much further; since all share the parameters, sums of the ends bound a sum.
    """

    _inherit = "retention.model"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    def _estimated_on_sql(self, as_of):
        """From which day an estimate looks ahead: that of the fit, or so many whole weeks later, so that estimates that
        nothing happens to stand for a week; and the day of a purchase that was made since.

        :returns: SQL on the column last_day
        """
        if not self:
            return SQL("NULL::date")
        weeks = (as_of - self.as_of) // timedelta(days=DAYS_BETWEEN)
        return SQL("GREATEST(%s::date, last_day)", self.as_of + weeks * timedelta(days=DAYS_BETWEEN))

    def _estimates_sql(self):
        """Estimate for all in ``customer_metric_batch`` whose estimate is not known.

        :returns: two SQL: retention_model_id and the columns of ``ESTIMATES``, to be selected from the batch and what is
            known (see ``customer.metric._select_known``), and what is to be joined to it. Without a fit they are null.
        """
        if not self:
            nulls = SQL(", ").join(SQL("NULL::numeric AS %s", SQL.identifier(name)) for name in ESTIMATES)
            return SQL("NULL::int4 AS retention_model_id, %s", nulls), SQL()
        self._fill_estimates()
        value, digits = self._value_sql(), self.currency_id.decimal_places
        decimals = self.env["customer.metric"]._decimals
        error = SQL("%s * SQRT(GREATEST(0, error * error + %s))", NINETY_FIVE, self._value_variance_sql())
        estimates = [
            SQL("ROUND(alive::numeric, %s)", decimals("probability_alive")),
            SQL("ROUND(expected::numeric, %s)", decimals("expected_purchases")),
            SQL("ROUND((discounted * %s)::numeric, %s)", value, digits),
            SQL("ROUND((discounted * %s * EXP(-(%s)))::numeric, %s)", value, error, digits),
            SQL("ROUND((discounted * %s * EXP(%s))::numeric, %s)", value, error, digits),
        ]
        columns = SQL(", ").join(
            SQL(
                "CASE WHEN alive IS NOT NULL THEN %s WHEN orders > 0 THEN %s END AS %s",
                estimate,
                SQL.identifier(f"known_{name}"),
                SQL.identifier(name),
            )
            for name, estimate in zip(ESTIMATES, estimates, strict=True)
        )
        join = SQL(
            """
            LEFT JOIN customer_metric_estimate estimate
                   ON (estimate.frequency, estimate.t_x, estimate.observed_days)
                    = (batch.frequency, batch.t_x, batch.observed_days)
            """
        )
        return SQL("CASE WHEN orders > 0 THEN %s END AS retention_model_id, %s", self.id, columns), join

    def _fill_estimates(self):
        """Estimate once per distinct (x, t_x, T) of the batch, into the temporary table ``customer_metric_estimate``.

        Who is known with an estimate of the same fit, day and purchases keeps it.
        """
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS customer_metric_estimate"))
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE customer_metric_estimate (
                    frequency int4, t_x int4, observed_days int4,
                    alive float8, expected float8, discounted float8, error float8
                ) ON COMMIT DROP
                """
            )
        )
        distinct = SQL(
            """
            SELECT DISTINCT frequency, t_x, observed_days FROM customer_metric_batch batch
             WHERE orders > 0 AND NOT EXISTS (
                   SELECT 1 FROM customer_metric known
                    WHERE (known.partner_id, known.company_id, known.retention_model_id) = (batch.partner_id, %s, %s)
                      AND (known.estimated_on, known.first_day, known.last_day)
                        = (batch.estimated_on, batch.first_day, batch.last_day)
                      AND (known.purchase_days, known.amount, known.first_amount)
                        = (batch.purchase_days, batch.amount, batch.first_amount))
            """,
            self.company_id.id,
            self.id,
        )
        x, t_x, age = read_columns(self.env.cr, distinct, 3)
        fitted, weeks, per_week = self._fitted(), self._horizon_weeks(), self._discount_per_week()
        for first in range(0, len(x), PIECE):
            mine = slice(first, first + PIECE)
            score = fitted.score(x[mine], t_x[mine] / 7, age[mine] / 7, weeks, per_week)
            keys = [column[mine].astype(int) for column in (x, t_x, age)]
            figures = [score[name] for name in ("alive", "expected", "discounted", "error")]
            write_rows(self.env.cr, SQL("customer_metric_estimate"), keys + figures)
        self.env.cr.execute(SQL("ANALYZE customer_metric_estimate"))

    def _fitted(self):
        """:returns: ``statistics.fitted.Fitted``"""
        import numpy as np  # only a worker that estimates loads it

        from ..statistics.fitted import Fitted

        parameters = tuple(self.parameters[name]["value"] for name in ("r", "alpha", "a", "b"))
        return Fitted(parameters, int(self.name == "mbg_nbd"), np.array(self.covariance["purchases"]))

    def _horizon_weeks(self):
        return self.horizon_months * WEEKS_PER_MONTH

    def _discount_per_week(self):
        """As a continuous rate."""
        return math.log1p(self.discount_rate) / (12 * WEEKS_PER_MONTH)

    def _value_sql(self):
        """:returns: SQL of ``gamma_gamma.expected_value`` on the columns of the batch; null where money was not fitted"""
        if not self.covariance["value"]:
            return SQL("NULL::float8")
        p, q, v = self._value_parameters()
        return SQL(
            "(%(p)s * (%(v)s + %(total)s) / (%(p)s * batch.frequency + %(q)s - 1))",
            p=p,
            q=q,
            v=v,
            total=_repeat_total(),
        )

    def _value_variance_sql(self):
        """:returns: SQL of the variance of its logarithm, from ``gamma_gamma.expected_value_gradient``"""
        if not self.covariance["value"]:
            return SQL("0")
        p, q, v = self._value_parameters()
        below = SQL("(%s * batch.frequency + %s - 1)", p, q)
        slopes = [
            SQL("(1 - %s * batch.frequency / %s)", p, below),
            SQL("(-%s / %s)", q, below),
            SQL("(%s / (%s + %s))", v, v, _repeat_total()),
        ]
        return SQL(" + ").join(
            SQL("%s * %s * %s", covariance, slopes[row], slopes[column])
            for row, line in enumerate(self.covariance["value"])
            for column, covariance in enumerate(line)
        )

    def _value_parameters(self):
        return (self.parameters[name]["value"] for name in ("p", "q", "v"))


def _repeat_total():
    """:returns: SQL of what the repeat purchases came to, x times m, of which credit notes may leave nothing"""
    return SQL("(CASE WHEN batch.frequency > 0 THEN GREATEST(0, amount - first_amount) ELSE 0 END)::float8")
