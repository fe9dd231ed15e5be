from odoo import api, models


class ResPartner(models.Model):
    """A contact's price list follows its level. Core gives it on a later change of the level only, in one company, and
    leaves it for ever."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        for partner, vals in zip(partners, vals_list, strict=True):
            own = vals.get("specific_property_product_pricelist") or vals.get("property_product_pricelist")
            if partner.grade_id and not own:
                partner._follow_level_pricelist(partner.grade_id.browse(), partner.grade_id)
        return partners

    def write(self, vals):
        if "grade_id" not in vals:
            return super().write(vals)
        before = self.grouped("grade_id")
        result = super().write(dict(vals))  # core adds its price list
        if not {"specific_property_product_pricelist", "property_product_pricelist"} & vals.keys():
            new = self.env["res.partner.grade"].browse(vals["grade_id"])
            for old, partners in before.items():
                partners._follow_level_pricelist(old, new)
        return result

    def _follow_level_pricelist(self, old, new):
        """Take back the price list of the level ``old`` where contacts still have it, and give them that of ``new``."""
        if old == new:
            return
        # sudo: of levels and companies, whoever may give a contact its level; the contact is his to write.
        old, new = old.sudo(), new.sudo()
        gives = new._pricelist_companies() if new.default_pricelist_id else self.env["res.company"]
        if old.default_pricelist_id:
            self._exchange_pricelist(
                old.default_pricelist_id,
                old.default_pricelist_id.browse(),
                old._pricelist_companies() - gives,
            )
        if gives:
            self._exchange_pricelist(old.default_pricelist_id, new.default_pricelist_id, gives)

    def _exchange_pricelist(self, old, new, companies):
        """Where these contacts have the price list ``old``, or none at all, give them ``new``: what somebody has chosen
        for a contact by hand stays."""
        for company in companies:
            partners = self.with_company(company)
            partners = partners.filtered(
                lambda partner: partner.specific_property_product_pricelist in (old, old.browse())
                and partner.specific_property_product_pricelist != new
            )
            if partners and (not new.company_id or new.company_id in company.parent_ids):
                partners.write({"specific_property_product_pricelist": new.id})
