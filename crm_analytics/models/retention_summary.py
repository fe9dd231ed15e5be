import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.fields import Domain
from odoo.tools import SQL

from .retention_filters import RECORDS

# Ratings, tickets and memberships change without a word to us: so old may the figures be.
OLDEST = timedelta(hours=1)
# Figures that are made this fast are made anew for the reader whenever they may have changed.
QUICK = 1.0


class RetentionChange(models.Model):
    """That what a company's figures are made from has changed.

    Rows are only appended by those who change something, and deleted by who makes the figures anew: one who counts
    purchases and one who makes figures at the same time never wait for each other, nor does a change get lost.
    """

    _name = "retention.change"
    _description = "Outdated Figures of the Retention Dashboard"
    _rec_name = "company_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True, index=True)

    @api.model
    def _note(self, company_ids):
        """Have the figures of some companies made anew soon, unless that was asked for already."""
        noted = self.env.execute_query(
            SQL(
                """
                INSERT INTO retention_change (company_id)
                SELECT wanted.id FROM UNNEST(%s::int[]) AS wanted(id)
                 WHERE NOT EXISTS (SELECT FROM retention_change change WHERE change.company_id = wanted.id)
             RETURNING id
                """,
                list(company_ids),
            )
        )
        job = self.env.ref("crm_analytics.ir_cron_refresh_dashboard", raise_if_not_found=False)
        if noted and job:
            job.sudo()._trigger()  # sudo: a job that waits is no secret, and its moment harms nobody


class RetentionSummary(models.Model):
    """The figures of the dashboard as it opens, of one company: made by a scheduled job, so that it opens at once.

    Only the triangle is not among them: it has its own stored cells. The figures carry no text, and are the same for all
    who see the whole company.
    """

    _name = "retention.summary"
    _description = "Stored Figures of the Retention Dashboard"
    _order = "company_id"
    _rec_name = "company_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    figures = fields.Json(required=True, readonly=True, help="See retention.dashboard._counted_now.")
    as_of = fields.Datetime("As of", required=True, readonly=True)
    seconds = fields.Float(readonly=True, help="How long it took to make them.")

    # Serves the opening of the dashboard, which reads the row of a company.
    _company_uidx = models.UniqueIndex("(company_id)")

    def _serves(self, changed):
        """Whether these figures are shown: fresh ones, and old ones whose like takes long to make.

        :param changed: what they are made from has changed since
        """
        now = fields.Datetime.now()
        return self.filtered(lambda one: one.seconds > QUICK or not (changed or one.as_of <= now - OLDEST))

    @api.model
    def _refresh(self, company):
        """Make the figures of a company anew, as the superuser."""
        begun, now = time.monotonic(), fields.Datetime.now()
        dashboard = self.env["retention.dashboard"].with_context(allowed_company_ids=company.ids)
        _dashboard, filters = dashboard._read_filters({})
        values = {
            "figures": dashboard._counted_now(filters),
            "as_of": now,
            "seconds": time.monotonic() - begun,
        }
        self.env["retention.change"].search([("company_id", "=", company.id)]).unlink()
        summary = self.search([("company_id", "=", company.id)])
        if summary:
            summary.write(values)
        else:
            summary = self.create([{"company_id": company.id, **values}])
        return summary

    @api.model
    def _to_refresh(self):
        """:returns: companies whose figures are old, or were never made though somebody bought"""
        fresh = self.search([("as_of", ">", fields.Datetime.now() - OLDEST)]).company_id
        fresh -= self.env["retention.change"].search([("company_id", "!=", False)]).company_id
        others = self.env["res.company"].search([("id", "not in", fresh.ids)])
        months = self.env["customer.purchase.month"]
        return others.filtered(lambda company: months.search_count([("company_id", "=", company.id)], limit=1))

    @api.model
    def _cron_refresh(self):
        """Scheduled: a company per transaction; those not reached in time are done first thing next time."""
        cron = self.env["ir.cron"]
        companies = self._to_refresh()
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            patiently(self.env, lambda company=company: self._refresh(company))
            if not cron._commit_progress(1):
                break


class RetentionDashboard(models.AbstractModel):
    """Which view is told from stored figures."""

    _inherit = "retention.dashboard"

    @api.model
    def _read_view(self, filters, freshness):
        """:param filters: see ``load``
        :param freshness: see ``_freshness``
        :returns: (the dashboard, Filters, the retention.summary that tells this view, empty where none does)
        """
        summary = self._summary(filters, freshness["changed"])
        if summary and not (filters or {}).get("date_from") and not (filters or {}).get("date_to"):
            first, last = summary.figures["period"]
            filters = {**(filters or {}), "date_from": first, "date_to": last}
        dashboard, checked = self._read_filters(filters)
        if summary and summary.figures["period"] != self._plain([checked.period.first, checked.period.last]):
            summary = summary.browse()
        return dashboard, checked, summary

    @api.model
    def _summary(self, filters, changed):
        """The stored figures of the one company that is looked at, without filters, compared with the period before."""
        summaries = self.env["retention.summary"]
        filters = filters or {}
        if not isinstance(filters, dict) or any(filters.get(name) for name in ("segments", *RECORDS)):
            return summaries
        if len(self.env.companies) != 1 or filters.get("compare") not in (None, False, "previous"):
            return summaries
        if not self._sees_whole_companies():
            return summaries
        names = ["company_id", "figures", "as_of", "seconds"]
        found = summaries.search_fetch([("company_id", "=", self.env.company.id)], names, order="id")
        return found._serves(changed)

    @api.model
    def _sees_whole_companies(self):
        """Whether no rule hides a part of the companies' figures from the reader: else they are counted for him."""
        rules, companies = self.env["ir.rule"], Domain("company_id", "in", self.env.companies.ids)
        return all(
            rules._compute_domain(model, "read") in (Domain.TRUE, companies.optimize(self.env[model]))
            for model in ("customer.purchase.month", "customer.metric", "customer.metric.snapshot")
        )


class CustomerPurchase(models.Model):
    """Purchases that are counted anew outdate the stored figures."""

    _inherit = "customer.purchase"

    @api.model
    def _recount_customers(self, companies, first, last):
        result = super()._recount_customers(companies, first, last)
        self.env["retention.change"]._note(companies)
        return result

    @api.model
    def _recompute_days(self, keys):
        result = super()._recompute_days(keys)
        self.env["retention.change"]._note({company_id for _partner_id, company_id, _day in keys})
        return result


class CustomerMetricRun(models.Model):
    """So do figures of customers."""

    _inherit = "customer.metric.run"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("finished_at"):
            self.env["retention.change"]._note(self.company_id.ids)
        return result
