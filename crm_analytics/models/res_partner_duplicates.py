from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Customers that are likely the same person, by their e-mail address or phone number."""

    _inherit = "res.partner"

    purchase_duplicate = fields.Boolean(
        "Likely a Duplicate Customer",
        compute="_compute_purchase_duplicate",
        search="_search_purchase_duplicate",
        groups="crm_analytics.group_analytics_user",
        help="Another customer has the same e-mail address or phone number. Of the companies chosen.",
    )

    @api.depends_context("allowed_company_ids", "purchase_company_id")
    def _compute_purchase_duplicate(self):
        duplicates = self.with_context(active_test=False).search(
            [("id", "in", self.ids), ("purchase_duplicate", "=", True)]
        )
        for partner in self:
            partner.purchase_duplicate = partner in duplicates

    @api.model
    def _search_purchase_duplicate(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Figures are those of the reader's companies, whatever the context asks for.
        company_id = self.env.context.get("purchase_company_id")
        company_ids = [company_id] if company_id in self.env.companies.ids or self.env.su else self.env.companies.ids
        customers = SQL(
            """
            SELECT id, email_normalized, phone_sanitized FROM res_partner
             WHERE id IN (SELECT partner_id FROM customer_purchase_month WHERE company_id = ANY(%s))
            """,
            [id_ for id_ in company_ids if id_],
        )
        query = SQL(
            """
            WITH customer AS MATERIALIZED (%s)
            SELECT id FROM customer
             WHERE email_normalized IN (SELECT email_normalized FROM customer WHERE email_normalized <> ''
                                         GROUP BY email_normalized HAVING COUNT(*) > 1)
                OR phone_sanitized IN (SELECT phone_sanitized FROM customer WHERE phone_sanitized <> ''
                                        GROUP BY phone_sanitized HAVING COUNT(*) > 1)
            """,
            customers,
        )
        return [("id", "in" if True in value else "not in", SQL("(%s)", query))]
