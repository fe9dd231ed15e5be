from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from ..report.intervals import is_few, mean_interval, wilson
from ..report.pareto import pareto
from ..report.service_satisfaction import CES_SCALE, SATISFIED

# How many causes and actions stand on the page; the rest is a click away.
MOST_ROWS = 8


class ServiceReview(models.TransientModel):
    """The monthly review of complaints: what a round of people needs on one page to decide what changes.

    Numbers of the month beside those of the month before, each with its definition and, on the screen, the records behind
    it. Reads the reports under the reader's rights. Printed and shown by the same template.
    """

    _name = "service.review"
    _description = "Monthly Review"
    _inherit = "service.period"

    month = fields.Date(required=True, default=lambda self: self._last_whole_month(), help="Any day of it.")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    team_id = fields.Many2one("service.team", help="Leave empty for all teams that you may see.")

    @api.model
    def _last_whole_month(self):
        return fields.Date.context_today(self).replace(day=1) - relativedelta(months=1)

    # -- for the screen ------------------------------------------------------------------------------------------

    @api.model
    @api.readonly
    def monthly_review(self, month=False, team_id=False):
        """The page of a month, for the client action.

        :param month: any day of it; by default the last whole month
        :param int team_id: of this team only
        :return: dict of ``html``, ``month`` (its first day), ``drills`` ({key: name, model and domain of the records
            behind a figure}), ``teams``
        :raise AccessError: to who may not read the reports
        """
        self.env["service.ticket.report"].browse().check_access("read")
        review = self.new(
            {
                "month": fields.Date.to_date(month) or self._last_whole_month(),
                "company_id": self.env.company.id,
                "team_id": int(team_id or 0) or False,
            }
        )
        page = review._page()
        drills = {
            row["key"]: {"name": row["label"], "model": row["model"], "domain": list(row["domain"])}
            for section in page["sections"]
            for row in section["rows"]
            if row.get("domain") is not None
        }
        return {
            "html": self.env["ir.qweb"]._render(
                "crm_service_desk.monthly_review_page", {"page": page, "on_screen": True}
            ),
            "month": str(page["first"]),
            "drills": drills,
            "teams": self.env["service.team"].search_read(Domain.TRUE, ["name"]),
        }

    @api.model
    def print_review(self, month=False, team_id=False):
        """The page as a PDF: the action that fetches it."""
        review = self.create({"month": month or self._last_whole_month(), "team_id": int(team_id or 0) or False})
        return self.env.ref("crm_service_desk.report_monthly_review_action").report_action(review)

    # -- the page ------------------------------------------------------------------------------------------------

    def _page(self):
        """All that the page says.

        :return: dict of ``title``, ``first``, ``last``, ``head``, ``sections`` (dicts of title, columns, rows, note) and
            ``decisions`` (sentences)
        """
        self.ensure_one()
        first = self.month.replace(day=1)
        last = first + relativedelta(months=1, days=-1)
        before = first - relativedelta(months=1)
        now = self._month_figures(first)
        past = self._month_figures(before)
        sections = [
            self._numbers_section(now, past),
            self._promises_section(now, past),
            self._satisfaction_section(now, past),
            self._causes_section(now),
            self._remedies_section(now, past),
            self._stages_section(now),
            self._agents_section(now),
            self._actions_section(now),
        ]
        for number, section in enumerate(sections):
            for line, row in enumerate(section["rows"]):
                row["key"] = f"{number}-{line}"
        month_name = format_date(self.env, first, date_format="MMMM yyyy")
        return {
            "title": self.env._("Review of Complaints: %s", month_name),
            "first": first,
            "last": last,
            "head": self.env._(
                "Complaints of %(company)s, %(teams)s, received from %(first)s to %(last)s; beside them %(before)s. As of %(now)s.",
                company=self.company_id.name,
                teams=self.team_id.name or self.env._("all teams of the reader"),
                first=format_date(self.env, first),
                last=format_date(self.env, last),
                before=format_date(self.env, before, date_format="MMMM yyyy"),
                now=format_datetime(self.env, fields.Datetime.now()),
            ),
            "sections": sections,
            "decisions": self._decisions(now, past),
        }

    def _scope(self):
        return self._of_companies(self.company_id, self.team_id)

    def _month_figures(self, first):
        """The domains and figures of a month that several sections and the decisions need."""
        last = first + relativedelta(months=1, days=-1)
        report = self.env["service.ticket.report"]
        scope = self._scope() & Domain("type", "=", "complaint")
        received = scope & self._within("date_received", first, last)
        done = scope & self._within("date_closed", first, last)
        end = self._bounds(first, last)[1]
        still_open = (
            scope
            & Domain("date_received", "<", end)
            & (Domain("date_closed", "=", False) | Domain("date_closed", ">=", end))
        )
        [[number, causes, hours, hours_p90, repeated]] = report._read_group(
            received,
            aggregates=[
                "__count",
                "root_cause_id:count",
                "hours_to_answer:avg",
                "hours_to_answer_p90:avg",
                "repeated:avg",
            ],
        )
        [[done_number, days, days_p90, reopened]] = report._read_group(
            done, aggregates=["__count", "days_to_close:avg", "days_to_close_p90:avg", "reopened:avg"]
        )
        return {
            "first": first,
            "last": last,
            "received": received,
            "done": done,
            "open": still_open,
            "number": number,
            "with_cause": causes,
            "done_number": done_number,
            "open_number": report.search_count(still_open),
            "grave": report.search_count(received & Domain("severity", "in", ("high", "critical"))),
            "safety": report.search_count(received & Domain("safety_concern", "=", True)),
            "safety_open": report.search_count(still_open & Domain("safety_concern", "=", True)),
            "hours": hours,
            "hours_p90": hours_p90,
            "days": days,
            "days_p90": days_p90,
            "reopened": reopened,
            "repeated": repeated,
            "promises": self._promises(first, last),
            "marks": self._marks(first, last),
        }

    # -- words ---------------------------------------------------------------------------------------------------

    def _number(self, value, digits=0, unit=""):
        """A figure as text; a dash where there is none."""
        if value is False or value is None:
            return "–"
        language = self.env["res.lang"]._lang_get(self.env.lang or "en_US") or self.env["res.lang"]._lang_get("en_US")
        return language.format(f"%.{digits}f", value, grouping=True) + (f" {unit}" if unit else "")

    def _share_text(self, hits, number):
        """A share with its interval, and what to think of few."""
        if not number:
            return self.env._("no answers")
        low, high = wilson(hits, number)
        text = self.env._(
            "%(share)s of %(number)s (95 %%: %(low)s to %(high)s)",
            share=self._number(100 * hits / number, 0, "%"),
            number=self._number(number),
            low=self._number(100 * low, 0),
            high=self._number(100 * high, 0, "%"),
        )
        return self.env._("%s; too few answers", text) if is_few(number) else text

    def _mean_text(self, values, lowest, highest):
        if not values:
            return self.env._("no answers")
        middle, low, high = mean_interval(values, lowest=lowest, highest=highest)
        if low is None:
            return self.env._("%s of one answer; too few answers", self._number(middle, 1))
        text = self.env._(
            "%(mean)s from %(number)s answers (95 %%: %(low)s to %(high)s)",
            mean=self._number(middle, 1),
            number=self._number(len(values)),
            low=self._number(low, 1),
            high=self._number(high, 1),
        )
        return self.env._("%s; too few answers", text) if is_few(len(values)) else text

    def _row(self, label, value, before="", help_text="", model=None, domain=None):
        return {"label": label, "cells": [value, before], "help": help_text, "model": model, "domain": domain}

    # -- sections ------------------------------------------------------------------------------------------------

    def _numbers_section(self, now, past):
        report = "service.ticket.report"
        count, hours, days = self._number, self.env._("h"), self.env._("days")

        def row(label, key, domain, help_text, digits=0, unit=""):
            return self._row(
                label, count(now[key], digits, unit), count(past[key], digits, unit), help_text, report, domain
            )

        return {
            "title": self.env._("Numbers"),
            "columns": [self.env._("This month"), self.env._("Month before")],
            "rows": [
                row(self.env._("Received"), "number", now["received"], self.env._("Merged ones count once.")),
                row(
                    self.env._("Done"),
                    "done_number",
                    now["done"],
                    self.env._("Done last in the month, whenever received."),
                ),
                row(
                    self.env._("Open at the end"),
                    "open_number",
                    now["open"],
                    self.env._("Received before the month's end and not done by then, as far as known today."),
                ),
                row(
                    self.env._("High or critical"),
                    "grave",
                    now["received"] & Domain("severity", "in", ("high", "critical")),
                    self.env._("Of those received."),
                ),
                row(
                    self.env._("With a safety concern"),
                    "safety",
                    now["received"] & Domain("safety_concern", "=", True),
                    self.env._("Of those received."),
                ),
                row(
                    self.env._("First answer, median"),
                    "hours",
                    now["received"] & Domain("date_first_answer", "!=", False),
                    self.env._("From the customer's word to a person's answer, on the clock."),
                    1,
                    hours,
                ),
                row(self.env._("First answer, 9 of 10 within"), "hours_p90", None, "", 1, hours),
                row(
                    self.env._("Time to done, median"),
                    "days",
                    now["done"],
                    self.env._("Of those done in the month, on the clock."),
                    1,
                    days,
                ),
                row(self.env._("Time to done, 9 of 10 within"), "days_p90", None, "", 1, days),
                row(
                    self.env._("Reopened"),
                    "reopened",
                    now["done"] & Domain("reopened", ">", 0),
                    self.env._("Of those done in the month."),
                    0,
                    "%",
                ),
                row(
                    self.env._("Recurrence"),
                    "repeated",
                    now["received"] & Domain("repeated", ">", 0),
                    self.env._(
                        "Of those with a root cause: the same customer complained of the same within %s days before.",
                        self.env["service.ticket.report"]._recurrence_days(),
                    ),
                    0,
                    "%",
                ),
            ],
        }

    def _promises(self, first, last):
        """Promises decided in the month: {metric: (kept, decided)}."""
        domain = self._promises_domain(first, last)
        counts = {}
        for metric, state, number in self.env["service.sla.clock"]._read_group(
            domain, ["metric", "state"], ["__count"]
        ):
            kept, decided = counts.get(metric, (0, 0))
            counts[metric] = (kept + number * (state == "kept"), decided + number)
        return counts

    def _promises_domain(self, first, last):
        stopped = self._within("stopped", first, last) & Domain("state", "=", "kept")
        breached = self._within("breached_on", first, last) & Domain("state", "=", "breached")
        return self._scope() & Domain("ticket_id.type", "=", "complaint") & (stopped | breached)

    def _promises_section(self, now, past):
        metrics = dict(self.env["service.sla.clock"]._fields["metric"]._description_selection(self.env))
        domain = self._promises_domain(now["first"], now["last"])
        return {
            "title": self.env._("Promises kept (SLA)"),
            "columns": [self.env._("This month"), self.env._("Month before")],
            "rows": [
                self._row(
                    label,
                    self._share_text(*now["promises"].get(metric, (0, 0))),
                    self._share_text(*past["promises"].get(metric, (0, 0))),
                    "",
                    "service.sla.clock",
                    domain & Domain("metric", "=", metric),
                )
                for metric, label in metrics.items()
                if metric in now["promises"] or metric in past["promises"]
            ],
            "note": self.env._("Kept or broken in the month. Interval: Wilson, 95 %."),
            "empty": self.env._("No promise was decided. Set up policies under Configuration, SLA."),
        }

    def _feedback_domain(self, first, last):
        return self._scope() & Domain("ticket_id.type", "=", "complaint") & self._within("answered_on", first, last)

    def _marks(self, first, last):
        """{question: marks} answered in the month."""
        rows = self.env["service.feedback"].search_read(
            self._feedback_domain(first, last), ["csat", "csat_handling", "ces", "user_id"]
        )
        return {
            "rows": rows,
            **{name: [row[name] for row in rows if row[name]] for name in ("csat", "csat_handling", "ces")},
        }

    def _satisfied(self, marks):
        return sum(mark >= SATISFIED for mark in marks), len(marks)

    def _satisfaction_section(self, now, past):
        domain = self._feedback_domain(now["first"], now["last"])
        asked = self._scope() & self._within("sent_on", now["first"], now["last"])
        rows = [
            self._row(
                label,
                self._share_text(*self._satisfied(now["marks"][name])),
                self._share_text(*self._satisfied(past["marks"][name])),
                self.env._("Marks 4 and 5 of 5."),
                "service.feedback",
                domain & Domain(name, ">", 0),
            )
            for name, label in (
                ("csat", self.env._("Satisfied with the answer (CSAT)")),
                ("csat_handling", self.env._("Satisfied with the handling")),
            )
        ]
        rows.append(
            self._row(
                self.env._("How easy it was (CES)"),
                self._mean_text(now["marks"]["ces"], *CES_SCALE),
                self._mean_text(past["marks"]["ces"], *CES_SCALE),
                self.env._("Mean of 1 (very hard) to 7 (very easy). Interval: Student's t."),
                "service.feedback",
                domain & Domain("ces", ">", 0),
            )
        )
        return {
            "title": self.env._("Satisfaction"),
            "columns": [self.env._("This month"), self.env._("Month before")],
            "rows": rows,
            "note": self.env._(
                "By the day of the answer; %s surveys were sent in the month. Who answers is not everybody: mind the number.",
                self._number(self.env["service.feedback"].search_count(asked)),
            ),
        }

    def _causes_section(self, now):
        report = self.env["service.ticket.report"]
        found = report._read_group(
            now["received"] & Domain("root_cause_id", "!=", False),
            ["root_cause_id"],
            ["__count", "repeated:avg", "cost:sum"],
        )
        more = {cause: (repeated, cost) for cause, _number, repeated, cost in found}
        bars = pareto((cause, number) for cause, number, *_more in found)
        return {
            "title": self.env._("Top causes"),
            "columns": [
                self.env._("Complaints"),
                self.env._("Cumulative"),
                self.env._("Recurrence"),
                self.env._("Cost of remedies"),
            ],
            "rows": [
                {
                    "label": bar.key.display_name,
                    "cells": [
                        self._number(bar.value),
                        self._number(100 * bar.cumulative, 0, "%"),
                        self._number(more[bar.key][0], 0, "%"),
                        self._money(more[bar.key][1] or 0),
                    ],
                    "help": "",
                    "model": report._name,
                    "domain": now["received"] & Domain("root_cause_id", "=", bar.key.id),
                }
                for bar in bars[:MOST_ROWS]
            ],
            "note": self.env._(
                "%(with)s of %(all)s complaints received have a root cause.",
                **{"with": self._number(now["with_cause"]), "all": self._number(now["number"])},
            ),
            "empty": self.env._("No complaint of the month has a root cause yet."),
        }

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

    # -- what to decide ------------------------------------------------------------------------------------------

    def _decisions(self, now, past):
        """What the figures ask to be decided, as sentences; each names its figure."""
        return list(self._decisions_of(now, past)) or [self.env._("Nothing of the figures asks for a decision.")]

    def _decisions_of(self, now, past):
        if now["safety_open"]:
            yield self.env._(
                "Open complaints with a safety concern: %s. Who acts today?", self._number(now["safety_open"])
            )
        if late := self._count_overdue():
            yield self.env._(
                "Overdue actions: %s. Do them, give them to somebody else, or drop them.", self._number(late)
            )
        if now["open_number"] > past["open_number"]:
            yield self.env._(
                "More came in than was done: %(now)s open at the end, %(before)s a month before. More people, or fewer causes?",
                now=self._number(now["open_number"]),
                before=self._number(past["open_number"]),
            )
        without = now["number"] - now["with_cause"]
        if now["number"] and without * 2 > now["number"]:
            yield self.env._(
                "%(without)s of %(all)s complaints have no root cause: nothing can be learned from them yet.",
                without=self._number(without),
                all=self._number(now["number"]),
            )
        if now["repeated"] and now["repeated"] >= 10:
            yield self.env._(
                "%s of the complaints had been made by the same customer before: which action did not work?",
                self._number(now["repeated"], 0, "%"),
            )
        metrics = dict(self.env["service.sla.clock"]._fields["metric"]._description_selection(self.env))
        for metric, (kept, decided) in now["promises"].items():
            if not is_few(decided) and wilson(kept, decided)[1] < 0.9:
                yield self.env._(
                    "“%(promise)s” was kept in %(share)s, surely in less than 90 %%: promise less, or staff more?",
                    promise=metrics[metric],
                    share=self._number(100 * kept / decided, 0, "%"),
                )


class ReportMonthlyReview(models.AbstractModel):
    """The monthly review on paper."""

    _name = "report.crm_service_desk.report_monthly_review"
    _description = "Monthly Review"

    @api.model
    def _get_report_values(self, docids, data=None):
        reviews = self.env["service.review"].browse(docids)
        reviews.check_access("read")
        self.env["service.ticket.report"].browse().check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": reviews._name,
            "docs": reviews,
            "pages": [review._page() for review in reviews.exists()],
        }
