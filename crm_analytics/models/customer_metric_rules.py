from odoo import api, models
from odoo.tools import SQL

from ..rfm import TABLE

# Below these chances to buy again the risk of leaving is high, or medium.
HIGH_RISK_BELOW, MEDIUM_RISK_BELOW = 0.4, 0.7


class CustomerMetric(models.Model):
    """The figures that are judged: scores, segment, lifecycle stage and risk, each as one expression."""

    _inherit = "customer.metric"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    @api.model
    def _score_sql(self, value, cuts):
        """:returns: SQL of ``rfm.part``"""
        # Whole numbers as such: days are not made decimal numbers to be compared, four times for each customer.
        cuts = [int(cut) if float(cut).is_integer() else cut for cut in cuts]
        return SQL("(1 + %s)", SQL(" + ").join(SQL("(%s > %s)::int", value, cut) for cut in cuts) if cuts else SQL("0"))

    @api.model
    def _scores_sql(self, cuts):
        """:returns: {r_score, f_score, m_score: SQL on the columns recency_days, purchase_days, amount}"""
        r, f, m = (
            self._score_sql(SQL.identifier(name), cuts[name]) for name in ("recency_days", "purchase_days", "amount")
        )
        return {"r_score": SQL("6 - %s", r), "f_score": f, "m_score": m}

    @api.model
    def _segment_sql(self):
        """:returns: SQL of ``rfm.segment`` on the columns r_score, f_score, m_score"""
        names = SQL(", ").join(SQL("%s", name) for r in range(1, 6) for name in TABLE[r])
        return SQL("(ARRAY[%s])[(r_score - 1) * 5 + (f_score + m_score + 1) / 2]", names)

    @api.model
    def _lifecycle_sql(self, company):
        """The stage by the company's rules. The first that holds: lost, at risk, won back, new, growing, loyal.

        Lost and at risk: no purchase for so many times the usual interval, but for at least so many days. Won back:
        bought again after having been lost, until he has as many purchase days since as make a customer loyal. New: one
        purchase day. Loyal: as many purchase days as the company says, growing: fewer.

        :returns: SQL on the columns recency_days, purchase_days, usual_days, came_back
        """
        usual = SQL("COALESCE(usual_days, %s)", company.lifecycle_first_interval)
        return SQL(
            """
            CASE WHEN purchase_days IS NULL THEN 'prospect'
                 WHEN recency_days > GREATEST(%(lost_days)s, %(lost_factor)s * %(usual)s) THEN 'lost'
                 WHEN recency_days > GREATEST(%(risk_days)s, %(risk_factor)s * %(usual)s) THEN 'at_risk'
                 WHEN came_back THEN 'won_back'
                 WHEN purchase_days = 1 THEN 'new'
                 WHEN purchase_days < %(loyal)s THEN 'growing'
                 ELSE 'loyal' END
            """,
            usual=usual,
            lost_days=company.lifecycle_lost_days,
            lost_factor=company.lifecycle_lost_factor,
            risk_days=company.lifecycle_at_risk_days,
            risk_factor=company.lifecycle_at_risk_factor,
            loyal=company.lifecycle_loyal_days,
        )

    @api.model
    def _churn_risk_sql(self):
        """High: at risk or lost by the company's rules, or a small chance to buy again. Medium: a middling chance. An
        open complaint makes low medium, and medium high. Prospects have none.

        :returns: SQL on the columns lifecycle, probability_alive, open_complaints
        """
        return SQL(
            """
            CASE WHEN lifecycle = 'prospect' THEN NULL
                 WHEN lifecycle IN ('at_risk', 'lost') OR probability_alive < %(high)s THEN 'high'
                 WHEN probability_alive < %(medium)s
                     THEN CASE WHEN open_complaints > 0 THEN 'high' ELSE 'medium' END
                 WHEN open_complaints > 0 THEN 'medium'
                 ELSE 'low' END
            """,
            high=HIGH_RISK_BELOW,
            medium=MEDIUM_RISK_BELOW,
        )
