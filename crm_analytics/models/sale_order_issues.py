from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrder(models.Model):
    """Orders in a foreign currency for whose day there is no rate."""

    _inherit = "sale.order"

    purchase_without_rate = fields.Boolean(
        "Without a Rate", compute="_compute_purchase_without_rate", search="_search_purchase_without_rate"
    )

    def _compute_purchase_without_rate(self):
        without = self.search([("id", "in", self.ids), ("purchase_without_rate", "=", True)])
        for order in self:
            order.purchase_without_rate = order in without

    @api.model
    def _search_purchase_without_rate(self, operator, value):
        if operator != "in":
            return NotImplemented
        part = self._documents_part()
        # In a currency other than the company's, and no rate of the currency until that day.
        query = SQL(
            """
            SELECT document.id FROM %s
             WHERE document.currency_id <> company.currency_id
               AND NOT EXISTS (SELECT FROM res_currency_rate rate
                                WHERE rate.currency_id = document.currency_id AND rate.name <= %s
                                  AND (rate.company_id IS NULL
                                       OR rate.company_id = SPLIT_PART(company.parent_path, '/', 1)::int))
            """,
            part.tables,
            part.day,
        )
        return [("id", "in" if True in value else "not in", SQL("(%s)", query))]

    @api.model
    def _purchase_issue_kinds(self):
        return [*super()._purchase_issue_kinds(), "no_rate"]

    @api.model
    def _purchase_issue_no_rate(self, company):
        return Domain("purchase_without_rate", "=", True)
