from odoo import api, models, tools


class ProductPricelist(models.Model):
    """The price list of a tier is for its members, and for nobody else."""

    _inherit = "product.pricelist"

    @api.model
    @tools.ormcache()
    def _of_tiers(self):
        """Ids of the price lists of tiers, archived ones included."""
        # sudo: a fact about the database, cached for all users; levels that belong to no club are core's business.
        tiers = self.env["res.partner.grade"].sudo().with_context(active_test=False)
        return tuple(tiers.search([("club_id", "!=", False)]).default_pricelist_id.ids)

    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        """Core gives a contact without a price list the first one that it finds: that is never a tier's.

        Who wants one to be everybody's sets it as default (core's system parameter ``res.partner.property_product_pricelist``).
        """
        domain = super()._get_partner_pricelist_multi_search_domain_hook(company_id)
        tiers = self._of_tiers()
        return [*domain, ("id", "not in", tiers)] if tiers else domain
