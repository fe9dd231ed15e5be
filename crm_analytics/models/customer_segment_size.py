from odoo import api, fields, models
from odoo.tools import SQL

BATCH = 20


class CustomerSegmentSize(models.Model):
    """How many customers were in a segment on a day: all whom its owner may read, a number without names."""

    _name = "customer.segment.size"
    _description = "Size of a Segment on a Day"
    _order = "day DESC, id DESC"
    _rec_name = "segment_id"
    _log_access = False

    segment_id = fields.Many2one("customer.segment", required=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="segment_id.company_id", store=True, readonly=True)
    day = fields.Date(required=True, readonly=True)
    customers = fields.Integer(readonly=True, aggregator="avg")

    # Serves the history of one segment, and keeps a day from being counted twice.
    _segment_day_uidx = models.UniqueIndex("(segment_id, day)")


class CustomerSegment(models.Model):
    """The history of a segment's size."""

    _inherit = "customer.segment"

    size_ids = fields.One2many("customer.segment.size", "segment_id", string="History of Size", readonly=True)

    def _store_sizes(self):
        """Note how many are in these segments today; done twice on a day, the last count holds.

        A segment whose rule is broken has no size on that day.
        """
        counts, problems = self._count_members()
        if counts:
            days = {company: company._purchase_today() for company in self.company_id}
            rows = [
                SQL("(%s, %s, %s::date, %s)", one.id, one.company_id.id, days[one.company_id], counts[one.id])
                for one in self
                if one.id in counts
            ]
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO customer_segment_size (segment_id, company_id, day, customers)
                    VALUES %s
                    ON CONFLICT (segment_id, day) DO UPDATE SET customers = EXCLUDED.customers
                    """,
                    SQL(", ").join(rows),
                )
            )
            self.env["customer.segment.size"].invalidate_model()
            self.invalidate_recordset(["size_ids"])
        return problems

    @api.model
    def _cron_count(self):
        """Scheduled: note the size of all segments, some per transaction. A broken rule holds up nobody else's."""
        segments = self.search([])  # pylint: disable=no-search-all  # there are few
        for start in range(0, len(segments), BATCH):
            batch = segments[start : start + BATCH]
            batch._tell_problems(batch._store_sizes())
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=len(segments) - start - len(batch)):
                return
