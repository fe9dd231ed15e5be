from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user

from .common import ContactHistoryCase


class FrontDeskCase(ContactHistoryCase):
    """With the least of bookkeeping that an invoice needs, whatever chart of accounts the database has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookkeeper = new_test_user(cls.env, "book-history", "account.group_account_invoice", name="Bookkeeper")
        receivable, cls.income = cls.env["account.account"].create(
            [
                {"name": "Debtors", "code": "FD1", "account_type": "asset_receivable", "reconcile": True},
                {"name": "Sales", "code": "FD2", "account_type": "income"},
            ]
        )
        cls.journal = cls.env["account.journal"].create(
            {"name": "Front desk", "type": "sale", "code": "FDSK", "default_account_id": cls.income.id}
        )
        cls.env["ir.default"].set("res.partner", "property_account_receivable_id", receivable.id)
        cls.env["ir.default"].set("product.category", "property_account_income_categ_id", cls.income.id)
        (cls.siti | cls.mill | cls.rina).property_account_receivable_id = receivable
        cls.receivable = receivable

    def invoice(self, partner, due=0, **values):
        """A posted invoice of a month ago.

        :param due: days from today until it is due
        """
        today = fields.Date.today()
        partner.property_account_receivable_id = self.receivable
        line = {"name": "Coffee", "price_unit": 10, "account_id": self.income.id, "tax_ids": []}
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "journal_id": self.journal.id,
                "invoice_date": today - timedelta(days=30),
                "invoice_date_due": today + timedelta(days=due),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [fields.Command.create(line)],
                **values,
            }
        )
        move.action_post()
        return move
