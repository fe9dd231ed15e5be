import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from .. import cohorts

LONGEST_PERIOD = 60  # months; more columns than that nobody reads
METRICS = ("customers", "revenue")
REFRESH_SECONDS = 5
REFRESH_CUSTOMERS = 20_000  # of a full count: as many as fit into these seconds


class CustomerPurchaseMonth(models.Model):
    """The retention dashboard: what it shows and what its cells open."""

    _inherit = "customer.purchase.month"

    @api.model
    @api.readonly
    def retention_dashboard(self, months=24, date_from=False, date_to=False, metric="customers"):
        """All that the retention dashboard shows, for the companies chosen in the company switcher.

        :param int months: length of the period, which ends with the newest purchase
        :param date_from, date_to: a period of the reader's choice instead: any day of its first and last month
        :param metric: see ``cohort_matrix``
        :returns: dict of ``cohorts`` and ``all_cohorts`` (see ``cohort_matrix``), ``period`` (``date_from`` and
            ``date_to``, first days of months; False when nothing was ever bought), ``companies`` (names),
            ``currency_id``, ``converted`` (amounts of several currencies were converted at today's rates),
            ``freshness`` (see ``customer.purchase.queue``)
        :raises UserError: when the period or the metric makes no sense
        :raises AccessError: to who may not read the figures
        """
        self.browse().check_access("read")
        first, last = self._retention_period(months, date_from, date_to)
        matrix = self.cohort_matrix(first, last, metric) if last else {"cohorts": [], "all_cohorts": []}
        return {
            **matrix,
            "period": {"date_from": first, "date_to": last},
            "companies": self.env.companies.mapped("name"),
            "currency_id": self.env.company.currency_id.id,
            "converted": len(self.env.companies.currency_id) > 1,
            "freshness": self._freshness(),
        }

    @api.model
    @api.readonly
    def cohort_matrix(self, date_from, date_to, metric="customers"):
        """Cohorts by the months in which they bought again; one statement, whatever the number of customers.

        Where several companies are chosen, a customer's first purchase is that from each company, and who bought from
        several counts once in a cell.

        :param date_from, date_to: any day of the first and the last month; cohorts of this period are shown, and
            what they bought within it
        :param metric: "customers" counts people only; "revenue" also sums up what they bought for, without taxes, in
            the currency of the present company, other companies' converted at today's rate
        :returns: dict of ``cohorts`` (see ``cohorts.build_matrix``) and ``all_cohorts`` (see ``cohorts.all_cohorts``)
        :raises UserError: when the period or the metric makes no sense
        :raises AccessError: to who may not read the figures
        """
        first, last = self._check_period(date_from, date_to)
        if metric not in METRICS:
            raise UserError(self.env._("There is no metric “%s”. Choose customers or revenue.", metric))
        running = cohorts.first_of_month(self.env.company._purchase_today())
        found = cohorts.build_matrix(self._matrix_rows(first, last, metric), last, running)
        return {"cohorts": found, "all_cohorts": cohorts.all_cohorts(found)}

    @api.model
    def action_open_cell(self, cohort_month, month):
        """The customers of a cell: first bought in ``cohort_month``, and bought in ``month``.

        :param cohort_month, month: any day of these months
        :returns: an action; its list holds exactly those counted, archived ones too
        """
        self.browse().check_access("read")
        cohort, month = self._to_month(cohort_month), self._to_month(month)
        if cohort == month:
            name = self.env._("First bought in %(month)s", month=self._month_name(cohort))
        else:
            name = self.env._(
                "First bought in %(first)s, bought in %(month)s",
                first=self._month_name(cohort),
                month=self._month_name(month),
            )
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "res.partner",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("purchase_month_ids", "any", self._cell_domain(cohort, month))],
            "context": {"active_test": False, "create": False},
            "help": self.env._("None of these customers bought in that month."),
        }

    @api.model
    def refresh_figures(self):
        """Count purchases that changed since the figures were made, for a few seconds.

        Anyone who may read the figures may have them counted: that shows nothing, and the scheduled job does the same.

        :returns: the freshness afterwards; when changes are left, call again
        """
        self.browse().check_access("read")
        # Checked above. Counting is the system's own work: nobody has rights to write figures.
        queue = self.env["customer.purchase.queue"].sudo()
        builds = self.env["customer.purchase.build"].sudo()  # as above
        end = time.monotonic() + REFRESH_SECONDS
        self.env["ir.cron"]._commit_progress()  # begin a transaction, see _lock_counting
        while builds._build_batch(REFRESH_CUSTOMERS) or queue._drain_batch():
            self.env["ir.cron"]._commit_progress()
            if time.monotonic() > end:
                break
        return self._freshness()

    @api.model
    def _freshness(self):
        """How fresh the figures of the reader's companies are.

        :returns: dict of ``queued``: changed days of customers that are not counted yet, ``as_of``: since when (the
            figures hold all changes until then); now when none is queued; ``building``: how far the counting of all
            purchases has come, 0 to 1, None when it is through. Until then figures are those of before
        """
        # The number of changes is no figure about customers; the companies are the reader's own.
        queue = self.env["customer.purchase.queue"].sudo()
        [[queued, oldest]] = queue._read_group(
            [("company_id", "in", self.env.companies.ids)], aggregates=["__count", "queued_at:min"]
        )
        building = self.env["customer.purchase.build"]._building(self.env.companies)
        return {"queued": queued, "as_of": oldest or fields.Datetime.now(), "building": building}

    @api.model
    def _retention_period(self, months, date_from, date_to):
        """:returns: first and last month of the period; two times False when nothing was ever bought"""
        if date_from or date_to:
            return self._check_period(date_from, date_to)
        if not isinstance(months, int):
            raise UserError(self.env._("“%s” is no number of months.", months))
        newest = self.search_fetch(
            [("company_id", "in", self.env.companies.ids)], ["month"], order="month DESC", limit=1
        )
        if not newest:
            return False, False
        return self._check_period(cohorts.add_months(newest.month, 1 - months), newest.month)

    @api.model
    def _check_period(self, date_from, date_to):
        if not (date_from and date_to):
            raise UserError(self.env._("Choose both the first and the last month of the period."))
        first, last = self._to_month(date_from), self._to_month(date_to)
        if first > last:
            raise UserError(self.env._("The period ends before it begins. Choose a later last month."))
        if cohorts.months_between(first, last) >= LONGEST_PERIOD:
            raise UserError(self.env._("Choose a period of at most %s months.", LONGEST_PERIOD))
        return first, last

    @api.model
    def _to_month(self, value):
        try:
            return cohorts.first_of_month(fields.Date.to_date(value))
        except (TypeError, ValueError, AttributeError) as error:
            raise UserError(self.env._("“%s” is no date. Write it as 2025-12-31.", value)) from error

    @api.model
    def _month_name(self, month):
        return format_date(self.env, month, date_format="LLLL yyyy")

    @api.model
    def _cell_domain(self, cohort, month):
        return [("company_id", "in", self.env.companies.ids), ("cohort_month", "=", cohort), ("month", "=", month)]

    @api.model
    def _matrix_rows(self, first, last, metric):
        """:returns: tuples (cohort's month, month, customers, amount or None), as the reader may see them"""
        companies = self.env.companies
        query = self._search([
            ("company_id", "in", companies.ids),
            ("cohort_month", ">=", first),
            ("cohort_month", "<=", last),
            ("month", "<=", last),
        ])  # fmt: skip
        cohort, month = (SQL.identifier(query.table, name) for name in ("cohort_month", "month"))
        # A customer has one row per month and company: only with several companies there is something to deduplicate.
        people = (
            SQL("COUNT(DISTINCT %s)", SQL.identifier(query.table, "partner_id"))
            if len(companies) > 1
            else SQL("COUNT(*)")
        )
        amount = self._amount_in_company_currency(query) if metric == "revenue" else SQL("NULL")
        query.groupby = SQL("%s, %s", cohort, month)
        return self.env.execute_query(query.select(cohort, month, people, amount))

    @api.model
    def _amount_in_company_currency(self, query):
        amount, company = (SQL.identifier(query.table, name) for name in ("amount", "company_id"))
        currency, today = self.env.company.currency_id, self.env.company._purchase_today()
        cases = [
            SQL("WHEN %s THEN %s", other.id, currency._get_conversion_rate(other.currency_id, currency, other, today))
            for other in self.env.companies
            if other.currency_id != currency
        ]
        if not cases:
            return SQL("SUM(%s)", amount)
        return SQL("SUM(%s * CASE %s %s ELSE 1 END)", amount, company, SQL(" ").join(cases))
