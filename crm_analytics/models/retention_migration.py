from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class RetentionDashboard(models.AbstractModel):
    """Moves between segments, from the end of one month to the end of another or to today."""

    _inherit = "retention.dashboard"

    @api.model
    def _migration_months(self, filters):
        """One question, see ``_ask_together``.

        :returns: (month at whose end it begins, month at whose end it ends or None for today); (None, None) where
            nothing was written down for that long

        It begins at the end of the period compared with, or as long ago as is known, and ends with the period.
        """
        running, is_over = self._running_month(), filters.period.last < self._running_month()
        base = (filters.compared or filters.period.before()).last
        last = (
            self._snapshot_month(lambda month: SQL("%s <= %s", month, filters.period.last)) if is_over else SQL("NULL")
        )
        [found] = yield SQL(
            """
            SELECT ended.last, COALESCE(%(newest)s, %(oldest)s) AS first
              FROM (SELECT (%(last)s)::date AS last) ended
            """,
            last=last,
            newest=self._snapshot_month(
                lambda month: SQL("%s <= %s AND %s < COALESCE(ended.last, %s)", month, base, month, running)
            ),
            oldest=self._snapshot_month(
                lambda month: SQL("%s < COALESCE(ended.last, %s)", month, running), newest=False
            ),
        )
        if not found["first"] or (is_over and not found["last"]):
            return None, None
        return self._to_month(found["first"]), found["last"] and self._to_month(found["last"])

    @api.model
    def _snapshot_month(self, condition, newest=True):
        """:param condition: function of SQL of a month, that says which are meant
        :returns: SQL of the newest (or oldest) month that was written down; company by company: one look into an index
        """
        found = []
        for company in self.env.companies:
            query = self._query("customer.metric.snapshot", Domain("company_id", "=", company.id))
            month = SQL.identifier(query.table, "month")
            query.add_where(condition(month))
            found.append(SQL("(%s)", query.select(SQL("MAX(%s)" if newest else "MIN(%s)", month))))
        return SQL("%s(%s)", SQL("GREATEST" if newest else "LEAST"), SQL(", ").join(found))

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
        """Two questions, see ``_ask_together``.

        :returns: dict of ``months`` and ``cells``: [old, new, customers]
        """
        months = yield from self._migration_months(filters)
        if not months[0]:
            return {"months": months, "cells": []}
        rows = yield SQL(
            """
            SELECT old, new, COUNT(DISTINCT partner_id) AS customers FROM (%s) move GROUP BY old, new ORDER BY old, new
            """,
            self._moves(filters, months),
        )
        return {"months": months, "cells": [[row["old"], row["new"], row["customers"]] for row in rows]}

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
        months = self._ask_together({"months": self._migration_months(filters)})["months"]
        if not months[0]:
            return SQL("SELECT NULL::int WHERE FALSE")
        return SQL(
            "SELECT partner_id FROM (%s) move WHERE old IS NOT DISTINCT FROM %s AND new = %s",
            self._moves(filters, months),
            old,
            new,
        )
