from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..purchase_source import PurchaseSource

KINDS = ("out_invoice", "out_receipt", "out_refund")


class AccountMove(models.Model):
    """Posted invoices and credit notes: they are the purchases of companies that count by invoices; where orders count,
    credit notes take back."""

    _name = "account.move"
    _inherit = ["account.move", "customer.purchase.source"]

    # Serves customer.purchase._recompute_days by invoices: the posted ones of one customer on one day.
    _partner_invoice_date_posted_idx = models.Index(
        "(partner_id, invoice_date) WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_receipt', 'out_refund')"
    )
    # Serves customer.purchase._recompute_days by orders: the credit notes of one day. They are few.
    _credit_note_date_idx = models.Index("(invoice_date) WHERE state = 'posted' AND move_type = 'out_refund'")

    @api.model
    def _purchase_source(self):
        return PurchaseSource(
            amount="amount_untaxed_signed",  # in the company's currency, as booked
            date="invoice_date",
            states=("posted",),
            team="team_id",
            bases=("invoices",),
            line_model="account.move.line",
            line_parent="move_id",
        )

    @api.model
    def _purchase_condition(self):
        return SQL("document.move_type IN %s", KINDS)

    @api.model
    def _purchase_orders(self):
        return SQL("CASE document.move_type WHEN 'out_refund' THEN 0 ELSE 1 END")

    @api.model
    def _purchase_line_amount(self):
        return SQL("-line.balance")

    @api.model
    def _purchase_line_condition(self):
        return SQL("line.display_type = 'product'")

    def _may_be_purchase(self):
        return self.move_type in KINDS

    @api.model
    def _purchase_parts_of(self, ids):
        credits = (self.env["sale.order"]._credits_part(), SQL("note.id = ANY(%s)", ids))
        return [*super()._purchase_parts_of(ids), credits]

    @api.model
    def _purchase_issue_domain(self, kind, company):
        return super()._purchase_issue_domain(kind, company) & Domain("move_type", "in", KINDS)

    @api.model
    def _purchase_issue_negative(self, company):
        return super()._purchase_issue_negative(company) & Domain("move_type", "!=", "out_refund")
