from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.tools import SQL

from ..cohorts import add_months, first_of_month, months_between
from .customer_metric_day import ALL

# Contact numbers per batch and transaction: bounds how much work a stopped server loses. PostgreSQL sorts on disk, and
# of most companies all customers are one batch, whose facts are read once: cut points come from the batch itself.
BATCH = 2_000_000
SNAPSHOT_MONTHS = 12  # so many months before the addon came are worked out from the facts


class CustomerMetricRun(models.Model):
    """How far the work on the figures of a company and day has come.

    It goes contact number by contact number, a batch per transaction; ``next_partner`` is where the next one begins, so
    a run that was stopped goes on from there. The cut points are those of the whole company, taken with the first batch.
    """

    _name = "customer.metric.run"
    _description = "Work on the Figures of Customers"
    _order = "as_of DESC, id DESC"
    _rec_name = "as_of"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    kind = fields.Selection(
        [("figures", "Figures of Today"), ("snapshot", "End of a Month")], required=True, readonly=True
    )
    as_of = fields.Date("As of", required=True, readonly=True)
    cuts = fields.Json("Cut Points", readonly=True, help="See customer.metric._cut_points.")
    retention_model_id = fields.Many2one("retention.model", "Estimated by", readonly=True, ondelete="set null")
    next_partner = fields.Integer("Next Contact", readonly=True, default=1)
    last_partner = fields.Integer("Last Contact", readonly=True)
    customers = fields.Integer(readonly=True)
    finished_at = fields.Datetime(readonly=True)

    # Serves finding the run to go on with; and nobody begins one twice.
    _company_kind_day_uidx = models.UniqueIndex("(company_id, kind, as_of)")

    @api.model
    def _begin(self, company, kind, as_of):
        """:returns: the run for a day, begun where there is none yet"""
        run = self.search([("company_id", "=", company.id), ("kind", "=", kind), ("as_of", "=", as_of)])
        if run:
            return run
        [[last]] = self.env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM res_partner"))
        if kind == "figures":
            self.search([("company_id", "=", company.id), ("kind", "=", kind), ("as_of", "!=", as_of)]).unlink()
        return self.create(
            {
                "company_id": company.id,
                "kind": kind,
                "as_of": as_of,
                "retention_model_id": self.env["retention.model"]._last_good(company, as_of).id,
                "last_partner": last,
            }
        )

    @api.model
    def _do_again(self, companies):
        """Have the figures of today worked out anew, by the scheduled job, right away."""
        self.search([("company_id", "in", companies.ids), ("kind", "=", "figures")]).unlink()
        # Whoever asks for it wants the facts read, not what is known.
        self.env["customer.metric.day"].search([("company_id", "in", companies.ids)]).basis = False
        if job := self.env.ref("crm_analytics.ir_cron_customer_metrics", raise_if_not_found=False):
            job._trigger()

    def _next_batch(self, size=BATCH):
        """Do one batch, in this transaction.

        :returns: whether anything is left to do here; also False when another one is at work on this run
        """
        self.ensure_one()
        if not self.try_lock_for_update() or self.finished_at:
            return False
        first, last = self.next_partner, self.next_partner + size - 1
        finished = last >= self.last_partner
        metrics, cuts = self.env["customer.metric"], self.cuts
        whole = first == 1 and finished  # the batch is the whole company
        if not cuts and not whole:
            cuts = metrics._cut_points_of_facts(self.company_id, self.as_of)
        write = metrics._write_batch if self.kind == "figures" else metrics._snapshot_batch
        where = SQL("partner_id BETWEEN %s AND %s", first, last)
        done, cuts = write(self.company_id, self.as_of, cuts, self.retention_model_id, where)
        if self.kind == "figures":
            basis = metrics._counting_basis(self.company_id, self.retention_model_id) if whole else None
            self.env["customer.metric.day"]._note(
                self.company_id, self.as_of, ALL if finished else last + 1, basis=basis
            )
            self.env["customer.metric.change"]._forget(self.company_id, where)
        self.write(
            {
                "cuts": cuts,
                "customers": self.customers + done,
                "next_partner": last + 1,
                "finished_at": fields.Datetime.now() if finished else False,
            }
        )
        return not finished

    def _progress(self):
        """:returns: 0 to 1; None when finished"""
        self.ensure_one()
        return None if self.finished_at else (self.next_partner - 1) / max(self.last_partner, 1)

    @api.model
    def _cron_run(self):
        """Scheduled each night: fit where due, bring all figures up to date, keep the months that are over."""
        cron = self.env["ir.cron"]

        def commit():
            # How many batches are left nobody knows before they are begun: at least one.
            return cron._commit_progress(1, remaining=1)

        companies = self.env["res.company"].search([])  # pylint: disable=no-search-all  # a handful
        if all(self._work_on(company, commit) for company in companies):
            cron._commit_progress(remaining=0)

    @api.model
    def _work_on(self, company, commit):
        """Do all that is to be done for a company today; what is done already is passed over.

        :param commit: called after each batch; ends the transaction and tells how many seconds are left
        :returns: whether all is done
        """
        self.env["retention.model"]._fit_if_due(company)
        if not commit():
            return False
        for kind, as_of in self._due(company):
            run = patiently(self.env, lambda kind=kind, as_of=as_of: self._begin(company, kind, as_of))
            while patiently(self.env, run._next_batch):
                if not commit():
                    return False
            if not commit():
                return False
        return True

    @api.model
    def _due(self, company):
        """:returns: list of (kind, day): today first, then the ends of the months that are over, the newest first"""
        today = company._purchase_today()
        due = [("figures", today)]
        [[first]] = self.env.execute_query(
            SQL("SELECT MIN(month) FROM customer_purchase_month WHERE company_id = %s", company.id)
        )
        if first:
            running = first_of_month(today)
            months = min(SNAPSHOT_MONTHS, months_between(first, running))
            ends = [add_months(running, -back) - timedelta(days=1) for back in range(months)]
            done = set(
                self.search(
                    [("company_id", "=", company.id), ("kind", "=", "snapshot"), ("finished_at", "!=", False)]
                ).mapped("as_of")
            )
            due += [("snapshot", end) for end in ends if end not in done]
        return due
