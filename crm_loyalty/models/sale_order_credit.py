from odoo import models


class SaleOrder(models.Model):
    """Credit notes take back what an order earned and give back what it spent, in proportion."""

    _inherit = "sale.order"

    def _credited_share(self):
        """How much of this order stands on posted credit notes, between 0 and 1.

        By the amount to pay; of an order that was paid wholly by points, by the price of its goods.
        """
        self.ensure_one()
        lines, whole = self.order_line, self.amount_total
        if self.currency_id.is_zero(whole):
            lines = lines.filtered(lambda line: line.price_total > 0)
            whole = sum(lines.mapped("price_total"))
        credited = sum(
            line.currency_id._convert(line.price_total, self.currency_id, self.company_id, line.date)
            for line in lines.invoice_lines
            if line.move_id.move_type == "out_refund" and line.parent_state == "posted"
        )
        if self.currency_id.is_zero(whole) or credited <= 0:
            return 0.0
        return min(credited / whole, 1.0)

    def _follow_credit_notes(self):
        """Bring the points of these orders in line with their posted credit notes.

        What is to be is worked out from all of the order's credit notes, and the difference to what was booked is
        booked: repeating it changes nothing, and a credit note reset to draft is undone.
        """
        orders = self.filtered(lambda order: order.state == "sale")
        given = orders._given_by_order()
        pieces = []
        for order in orders:
            share = order._credited_share()
            for card, of_card in order._given_or_by_core(given.get(order.id, {})).items():
                pieces += [(card, piece) for piece in of_card.pieces_of_credit(share, order._piece)]
        self.env["loyalty.card"]._book_many(pieces)

    def _given_or_by_core(self, given):
        """What the order has done to cards; for an order older than the ledger, what core's own records say."""
        given = dict(given)
        for card, of_card in self._given_by_core().items():
            if card not in given:
                given[card] = of_card
            elif not given[card].confirmed:
                given[card].earned += of_card.earned
                given[card].redeemed += of_card.redeemed
        return given
