from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

# Entries looked at for one page at most: somebody who may read next to nothing of a customer with 100,000 entries, or
# looks for a word that is nowhere, gets a short page and where to go on, not a minute of waiting.
SCAN_LIMIT = 2000
PAGE_LIMIT = 200
# So many entries of one contact are quickly sorted.
FEW = 1000
# Rows looked through at once for a text.
TEXT_STEP = 500
# What lies further ahead, such as the meetings of next month, is no history yet. A day, because an invoice of today may
# be of tomorrow where the sun rises earlier than at Greenwich.
AHEAD = timedelta(days=1)


class ContactHistoryPage(models.Model):
    """Reading the history: pages of what this person may see."""

    _inherit = "contact.history.entry"

    @api.model
    @api.readonly
    def history_page(
        self,
        partner_id,
        before=None,
        limit=50,
        kinds=None,
        only_this_contact=False,
        channels=None,
        directions=None,
        user_ids=None,
        audience=None,
        text=None,
        until=None,
    ):
        """A page of a contact's history, newest first.

        A customer (a company, or a person of his own) shows the history of all his contacts too; a person who belongs
        to a company shows his own. An entry is shown only when this person may read its source record.

        :param int partner_id: the contact
        :param before: ``next`` of the page before, to go on from there
        :param int limit: entries wanted, 1 to 200
        :param kinds: list of kinds to show; all when empty
        :param bool only_this_contact: leave out the other contacts of a company
        :param channels: list of codes of ways of contact (``crm.touchpoint.channel``); all when empty
        :param directions: list of "in", "out" and "internal"; all when empty
        :param user_ids: list of users: entries of these people of ours; all when empty
        :param audience: "customer" for what was exchanged with him, "internal" for what only we know; else both
        :param str text: 2 to 80 characters that stand in the source record
        :param str until: only entries before this moment (UTC), such as the first of the next month to jump to a month
        :return: ``{"entries": [dict], "next": list | False}``. An entry has ``id``, ``happened_at`` (UTC, as text),
            ``has_time`` (False where only the day counts), ``kind``, ``channel`` with ``channel_label`` and
            ``channel_icon``, ``direction``, ``user`` (our person) and ``partner`` (names or False), ``partner_id``,
            ``model`` and ``res_id`` (what to open), ``title``, ``text``, ``amount``, ``status``, ``can_read`` (there is
            more, see ``history_read``). ``next`` is False at the end; a page can be short, or even empty, with a
            ``next`` when most entries are not for this person or do not hold the text
        :raises AccessError: when this person may not read the contact, or is not one of our own people
        :raises UserError: for an argument that makes no sense, with a sentence that says what is expected
        """
        partner = self._checked_partner(partner_id)
        filters = self._checked_filters(kinds, channels, directions, user_ids, audience, until)
        cursor = self._checked_cursor(before)
        limit = self._checked_limit(limit, PAGE_LIMIT)
        text = self._checked_text(text)
        if not partner:
            return {"entries": [], "next": False}
        self._sync()
        # sudo: contact read-access checked in _checked_partner. Rows are kept to the companies of this person here, and
        # to readable source records in _readable; nothing else of a row leaves this method.
        where = self.sudo()._page_condition(partner, only_this_contact, **filters)
        rows, following = self._page(where, cursor, limit, lambda rows: self._readable(rows, text), bool(text))
        return {"entries": self._render_rows(rows), "next": following or False}

    @api.model
    def _checked_partner(self, partner_id):
        """The contact whose history is asked for; empty when there is none (any more)."""
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The history of contacts is for our own people only."))
        partner = self.env["res.partner"].browse(self._checked_id("partner_id", partner_id) or []).exists()
        partner.check_access("read")
        return partner

    # -- the index -----------------------------------------------------------------------------------------------

    def _page(self, where, cursor, limit, keep, is_picky=False):
        """The next rows that may be shown, looking at no more than so many.

        :param keep: function that takes rows and returns those that may be shown
        :param is_picky: few rows are expected to be kept, so look at many at once
        :return: rows, and the cursor to go on from or None at the end
        """
        shown, scanned = [], 0
        while len(shown) < limit and scanned < SCAN_LIMIT:
            # One more than the page, so that its end is known without asking for an empty page.
            wanted = limit + 1 if not scanned else 4 * limit
            wanted = min(max(wanted, TEXT_STEP if is_picky else 0), SCAN_LIMIT - scanned)
            # sudo: who asks was checked by the caller; rows go through keep before anything of them is shown.
            rows = self.sudo()._page_rows(where, cursor, wanted)
            scanned += len(rows)
            shown += keep(rows)
            if len(rows) < wanted:
                cursor = None
                break
            cursor = self._cursor_of(rows[-1])
        if len(shown) > limit:
            shown = shown[:limit]
            cursor = self._cursor_of(shown[-1])
        return shown, cursor

    def _page_condition(self, partner, only_this_contact, kinds, channels, directions, user_ids, audience, until):
        """The entries asked for, as an SQL condition; the arguments are checked ones."""
        # sudo: read-access to the contact was checked in history_page.
        customer = partner.sudo().commercial_partner_id or partner
        latest = fields.Datetime.now() + AHEAD
        conditions = [
            self._of_contact(partner, customer, only_this_contact),
            SQL("(company_id IS NULL OR company_id = ANY(%s))", self.env.companies.ids),
            SQL("happened_at < %s", min(until, latest) if until else latest),
        ]
        for name, values in (("kind", kinds), ("channel", channels), ("direction", directions), ("user_id", user_ids)):
            if values:
                conditions.append(SQL("%s = ANY(%s)", SQL.identifier(name), values))
        if audience == "internal":
            conditions.append(SQL("direction = 'internal'"))
        elif audience:
            conditions.append(SQL("direction IS DISTINCT FROM 'internal'"))
        return SQL(" AND ").join(conditions)

    def _of_contact(self, partner, customer, only_this_contact=False):
        """SQL condition: the entry is this contact's; of a customer, also that of his people.

        :param customer: his commercial partner, himself perhaps
        """
        of_customer = SQL("commercial_partner_id = %s", customer.id)
        if customer == partner and not only_this_contact:
            return of_customer
        of_him = SQL("SELECT FROM contact_history_entry WHERE partner_id = %s LIMIT %s", partner.id, FEW)
        # Few entries are looked up and sorted. Of many, the index of the customer is walked in its order, in which every
        # so many is his; the sum keeps the database from looking all of his up.
        if self.env.execute_query(SQL("SELECT count(*) FROM (%s) f", of_him))[0][0] < FEW:
            return SQL("partner_id = %s", partner.id)
        return SQL("%s AND partner_id + 0 = %s", of_customer, partner.id)

    def _page_rows(self, where, cursor, limit):
        """The next rows of the index, whoever may read them."""
        if cursor:
            # A row comparison, not "a or (b and c)": this is what the index can start from.
            where = SQL("%s AND (happened_at, id) < (%s, %s)", where, *cursor)
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT id, happened_at, kind, channel, direction, user_id, partner_id, res_model, res_id
                  FROM contact_history_entry
                 WHERE %s
                 ORDER BY happened_at DESC, id DESC
                 LIMIT %s
                """,
                where,
                limit,
            )
        )

    def _cursor_of(self, row):
        return [self._moment_text(row["happened_at"]), row["id"]]

    # -- who may see what ----------------------------------------------------------------------------------------

    def _readable(self, rows, text=""):
        """Those of the rows whose source record this person may read, and that hold the text; one check per model."""
        readable = set()
        for model, ids in self._ids_by_model(rows).items():
            source = self.env[model]
            if source.has_access("read"):
                records = source.browse(ids)._contact_history_readable()
                if text and records:
                    records = records._contact_history_find(text)
                readable |= {(model, record_id) for record_id in records.ids}
        return [row for row in rows if (row["res_model"], row["res_id"]) in readable]

    def _ids_by_model(self, rows):
        by_model = {}
        for row in rows:
            if row["res_model"] in self.env:
                by_model.setdefault(row["res_model"], []).append(row["res_id"])
        return by_model
