from odoo import models
from odoo.tools import SQL

ROOM = 90  # per cent of a page that is filled with new rows


class ResPartner(models.Model):
    """Contacts that move to another company take their purchases along."""

    _inherit = "res.partner"

    # Serves loyalty.club._customers_of: all contacts of a member, without reading them. Most contacts are their own customer
    # and not in it, so that it stays in memory.
    _account_idx = models.Index("(commercial_partner_id, id) WHERE commercial_partner_id <> id")

    def init(self):
        """Room on each page, so that a contact's new level is written beside the old one and none of his forty indexes has
        to follow: they were a fifth of a night. What an administrator has set stays."""
        result = super().init()
        if not self._room():
            self.env.cr.execute(SQL("ALTER TABLE res_partner SET (fillfactor = %s)", ROOM))
        return result

    def _room(self):
        """Whether somebody has said how far pages are filled: ``"fillfactor=90"``; None where nobody has."""
        query = SQL(
            "SELECT option FROM pg_class, unnest(reloptions) option WHERE oid = %s::regclass AND option LIKE 'fillfactor=%%'",
            self._table,
        )
        rows = self.env.execute_query(query)
        return rows[0][0] if rows else None

    def _take_room_back(self):
        """When the addon goes, unless an administrator has set something else."""
        if self._room() == f"fillfactor={ROOM}":
            self.env.cr.execute(SQL("ALTER TABLE res_partner RESET (fillfactor)"))

    def write(self, vals):
        if not {"parent_id", "is_company"} & vals.keys():
            return super().write(vals)
        before = self.commercial_partner_id
        result = super().write(vals)
        after = self.commercial_partner_id
        if before != after:
            self.flush_recordset(["commercial_partner_id"])
            self.env["loyalty.tier.queue"]._add_customers((self | before | after).ids)
        return result
