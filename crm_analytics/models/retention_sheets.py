from odoo import api, models


class RetentionDashboard(models.AbstractModel):
    """The figures as tables, for the export.

    A sheet is a dict of ``name``, ``columns`` [(name, unit)] and ``rows`` (lists of values; where the unit of the column is
    None, of (value, unit)). Units are those of tiles, and text and date.
    """

    _inherit = "retention.dashboard"

    @api.model
    def _sheets(self, shown):
        """:param shown: see ``load``
        :returns: list of sheets, those without rows left out
        """
        sheets = [
            self._sheet_of_tiles(shown),
            self._sheet_of_cohorts(shown),
            self._sheet_of_groups(self.env._("Lifecycle"), shown["lifecycle"]),
            self._sheet_of_groups(self.env._("Segments"), shown["segments"]),
            self._sheet_of_rfm(shown),
            self._sheet_of_moves(shown),
            self._sheet_of_values(shown),
            self._sheet_of_top(shown),
            self._sheet_of_risk(shown),
            self._sheet_of_satisfaction(shown),
            self._sheet_of_clubs(shown),
            self._sheet_of_quality(shown),
        ]
        return [sheet for sheet in sheets if sheet["rows"]]

    @api.model
    def _about(self, shown):
        """:returns: rows (text, text) of the first sheet: what the figures are about, and what they mean"""
        filters, choices = shown["filters"], shown["choices"]
        labels = {
            "companies": (self.env._("Companies"), "company_ids"),
            "teams": (self.env._("Sales teams"), "team_ids"),
            "grades": (self.env._("Tiers"), "grade_ids"),
            "segments": (self.env._("Segments"), "segments"),
            "countries": (self.env._("Countries"), "country_ids"),
            "categories": (self.env._("Product categories"), "category_ids"),
        }
        rows = [
            (self.env._("Period"), shown["period"]["label"]),
            (self.env._("Compared with"), (shown["previous"] or {}).get("label") or "–"),
            (self.env._("As of"), f"{shown['as_of']} UTC"),
            (self.env._("Changes that wait to be counted"), str(shown["queued"])),
            (self.env._("Figures of customers as of"), shown["metrics_as_of"] or "–"),
            (self.env._("Companies"), ", ".join(shown["companies"])),
            (self.env._("Currency"), self.env["res.currency"].browse(shown["currency_id"]).name),
            *((self.env._("Converted from %s at", rate["currency"]), f"{rate['rate']:.6g}") for rate in shown["rates"]),
        ]
        for name, (label, key) in labels.items():
            if filters[key]:
                names = [choice["name"] for choice in choices[name] if choice["id"] in filters[key]]
                rows.append((self.env._("Filter: %s", label), ", ".join(names)))
        rows.append(("", ""))
        rows += [(tile["label"], tile["definition"]) for tile in shown["tiles"]]
        return rows

    @api.model
    def _sheet_of_tiles(self, shown):
        rows = []
        for tile in shown["tiles"]:
            change = (tile["change"], "percent")
            rows.append(
                [(tile["label"], "text"), (tile["value"], tile["unit"]), (tile["previous"], tile["unit"]), change]
            )
        columns = [
            (self.env._("Figure"), None),
            (shown["period"]["label"], None),
            ((shown["previous"] or {}).get("label") or self.env._("Before"), None),
            (self.env._("Change"), None),
        ]
        return {"name": self.env._("Figures"), "columns": columns, "rows": rows}

    @api.model
    def _sheet_of_cohorts(self, shown):
        """A line per cell: to be made a pivot of, and to be read by programs."""
        grain = shown["filters"]["grain"]
        columns = [
            (self.env._("First bought in"), "text"),
            (self.env._("Customers of the cohort"), "count"),
            (self.env._("Bought in"), "text"),
            (self.env._("Number of the period"), "count"),
            (self.env._("Customers"), "count"),
            (self.env._("Retention"), "percent"),
            (self.env._("Revenue"), "money"),
            (self.env._("Incomplete"), "text"),
        ]
        rows = [
            [
                self._unit_name(self._to_month(cohort["month"]), grain),
                cohort["size"],
                self._unit_name(self._to_month(cell["month"]), grain),
                cell["age"],
                cell["customers"],
                cell["retention"],
                cell["amount"],
                self.env._("yes") if cell["incomplete"] else "",
            ]
            for cohort in shown["cohorts"]
            for cell in cohort["cells"]
        ]
        return {"name": self.env._("Cohorts"), "columns": columns, "rows": rows}

    @api.model
    def _sheet_of_groups(self, name, groups):
        columns = [
            (name, "text"),
            (self.env._("Customers"), "count"),
            (self.env._("Revenue"), "money"),
            (self.env._("Customers before"), "count"),
        ]
        rows = [[group["label"], group["customers"], group["revenue"], group["previous_customers"]] for group in groups]
        return {"name": name, "columns": columns, "rows": rows}

    @api.model
    def _sheet_of_rfm(self, shown):
        columns = [
            (self.env._("Recency (5: most recent)"), "count"),
            (self.env._("Frequency (5: most often)"), "count"),
            (self.env._("Customers"), "count"),
            (self.env._("Revenue"), "money"),
        ]
        rows = [[cell["r"], cell["f"], cell["customers"], cell["revenue"]] for cell in shown["rfm"]]
        return {"name": "RFM", "columns": columns, "rows": rows}

    @api.model
    def _sheet_of_moves(self, shown):
        moves = shown["migration"]
        names = {choice["id"]: choice["name"] for choice in shown["choices"]["segments"]}
        columns = [
            (self.env._("From (%s)", moves["from_label"] or "–"), "text"),
            (self.env._("To (%s)", moves["to_label"]), "text"),
            (self.env._("Customers"), "count"),
        ]
        rows = [
            [names.get(move["from"], self.env._("No customer yet")), names[move["to"]], move["customers"]]
            for move in moves["cells"]
        ]
        return {"name": self.env._("Migration"), "columns": columns, "rows": rows}

    @api.model
    def _sheet_of_values(self, shown):
        columns = [
            (self.env._("Lifetime value from"), "money"),
            (self.env._("Below"), "money"),
            (self.env._("Customers"), "count"),
            (self.env._("Sum"), "money"),
        ]
        rows = [[bar["low"], bar["high"], bar["customers"], bar["revenue"]] for bar in shown["value"]["histogram"]]
        return {"name": self.env._("Lifetime value"), "columns": columns, "rows": rows}

    @api.model
    def _sheet_of_top(self, shown):
        columns = [
            (self.env._("Customer"), "text"),
            (self.env._("Lifetime value"), "money"),
            (self.env._("Low"), "money"),
            (self.env._("High"), "money"),
            (self.env._("Chance to buy again"), "percent"),
        ]
        rows = [
            [customer["name"], customer["value"], customer["low"], customer["high"], customer["probability_alive"]]
            for customer in shown["value"]["top"]
        ]
        return {"name": self.env._("Top customers"), "columns": columns, "rows": rows}

    @api.model
    def _sheet_of_risk(self, shown):
        columns = [
            (self.env._("Customer"), "text"),
            (self.env._("Reasons"), "text"),
            (self.env._("Lifetime value"), "money"),
            (self.env._("Days since last purchase"), "days"),
            (self.env._("Usual interval"), "days"),
            (self.env._("Open complaints"), "count"),
        ]
        rows = [
            [
                customer["name"],
                "; ".join(customer["reasons"]),
                customer["value"],
                customer["days_since"],
                customer["usual_interval"],
                customer["open_complaints"],
            ]
            for customer in shown["risk"]
        ]
        return {"name": self.env._("At risk"), "columns": columns, "rows": rows}

    @api.model
    def _sheet_of_satisfaction(self, shown):
        found = shown["satisfaction"]
        columns = [
            (self.env._("Customers"), "text"),
            (self.env._("Satisfied (CSAT)"), "percent"),
            (self.env._("Answers"), "count"),
            (self.env._("Low (95 %)"), "percent"),
            (self.env._("High (95 %)"), "percent"),
            (self.env._("Complaints"), "count"),
            (self.env._("Complaints per 100 customers"), "score"),
        ]
        names = ("csat", "csat_n", "csat_low", "csat_high", "complaints")
        rows = [
            [self.env._("All"), *(found[name] for name in names), found["complaints_per_100_customers"]],
            *(
                [group["label"], *(group[name] for name in names), group["complaints_per_100"]]
                for group in found["groups"]
            ),
        ]
        return {"name": self.env._("Satisfaction"), "columns": columns, "rows": rows}

    @api.model
    def _sheet_of_clubs(self, shown):
        columns = [
            (self.env._("Customers"), "text"),
            (self.env._("Number"), "count"),
            (self.env._("Revenue"), "money"),
            (self.env._("Orders per customer"), "score"),
            (self.env._("Average order"), "money"),
            (self.env._("Retention rate"), "percent"),
        ]
        names = ("label", "customers", "revenue", "orders_per_customer", "average_order", "retention_rate")
        return {
            "name": self.env._("Clubs"),
            "columns": columns,
            "rows": [[group[name] for name in names] for group in shown["clubs"]],
        }

    @api.model
    def _sheet_of_quality(self, shown):
        return {
            "name": self.env._("Data quality"),
            "columns": [(self.env._("What was found"), "text"), (self.env._("Number"), "count")],
            "rows": [[line["label"], line["count"]] for line in shown["quality"]],
        }
