from odoo import api, models
from odoo.tools import SQL


class RetentionDashboard(models.AbstractModel):
    """What the filters offer."""

    _inherit = "retention.dashboard"

    @api.model
    def _choices(self, country_ids):
        """One question for all of them, see ``_ask_together``.

        :returns: {name of the list: [{id, name}]}, of what the reader may see
        """
        of_companies = [("company_id", "in", [False, *self.env.companies.ids])]
        records = {
            "teams": ("crm.team", of_companies, "name"),
            "grades": ("res.partner.grade", of_companies, "name"),
            "countries": ("res.country", [("id", "in", country_ids)], "name"),
            "categories": ("product.category", [], "complete_name"),
        }
        asked = [
            SQL("SELECT %s AS list, choice.* FROM (%s) choice", name, self._records_to_choose(*which))
            for name, which in records.items()
            if self.env[which[0]].has_access("read")
        ]
        rows = yield SQL(" UNION ALL ").join(asked)
        return {
            "companies": [{"id": company.id, "name": company.name} for company in self.env.companies],
            "segments": self._choices_of_selection("customer.metric", "segment"),
            **{
                name: [{"id": row["id"], "name": row["name"]} for row in rows if row["list"] == name]
                for name in records
            },
        }

    @api.model
    def _records_to_choose(self, model, domain, name):
        """:returns: SQL of (id, name), in the order of the model, in the reader's language"""
        model = self.env[model]
        query = model._search(domain, order=model._order)
        return query.select(
            SQL("%s AS id", SQL.identifier(query.table, "id")),
            SQL("%s AS name", self._name_to_choose(model, query, name)),
        )

    @api.model
    def _name_to_choose(self, model, query, name):
        """:returns: SQL of the name; of a tier with its club: two clubs may each have a Gold, and core has one of its own"""
        label = model._field_to_sql(query.table, name, query)
        if model._name == "res.partner.grade":
            # Of the club only the name is told, to whoever may read its tiers.
            club = query.left_join(query.table, "club_id", "loyalty_club", "id", "club")
            label = SQL("CONCAT(%s, ' (' || %s || ')')", label, SQL.identifier(club, "name"))
        return label

    @api.model
    def _choices_of_selection(self, model, field):
        if model not in self.env:
            return []
        selection = self.env[model]._fields[field]._description_selection(self.env)
        return [{"id": key, "name": label} for key, label in selection]

    @api.model
    def _countries(self):
        """One question, see ``_ask_together``.

        :returns: ids of the countries in which customers live
        """
        query = self.env["res.partner"]._search([("country_id", "!=", False)])
        query.groupby = SQL.identifier(query.table, "country_id")
        rows = yield query.select(SQL("%s AS id", query.groupby))
        return [row["id"] for row in rows]
