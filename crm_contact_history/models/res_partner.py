from odoo import api, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """What a change of a contact means for his history."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        for name in ("commercial_partner_id", "partner_share"):
            self.env["contact.history.entry"]._touch(name, partners.ids, new=True)
        return partners

    def _write_multi(self, vals_list):
        """Entries follow a contact to his new company, and a colleague who becomes a customer gets his messages."""
        entries = self.env["contact.history.entry"]
        for name in ("commercial_partner_id", "partner_share"):
            touched = [record.id for record, vals in zip(self, vals_list, strict=True) if name in vals]
            entries._touch(name, touched)
        # Notes and activities on his own form are of his company.
        elsewhere = [record.id for record, vals in zip(self, vals_list, strict=True) if "company_id" in vals]
        entries._touch_documents("res.partner", elsewhere)
        return super()._write_multi(vals_list)

    def unlink(self):
        """The history of a deleted contact goes with him; that of his company's other people stays theirs."""
        self.check_access("unlink")
        entries = self.env["contact.history.entry"]
        entries._sync()
        self.env.cr.execute(SQL("DELETE FROM contact_history_entry WHERE partner_id = ANY(%s)", self.ids))
        left = self.env.execute_query(
            SQL(
                """
                UPDATE contact_history_entry SET commercial_partner_id = partner_id
                 WHERE commercial_partner_id = ANY(%s) RETURNING partner_id
                """,
                self.ids,
            )
        )
        entries._touch("commercial_partner_id", {partner_id for (partner_id,) in left})
        entries.invalidate_model(flush=False)
        return super().unlink()
