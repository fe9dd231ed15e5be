from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .. import rolls

# Customers per transaction of a full build: bounds what is lost by a kill, and the memory that sorting takes.
BUILD_BATCH = 250_000


class CustomerPurchaseBuild(models.Model):
    """A company's purchases are being counted anew, or were: one row per company, with how far it is.

    Customers are counted in the order of their ids, so many per transaction. How far it is belongs to the same
    transaction: a process that is killed loses its batch, and the next goes on behind the last one. Meanwhile figures
    of customers not yet reached are the old ones, and changes are counted as ever.
    """

    _name = "customer.purchase.build"
    _description = "Full Count of Purchases"
    _order = "company_id"
    _rec_name = "company_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("running", "Counting"), ("done", "Done")],
        required=True,
        default="waiting",
        readonly=True,
    )
    done = fields.Integer("Customers Done", readonly=True)
    total = fields.Integer("Customers", readonly=True)
    position = fields.Integer(readonly=True, help="Id of the last customer that is done.")
    requested_at = fields.Datetime(readonly=True)
    started_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)

    rolled = fields.Boolean(readonly=True, help="The rolls of its customers are all there, see customer.purchase.roll.")
    next_span = fields.Integer(readonly=True, help="Of which customers the rolls are made next.")

    progress = fields.Float("Progress (%)", compute="_compute_progress")

    # Serves the request for a company's count, of which there is one.
    _company_uidx = models.UniqueIndex("(company_id)")

    @api.depends("done", "total", "state")
    def _compute_progress(self):
        for build in self:
            build.progress = 100.0 * build._share_done()

    def _share_done(self):
        """:returns: 0 to 1"""
        if self.state == "done":
            return 1.0
        # Contacts may be added while it runs, so never the whole before the end.
        return min(self.done / self.total, 0.99) if self.total else 0.0

    @api.model
    def _building(self, companies):
        """How far the counting of all purchases of some companies has come.

        :returns: 0 to 1; None when all is counted
        """
        # sudo: how far the counting is, is no figure about customers.
        builds = self.sudo().search([("company_id", "in", companies.ids)])
        if all(build.state == "done" for build in builds):
            return None
        return sum(build._share_done() for build in builds) / len(builds)

    def action_count_anew(self):
        """Have all purchases counted anew: of these companies, or of those chosen in the company switcher.

        :raises AccessError: to who is no administrator of customer analytics
        """
        if not self.env.user.has_group("crm_analytics.group_analytics_manager"):
            raise AccessError(
                self.env._("Only administrators of customer analytics may have all purchases counted anew.")
            )
        self.check_access("read")
        self._request(self.company_id or self.env.companies)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "All purchases will be counted anew. Until then, screens show what was counted before."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _request(self, companies):
        """Have all purchases of some companies counted anew, from the beginning, by the scheduled job."""
        if not companies.ids:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_purchase_build (company_id, state, done, total, position, requested_at)
                SELECT id, 'waiting', 0, 0, 0, NOW() AT TIME ZONE 'UTC' FROM res_company WHERE id = ANY(%s)
                ON CONFLICT (company_id) DO UPDATE
                   SET state = 'waiting', done = 0, total = 0, position = 0, requested_at = EXCLUDED.requested_at,
                       started_at = NULL, finished_at = NULL
                """,
                companies.ids,
            )
        )
        self.invalidate_model()
        # sudo: a job that waits is no secret and its moment harms nobody; whether he may ask was seen before.
        job = self.env.ref("crm_analytics.ir_cron_build_purchases", raise_if_not_found=False)
        if job:
            job.sudo()._trigger()

    @api.model
    def _build_batch(self, limit=None):
        """Count the next customers, in this transaction.

        To be called at the beginning of a transaction, see ``customer.purchase.queue._lock_counting``.

        :returns: how many customers were done; 0 when no company waits any more
        """
        self.env["customer.purchase.queue"]._lock_counting()
        builds = self._next()
        if not builds:
            return 0
        first = builds[0].position
        last, number = self._next_customers(first, limit or BUILD_BATCH)
        self._forget_queued(builds.company_id.ids, first, last)
        self.env["customer.purchase"]._recount_customers(builds.company_id.ids, first, last)
        self.env["customer.purchase.cell"]._sum_up()
        builds._note(last, number)
        return number or 1

    @api.model
    def _next(self):
        """The companies whose count has got least far: they are counted together."""
        open_ones = self.search([("state", "!=", "done")], order="position")
        return open_ones.filtered(lambda build: build.position == open_ones[0].position)

    @api.model
    def _next_customers(self, position, limit):
        """:returns: id of the last customer of the next batch, None when no customer is behind it; how many they are"""
        [[last, number]] = self.env.execute_query(
            SQL(
                """
                SELECT MAX(id), COUNT(*) FROM (
                       SELECT id FROM res_partner WHERE id > %s AND commercial_partner_id = id
                        ORDER BY id LIMIT %s) batch
                """,
                position,
                limit,
            )
        )
        return (last, number) if number == limit else (None, number)

    def _forget_queued(self, company_ids, first, last):
        """Changes that wait for these customers are counted with all the rest."""
        until = SQL("AND partner_id <= %s", last) if last is not None else SQL()
        self.env.cr.execute(
            SQL(
                "DELETE FROM customer_purchase_queue WHERE company_id = ANY(%s) AND partner_id > %s %s",
                company_ids,
                first,
                until,
            )
        )
        self.env["customer.purchase.queue"].invalidate_model()

    def _note(self, last, number):
        """How far it is now, in the transaction of the batch."""
        now = fields.Datetime.now()
        for build in self:
            values = {"done": build.done + number, "state": "running"}
            if not build.started_at:
                values["started_at"] = now
                values["total"] = self._count_customers()
            if last is None:
                values |= {"state": "done", "finished_at": now, "total": values["done"]}
            else:
                values["position"] = last
            build.write(values)
        self.flush_model()
        if last is None:
            if job := self.env.ref("crm_analytics.ir_cron_roll_purchases", raise_if_not_found=False):
                job.sudo()._trigger()  # sudo: a job that waits is no secret, and its moment harms nobody
            # millions of rows may be new
            self.env.cr.execute(
                SQL(
                    "ANALYZE customer_purchase, customer_purchase_month, customer_purchase_team,"
                    " customer_purchase_category, customer_purchase_branch, customer_purchase_cell"
                )
            )

    def _roll_span(self):
        """Make the rolls of the next span of customers, in this transaction."""
        self.ensure_one()
        [[last]] = self.env.execute_query(
            SQL(
                "SELECT COALESCE(MAX(partner_id), 0) >> %s FROM customer_purchase_month WHERE company_id = %s",
                rolls.SPAN_BITS,
                self.company_id.id,
            )
        )
        self.env["customer.purchase.roll"]._make(self.company_id.id, self.next_span)
        self.write({"next_span": self.next_span + 1, "rolled": self.next_span >= last})
        self.flush_recordset()

    @api.model
    def _count_customers(self):
        [[number]] = self.env.execute_query(SQL("SELECT COUNT(*) FROM res_partner WHERE commercial_partner_id = id"))
        return number

    @api.model
    def _cron_build(self):
        """Scheduled: count what was asked for, a batch per transaction; what is not reached in time waits for the next."""
        cron = self.env["ir.cron"]
        waiting = [("state", "!=", "done")]
        cron._commit_progress(remaining=self.search_count(waiting))
        while patiently(self.env, self._build_batch):
            if not cron._commit_progress(1, remaining=self.search_count(waiting)):
                break
