from odoo import api, models
from odoo.exceptions import AccessError, MissingError
from odoo.tools import SQL, html_sanitize

# Entries looked at for the people one can filter by.
PEOPLE_SCAN = 500


class ContactHistoryRead(models.Model):
    """Reading one entry in place, and what a history can be filtered by."""

    _inherit = "contact.history.entry"

    @api.model
    @api.readonly
    def history_read(self, entry_id):
        """The whole text of an entry: the mail, the note, what was said in a call.

        :param int entry_id: ``id`` of an entry of ``history_page``
        :return: ``{"id", "title", "author", "date" (UTC, as text), "recipients": [names], "body": sanitised HTML,
            "attachments": [{"id", "name", "mimetype", "size"}], "model", "res_id"}``; ``model`` and ``res_id`` name the
            document to open
        :raises MissingError: when the entry, or what it points to, is there no more
        :raises AccessError: when this person may not read the contact or the source record
        :raises UserError: when ``entry_id`` is not the number of a record
        """
        row = self._readable_row(self._checked_id("entry_id", entry_id))
        source = self.env[row["res_model"]].browse(row["res_id"])
        card = source._contact_history_render()[source.id]
        told = source._contact_history_read()
        model, res_id = card.get("document") or (row["res_model"], row["res_id"])
        attachments = told.get("attachments") or self.env["ir.attachment"]
        return {
            "id": row["id"],
            "title": told.get("title") or card["title"],
            "author": told.get("author") or False,
            "date": self._moment_text(row["happened_at"]),
            "recipients": told.get("recipients") or [],
            "body": html_sanitize(told.get("body") or "", sanitize_attributes=True, sanitize_style=True),
            "attachments": [
                {"id": one.id, "name": one.name, "mimetype": one.mimetype, "size": one.file_size}
                for one in attachments._filtered_access("read")
            ],
            "model": model,
            "res_id": res_id,
        }

    @api.model
    def _readable_row(self, entry_id):
        """One row of the index, when this person may see it."""
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The history of contacts is for our own people only."))
        self._sync()
        # sudo: the contact's and the source's read-access are checked below, before anything of the row is told.
        rows = self.sudo()._page_rows(SQL("id = %s", entry_id), None, 1)
        if not rows or rows[0]["res_model"] not in self.env:
            raise MissingError(self.env._("This entry is there no more. Reload the history."))
        partner = self.env["res.partner"].browse(rows[0]["partner_id"])
        in_company = self.sudo().browse(entry_id).company_id <= self.env.companies
        if not in_company or not partner.has_access("read") or not self._readable(rows):
            raise AccessError(self.env._("You may not read this entry: its document is not for you."))
        return rows[0]

    @api.model
    @api.readonly
    def history_filters(self, partner_id):
        """What the history of a contact can be filtered by.

        :param int partner_id: the contact
        :return: ``{"kinds": [{"kind", "label", "icon"}], "channels": [{"channel", "label", "icon"}],
            "directions": [{"direction", "label"}], "people": [{"id", "name"}]}``; the people are those of ours in the
            newest entries that this person may read; and ``has_contacts``: it can be held to this contact alone
        :raises AccessError: as ``history_page``
        :raises UserError: as ``history_page``
        """
        partner = self._checked_partner(partner_id)
        directions = self._fields["direction"]._description_selection(self.env)
        channels = self.env["crm.touchpoint.channel"]._labels()
        return {
            "kinds": self.history_kinds(),
            "channels": [{"channel": code, **channel} for code, channel in channels.items()],
            "directions": [{"direction": code, "label": label} for code, label in directions],
            "people": self._people(partner) if partner else [],
            "has_contacts": bool(partner) and partner._front_desk_has_contacts(),
        }

    def _people(self, partner):
        self._sync()
        # sudo: read-access to the contact was checked in _checked_partner; rows go through _readable.
        index = self.sudo()
        where = index._page_condition(partner, False, **self._checked_filters())
        rows = index._page_rows(SQL("%s AND user_id IS NOT NULL", where), None, PEOPLE_SCAN)
        people = self._our_people(self._readable(rows))
        return [{"id": user_id, "name": name} for user_id, name in sorted(people, key=lambda pair: pair[1].casefold())]
