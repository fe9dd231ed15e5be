from odoo import api, models
from odoo.tools import SQL

from .retention_satisfaction import GROUPS


class RetentionDashboard(models.AbstractModel):
    """The sums of a period over all customers, over members of clubs and others, over those who stayed and those who left."""

    _inherit = "retention.dashboard"

    @api.model
    def _grouped_figures(self, filters):
        """One question (see ``_ask_together``): of what a million customers bought, the sums are made once.

        :returns: dict of ``all`` (sums, see ``_period_figures``), ``clubs`` {key of ``retention_clubs.CLUBS``: sums}, ``stay`` {key of
            ``retention_satisfaction.GROUPS``: sums}; the sums have ``complaints``, ``csat_n``, ``csat_hits`` too, of the
            period and the one before it
        """
        period = filters.period
        stay = SQL(
            "CASE %s END",
            SQL(" ").join(
                SQL("WHEN %s THEN %s", self._condition(condition, period), key) for key, condition in GROUPS.items()
            ),
        )
        rows = yield SQL(
            """
            SELECT GROUPING(is_member) AS over_members, GROUPING(stay) AS over_stay, is_member, stay, %(sums)s,
                   COALESCE(SUM(complaints), 0)::int AS complaints,
                   COALESCE(SUM(csat_n), 0)::int AS csat_n,
                   COALESCE(SUM(csat_hits), 0)::int AS csat_hits
              FROM (
                    SELECT customer.*, voice.complaints, voice.csat_n, voice.csat_hits, %(stay)s AS stay,
                           customer.partner_id IN (%(members)s) AS is_member
                      FROM (%(customers)s) customer
                 LEFT JOIN (%(voices)s) voice ON voice.partner_id = customer.partner_id
                   ) customer
             GROUP BY GROUPING SETS ((), (is_member), (stay))
            """,
            sums=self._sums(period),
            stay=stay,
            members=self._members_of_period(period),
            customers=self._customers(filters, period),
            voices=self._voices(period),
        )
        return {
            "all": next(row for row in rows if row["over_members"] and row["over_stay"]),
            "clubs": {"members" if row["is_member"] else "others": row for row in rows if not row["over_members"]},
            "stay": {row["stay"]: row for row in rows if not row["over_stay"] and row["stay"]},
        }
