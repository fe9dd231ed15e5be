import functools

from odoo import models
from odoo.http import request

OURS = "_keeps_tiers_lists"
CHOSEN = "website_sale_current_pl"  # where core's web shop keeps a visitor's price list


class ProductPricelist(models.Model):
    """The web shop, where it is installed: this addon does not depend on it.

    There a price list must be one that may be chosen, or core's shop drops it for its members, too; and whatever may be
    chosen, it shows to every visitor.
    """

    _inherit = "product.pricelist"

    def _register_hook(self):
        super()._register_hook()
        website = self.env.registry.get("website")
        for name, kept in (("get_pricelist_available", _available), ("_get_and_cache_current_pricelist", _current)):
            origin = getattr(website, name, None)
            if origin is not None and not hasattr(origin, OURS):
                setattr(website, name, _around(origin, kept))

    def _open_to(self, partner, company):
        """These without the price lists of tiers that the customer has not at present.

        :param partner: ``res.partner``, the one who looks
        :param company: ``res.company`` that sells
        """
        of_tiers = self.filtered(lambda pricelist: pricelist.id in pricelist._of_tiers())
        if not of_tiers:
            return self
        # sudo: what he is entitled to by his own memberships, whatever he may read of them.
        tiers = partner.sudo()._running_memberships(company).tier_id
        return self - of_tiers.filtered(lambda pricelist: pricelist not in tiers.default_pricelist_id)


def _around(origin, kept):
    """The method that calls ``kept`` with core's method as its second argument."""

    @functools.wraps(origin)
    def method(website, *args, **kwargs):
        return kept(website, origin, *args, **kwargs)

    setattr(method, OURS, True)
    return method


def _available(website, origin, *args, **kwargs):
    """Core's price lists among which the visitor may choose, without those of tiers that he has not."""
    return origin(website, *args, **kwargs)._open_to(website.env.user.partner_id, website.company_id)


def _current(website, origin):
    """Core's price list by which prices are shown; never that of a tier which the visitor has not, or not any more."""
    found = origin(website)
    if found and not found._open_to(website.env.user.partner_id, website.company_id):
        # sudo: core has just said that this visitor may choose it; as with core's own, its prices are computed for all.
        found = website.get_pricelist_available(show_visible=True)[:1].sudo()
        request.session[CHOSEN] = found.id
    return found
