from odoo import fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    purchase_month_ids = fields.One2many(
        "customer.purchase.month",
        "partner_id",
        "Purchases per Month",
        readonly=True,
        groups="crm_analytics.group_analytics_user",
    )

    # Serves the dashboard filtered by country, which would read all contacts, wide as they are.
    _country_idx = models.Index("(country_id, id)")

    def _write_multi(self, vals_list):
        """Purchases follow a contact who comes to belong to another customer, and a company's change of time zone."""
        queue = self.env["customer.purchase.queue"]
        changes = [(id_, vals.keys()) for id_, vals in zip(self._ids, vals_list, strict=True)]
        moved = [id_ for id_, names in changes if "commercial_partner_id" in names]
        companies = self._companies_of([id_ for id_, names in changes if "tz" in names])
        queue._enqueue_contacts(moved)
        result = super()._write_multi(vals_list)
        queue._enqueue_contacts(moved)
        self.env["customer.purchase.build"]._request(self.env["res.company"].browse(companies))
        return result

    def _companies_of(self, partner_ids):
        if not partner_ids:
            return []
        query = SQL("SELECT id FROM res_company WHERE partner_id = ANY(%s)", partner_ids)
        return [company_id for (company_id,) in self.env.execute_query(query)]

    def unlink(self):
        """Figures never keep a contact from being deleted: without his documents they are gone, too."""
        self.env["customer.purchase"]._settle_before_unlink(self)
        return super().unlink()
