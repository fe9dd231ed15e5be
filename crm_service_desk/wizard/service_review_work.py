from dateutil.relativedelta import relativedelta
from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date

# How many causes and actions stand on the page; the rest is a click away.
MOST_ROWS = 8


class ServiceReview(models.TransientModel):
    """What the monthly review says of the work on complaints: remedies, time by stage, who handled them, actions."""

    _inherit = "service.review"

    def _money(self, amount):
        return self.env["ir.qweb.field.monetary"].value_to_html(
            amount, {"display_currency": self.company_id.currency_id}
        )

    def _remedies_section(self, now, past):
        report = self.env["service.remedy.report"].with_company(self.company_id)
        scope = self._scope() & Domain("type", "=", "complaint")

        def by_kind(month):
            domain = scope & self._within("date", month["first"], month["last"])
            return {
                kind: (number, cost)
                for kind, number, cost in report._read_group(domain, ["kind"], ["__count", "cost:sum"])
            }

        kinds = dict(report._fields["kind"]._description_selection(self.env))
        this, other = by_kind(now), by_kind(past)
        domain = scope & self._within("date", now["first"], now["last"])
        return {
            "title": self.env._("Remedies carried out"),
            "columns": [
                self.env._("Number"),
                self.env._("Cost"),
                self.env._("Number, month before"),
                self.env._("Cost, month before"),
            ],
            "rows": [
                {
                    "label": label,
                    "cells": [
                        self._number(this.get(kind, (0, 0))[0]),
                        self._money(this.get(kind, (0, 0))[1]),
                        self._number(other.get(kind, (0, 0))[0]),
                        self._money(other.get(kind, (0, 0))[1]),
                    ],
                    "help": "",
                    "model": report._name,
                    "domain": domain & Domain("kind", "=", kind),
                }
                for kind, label in kinds.items()
                if kind in this or kind in other
            ],
            "note": self.env._(
                "In %s, without tax, by the day on which it was carried out.", self.company_id.currency_id.name
            ),
            "empty": self.env._("No remedy was carried out."),
        }

    def _stages_section(self, now):
        domain = (
            self._scope()
            & Domain("type", "=", "complaint")
            & Domain("date_received", ">=", self._bounds(now["first"], now["last"])[0] - relativedelta(months=6))
            & self._within("end", now["first"], now["last"])
        )
        figures = self.env["service.stage.time"]._working_hours(domain)
        return {
            "title": self.env._("Time by stage"),
            "columns": [self.env._("Stays"), self.env._("Median"), self.env._("9 of 10 within")],
            "rows": [
                {
                    "label": stage.name,
                    "cells": [
                        self._number(number),
                        self._number(median, 1, self.env._("h")),
                        self._number(ninth, 1, self.env._("h")),
                    ],
                    "help": "",
                    "model": "service.stage.time",
                    "domain": domain & Domain("stage_id", "=", stage.id),
                }
                for stage, number, median, ninth in figures
            ],
            "note": self.env._(
                "Stays that ended in the month, in working hours of the team (of the company where it has none; else on the "
                "clock), of complaints received within the six months before."
            ),
            "empty": self.env._("No complaint moved in the month."),
        }

    def _agents_section(self, now):
        report = self.env["service.ticket.report"]
        marks = {}
        for row in now["marks"]["rows"]:
            if row["user_id"] and row["csat_handling"]:
                marks.setdefault(row["user_id"][0], []).append(row["csat_handling"])
        found = report._read_group(
            now["done"] & Domain("user_id", "!=", False),
            ["user_id"],
            ["__count", "hours_to_answer:avg", "days_to_close:avg", "reopened:avg"],
        )
        return {
            "title": self.env._("Who handled them"),
            "columns": [
                self.env._("Done"),
                self.env._("First answer, median"),
                self.env._("Time to done, median"),
                self.env._("Reopened"),
                self.env._("Satisfied with the handling"),
            ],
            "rows": [
                {
                    "label": user.name,
                    "cells": [
                        self._number(number),
                        self._number(hours, 1, self.env._("h")),
                        self._number(days, 1, self.env._("days")),
                        self._share_text(round((reopened or 0) * number / 100), number),
                        self._share_text(*self._satisfied(marks.get(user.id, []))),
                    ],
                    "help": "",
                    "model": report._name,
                    "domain": now["done"] & Domain("user_id", "=", user.id),
                }
                for user, number, hours, days, reopened in sorted(found, key=lambda one: one[0].name or "")
            ],
            "note": self.env._(
                "Complaints done in the month, for whoever has them; in the order of names, since this is no ranking: who takes "
                "the difficult ones needs longer."
            ),
            "empty": self.env._("Nothing was done."),
        }

    def _open_actions_domain(self):
        return self._scope() & Domain("date_done", "=", False)

    def _actions_section(self, now):
        actions = self.env["service.action"].search(self._open_actions_domain(), order="date_due, id", limit=MOST_ROWS)
        kinds = dict(actions._fields["kind"]._description_selection(self.env))
        # sudo: number of the ticket of an action that the reader may read
        return {
            "title": self.env._("Open corrective and preventive actions"),
            "columns": [self.env._("Kind"), self.env._("Owner"), self.env._("Due on"), self.env._("Ticket")],
            "rows": [
                {
                    "label": action.text,
                    "cells": [
                        kinds[action.kind],
                        action.user_id.name,
                        format_date(self.env, action.date_due)
                        + (f" ({self.env._('overdue')})" if action.is_overdue else ""),
                        action.sudo().ticket_id.number,
                    ],
                    "help": "",
                    "model": action._name,
                    "domain": Domain("id", "=", action.id),
                }
                for action in actions
            ],
            "note": self.env._(
                "Open today: %(all)s, overdue: %(late)s; those due first.",
                all=self._number(self.env["service.action"].search_count(self._open_actions_domain())),
                late=self._number(self._count_overdue()),
            ),
            "empty": self.env._("None is open."),
        }

    def _count_overdue(self):
        overdue = self._open_actions_domain() & Domain("date_due", "<", fields.Date.context_today(self))
        return self.env["service.action"].search_count(overdue)
