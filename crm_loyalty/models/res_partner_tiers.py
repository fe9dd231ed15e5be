from odoo import models


class ResPartner(models.Model):
    """Contacts that move to another company take their purchases along."""

    _inherit = "res.partner"

    # Serves loyalty.club._order_parts: all contacts of a member, without reading them.
    _account_idx = models.Index("(commercial_partner_id, id)")

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
