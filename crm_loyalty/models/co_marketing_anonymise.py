from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _anonymise_records(self):
        """What was agreed and redeemed stays, for both sides' books; not who signed, nor what somebody wrote about him."""
        result = super()._anonymise_records()
        # sudo: called after _check_anonymise, by which only administrators come; agreements may be of any company.
        env = self.sudo().with_context(active_test=False).env
        env["co.marketing.redemption"].search([("partner_id", "in", self.ids), ("void_reason", "!=", False)]).write(
            {"void_reason": False}
        )
        agreements = env["co.marketing.agreement"].search([("partner_id", "in", self.ids)])
        self._anonymise_texts_of(agreements)
        agreements.write({"note": False})
        versions = agreements.version_ids | env["co.marketing.version"].search([("signed_partner_id", "in", self.ids)])
        versions.write({"signed_by": False, "signature": False, "decline_reason": False})
        for outlet in env["co.marketing.outlet"].search([("partner_id", "in", self.ids)]):
            outlet.name = self.env._("Outlet %s", outlet.id)
        env["co.marketing.person"].search([("partner_id", "in", self.ids)]).active = False
        return result
