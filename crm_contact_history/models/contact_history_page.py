from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

# Entries looked at for one page at most: somebody who may read next to nothing of a customer with 100,000 entries gets
# a short page and where to go on, not a minute of waiting.
SCAN_LIMIT = 2000
PAGE_LIMIT = 200


class ContactHistoryPage(models.Model):
    """Reading the history: pages of what this person may see."""

    _inherit = "contact.history.entry"

    @api.model
    @api.readonly
    def history_page(self, partner_id, before=None, limit=50, kinds=None, only_this_contact=False):
        """A page of a contact's history, newest first.

        A customer (a company, or a person of his own) shows the history of all his contacts too; a person who belongs
        to a company shows his own. An entry is shown only when this person may read its source record.

        :param int partner_id: the contact
        :param before: ``next`` of the page before, to go on from there
        :param int limit: entries wanted, 1 to 200
        :param kinds: list of kinds to show; all when empty
        :param bool only_this_contact: leave out the other contacts of a company
        :return: ``{"entries": [dict], "next": list | False}``. An entry has ``id``, ``happened_at`` (UTC, as text),
            ``kind``, ``channel``, ``direction``, ``user`` (our person) and ``partner`` (names or False),
            ``partner_id``, ``model`` and ``res_id`` (what to open), ``title``, ``text``, ``amount``, ``status``.
            ``next`` is False at the end; a page can be short, or even empty, with a ``next`` when most entries are not
            for this person
        :raises AccessError: when this person may not read the contact, or is not one of our own people
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The history of contacts is for our own people only."))
        partner = self.env["res.partner"].browse(int(partner_id)).exists()
        if not partner:
            return {"entries": [], "next": False}
        partner.check_access("read")
        limit = max(1, min(int(limit), PAGE_LIMIT))
        self._sync()
        # sudo: contact read-access checked above. Rows are kept to the companies of this person here, and to readable
        # source records in _readable; nothing else of a row leaves this method.
        where = self.sudo()._page_condition(partner, kinds, only_this_contact)
        shown, scanned, cursor = [], 0, self._page_cursor(before)
        while len(shown) < limit and scanned < SCAN_LIMIT:
            # One more than the page, so that its end is known without asking for an empty page.
            wanted = min(limit + 1 if not scanned else 4 * limit, SCAN_LIMIT - scanned)
            rows = self.sudo()._page_rows(where, cursor, wanted)
            scanned += len(rows)
            shown += self._readable(rows)
            if len(rows) < wanted:
                cursor = None
                break
            cursor = self._cursor_of(rows[-1])
        if len(shown) > limit:
            shown = shown[:limit]
            cursor = self._cursor_of(shown[-1])
        return {"entries": self._render_rows(shown), "next": cursor or False}

    @api.model
    @api.readonly
    def history_kinds(self):
        """The kinds one can choose from: list of dicts with ``kind``, ``label`` and ``icon`` (Font Awesome class)."""
        icons = self._kind_icons()
        labels = self._fields["kind"]._description_selection(self.env)
        return [{"kind": kind, "label": label, "icon": icons.get(kind, "fa-circle-o")} for kind, label in labels]

    @api.model
    def _kind_icons(self):
        """Font Awesome class by kind. Extend with ``super()``."""
        return {
            "quotation": "fa-file-text-o",
            "order": "fa-shopping-cart",
            "email": "fa-envelope-o",
            "note": "fa-sticky-note-o",
        }

    def _page_condition(self, partner, kinds, only_this_contact):
        # sudo: read-access to the contact was checked in history_page.
        is_customer = partner.sudo().commercial_partner_id == partner
        column = "partner_id" if only_this_contact or not is_customer else "commercial_partner_id"
        condition = SQL(
            "%s = %s AND (company_id IS NULL OR company_id = ANY(%s))",
            SQL.identifier(column),
            partner.id,
            self.env.companies.ids,
        )
        if kinds:
            condition = SQL("%s AND kind = ANY(%s)", condition, [str(kind) for kind in kinds])
        return condition

    def _page_cursor(self, before):
        if not before:
            return None
        happened_at, entry_id = before
        return [fields.Datetime.to_datetime(happened_at), int(entry_id)]

    def _cursor_of(self, row):
        return [fields.Datetime.to_string(row["happened_at"]), row["id"]]

    def _page_rows(self, where, cursor, limit):
        """The next rows of the index, whoever may read them."""
        if cursor:
            # A row comparison, not "a or (b and c)": this is what the index can start from.
            where = SQL("%s AND (happened_at, id) < (%s, %s)", where, *self._page_cursor(cursor))
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

    def _readable(self, rows):
        """Those of the rows whose source record this person may read; one check per model."""
        readable = set()
        for model, ids in self._ids_by_model(rows).items():
            source = self.env[model]
            if source.has_access("read"):
                readable |= {
                    (model, record_id) for record_id in source.browse(ids).exists()._filtered_access("read").ids
                }
        return [row for row in rows if (row["res_model"], row["res_id"]) in readable]

    def _ids_by_model(self, rows):
        by_model = {}
        for row in rows:
            if row["res_model"] in self.env:
                by_model.setdefault(row["res_model"], []).append(row["res_id"])
        return by_model

    def _render_rows(self, rows):
        shown = {
            (model, record_id): card
            for model, ids in self._ids_by_model(rows).items()
            for record_id, card in self.env[model].browse(ids)._contact_history_render().items()
        }
        partners = self.env["res.partner"].browse({row["partner_id"] for row in rows})._filtered_access("read")
        partner_names = {partner.id: partner.display_name for partner in partners}
        # sudo: only the name of the colleague who had a contact that this person may read.
        users = self.env["res.users"].sudo().browse({row["user_id"] for row in rows if row["user_id"]})
        robot = self.env.ref("base.user_root")
        user_names = {user.id: user.name for user in users if user != robot and not user.share}
        entries = []
        for row in rows:
            card = shown[row["res_model"], row["res_id"]]
            model, res_id = card.get("document") or (row["res_model"], row["res_id"])
            entries.append(
                {
                    "id": row["id"],
                    "happened_at": fields.Datetime.to_string(row["happened_at"]),
                    "kind": row["kind"],
                    "channel": row["channel"] or False,
                    "direction": row["direction"] or False,
                    "user": card.get("who") or user_names.get(row["user_id"], False),
                    "partner_id": row["partner_id"],
                    "partner": partner_names.get(row["partner_id"], False),
                    "model": model,
                    "res_id": res_id,
                    "title": card["title"],
                    "text": card["text"],
                    "amount": card["amount"],
                    "status": card.get("status", False),
                }
            )
        return entries
