from odoo import api, models
from odoo.addons.crm_analytics.purchase_source import PurchaseSource
from odoo.fields import Domain
from odoo.tools import SQL


class PosOrder(models.Model):
    """What a known customer buys at the till is a purchase; what is given back there has its own day and is none."""

    _name = "pos.order"
    _inherit = ["pos.order", "customer.purchase.source"]

    # Serves customer.purchase._recompute_days: what one customer bought at the till around one day.
    _partner_date_paid_idx = models.Index("(partner_id, date_order) WHERE state IN ('paid', 'done')")

    @api.model
    def _purchase_source(self):
        return PurchaseSource(
            amount="amount_total",
            rate="currency_rate",  # the till's currency is stored nowhere
            states=("paid", "done"),
            team="crm_team_id" if "crm_team_id" in self._fields else "",
            bases=("orders", "invoices"),
            line_model="pos.order.line",
            also_watched=("amount_tax", "account_move", "is_refund"),
        )

    @api.model
    def _purchase_condition(self):
        """Where invoices count, an invoiced sale counts by its invoice. A sale that does nothing but settle sales orders
        counts by these."""
        condition = SQL("(company.purchase_basis = 'orders' OR document.account_move IS NULL)")
        if self._settles_sales_orders():
            condition = SQL(
                "%s AND (company.purchase_basis = 'invoices' OR EXISTS (SELECT FROM pos_order_line sold"
                " WHERE sold.order_id = document.id AND sold.sale_order_line_id IS NULL))",
                condition,
            )
        return condition

    @api.model
    def _purchase_orders(self):
        return SQL("CASE WHEN document.is_refund OR document.amount_total < 0 THEN 0 ELSE 1 END")

    @api.model
    def _purchase_amount(self):
        amount = SQL("(document.amount_total - document.amount_tax)")
        if self._settles_sales_orders():
            amount = SQL(
                """
                (%s - CASE company.purchase_basis WHEN 'orders' THEN COALESCE(
                      (SELECT SUM(settled.price_subtotal) FROM pos_order_line settled
                        WHERE settled.order_id = document.id AND settled.sale_order_line_id IS NOT NULL), 0) ELSE 0 END)
                """,
                amount,
            )
        return amount

    @api.model
    def _purchase_line_condition(self):
        if self._settles_sales_orders():
            return SQL("(company.purchase_basis = 'invoices' OR line.sale_order_line_id IS NULL)")
        return SQL("TRUE")

    @api.model
    def _settles_sales_orders(self):
        """Whether sales orders can be paid at the till: where core's addon for it is installed."""
        return "sale_order_line_id" in self.env["pos.order.line"]._fields

    @api.model
    def _purchase_issue_negative(self, company):
        return super()._purchase_issue_negative(company) & Domain("is_refund", "=", False)
