from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.tools import SQL

# Days counted between two commits. The months of a customer are counted anew in each batch that has a day of his, and those of
# the best customers take longest: larger batches count them less often.
BATCH = 20_000


class CustomerPurchaseQueue(models.Model):
    """Which days of which customers are to be counted anew, because a document changed.

    Rows are only ever appended by those who change documents, and deleted by the one who counts. There is no unique
    key on purpose: a change that is committed while the same day is being counted adds its own row, which the count at
    work cannot see and therefore leaves for the next.
    """

    _name = "customer.purchase.queue"
    _description = "Purchases to Count Anew"
    _order = "id"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="restrict", readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict", readonly=True)
    day = fields.Date(required=True, readonly=True)
    queued_at = fields.Datetime(required=True, readonly=True)

    @api.model
    def _enqueue_documents(self, documents):
        """Note the customers and days of documents as the database has them now. One statement, whatever their number.

        :param documents: records of a model that inherits ``customer.purchase.source``; those that are no purchases
            (a quotation, a cancelled order) are passed over
        """
        if documents.ids:
            self._enqueue(documents._purchase_parts_of(list(documents.ids)))

    @api.model
    def _enqueue_contacts(self, partner_ids):
        """Note all days on which some contacts bought, for the customers they belong to now."""
        if partner_ids:
            self._enqueue_all(SQL("contact.id = ANY(%s)", list(partner_ids)))

    @api.model
    def _enqueue_companies(self, company_ids):
        """Note all days on which anybody bought from some companies."""
        if company_ids:
            self._enqueue_all(SQL("company.id = ANY(%s)", list(company_ids)))

    @api.model
    def _enqueue_all(self, condition):
        self._enqueue([(part, condition) for part in self.env["customer.purchase"]._purchase_parts()])

    @api.model
    def _enqueue_products(self, template_ids):
        """Note all days on which some products were bought."""
        condition = SQL("template.id = ANY(%s)", list(template_ids))
        parts = self.env["customer.purchase"]._purchase_parts()
        self._enqueue_keys([part.keys_by_product(condition) for part in parts])

    @api.model
    def _enqueue(self, parts):
        """:param parts: list of (PurchasePart, SQL condition)"""
        self._enqueue_keys([part.keys(condition) for part, condition in parts])

    @api.model
    def _enqueue_keys(self, selects):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_purchase_queue (partner_id, company_id, day, queued_at)
                SELECT DISTINCT partner_id, company_id, day, NOW() AT TIME ZONE 'UTC' FROM (%s) purchase
                 WHERE day IS NOT NULL
                """,
                SQL(" UNION ALL ").join(selects),
            )
        )

    @api.model
    def _drain_batch(self, limit=BATCH):
        """Count what has waited longest, in this transaction.

        To be called at the beginning of a transaction, see ``_lock_counting``.

        :returns: how many rows of the queue were done; 0 when it is empty
        """
        self._lock_counting()
        self.env["customer.purchase.branch"]._count_outdated()
        # One id worked out once, not a join: of a queue that has just filled PostgreSQL knows no size, and would choose to
        # sort it anew for each of its rows.
        keys = self.env.execute_query(
            SQL(
                """
                DELETE FROM customer_purchase_queue
                 WHERE id <= (SELECT max(id)
                                FROM (SELECT id FROM customer_purchase_queue ORDER BY id LIMIT %s) longest_waiting)
             RETURNING partner_id, company_id, day
                """,
                limit,
            )
        )
        self.env["customer.purchase"]._recompute_days(keys)
        self.env["customer.purchase.cell"]._sum_up()
        self.invalidate_model()
        return len(keys)

    @api.model
    def _lock_counting(self):
        """One counts at a time, until the end of the transaction; readers and sellers are not held up.

        Two counts at once could each miss the other's first month of the same customer. Locking the table, unlike any
        SELECT, does not fix what the transaction sees: as the first statement of a transaction it waits for the other
        count and then sees its result.
        """
        self.env.cr.execute(SQL("LOCK TABLE customer_purchase IN SHARE UPDATE EXCLUSIVE MODE"))

    @api.model
    def _cron_drain(self):
        """Scheduled: count all that waits, a batch per transaction; what is not reached in time waits for the next."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count([]))
        while done := patiently(self.env, self._drain_batch):
            if not cron._commit_progress(done):
                break
