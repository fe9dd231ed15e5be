from odoo import fields, models
from odoo.tools import SQL

# The newest entries looked at: "last contact" is a matter of months, never of the whole history of a large customer.
NEWEST = 500
# Of each way of contact so many are tried, since the newest may be one that this person may not read.
TRIED = 3


class ResPartner(models.Model):
    """When and how we last were in touch with a customer."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    def _front_desk_last_contacts(self):
        """The last contact by each way, as far as this person may read it, newest first.

        :return: list of dicts with ``channel``, ``label``, ``icon``, ``date`` (UTC, as text), ``direction`` and
            ``user`` (name of our person, or False)
        """
        entries = self.env["contact.history.entry"]
        entries._sync()
        # sudo: reading this contact was checked by front_desk_card. The statement keeps to this person's companies,
        # and _readable to source records that he may read.
        readable = entries._readable(entries.sudo().env.execute_query_dict(self._last_contacts_query()))
        last = {}
        for row in readable:
            last.setdefault(row["channel"], row)
        labels = self.env["crm.touchpoint.channel"]._labels()
        # sudo: only the name of the colleague who had a contact that this person may read.
        users = self.env["res.users"].sudo().browse({row["user_id"] for row in last.values() if row["user_id"]})
        names = {user.id: user.name for user in users if not user.share and user != self.env.ref("base.user_root")}
        return [
            {
                "channel": channel,
                "label": labels.get(channel, {}).get("label", channel),
                "icon": labels.get(channel, {}).get("icon", "fa-comment-o"),
                "date": entries._moment_text(row["happened_at"]),
                "direction": row["direction"],
                "user": names.get(row["user_id"], False),
            }
            for channel, row in sorted(last.items(), key=lambda item: item[1]["happened_at"], reverse=True)
        ]

    def _last_contacts_query(self):
        # Index: _commercial_partner_idx or _partner_idx of contact.history.entry.
        of_him = self.env["contact.history.entry"]._of_contact(self, self.commercial_partner_id or self)
        return SQL(
            """
            SELECT * FROM (
                SELECT newest.*, row_number() OVER (PARTITION BY channel ORDER BY happened_at DESC, id DESC) AS place
                  FROM (SELECT id, happened_at, channel, direction, user_id, res_model, res_id
                          FROM contact_history_entry
                         WHERE %s AND (company_id IS NULL OR company_id = ANY(%s))
                         ORDER BY happened_at DESC, id DESC
                         LIMIT %s) newest
                 WHERE channel IS NOT NULL AND direction IN ('in', 'out') AND happened_at <= %s) ranked
             WHERE place <= %s
             ORDER BY happened_at DESC, id DESC
            """,
            of_him,
            self.env.companies.ids,
            NEWEST,
            fields.Datetime.now(),
            TRIED,
        )
