from datetime import datetime, time

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.addons.crm_contact_history.plausible import is_plausible
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from ..report.intervals import is_few, wilson


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
        :raise UserError: for what is no month, or no team that the reader may see
        """
        self.env["service.ticket.report"].browse().check_access("read")
        review = self.new({**self._asked(month, team_id), "company_id": self.env.company.id})
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
        review = self.create(self._asked(month, team_id))
        return self.env.ref("crm_service_desk.report_monthly_review_action").report_action(review)

    @api.model
    def _asked(self, month, team_id):
        """What a caller asks for, checked.

        :return: dict of ``month`` and ``team_id``
        """
        try:
            day = fields.Date.to_date(month or None) or self._last_whole_month()
            meant = is_plausible(datetime.combine(day, time.min))
        except (TypeError, ValueError):
            meant = False
        if not meant:
            raise UserError(self.env._("That is no month. Write it as its first day, such as 2026-11-01."))
        teams = self.env["service.team"]
        team = teams.search([("id", "=", team_id)]) if type(team_id) is int and 0 < team_id < 2**31 else teams
        if team_id and not team:
            raise UserError(self.env._("There is no such team that you may see."))
        return {"month": day, "team_id": team.id}

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
