from odoo.fields import Command

from .common import PurchaseCase


class BooksCase(PurchaseCase):
    """A shop with the least of bookkeeping that an invoice needs, whatever chart of accounts the database has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        receivable, cls.income = cls.env["account.account"].create([
            {"name": "Debtors of purchases", "code": "PU1", "account_type": "asset_receivable", "reconcile": True},
            {"name": "Sales of purchases", "code": "PU2", "account_type": "income"},
        ])  # fmt: skip
        cls.journal = cls.env["account.journal"].create(
            {"name": "Purchases", "type": "sale", "code": "PURCH", "sequence": 0, "default_account_id": cls.income.id}
        )
        cls.env["ir.default"].set(
            "res.partner", "property_account_receivable_id", receivable.id, company_id=cls.company.id
        )
        cls.env["ir.default"].set(
            "product.category", "property_account_income_categ_id", cls.income.id, company_id=cls.company.id
        )
        (cls.siti | cls.budi).property_account_receivable_id = receivable
        cls.receivable = receivable
        cls.coffee.invoice_policy = "order"

    @classmethod
    def bill(cls, order, day):
        """A posted invoice of all of an order."""
        invoice = order._create_invoices()
        invoice.write({"journal_id": cls.journal.id, "invoice_date": day})
        invoice.action_post()
        return invoice

    @classmethod
    def credit(cls, order, day, share=1.0):
        """A posted credit note of a share of an order."""
        invoice = order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")[:1]
        note = (invoice or cls.bill(order, order.date_order.date()))._reverse_moves()
        note.invoice_date = day
        for line in note.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            line.quantity *= share
        note.action_post()
        return note

    @classmethod
    def invoice(cls, partner, day, amount=10.0, move_type="out_invoice", product=None, **values):
        """A posted invoice without an order."""
        line = {"product_id": (product or cls.coffee).id, "price_unit": amount, "tax_ids": []}
        invoice = cls.env["account.move"].create({
            "move_type": move_type,
            "partner_id": partner.id,
            "journal_id": cls.journal.id,
            "invoice_date": day,
            "invoice_line_ids": [Command.create({**line, "account_id": cls.income.id})],
            **values,
        })  # fmt: skip
        invoice.action_post()
        return invoice
