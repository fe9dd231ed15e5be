from odoo import api, models


class RetentionDashboard(models.AbstractModel):
    """What the filters offer."""

    _inherit = "retention.dashboard"

    @api.model
    def _choices(self, country_ids):
        """:returns: {name of the list: [{id, name}]}, of what the reader may see"""
        of_companies = [("company_id", "in", [False, *self.env.companies.ids])]
        return {
            "companies": [{"id": company.id, "name": company.name} for company in self.env.companies],
            "teams": self._choices_of("crm.team", of_companies, "name"),
            "grades": self._choices_of("res.partner.grade", of_companies, "name"),
            "segments": self._choices_of_selection("customer.metric", "segment"),
            "countries": self._choices_of("res.country", [("id", "in", country_ids)], "name"),
            "categories": self._choices_of("product.category", [], "complete_name"),
        }

    @api.model
    def _choices_of(self, model, domain, name):
        model = self.env[model]
        if not model.has_access("read"):
            return []
        return [{"id": record.id, "name": record[name]} for record in model.search_fetch(domain, [name])]

    @api.model
    def _choices_of_selection(self, model, field):
        if model not in self.env:
            return []
        selection = self.env[model]._fields[field]._description_selection(self.env)
        return [{"id": key, "name": label} for key, label in selection]

    @api.model
    def _countries(self):
        """:returns: ids of the countries in which customers live"""
        countries = self.env["res.partner"]._read_group([("country_id", "!=", False)], ["country_id"])
        return [country.id for [country] in countries]
