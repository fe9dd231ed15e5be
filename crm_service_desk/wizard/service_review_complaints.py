from odoo import models
from odoo.fields import Domain

from ..report.intervals import is_few, mean_interval, wilson
from ..report.pareto import pareto
from ..report.service_satisfaction import CES_SCALE, SATISFIED
from .service_review_work import MOST_ROWS


class ServiceReview(models.TransientModel):
    """What the monthly review says of the complaints: numbers, promises, satisfaction, causes; and how it words a figure."""

    _inherit = "service.review"

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
