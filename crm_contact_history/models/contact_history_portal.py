from odoo import api, fields, models
from odoo.tools import SQL

from .contact_history_page import AHEAD


class ContactHistoryPortal(models.Model):
    """The customer's own history, for himself at the portal.

    Nothing is shown there but what a source allows by name (``_contact_history_portal_kinds``), of the customer who is
    logged in, and what its own filter lets through (``_contact_history_portal_filter``).
    """

    _inherit = "contact.history.entry"

    @api.model
    def _portal_kinds(self, scope=None):
        """Kinds that a customer may see of himself: all, or those of one scope (``own``, ``family``)."""
        allowed = {}
        for model in self._sources():
            allowed |= self.env[model]._contact_history_portal_kinds()
        return [kind for kind, of in allowed.items() if scope in (None, of)]

    @api.model
    def _portal_choices(self):
        """What he can filter by: ``{kind: {"label", "icon"}}``."""
        allowed = set(self._portal_kinds())
        return {one["kind"]: one for one in self.history_kinds() if one["kind"] in allowed}

    @api.model
    def _portal_page(self, kind="", before=None, limit=20):
        """A page of the history of the customer who is logged in, newest first.

        :param kind: one of :meth:`_portal_choices`, or all
        :param before: moment and id where the page before ended
        :return: as ``history_page``; an entry has ``happened_at`` (datetime in UTC), ``has_time``, ``kind``,
            ``direction``, ``title``, ``text``, ``amount``, ``status``, ``url`` (False where there is no page of it)
        """
        self._sync()
        rows, following = self._page(self._portal_condition(kind), before, limit, self._portal_readable)
        return {"entries": self._portal_render(rows), "next": following or False}

    def _portal_condition(self, kind):
        """His own entries; of what belongs to the whole firm also those of its other people."""
        partner = self.env.user.partner_id
        own, family = self._portal_kinds("own"), self._portal_kinds("family")
        conditions = [
            # sudo: only the number of the customer's own firm.
            SQL("commercial_partner_id = %s", partner.sudo().commercial_partner_id.id),
            SQL("(kind = ANY(%s) OR kind = ANY(%s) AND partner_id = %s)", family, own, partner.id),
            SQL("direction IS DISTINCT FROM 'internal'"),
            SQL("(company_id IS NULL OR company_id = ANY(%s))", self.env.user.company_ids.ids),
            SQL("happened_at < %s", fields.Datetime.now() + AHEAD),
        ]
        if kind:
            conditions.append(SQL("kind = %s", kind))
        return SQL(" AND ").join(conditions)

    def _portal_readable(self, rows):
        readable = {
            (model, record_id)
            for model, ids in self._ids_by_model(rows).items()
            for record_id in self.env[model].browse(ids)._contact_history_portal_filter().ids
        }
        return [row for row in rows if (row["res_model"], row["res_id"]) in readable]

    def _portal_render(self, rows):
        cards = {
            (model, record_id): card
            for model, ids in self._ids_by_model(rows).items()
            for record_id, card in self.env[model].browse(ids)._contact_history_portal_render().items()
        }
        entries = []
        for row in rows:
            card = cards[row["res_model"], row["res_id"]]
            entries.append(
                {
                    "happened_at": row["happened_at"],
                    "has_time": card.get("has_time", True),
                    "kind": row["kind"],
                    "direction": row["direction"],
                    "title": card["title"],
                    "text": card["text"],
                    "amount": card["amount"],
                    "status": card.get("status", False),
                    "url": card.get("url", False),
                }
            )
        return entries
