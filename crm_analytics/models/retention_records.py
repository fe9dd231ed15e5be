import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class RetentionDashboard(models.AbstractModel):
    """Every figure opens what it counts."""

    _inherit = "retention.dashboard"

    @api.model
    def _openers(self):
        """:returns: {kind of figure: name of the method (args, filters) that gives the action}"""
        return {"tile": "_open_tile", "cohort": "_open_cohort"}

    @api.model
    @api.readonly
    def open_records(self, kind, args=None, filters=None):
        """Open what a figure counts.

        :param kind: tile {key} | cohort {cohort, month}: any day of the cohort's and the cell's month, quarter or year
        :param args: dict of what the figure is of, as above
        :param filters: see ``load``
        :returns: an act_window, whose list holds exactly those counted, archived ones too
        :raises UserError: when there is no such figure
        :raises AccessError: to who may not read the figures, or the records
        """
        self._check_reader()
        dashboard, checked = self._read_filters(filters)
        openers = self._openers()
        if kind not in openers:
            raise UserError(
                self.env._(
                    "There is no kind of figure “%(kind)s”. Choose from: %(kinds)s.",
                    kind=kind,
                    kinds=", ".join(openers),
                )
            )
        if args is not None and not isinstance(args, dict):
            raise UserError(self.env._("“%s” does not say which figure is meant: give a dictionary.", args))
        return dashboard._plain(getattr(dashboard, openers[kind])(args or {}, checked))

    @api.model
    def _open_tile(self, args, filters):
        key = args.get("key")
        texts = self._tile_texts()
        if key in ("revenue", "average_order"):
            return self._open_purchases(texts[key][0], filters)
        self._customers_of_tile(key, filters, filters.period)  # refuses what is no tile
        return self._open_customers(texts[key][0], "tile", {"key": key}, filters)

    @api.model
    def _open_cohort(self, args, filters):
        cohort, month = self._read_cell(args, filters)
        names = {name: self._unit_name(day, filters.grain) for name, day in (("first", cohort), ("month", month))}
        if cohort == month:
            name = self.env._("First bought in %(first)s", **names)
        elif filters.cohort_kind == "unbounded":
            name = self.env._("First bought in %(first)s, bought in %(month)s or later", **names)
        else:
            name = self.env._("First bought in %(first)s, bought in %(month)s", **names)
        return self._open_customers(name, "cohort", {"cohort": cohort, "month": month}, filters)

    # -- what is opened ----------------------------------------------------------------------------------------------

    @api.model
    def _open_customers(self, name, kind, args, filters):
        figure = json.dumps(self._plain({"kind": kind, "args": args, "filters": filters.as_dict()}), sort_keys=True)
        return self._window(name, "res.partner", [("retention_figure", "=", figure)], ("list", "kanban", "form"))

    @api.model
    def _open_purchases(self, name, filters):
        """The facts of which a sum is made."""
        period = filters.period
        model, date, domain = "customer.purchase.month", "month", []
        if filters.category_ids:
            model, domain = "customer.purchase.category", [("categ_id", "child_of", list(filters.category_ids))]
        elif filters.team_ids:
            model, date = "customer.purchase", "day"
        if filters.team_ids:
            domain.append(("team_id", "in", list(filters.team_ids)))
        if filters.of_customers:
            figure = json.dumps({"kind": "filtered", "filters": filters.as_dict()}, sort_keys=True)
            domain.append(("partner_id", "any", [("retention_figure", "=", figure)]))
        domain = [
            ("company_id", "in", self.env.companies.ids),
            (date, ">=", period.first),
            (date, "<=", period.end),
            *domain,
        ]
        return self._window(name, model, domain, ("list", "pivot", "graph"))

    @api.model
    def _window(self, name, model, domain, views):
        self.env[model].browse().check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, view) for view in views],
            "domain": domain,
            "context": {"active_test": False, "create": False},
            "help": self.env._("Nothing is counted here."),
        }

    # -- customers of a figure -----------------------------------------------------------------------------------------

    @api.model
    def _customers_of_figure(self, figure):
        """The customers whom a figure counts, by the very statement that counts them.

        :param figure: JSON text of {kind, args, filters}, as ``_open_customers`` writes it
        :returns: Domain on res.partner
        :raises UserError: when there is no such figure
        :raises AccessError: to who may not read the figures
        """
        self._check_reader()
        try:
            figure = json.loads(figure)
            kind, args, filters = figure["kind"], figure.get("args") or {}, figure.get("filters")
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise UserError(self.env._("“%s” is no figure of the retention dashboard.", figure)) from error
        dashboard, filters = self._read_filters(filters)
        if kind == "filtered":
            return dashboard._customers_domain(filters)
        method = self._counted().get(kind)
        if not method or not isinstance(args, dict):
            raise UserError(self.env._("“%s” is no figure of the retention dashboard.", kind))
        return Domain("id", "in", getattr(dashboard, method)(args, filters))

    @api.model
    def _counted(self):
        """:returns: {kind of figure: name of the method (args, filters) that gives SQL of the customers' ids}"""
        return {"tile": "_counted_in_tile", "cohort": "_counted_in_cohort"}

    @api.model
    def _counted_in_tile(self, args, filters):
        return self._customers_of_tile(args.get("key"), filters, filters.period)

    @api.model
    def _counted_in_cohort(self, args, filters):
        return self._customers_of_cell(*self._read_cell(args, filters), filters)


class ResPartner(models.Model):
    """Customers of a figure, to be searched for: no list of ids, which might be a million."""

    _inherit = "res.partner"

    retention_figure = fields.Char(
        "Counted by the Retention Dashboard in",
        store=False,
        search="_search_retention_figure",
        exportable=False,
        groups="crm_analytics.group_analytics_user",
        help="For searching only: a figure of the dashboard, as its drill-down writes it.",
    )

    @api.model
    def _search_retention_figure(self, operator, value):
        if operator != "in":
            return NotImplemented
        dashboard = self.env["retention.dashboard"]
        return Domain.OR(dashboard._customers_of_figure(figure) for figure in value)
