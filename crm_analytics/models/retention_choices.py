from odoo import api, models


class RetentionDashboard(models.AbstractModel):
    """What the filters offer."""

    _inherit = "retention.dashboard"

    @api.model
    def _choices(self):
        """:returns: {name of the list: [{id, name}]}, of what the reader may see"""
        return {
            "companies": [{"id": company.id, "name": company.name} for company in self.env.companies],
            "teams": self._choices_of("crm.team", [("company_id", "in", [False, *self.env.companies.ids])], "name"),
            "grades": self._choices_of(
                "res.partner.grade", [("company_id", "in", [False, *self.env.companies.ids])], "name"
            ),
            "segments": self._choices_of_selection("customer.metric", "segment"),
            "countries": self._choices_of_countries(),
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
    def _choices_of_countries(self):
        """The countries that contacts have."""
        countries = self.env["res.partner"]._read_group([("country_id", "!=", False)], ["country_id"])
        found = self.env["res.country"].browse(country.id for [country] in countries)
        return sorted(
            ({"id": country.id, "name": country.name} for country in found), key=lambda choice: choice["name"]
        )
