from odoo import models

from .sale_order import OPEN_STATES


class SaleOrder(models.Model):
    """The price list of a tier is on an order only as long as its customer is a member with that tier."""

    _inherit = "sale.order"

    def _compute_pricelist_id(self):
        result = super()._compute_pricelist_id()
        for order in self:
            if order.state == "draft" and order._has_foreign_tier_pricelist():
                order.pricelist_id = order._public_pricelist()
        return result

    def action_confirm(self):
        self._leave_foreign_tier_pricelist()
        return super().action_confirm()

    def _follow_member_benefits(self):
        if not self._benefits_are_later():
            self._leave_foreign_tier_pricelist()
        return super()._follow_member_benefits()

    def _follow_membership(self):
        """The membership of the customer has changed: so do price list, discounts and points of his quotations."""
        for order in self:
            wanted = order.partner_id.with_company(order.company_id).property_product_pricelist
            if order.pricelist_id != wanted and order._may_follow_to(wanted):
                order._change_pricelist(wanted)
        self._follow_member_benefits()

    def _may_follow_to(self, wanted):
        """Whether the present price list is there by membership, or for want of one: what a salesperson has chosen
        stays."""
        if self._has_foreign_tier_pricelist():
            return True
        return self._is_entitled_to(wanted) and self.pricelist_id == self._public_pricelist()

    def _leave_foreign_tier_pricelist(self):
        """A quotation older than the end of the membership is not priced as a member's."""
        for order in self.filtered(lambda order: order.state in OPEN_STATES):
            if order._has_foreign_tier_pricelist():
                order._change_pricelist(order._public_pricelist())

    def _has_foreign_tier_pricelist(self):
        return self.pricelist_id.id in self.pricelist_id._of_tiers() and not self._is_entitled_to(self.pricelist_id)

    def _is_entitled_to(self, pricelist):
        """Whether a tier of the customer brings this price list."""
        return bool(pricelist) and pricelist in self._entitling_memberships().tier_id.default_pricelist_id

    def _public_pricelist(self):
        """The price list of a customer who has none of his own."""
        if not self.env["res.groups"]._is_feature_enabled("product.group_product_pricelist"):
            return self.env["product.pricelist"]
        country = self.partner_id.country_id
        lists = self.env["product.pricelist"].with_company(self.company_id)._get_country_pricelist_multi(country.ids)
        return lists[country.id]

    def _change_pricelist(self, pricelist):
        """Price anew by another list: not what a salesperson has priced by hand, nor what is invoiced."""
        with self._benefits_later():
            self.pricelist_id = pricelist
            lines = self._get_update_prices_lines().filtered(lambda line: not line.reward_id)
            lines.invalidate_recordset(["pricelist_item_id"])
            lines._compute_price_unit()
            lines._compute_discount()
