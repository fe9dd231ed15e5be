from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class RetentionDashboard(models.AbstractModel):
    """Moves between segments, from the end of one month to the end of another or to today."""

    _inherit = "retention.dashboard"

    @api.model
    def _migration_months(self, filters):
        """:returns: (month at whose end it begins, month at whose end it ends or None for today); (None, None) where
        nothing was written down for that long

        It begins at the end of the period compared with, or as long ago as is known, and ends with the period.
        """
        last = None
        if filters.period.last < self._running_month():
            last = self._snapshot_month([("month", "<=", filters.period.last)])
            if not last:
                return None, None
        before = [("month", "<", last or self._running_month())]
        base = (filters.compared or filters.period.before()).last
        first = self._snapshot_month([("month", "<=", base), *before]) or self._snapshot_month(before, "month")
        return (first, last) if first else (None, None)

    @api.model
    def _snapshot_month(self, domain, order="month DESC"):
        """:returns: the newest (or first) month that was written down; None when there is none"""
        found = self.env["customer.metric.snapshot"].search_fetch(
            [("company_id", "in", self.env.companies.ids), *domain], ["month"], order=order, limit=1
        )
        return found.month or None

    @api.model
    def _moves(self, filters, months):
        """:param months: see ``_migration_months``
        :returns: SQL of a relation (partner_id, old, new): keys of segments; ``old`` is NULL of who was no customer yet
        """
        first, last = months
        at_the_end = ("customer.metric.snapshot", Domain("month", "=", last)) if last else ()
        new = self._metrics(filters, *at_the_end)
        old = self._query(
            "customer.metric.snapshot",
            Domain("company_id", "in", self.env.companies.ids) & Domain("month", "=", first),
        )
        columns = ("partner_id", "company_id", "segment")
        return SQL(
            """
            SELECT new.partner_id, old.segment AS old, new.segment AS new
              FROM (%(new)s) new
         LEFT JOIN (%(old)s) old ON old.partner_id = new.partner_id AND old.company_id = new.company_id
             WHERE new.segment IS NOT NULL
            """,
            new=new.select(*(SQL.identifier(new.table, name) for name in columns)),
            old=old.select(*(SQL.identifier(old.table, name) for name in columns)),
        )

    @api.model
    def _migration_figures(self, filters):
        """:returns: dict of ``months`` and ``cells``: [old, new, customers]"""
        months = self._migration_months(filters)
        if not months[0]:
            return {"months": months, "cells": []}
        moves = self._moves(filters, months)
        cells = self.env.execute_query(
            SQL("SELECT old, new, COUNT(DISTINCT partner_id) FROM (%s) move GROUP BY old, new ORDER BY old, new", moves)
        )
        return {"months": months, "cells": cells}

    @api.model
    def _migration(self, figures):
        first, last = (month and self._to_month(month) for month in figures["months"])
        return {
            "from_label": self._month_name(first) if first else None,
            "to_label": self._month_name(last) if last else self.env._("Today"),
            "cells": [{"from": old, "to": new, "customers": customers} for old, new, customers in figures["cells"]],
        }

    @api.model
    def _open_migration(self, args, filters):
        old, new = self._read_move(args)
        labels = {choice["id"]: choice["name"] for choice in self._choices_of_selection("customer.metric", "segment")}
        if old:
            name = self.env._("From %(old)s to %(new)s", old=labels[old], new=labels[new])
        else:
            name = self.env._("New as %(new)s", new=labels[new])
        return self._open_customers(name, "migration", {"from": old, "to": new}, filters)

    @api.model
    def _read_move(self, args):
        keys = {choice["id"] for choice in self._choices_of_selection("customer.metric", "segment")}
        old, new = args.get("from") or None, args.get("to")
        if new not in keys or (old and old not in keys):
            raise UserError(self.env._("There is no move from “%(old)s” to “%(new)s”.", old=old, new=new))
        return old, new

    @api.model
    def _counted_in_migration(self, args, filters):
        old, new = self._read_move(args)
        months = self._migration_months(filters)
        if not months[0]:
            return SQL("SELECT NULL::int WHERE FALSE")
        return SQL(
            "SELECT partner_id FROM (%s) move WHERE old IS NOT DISTINCT FROM %s AND new = %s",
            self._moves(filters, months),
            old,
            new,
        )
