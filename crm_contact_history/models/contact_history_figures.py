from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..sql_access import may_read, may_read_document, readable_documents, readable_ids

SEES_ALL = "crm_contact_history.group_front_desk_manager"


class ContactHistoryEntry(models.Model):
    """Which contacts count in a figure that somebody sees: those of which he may read the record behind.

    "Last contact: 3 May" tells as much as an entry. Pages of the history ask record by record; a report over millions of
    entries cannot, so the same rights are told to the database here. Where that cannot be exact (mail on kinds of
    documents that the history does not know), a contact is left out rather than told.
    """

    _inherit = "contact.history.entry"

    @api.model
    def _counts_for_reader(self, alias):
        """SQL condition on rows of the index: they count for this person.

        Administrators of the front desk count every contact of their companies, since figures on everybody are what
        their right is for; which document it was opens for them, too, only where they may read it.

        :param alias: of the index's table in the statement
        """
        if self.env.su or self.env.user.has_group(SEES_ALL):
            return SQL("TRUE")
        record_id, model = SQL.identifier(alias, "res_id"), SQL.identifier(alias, "res_model")
        sides = [
            SQL("%s = %s AND %s", model, source._name, condition)
            for source in self._readable_sources()
            if (condition := source._contact_history_told(alias) or source._contact_history_counts(record_id))
        ]
        return SQL("(%s)", SQL(" OR ").join(sides)) if sides else SQL("FALSE")

    def _readable_sources(self):
        return [self.env[name] for name in self._sources() if self.env[name].has_access("read")]

    @api.model
    def _entries_for_reader(self):
        """The same as a table, for reports over a period: SQL to stand in a FROM.

        The entries of each kind of record are joined to those that he may read, so that the database takes many at once.
        As a condition on each entry, rights were asked one by one, 9 microseconds each, and so dear in the planner's eyes
        that it walked the wrong index.
        """
        if self.env.su or self.env.user.has_group(SEES_ALL):
            return SQL.identifier(self._table)
        told, joined = [SQL("FALSE")], []
        for source in self._readable_sources():
            if condition := source._contact_history_told("e"):
                told.append(SQL("e.res_model = %s AND %s", source._name, condition))
            elif join := source._contact_history_readable_join(SQL("e.res_id")):
                joined.append(
                    SQL("SELECT e.* FROM contact_history_entry e %s AND e.res_model = %s", join, source._name)
                )
        # One walk for all that the index can tell.
        selects = [SQL("SELECT e.* FROM contact_history_entry e WHERE (%s)", SQL(" OR ").join(told)), *joined]
        return SQL("(%s)", SQL(" UNION ALL ").join(selects))


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    @api.model
    def _contact_history_told(self, alias):
        return None

    @api.model
    def _contact_history_counts(self, record_id):
        return may_read(self, record_id, self._contact_history_public())

    @api.model
    def _contact_history_readable_join(self, record_id):
        ids = readable_ids(self, self._contact_history_public())
        return ids and SQL("JOIN (%s) readable ON readable.id = %s", ids, record_id)

    def _contact_history_public(self):
        """As in the history: what others have marked as private is nothing for him."""
        # sudo: who keeps his calendar private, and nothing else of his settings.
        settings = self.env["res.users.settings"].sudo().search([("calendar_default_privacy", "=", "private")])
        is_private = Domain("privacy", "=", "private") | (
            Domain("privacy", "=", False) & Domain("user_id", "in", settings.user_id.ids)
        )
        is_his = Domain("user_id", "=", self.env.uid) | Domain("partner_ids", "in", self.env.user.partner_id.ids)
        return ~is_private | is_his


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model
    def _contact_history_told(self, alias):
        return None

    @api.model
    def _contact_history_counts(self, record_id):
        """As core: his own, and those on documents that he may read."""
        return SQL(
            "EXISTS (SELECT 1 FROM mail_activity a WHERE a.id = %s AND (a.user_id = %s OR %s))",
            record_id,
            self.env.uid,
            may_read_document(self.env, SQL.identifier("a", "res_model"), SQL.identifier("a", "res_id")),
        )

    @api.model
    def _contact_history_readable_join(self, record_id):
        joins, document = readable_documents(self.env, SQL("a.res_model"), SQL("a.res_id"))
        return SQL(
            "JOIN mail_activity a ON a.id = %s %s WHERE (a.user_id = %s OR %s)",
            record_id,
            joins,
            self.env.uid,
            document,
        )


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model
    def _contact_history_told(self, alias):
        return None

    @api.model
    def _contact_history_counts(self, record_id):
        """As core: what he wrote or was sent, and what stands on documents that he may read."""
        return SQL(
            """
            EXISTS (SELECT 1 FROM mail_message m
                     WHERE m.id = %(record_id)s
                       AND (m.author_id = %(me)s OR %(document)s
                            OR EXISTS (SELECT 1 FROM mail_message_res_partner_rel r
                                        WHERE r.mail_message_id = m.id AND r.res_partner_id = %(me)s)))
            """,
            record_id=record_id,
            me=self.env.user.partner_id.id,
            document=may_read_document(self.env, SQL.identifier("m", "model"), SQL.identifier("m", "res_id")),
        )

    @api.model
    def _contact_history_readable_join(self, record_id):
        joins, document = readable_documents(self.env, SQL("m.model"), SQL("m.res_id"))
        return SQL(
            """
            JOIN mail_message m ON m.id = %(record_id)s %(joins)s
           WHERE (m.author_id = %(me)s OR %(document)s
                  OR EXISTS (SELECT 1 FROM mail_message_res_partner_rel r
                              WHERE r.mail_message_id = m.id AND r.res_partner_id = %(me)s))
            """,
            record_id=record_id,
            joins=joins,
            me=self.env.user.partner_id.id,
            document=document,
        )
