from odoo import api, fields, models
from odoo.exceptions import UserError

CHANGED = "crm_loyalty.partner_offers_changed"  # ids of orders in this transaction's data, see the cursor's precommit
# A line's fields on which it depends what a partner's customer has used on the order.
PRICING = {"product_id", "product_uom_qty", "price_unit", "discount", "tax_ids", "reward_id", "order_id"}


class SaleOrder(models.Model):
    """A confirmed order that is credited or worked on: what a partner's customer has used on it follows.

    A redemption is never changed. One whose figures are not right any more is voided, and another is booked in its place,
    of the same day and under the same terms. So statements need no rule of their own: before posting the old line counts
    no more, after posting the next statement has its credit, and the new one is in one statement as any other.
    """

    _inherit = "sale.order"

    def _follow_credit_notes(self):
        result = super()._follow_credit_notes()
        self._follow_partner_offers()
        return result

    def _follow_partner_offers(self):
        """Bring the redemptions on these orders in line with the orders as they are, less what of them is credited.

        What is to be is worked out anew each time: repeating it changes nothing, and a credit note that is reset to draft
        is undone.

        :raises UserError: when more is given now than the benefit has left
        """
        # sudo: who may credit or change the order is checked; nobody has the right to write redemptions.
        orders = self.sudo().filtered(lambda order: order.state == "sale")
        if not orders:
            return
        latest = {order: {} for order in orders}
        on_orders = [("sale_order_id", "in", orders.ids)]
        for redemption in orders.env["co.marketing.redemption"].search(on_orders, order="id"):
            latest[redemption.sale_order_id][redemption.counted_benefit_id] = redemption
        for order, booked in latest.items():
            for redemption in booked.values():
                order._follow_partner_offer(redemption)
            if any(redemption.is_new_customer for redemption in booked.values()):
                order._follow_customer_won()
            # A code that was put on the order after it was confirmed.
            order._book_partner_offers(besides=order.env["co.marketing.benefit"].union(*booked))

    def _follow_partner_offer(self, redemption):
        """Void it and book another in its place, where its figures are not the order's.

        :param redemption: the latest of this order and benefit, as superuser
        """
        share = self._credited_share()
        figures = self._figures_left(redemption, share)
        if redemption.state == "done":
            if figures and redemption._has_figures(figures):
                return
            redemption._void(self._why_voided(share))
        if figures:
            self._book_in_place(redemption, {**figures, "credited_share": share})

    def _follow_customer_won(self):
        """Whose first order this was has been won as long as anything of it counts."""
        counts = self.env["co.marketing.redemption"].search([("sale_order_id", "=", self.id), ("state", "=", "done")])
        customer = self.partner_id.commercial_partner_id
        if won := counts.filtered("is_new_customer"):
            customer._won_by(won[0].agreement_id)
        else:
            customer._no_longer_won(besides=self)

    def _figures_left(self, redemption, share):
        """What is left of a redemption's bill and discount when ``share`` of the order is credited; None: nothing."""
        benefit, day = redemption.benefit_id, redemption.happened_on
        if share >= 1 or not self._lines_of_partner_offer(benefit):
            return None
        whole = {
            "amount": self._bill_of_partner_offer(benefit, day),
            "discount": self._in_agreement_currency(self._discount_of_partner_offer(benefit), benefit, day),
        }
        currency = redemption.currency_id
        figures = {name: currency.round(figure * (1 - share)) for name, figure in whole.items()}
        gives_nothing = currency.is_zero(figures["discount"]) and not currency.is_zero(redemption.discount)
        return None if gives_nothing else figures

    def _why_voided(self, share):
        if share:
            return self.env._("Order %(order)s: %(percent)s credited", order=self.name, percent=f"{share:.0%}")
        return self.env._("Order %s was changed", self.name)

    def _book_in_place(self, redemption, figures):
        benefit = redemption._benefit_of_limits()
        used = self.env["co.marketing.tally"]._count(
            benefit, redemption._member_key(), redemption.happened_on, figures["discount"]
        )
        spent, currency = used.get((False, "total"), (0, 0.0))[1], redemption.currency_id
        grows = currency.compare_amounts(figures["discount"], redemption.discount) > 0
        if grows and benefit.budget and currency.compare_amounts(spent, benefit.budget) > 0:
            raise UserError(
                self.env._(
                    "Order %(order)s: %(benefit)s cannot give more than before. %(reason)s",
                    order=self.name,
                    benefit=benefit.name,
                    reason=benefit._reason("budget"),
                )
            )
        redemption.create(redemption._values_in_place(figures)).flush_recordset()

    # ------------------------------------------------------------ worked on after it was confirmed

    def _partner_offers_may_have_changed(self):
        """Look before the commit, when all lines are as they shall be: core rewrites them several times."""
        confirmed = self.filtered(lambda order: order.state == "sale" and order.id)
        if not confirmed:
            return
        hooks = self.env.cr.precommit
        if CHANGED not in hooks.data:
            hooks.data[CHANGED] = set()
            hooks.add(self.env["sale.order"]._follow_changed_partner_offers)
        hooks.data[CHANGED].update(confirmed.ids)

    @api.model
    def _follow_changed_partner_offers(self):
        ids = self.env.cr.precommit.data.pop(CHANGED, ())
        self.browse(ids).exists()._follow_partner_offers()


class SaleOrderLine(models.Model):
    """Tells its order, once that is confirmed, that what a partner's customer uses on it may be another."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._partner_offers_may_have_changed()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if PRICING & set(vals):
            self.order_id._partner_offers_may_have_changed()
        return result

    def unlink(self):
        self.order_id._partner_offers_may_have_changed()
        return super().unlink()


class CoMarketingRedemption(models.Model):
    _inherit = "co.marketing.redemption"

    replaces_id = fields.Many2one(
        "co.marketing.redemption",
        string="In Place Of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The receipt that was voided because its order was credited or changed.",
    )
    credited_share = fields.Float(
        string="Credited", readonly=True, copy=False, help="The part of the order on credit notes when it was booked."
    )

    def _has_figures(self, figures):
        self.ensure_one()
        return all(not self.currency_id.compare_amounts(self[name], figure) for name, figure in figures.items())

    def _benefit_of_limits(self):
        """The version of the benefit whose limits hold by now."""
        self.ensure_one()
        benefits = self.agreement_id.version_id.benefit_ids
        return benefits.filtered(lambda one: one._counted() == self.counted_benefit_id)[:1] or self.benefit_id

    def _values_in_place(self, figures):
        """Values of a redemption in place of this one: of the same moment, under the same terms, with other figures."""
        self.ensure_one()
        paid = self.benefit_id._settlement_amount(figures["amount"], figures["discount"])
        nothing = dict.fromkeys(("name", "voided_on", "voided_by_id", "voided_by_key_id", "void_reason"), False)
        return self.copy_data(
            {
                **nothing,
                **figures,
                "state": "done",
                "settlement_amount": paid,
                "replaces_id": self.id,
                "idempotency_key": f"order-{self.sale_order_id.id}-after-{self.id}",
            }
        )[0]
