from odoo import api, models, tools
from odoo.tools import SQL

from ..purchase_source import PurchasePart, PurchaseSource, rounded


class SaleOrder(models.Model):
    """Confirmed orders are purchases; posted credit notes of their invoices take money back, each on its own day."""

    _name = "sale.order"
    _inherit = ["sale.order", "customer.purchase.source"]

    # Serves customer.purchase._recompute_days: the confirmed orders of one customer around one day. With core's index
    # on partner_id alone, recounting after 10,000 changed orders takes longer than a full build. crm_loyalty's index of net
    # spend has the same key and is wider: by that one alone, it takes a seventh longer (measured with 5 million orders).
    _partner_date_confirmed_idx = models.Index("(partner_id, date_order) WHERE state = 'sale'")

    @api.model
    def _purchase_source(self):
        return PurchaseSource(
            amount="amount_untaxed",
            currency="currency_id",
            states=("sale",),
            team="team_id",
            line_model="sale.order.line",
        )

    @api.model
    def _purchase_line_condition(self):
        return SQL("line.display_type IS NULL")

    @api.model
    def _purchase_parts(self):
        return [*super()._purchase_parts(), self._credits_part()]

    @api.model
    def _purchase_parts_of(self, ids):
        parts = super()._purchase_parts_of(ids)
        if self._are_invoiced(ids):
            parts.append((self._credits_part(), SQL("document.id = ANY(%s)", ids)))
        return parts

    @api.model
    def _are_invoiced(self, ids):
        """Whether any of these orders has ever been invoiced, and so may have been credited.

        Asked by a statement of its own: of an order that is being confirmed, to plan the joins from its credit notes
        takes longer than all else that is done for its figures.
        """
        query = SQL(
            """
            SELECT FROM sale_order_line line JOIN sale_order_line_invoice_rel link ON link.order_line_id = line.id
             WHERE line.order_id = ANY(%s) LIMIT 1
            """,
            ids,
        )
        return bool(self.env.execute_query(query))

    @api.model
    @tools.ormcache()
    def _credits_part(self):
        """What posted credit notes take back of confirmed orders. The alias of the order is ``document``, of the note ``note``.

        It counts for the order's customer, company and team, whoever has been invoiced, on the day of the note and as
        it is booked. Down payments given back are no purchase given back.
        """
        day = SQL("note.invoice_date")
        # Plain joins, so that the database begins where there is least: at some orders, or at the notes of a day.
        tables = SQL(
            """
            account_move note
            JOIN account_move_line line ON line.move_id = note.id AND line.display_type = 'product'
            JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = line.id
            JOIN sale_order_line ordered ON ordered.id = link.order_line_id AND ordered.is_downpayment IS NOT TRUE
            JOIN sale_order document ON document.id = ordered.order_id
            JOIN res_partner contact ON contact.id = document.partner_id
            JOIN res_company company ON company.id = document.company_id
            JOIN res_currency currency ON currency.id = company.currency_id
            """
        )
        amount = rounded(SQL("-line.balance"))
        return PurchasePart(
            tables=tables,
            where=SQL(
                "note.move_type = 'out_refund' AND note.state = 'posted' AND document.state = 'sale'"
                " AND company.purchase_basis = 'orders'"
                # A line that stands for several lines of orders is given back once.
                " AND NOT EXISTS (SELECT FROM sale_order_line_invoice_rel other"
                " WHERE other.invoice_line_id = link.invoice_line_id AND other.order_line_id < link.order_line_id)"
            ),
            day=day,
            between=lambda first, after: SQL("%s >= %s AND %s < %s", day, first, day, after),
            orders=SQL("0"),
            amount=amount,
            team=SQL("document.team_id"),
            document=SQL("note.id"),
            lines=SQL(),
            line_amount=amount,
        )
