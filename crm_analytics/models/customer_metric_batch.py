from odoo import api, models
from odoo.addons.crm_service_desk.models.service_stage import DONE_CATEGORIES
from odoo.tools import SQL

# Memory that one sort or join of a batch may take: those of a million customers then need no disk.
WORK_MEM = "128MB"

# Written in this order; the names are those of the columns and of what is selected.
COLUMNS = [
    "partner_id",
    "company_id",
    "first_day",
    "last_day",
    "orders",
    "purchase_days",
    "amount",
    "first_amount",
    "average_amount",
    "frequency",
    "t_x",
    "interval_days",
    "came_back",
    "r_score",
    "f_score",
    "m_score",
    "rfm",
    "segment",
    "lifecycle",
    "retention_model_id",
    "estimated_on",
    "probability_alive",
    "expected_purchases",
    "lifetime_value",
    "lifetime_value_low",
    "lifetime_value_high",
    "churn_risk",
    "open_complaints",
    "csat",
    "csat_count",
]
KNOWN = ["id", "as_of", *COLUMNS]

# Of the temporary table: what is counted, and what follows from it.
COUNTED = ["partner_id", "first_day", "last_day", "orders", "purchase_days", "amount", "first_amount", "came_back"]
BATCH = [*COUNTED, "recency_days", "t_x", "frequency", "usual_days", "estimated_on", "observed_days"]


class CustomerMetric(models.Model):
    """Writing the figures of many customers at once: facts to a temporary table, from there to where they stay."""

    _inherit = "customer.metric"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    @api.model
    def _write_batch(self, company, as_of, cuts, fit, where):
        """Bring the rows of some customers up to date: new ones, changed ones, and those who are customers no more.

        A pure function of the facts: done twice it gives the same. What is as it was is not written. Others see the old
        rows until the commit.

        :param date as_of: a day of the company's time zone
        :param dict cuts: see ``_cut_points``; when left out, those of the batch, which must be of the whole company then
        :param fit: the ``retention.model`` that estimates; may be empty
        :param SQL where: condition on ``partner_id``, naming whole customers
        :returns: how many rows there are now, the cut points
        """
        since = None if cuts else self._known_since(company, as_of, fit)
        first_night = not cuts and not self._is_any_known(company)
        rows = self._fill_batch(company, as_of, fit, where, since)
        if since:
            cuts = self._cut_points_going_on(company, as_of, where)
            self._add_judged_anew(company, as_of, cuts, fit, where)
            self._analyze_batch()
        cuts = cuts or self._cut_points_of_batch()
        written = [*COLUMNS, "as_of"]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_metric (%(written)s)
                SELECT %(columns)s, %(as_of)s FROM (%(select)s) figures
                 WHERE known_id IS NULL OR known_as_of > %(as_of)s
                    OR (%(columns)s) IS DISTINCT FROM (%(known)s)
                %(conflict)s
                """,
                written=names(written),
                columns=names(COLUMNS),
                as_of=as_of,
                select=self._select_batch(company, cuts, fit),
                known=names(f"known_{name}" for name in COLUMNS),
                # Looking for a row of the same customer takes a fourth of the time where there are none. Should somebody
                # write one in this moment, the job does the batch again.
                conflict=SQL() if first_night else _update_on_conflict(written[2:]),
            )
        )
        if not first_night:
            self._delete_customers_no_more(company, where, since)
        if since:
            [[rows]] = self.env.execute_query(
                SQL("SELECT COUNT(*) FROM customer_metric WHERE company_id = %s AND %s", company.id, where)
            )
        self.invalidate_model()
        return rows, cuts

    @api.model
    def _delete_customers_no_more(self, company, where, since):
        """Who is not in the batch; going on from what is known, buyers whom nothing happened to are buyers still."""
        doubtful = SQL(
            "(lifecycle = 'prospect' OR partner_id = ANY(ARRAY(SELECT partner_id FROM customer_metric_changed)))"
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM customer_metric
                 WHERE company_id = %s AND %s AND %s
                   AND NOT EXISTS (SELECT 1 FROM customer_metric_batch batch
                                    WHERE batch.partner_id = customer_metric.partner_id)
                """,
                company.id,
                where,
                doubtful if since else SQL("TRUE"),
            )
        )

    @api.model
    def _snapshot_batch(self, company, as_of, cuts, fit, where):
        """Keep what some customers were at the end of a month; who is kept already stays as he is.

        :param as_of: the last day of the month; for the rest see ``_write_batch``
        """
        self._fill_batch(company, as_of, fit, where)
        cuts = cuts or self._cut_points_of_batch()
        columns = ["partner_id", "company_id", "segment", "lifecycle", "amount", "probability_alive", "lifetime_value"]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_metric_snapshot (month, %(columns)s)
                SELECT %(month)s::date, %(columns)s FROM (%(select)s) figures
                    ON CONFLICT (partner_id, company_id, month) DO NOTHING
                """,
                columns=names(columns),
                month=as_of.replace(day=1),
                select=self._select_batch(company, cuts, fit),
            )
        )
        rows = self.env.cr.rowcount
        self.env["customer.metric.snapshot"].invalidate_model()
        return rows, cuts

    @api.model
    def _cut_points_of_batch(self):
        return self._cut_points(SQL("customer_metric_batch WHERE orders > 0"))

    @api.model
    def _fill_batch(self, company, as_of, fit, where, since=None):
        """Count into the temporary table ``customer_metric_batch``: buyers with their figures, prospects with none.

        :param since: a day until which the figures are known, see ``_known_since``
        :returns: how many they are
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT SET_CONFIG('work_mem', %s, TRUE)
                 WHERE PG_SIZE_BYTES(CURRENT_SETTING('work_mem')) < PG_SIZE_BYTES(%s)
                """,
                WORK_MEM,
                WORK_MEM,
            )
        )
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS customer_metric_batch, customer_metric_estimate"))
        changed = SQL("partner_id IN (%s)", self._find_changed(company, since, as_of, where)) if since else where
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE customer_metric_batch ON COMMIT DROP AS %s",
                self._select_observed(self._select_counted(company, as_of, changed), as_of, fit),
            )
        )
        rows = self.env.cr.rowcount
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_metric_batch (partner_id) %s
                """,
                self._select_prospects(company, where, going_on=bool(since)),
            )
        )
        rows += self.env.cr.rowcount
        self._analyze_batch()
        return rows

    @api.model
    def _analyze_batch(self):
        """How many rows there are is all that matters of it."""
        self.env.cr.execute(SQL("SET LOCAL default_statistics_target = 10"))
        self.env.cr.execute(SQL("ANALYZE customer_metric_batch (partner_id, orders)"))
        self.env.cr.execute(SQL("RESET default_statistics_target"))

    @api.model
    def _select_observed(self, figures, as_of, fit):
        """:param SQL figures: a select of ``BATCH`` as far as it is counted, and of whatever else is wanted
        :returns: SQL of the same and of the rest of ``BATCH``, which follows from it and from the day
        """
        return SQL(
            """
            SELECT *, estimated_on - first_day AS observed_days
              FROM (
                    SELECT *,
                           %(as_of)s::date - last_day AS recency_days,
                           last_day - first_day AS t_x,
                           purchase_days - 1 AS frequency,
                           (last_day - first_day)::float8 / NULLIF(purchase_days - 1, 0) AS usual_days,
                           %(estimated_on)s AS estimated_on
                      FROM (%(figures)s) figures
                   ) observed
            """,
            as_of=as_of,
            estimated_on=fit._estimated_on_sql(as_of),
            figures=figures,
        )

    @api.model
    def _select_batch(self, company, cuts, fit):
        """Each expression is worked out once: PostgreSQL does not merge a select that has an OFFSET with that around it.

        :returns: SQL of ``COLUMNS`` for all of the temporary table, and of what is known, see ``_select_known``
        """
        return SQL(
            """
            SELECT %(columns)s, %(known)s
              FROM (SELECT *, %(risk)s AS churn_risk
                      FROM (SELECT *, %(segment)s AS segment, %(lifecycle)s AS lifecycle,
                                   (100 * r_score + 10 * f_score + m_score)::text AS rfm
                              FROM (%(scored)s OFFSET 0) scored OFFSET 0) judged OFFSET 0) figures
            """,
            columns=names(COLUMNS),
            known=names(f"known_{name}" for name in KNOWN),
            risk=self._churn_risk_sql(),
            segment=self._segment_sql(),
            lifecycle=self._lifecycle_sql(company),
            scored=self._select_scored(company, cuts, fit),
        )

    @api.model
    def _select_scored(self, company, cuts, fit):
        estimates, estimates_join = fit._estimates_sql()
        return SQL(
            """
            SELECT batch.*, %(known)s, %(company)s AS company_id,
                   ROUND(amount / NULLIF(orders, 0), %(decimals)s) AS average_amount,
                   ROUND(batch.t_x::numeric / NULLIF(batch.frequency, 0), %(interval_decimals)s) AS interval_days,
                   CASE WHEN orders > 0 THEN %(r_score)s END AS r_score,
                   CASE WHEN orders > 0 THEN %(f_score)s END AS f_score,
                   CASE WHEN orders > 0 THEN %(m_score)s END AS m_score,
                   COALESCE(complaint.open_complaints, 0) AS open_complaints,
                   answer.csat, COALESCE(answer.csat_count, 0) AS csat_count,
                   %(estimates)s
              FROM customer_metric_batch batch
              LEFT JOIN (%(select_known)s) known ON known_partner_id = batch.partner_id
              LEFT JOIN (%(complaints)s) complaint ON complaint.partner_id = batch.partner_id
              LEFT JOIN (%(answers)s) answer ON answer.partner_id = batch.partner_id
              %(estimates_join)s
            """,
            known=names(f"known_{name}" for name in KNOWN),
            company=company.id,
            decimals=company.currency_id.decimal_places,
            interval_decimals=self._decimals("interval_days"),
            **self._scores_sql(cuts),
            select_known=self._select_known(company),
            complaints=self._select_open_complaints(company),
            answers=self._select_csat(company),
            estimates=estimates,
            estimates_join=estimates_join,
        )

    @api.model
    def _decimals(self, name):
        """:returns: how many decimals of a figure are kept"""
        return self._fields[name].get_digits(self.env)[1]

    @api.model
    def _select_known(self, company):
        """:returns: SQL of the rows as they are, each column's name with ``known_`` before it"""
        return SQL(
            "SELECT %s FROM customer_metric WHERE company_id = %s",
            SQL(", ").join(SQL("%s AS %s", SQL.identifier(name), SQL.identifier(f"known_{name}")) for name in KNOWN),
            company.id,
        )

    @api.model
    def _select_open_complaints(self, company):
        return SQL(
            """
            SELECT commercial_partner_id AS partner_id, COUNT(*) AS open_complaints
              FROM service_ticket
             WHERE company_id = %s AND type = 'complaint' AND stage_category NOT IN %s
             GROUP BY commercial_partner_id
            """,
            company.id,
            DONE_CATEGORIES,
        )

    @api.model
    def _select_csat(self, company):
        """The mean of all marks that a customer and his contacts ever gave for an answer."""
        return SQL(
            """
            SELECT contact.commercial_partner_id AS partner_id, AVG(csat) AS csat, COUNT(*) AS csat_count
              FROM service_feedback feedback
              JOIN res_partner contact ON contact.id = feedback.partner_id
             WHERE feedback.company_id = %s AND answered_on IS NOT NULL AND csat > 0
             GROUP BY contact.commercial_partner_id
            """,
            company.id,
        )


def names(columns):
    return SQL(", ").join(map(SQL.identifier, columns))


def _update_on_conflict(columns):
    values = (SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name)) for name in columns)
    return SQL("ON CONFLICT (partner_id, company_id) DO UPDATE SET %s", SQL(", ").join(values))
