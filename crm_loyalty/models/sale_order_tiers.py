from odoo import api, models
from odoo.tools import SQL

# What of an order decides about tiers.
WATCHED = {"state", "partner_id", "company_id", "date_order", "amount_untaxed", "currency_id", "currency_rate"}


class SaleOrder(models.Model):
    """Orders bring their customers to the queue; a confirmed one has its tier looked at once."""

    _inherit = "sale.order"

    # Serves loyalty.club._order_parts: what some members have bought, all that is added up in the index itself. Their
    # orders lie here and there in the table: read one by one, they were half of a night's work.
    _net_spend_idx = models.Index(
        "(partner_id, date_order) INCLUDE (id, company_id, currency_id, currency_rate, amount_untaxed)"
        " WHERE state = 'sale'"
    )

    def action_confirm(self):
        result = super().action_confirm()
        self._evaluate_tiers_at_once()
        return result

    def _evaluate_tiers_at_once(self):
        """A member goes up at once."""
        if self and self.env["loyalty.club"]._metrics_in_use():
            self.env.flush_all()
            # sudo: core has checked the right to confirm the orders; which tier their customers have is not the
            # seller's to decide
            self.env["loyalty.tier.queue"].sudo()._evaluate_customers(self.partner_id.ids)

    def _follow_credit_notes(self):
        result = super()._follow_credit_notes()
        self.env["loyalty.tier.queue"]._add_customers(self.partner_id.ids)
        return result

    # The hooks sit where the ORM writes to the database: amounts are computed fields, and there the order still has
    # its old customer.

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        self.env["loyalty.tier.queue"]._add_customers(
            orders.filtered(lambda order: order.state == "sale").partner_id.ids
        )
        return orders

    def _write_multi(self, vals_list):
        if not self.env["loyalty.club"]._metrics_in_use():
            return super()._write_multi(vals_list)
        # sudo: whoever may write the orders; only who their customers are is looked at.
        changed = [
            (order, vals)
            for order, vals in zip(self.sudo(), vals_list, strict=True)
            if WATCHED & vals.keys() and ("state" in vals or order.state == "sale")
        ]
        moved = [order.id for order, vals in changed if "partner_id" in vals]
        customers = set(self._partners_in_database(moved) if moved else ())  # whose orders they have been
        result = super()._write_multi(vals_list)
        if changed:
            # Who is not written now is in the database what he is here.
            customers.update(vals.get("partner_id") or order.partner_id.id for order, vals in changed)
            self.env["loyalty.tier.queue"]._add_customers(customers)
        return result

    def _partners_in_database(self, ids):
        # Without a flush: what is in the database now is what is asked for.
        self.env.cr.execute(SQL("SELECT partner_id FROM sale_order WHERE id = ANY(%s)", list(ids)))
        return [partner_id for (partner_id,) in self.env.cr.fetchall()]
