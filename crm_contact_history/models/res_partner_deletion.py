from odoo import models


class ResPartner(models.Model):
    """What becomes of our records of a contact who is deleted: nothing about him stays."""

    _inherit = "res.partner"

    def unlink(self):
        """Logged contacts and notes say nothing about anybody else: they go with him.

        So does an asset that only he ever owned, with its service log. One that others owned stays, without him.
        """
        self.check_access("unlink")
        # sudo: right to delete the contact checked above; the rows may be of colleagues and other companies.
        records = self.sudo().with_context(active_test=False).env
        for model in ("crm.touchpoint", "customer.note"):
            records[model].search([("partner_id", "in", self.ids)]).unlink()
        owners = records["customer.asset.owner"].search([("partner_id", "in", self.ids)])
        only_his = owners.asset_id.filtered(lambda asset: asset.owner_ids.partner_id <= self)
        (owners - only_his.owner_ids).unlink()
        only_his.unlink()
        return super().unlink()
