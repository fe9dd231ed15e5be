from odoo import api, models


class ResPartnerGrade(models.Model):
    """The price list that comes with a level: core copies it to contacts once, and forgets it."""

    _inherit = "res.partner.grade"

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        if tiers.default_pricelist_id:
            self.env.registry.clear_cache()
        return tiers

    def write(self, vals):
        if "default_pricelist_id" not in vals:
            if "club_id" in vals:
                self.env.registry.clear_cache()
            return super().write(vals)
        before = {tier: tier.default_pricelist_id for tier in self}
        result = super().write(vals)
        self.env.registry.clear_cache()
        for tier, old in before.items():
            if old != tier.default_pricelist_id:
                tier._replace_pricelist(old)
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _replace_pricelist(self, old):
        """Give the contacts of this level its new price list, where they have the old one."""
        # sudo: the right to change the level was checked by the write; its contacts follow, whoever may see them.
        partners = self.env["res.partner"].sudo().with_context(active_test=False).search([("grade_id", "=", self.id)])
        partners._exchange_pricelist(old, self.default_pricelist_id, self._pricelist_companies())
        if self.club_id:
            partners._refresh_open_quotations()

    def _pricelist_companies(self):
        """The companies that sell by the price list of this level: its own and its branches, or all."""
        # sudo: a branch honours the club of its company, whoever works on it.
        companies = self.env["res.company"].sudo()
        return companies.search([("id", "child_of", self.company_id.id)] if self.company_id else [])
