from odoo import api, fields, models
from odoo.tools import SQL


class CustomerSegmentMember(models.Model):
    """Who is in a segment that keeps its members. Written by one statement, read through the contacts only."""

    _name = "customer.segment.member"
    _description = "Stored Member of a Segment"
    _rec_name = "partner_id"
    _order = "id"
    _log_access = False

    segment_id = fields.Many2one("customer.segment", required=True, ondelete="cascade", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="restrict", index=True, readonly=True
    )
    since = fields.Datetime(required=True, readonly=True)

    # Serves the members of a segment, and keeps a customer from being in it twice.
    _segment_partner_uidx = models.UniqueIndex("(segment_id, partner_id)")

    @api.model
    def _merge(self, source, target):
        """Members that are merged into another: he is in all their segments, once in each."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM customer_segment_member gone
                      USING customer_segment_member kept
                      WHERE gone.segment_id = kept.segment_id AND gone.partner_id = ANY(%(source)s)
                        AND (kept.partner_id = %(target)s
                             OR (kept.partner_id = ANY(%(source)s) AND kept.id < gone.id))
                """,
                source=source.ids,
                target=target.id,
            )
        )

    @api.model
    def _forget(self, partners):
        """Being in a segment keeps no contact from being deleted."""
        self.env.cr.execute(SQL("DELETE FROM customer_segment_member WHERE partner_id = ANY(%s)", partners.ids))


class CustomerSegment(models.Model):
    """Segments that keep their members until they are refreshed."""

    _inherit = "customer.segment"

    refreshed_at = fields.Datetime(readonly=True, copy=False)
    came_count = fields.Integer("Came Since", compute="_compute_came_and_left")
    left_count = fields.Integer("Left Since", compute="_compute_came_and_left")

    @api.depends("partner_domain", "metric_domain", "kind", "user_id", "refreshed_at")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_came_and_left(self):
        """How many the rule would bring in by now, and send away; as far as the reader may see them."""
        static = self._origin.filtered(lambda segment: segment.kind == "static")
        readable = self.env["res.partner"]._search([]).subselect()
        counts = []
        for which in (CustomerSegment._came_sql, CustomerSegment._left_sql):
            question = lambda one, which=which: SQL(  # noqa: E731
                "SELECT COUNT(*) FROM (%s) changed WHERE id IN %s", which(one), readable
            )
            counts.append(static._ask_all(question)[0])
        for segment in self:
            segment.came_count, segment.left_count = (found.get(segment._origin.id, 0) for found in counts)

    def _came_sql(self):
        """Whom the rule finds now and did not when the members were stored."""
        return SQL("(%s) EXCEPT (%s)", self.sudo()._rule_sql(), self._members_sql())  # sudo: see _members_sql

    def _left_sql(self):
        """Stored members whom the rule does not find any more."""
        return SQL("(%s) EXCEPT (%s)", self._members_sql(), self.sudo()._rule_sql())  # sudo: see _members_sql

    def action_refresh(self):
        """Store whom the rule finds now.

        :raises UserError: when the rule cannot be asked
        """
        self.check_access("write")
        self._refresh_members()

    def _refresh_members(self):
        """One statement per segment, whatever the number of members; who stays keeps the day he came."""
        for segment in self:
            statement = SQL(
                """
                WITH found AS MATERIALIZED (%(rule)s),
                     gone AS (DELETE FROM customer_segment_member member
                               WHERE segment_id = %(segment)s
                                 AND NOT EXISTS (SELECT FROM found WHERE found.id = member.partner_id))
                INSERT INTO customer_segment_member (segment_id, partner_id, since)
                SELECT %(segment)s, id, NOW() AT TIME ZONE 'UTC' FROM found
                ON CONFLICT (segment_id, partner_id) DO NOTHING
                """,
                rule=segment.sudo()._rule_sql(),  # sudo: see _members_sql
                segment=segment.id,
            )
            self.env.flush_query(statement)
            self.env.cr.execute(statement)
        # sudo: who may refresh was checked by the callers; the day is not his to write.
        self.sudo().refreshed_at = fields.Datetime.now()
        self.env["customer.segment.member"].invalidate_model()
        self.invalidate_recordset(["member_count", "came_count", "left_count", "problem"])
