import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .customer_segment_rule import REFUSED

_logger = logging.getLogger(__name__)

LIST_BATCH = 1000
MOST_AT_ONCE = 5  # batches while somebody waits; the scheduled job does the rest


class CustomerSegment(models.Model):
    """A segment as one of core's mailing lists, kept in step.

    Who comes to the segment is put on the list, who leaves it is taken off; whom somebody put on the list by hand stays.
    Who unsubscribed is never put on it again, under no address and not by a merge of contacts; nor is who is on the
    blacklist. One entry per e-mail address, as core has it.
    """

    _inherit = "customer.segment"

    mailing_list_id = fields.Many2one(
        "mailing.list",
        copy=False,
        tracking=True,
        index="btree_not_null",  # serves the scheduled job
        help="Kept in step with the segment every night, and by its button.",
    )
    list_updated_at = fields.Datetime("List Updated", readonly=True, copy=False)

    def action_update_list(self):
        """Bring the mailing list in step, making one where there is none.

        :raises UserError: when the rule cannot be asked
        """
        self.check_access("write")
        self.env["mailing.subscription"].check_access("create")
        for segment in self:
            if not segment.mailing_list_id:
                segment.mailing_list_id = self.env["mailing.list"].create({"name": segment.name})
            left = segment._update_list_at_once()
            if left:
                self.env.ref("crm_analytics.ir_cron_update_segment_lists")._trigger()

    def action_write_mailing(self):
        """A mailing to the list, which is brought in step first."""
        self.ensure_one()
        self.action_update_list()
        return self.mailing_list_id.action_send_mailing()

    def action_open_list(self):
        """Who is on the list."""
        self.ensure_one()
        return self.mailing_list_id.action_view_contacts()

    def _update_list_at_once(self):
        """:returns: whether some are left to be put on the list"""
        self._leave_list()
        for __ in range(MOST_AT_ONCE):
            if not self._join_list():
                self._note_list_updated()
                return False
        return True

    def _note_list_updated(self):
        # sudo: called by those who checked the right to change the segment, or the scheduled job
        self.sudo().list_updated_at = fields.Datetime.now()

    def _leave_list(self):
        """Take off the list who came by this segment and is not in it any more. One statement."""
        self.ensure_one()
        self._ask_list(
            SQL(
                """
                DELETE FROM mailing_subscription subscription
                      USING mailing_contact contact
                      WHERE contact.id = subscription.contact_id
                        AND subscription.customer_segment_id = %(segment)s
                        AND subscription.list_id = %(list)s
                        AND subscription.opt_out IS NOT TRUE
                        AND NOT EXISTS (SELECT FROM wanted WHERE wanted.email_normalized = contact.email_normalized)
                """,
                segment=self.id,
                list=self.mailing_list_id.id,
            )
        )
        self._forget_list()

    def _join_list(self, limit=LIST_BATCH):
        """Put the next members on the list who are not on it.

        :returns: how many were put on it
        """
        self.ensure_one()
        missing = self._ask_list(
            SQL(
                """
                SELECT wanted.id, wanted.name, wanted.email_normalized, contact.id
                  FROM wanted
             LEFT JOIN LATERAL (SELECT id FROM mailing_contact
                                 WHERE mailing_contact.email_normalized = wanted.email_normalized
                                 ORDER BY id LIMIT 1) contact ON TRUE
                 WHERE NOT EXISTS (SELECT FROM listed WHERE listed.email_normalized = wanted.email_normalized)
                 ORDER BY wanted.id
                 LIMIT %s
                """,
                limit,
            )
        ).fetchall()
        Contact = self.env["mailing.contact"].with_context(tracking_disable=True, mail_create_nosubscribe=True)
        unknown = [row for row in missing if not row[3]]
        made = Contact.create([{"name": name, "email": email} for __, name, email, __ in unknown])
        contact_of = {row[0]: contact.id for row, contact in zip(unknown, made, strict=True)}
        self.env["mailing.subscription"].create(
            [
                {
                    "contact_id": known or contact_of[partner_id],
                    "list_id": self.mailing_list_id.id,
                    "customer_segment_id": self.id,
                    "segment_partner_id": partner_id,
                }
                for partner_id, __, __, known in missing
            ]
        )
        self._forget_list()
        return len(missing)

    def _ask_list(self, statement):
        """Run a statement that knows ``wanted`` (members with an address to whom may be written: id, name,
        email_normalized) and ``listed`` (email_normalized, opt_out and segment_partner_id of the list's entries).

        :raises UserError: when the rule cannot be asked
        """
        statement = SQL(
            """
            WITH listed AS (
                SELECT contact.email_normalized, subscription.opt_out, subscription.segment_partner_id
                  FROM mailing_subscription subscription
                  JOIN mailing_contact contact ON contact.id = subscription.contact_id
                 WHERE subscription.list_id = %(list)s
            ),
            wanted AS MATERIALIZED (
                SELECT DISTINCT ON (partner.email_normalized) partner.id, partner.name, partner.email_normalized
                  FROM (%(members)s) member
                  JOIN res_partner partner ON partner.id = member.id
                 WHERE partner.email_normalized IS NOT NULL AND partner.active
                   AND NOT EXISTS (SELECT FROM mail_blacklist black
                                    WHERE black.active AND black.email = partner.email_normalized)
                   AND NOT EXISTS (SELECT FROM listed
                                    WHERE listed.opt_out AND listed.email_normalized = partner.email_normalized)
                   AND NOT EXISTS (SELECT FROM listed
                                    WHERE listed.opt_out AND listed.segment_partner_id = partner.id)
                 ORDER BY partner.email_normalized, partner.id
            )
            %(statement)s
            """,
            list=self.mailing_list_id.id,
            members=self._members_sql(),
            statement=statement,
        )
        self.env.flush_all()
        self.env.cr.execute(statement)
        return self.env.cr

    def _forget_list(self):
        self.env["mailing.subscription"].invalidate_model()
        self.env["mailing.contact"].invalidate_model(["list_ids", "subscription_ids"])
        self.mailing_list_id.invalidate_recordset()

    @api.model
    def _cron_update_lists(self):
        """Scheduled: bring all lists in step, the one that waited longest first, some people per transaction.

        A broken rule leaves its list as it is and holds up nobody else's.
        """
        segments = self.search([("mailing_list_id", "!=", False)], order="list_updated_at NULLS FIRST, id")
        commit = self.env["ir.cron"]._commit_progress
        for done, segment in enumerate(segments):
            try:
                segment._leave_list()
                while joined := segment._join_list():
                    if not commit(joined, remaining=len(segments) - done):
                        return
                segment._note_list_updated()
            except (UserError, *REFUSED) as error:
                self.env.cr.rollback()  # of this list only, what was done before is committed
                _logger.warning("The mailing list of segment %s stays as it is: %s", segment.id, error)
            if not commit(1, remaining=len(segments) - done - 1):
                return
