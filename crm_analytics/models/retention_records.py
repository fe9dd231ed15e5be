import json

from odoo import api, fields, models
from odoo.addons.crm_contact_history.plausible import legible
from odoo.exceptions import UserError
from odoo.fields import Domain


class RetentionDashboard(models.AbstractModel):
    """Every figure opens what it counts."""

    _inherit = "retention.dashboard"

    @api.model
    def _openers(self):
        """:returns: {kind of figure: name of the method (args, filters) that gives the action}"""
        return {
            kind: f"_open_{kind}"
            for kind in (
                "tile", "cohort", "all_cohorts", "lifecycle", "rfm", "segment", "migration", "value", "customer", "model",
                "risk", "satisfaction", "club", "quality",
            )
        }  # fmt: skip

    @api.model
    def _counted(self):
        """:returns: {kind of figure: name of the method (args, filters) that gives SQL of the customers' ids}"""
        return {
            kind: f"_counted_in_{kind}"
            for kind in ("tile", "cohort", "all_cohorts", "group", "migration", "satisfaction", "club", "either")
        }

    @api.model
    @api.readonly
    def open_records(self, kind, args=None, filters=None):
        """Open what a figure counts.

        :param kind: tile {key} | cohort {cohort, month}: any day of the cohort's and the cell's month, quarter or year |
            all_cohorts {age}: or None, for the customers of all | lifecycle {key, of} and segment {key, of}: revenue, or
            None for the customers | rfm {r, f} | migration {from, to}: a key, or None | value {low, high}: each may be
            None; or {} for all | customer {partner_id}: his figures | model {}: how estimates were made | risk {} |
            satisfaction {key, of}: csat, ces, complaints; retained, lost: their csat, complaints, or None for the
            customers | club {key, of}: members, others: revenue, retention_rate, or None for the customers |
            quality {kind}
        :param args: dict of what the figure is of, as above
        :param filters: see ``load``
        :returns: an act_window, whose list holds exactly those counted, archived ones too
        :raises UserError: when there is no such figure
        :raises AccessError: to who may not read the figures, or the records
        """
        self._check_reader()
        dashboard, checked = self._read_filters(filters)
        openers, kind, args = self._openers(), legible(kind), legible(args or {})
        if not isinstance(kind, str) or kind not in openers:
            raise UserError(
                self.env._(
                    "There is no kind of figure “%(kind)s”. Choose from: %(kinds)s.",
                    kind=kind,
                    kinds=", ".join(openers),
                )
            )
        if not self._says_a_figure(args):
            raise UserError(self.env._("“%s” does not say which figure is meant: give a dictionary of words.", args))
        return dashboard._plain(getattr(dashboard, openers[kind])(args, checked))

    @api.model
    def _says_a_figure(self, args):
        return isinstance(args, dict) and not any(isinstance(value, dict | list) for value in args.values())

    # -- what is opened ----------------------------------------------------------------------------------------------

    @api.model
    def _open_customers(self, name, kind, args, filters):
        domain = [("retention_figure", "=", self._figure(kind, args, filters))]
        return self._window(name, "res.partner", domain, ("list", "kanban", "form"))

    @api.model
    def _open_metrics(self, name, domain, filters):
        """:param domain: list, on customer.metric"""
        domain = [("company_id", "in", self.env.companies.ids), *domain]
        if filters.segments:
            domain.append(("segment", "in", list(filters.segments)))
        if filters.of_customers or filters.of_purchases:
            domain.append(("partner_id.retention_figure", "=", self._figure("filtered", {}, filters)))
        return self._window(name, "customer.metric", domain, ("list", "kanban", "pivot", "graph", "form"))

    @api.model
    def _open_purchases(self, name, filters, whose=()):
        """The facts of which a sum is made.

        :param whose: list, a domain on the facts: only those of some customers, all of them of the filtered ones
        """
        period = filters.period
        model, date, domain = "customer.purchase.month", "month", [*whose]
        if filters.category_ids:
            model = "customer.purchase.category"
            domain.append(("categ_id", "child_of", list(filters.category_ids)))
        elif filters.team_ids:
            model, date = "customer.purchase", "day"
        if filters.team_ids:
            domain.append(("team_id", "in", list(filters.team_ids)))
        if filters.of_customers and not whose:  # of two figures in one domain Odoo makes none
            domain.append(("partner_id.retention_figure", "=", self._figure("filtered", {}, filters)))
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
            "domain": list(domain),
            "context": {"active_test": False, "create": False},
            "help": self.env._("Nothing is counted here."),
        }

    @api.model
    def _figure(self, kind, args, filters):
        """:returns: text that ``res.partner.retention_figure`` is searched by"""
        return json.dumps(self._plain({"kind": kind, "args": args, "filters": filters.as_dict()}), sort_keys=True)

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
            said = legible(json.loads(figure))
            kind, args, filters = said["kind"], said.get("args") or {}, said.get("filters")
        except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
            raise UserError(self.env._("“%s” is no figure of the retention dashboard.", legible(figure))) from error
        dashboard, filters = self._read_filters(filters)
        if kind == "filtered":
            return dashboard._filtered_customers(filters)
        method = self._counted().get(kind) if isinstance(kind, str) else None
        if not method or not self._says_a_figure(args):
            raise UserError(self.env._("“%s” is no figure of the retention dashboard.", kind))
        return Domain("id", "in", getattr(dashboard, method)(args, filters))


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
