from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime
from odoo.tools.pdf import merge_pdf

# A PDF of more lines than this nobody reads, and it takes the printing program minutes.
MOST_LINES = 10_000
# Lines per table of the web page.
LINES_PER_TABLE = 250
COLUMNS = [
    "number", "date_received", "partner_id", "channel", "name", "category_id", "product_id", "severity", "safety_concern",
    "remedy_sought", "date_acknowledged", "date_first_answer", "root_cause_id", "remedies", "outcome",
    "external_route_offered", "date_closed", "days_to_close", "sla", "cost",
]  # fmt: skip


class ReportComplaintRegister(models.AbstractModel):
    """The complaint register of a period on paper, as ISO 10002 (8.1 collection of information) asks for.

    Reads ``service.ticket.report`` under the reader's rights: who prints it gets what he may see on the screen.
    """

    _name = "report.crm_service_desk.report_complaint_register"
    _description = "Complaint Register"
    _inherit = "service.period"

    @api.model
    def _get_report_values(self, docids, data=None):
        wizards = self.env["service.register.wizard"].browse(docids)
        wizards.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": wizards._name,
            "docs": wizards,
            "registers": [self._told_of(wizard) for wizard in wizards.exists()],
        }

    @api.model
    def _told_of(self, wizard):
        """What is printed for one choice of period, company and teams.

        :raise UserError: when there are too many lines for paper
        """
        domain = wizard._domain()
        lines = self._lines(domain)
        return {
            "wizard": wizard,
            "title": self.env._(
                "%(from)s to %(to)s",
                **{"from": format_date(self.env, wizard.date_from), "to": format_date(self.env, wizard.date_to)},
            ),
            "printed_on": format_datetime(self.env, fields.Datetime.now()),
            "currency": wizard.company_id.currency_id,
            "tables": [lines[start : start + LINES_PER_TABLE] for start in range(0, len(lines), LINES_PER_TABLE)],
            "totals": self._totals(domain),
            "merged": self._merged(wizard),
            "deleted": self._deleted(wizard),
        }

    # -- drawn ---------------------------------------------------------------------------------------------------

    @api.model
    def _pdf(self, docids):
        """The registers as one PDF; see :mod:`.table_pdf`."""
        registers = self._get_report_values(docids)["registers"]
        return merge_pdf([self._pdf_of(register) for register in registers])

    @api.model
    def _pdf_of(self, register):
        wizard, lines = register["wizard"], [line for table in register["tables"] for line in table]
        columns = [
            (5, self.env._("Number"), lambda line: line["number"]),
            (8, self.env._("Received"), lambda line: self._lined(self._moment(line["date_received"]), line["channel"])),
            (9, self.env._("Customer"), lambda line: self._named(line["partner_id"])),
            (
                16,
                self.env._("Subject, category, product"),
                lambda line: self._lined(
                    line["name"], self._named(line["category_id"]), self._named(line["product_id"])
                ),
            ),
            (
                6,
                self.env._("Severity"),
                lambda line: self._lined(line["severity"], line["safety_concern"] and self.env._("Safety")),
            ),
            (7, self.env._("Remedy sought"), lambda line: line["remedy_sought"]),
            (
                9,
                self.env._("Acknowledged, answered"),
                lambda line: self._lined(
                    self._moment(line["date_acknowledged"]) or "–", self._moment(line["date_first_answer"]) or "–"
                ),
            ),
            (11, self.env._("Root cause"), lambda line: self._named(line["root_cause_id"])),
            (8, self.env._("Remedy"), lambda line: line["remedies"]),
            (
                8,
                self.env._("Outcome"),
                lambda line: self._lined(
                    line["outcome"], line["external_route_offered"] and self.env._("told where else to turn to")
                ),
            ),
            (
                7,
                self.env._("Done, days"),
                lambda line: self._lined(self._moment(line["date_closed"], "short"), line["days"])
                if line["date_closed"]
                else self.env._("open"),
            ),
            (5, self.env._("SLA"), lambda line: line["sla"]),
            (6, self.env._("Cost"), lambda line: self._amount(line["cost"], register["currency"])),
        ]
        totals = register["totals"]
        from .table_pdf import table_pdf  # loads what of reportlab most workers never need

        return table_pdf(
            self.env._("Complaint Register"),
            [
                self.env._(
                    "Received from %(period)s · %(company)s · %(teams)s",
                    period=register["title"],
                    company=wizard.company_id.name,
                    teams=", ".join(wizard.team_ids.mapped("name")) or self.env._("all teams of the reader"),
                )
            ],
            [title for _width, title, _cell in columns],
            [width for width, _title, _cell in columns],
            [[str(cell(line) or "") for _width, _title, cell in columns] for line in lines],
            [
                self.env._(
                    "%(number)s complaints: %(done)s done, %(open)s open; %(acknowledged)s acknowledged, %(answered)s answered; "
                    "%(safety)s with a safety concern.",
                    number=totals["number"],
                    done=totals["done"],
                    open=totals["number"] - totals["done"],
                    acknowledged=totals["acknowledged"],
                    answered=totals["answered"],
                    safety=totals["safety"],
                ),
                self.env._(
                    "Severity: %(severities)s. Outcome: %(outcomes)s.",
                    severities=", ".join(f"{name} {count}" for name, count in totals["severities"]) or "–",
                    outcomes=", ".join(f"{name} {count}" for name, count in totals["outcomes"]) or "–",
                ),
                self.env._(
                    "First answer after %(hours)s, done after %(days)s (medians, on the clock). SLA kept: %(kept)s of those decided. "
                    "Reopened: %(reopened)s of those ever done. Recurrence: %(repeated)s of those with a root cause. "
                    "Remedies carried out: %(cost)s, without tax.",
                    hours=totals["hours_to_answer"],
                    days=totals["days_to_close"],
                    kept=totals["sla_kept"],
                    reopened=totals["reopened"],
                    repeated=totals["repeated"],
                    cost=self._amount(totals["cost"], register["currency"]) or "–",
                ),
                self.env._("%s complaints of the period were merged into others.", register["merged"]),
                *(
                    [self.env._("%s tickets were deleted in the period.", register["deleted"])]
                    if register["deleted"] is not None
                    else []
                ),
            ],
            self.env._("Printed by %(user)s, %(now)s", user=self.env.user.name, now=register["printed_on"]),
        )

    @api.model
    def _lined(self, *texts):
        return "\n".join(text for text in texts if text)

    @api.model
    def _named(self, pair):
        return pair[1] if pair else ""

    @api.model
    def _moment(self, moment, style=None):
        """A moment in the reader's time zone; style "short": its day."""
        if not moment:
            return ""
        local = fields.Datetime.context_timestamp(self, moment)
        return local.strftime("%Y-%m-%d" if style else "%Y-%m-%d %H:%M")

    @api.model
    def _amount(self, amount, currency):
        return f"{amount:,.{currency.decimal_places}f} {currency.name}" if amount else ""

    # -- told ----------------------------------------------------------------------------------------------------

    @api.model
    def _lines(self, domain):
        """The lines, as read: a many-to-one is (id, name); a selection its label. A constant number of queries."""
        report = self.env["service.ticket.report"]
        lines = report.search_read(domain, COLUMNS, order="date_received, id", limit=MOST_LINES + 1)
        if len(lines) > MOST_LINES:
            raise UserError(
                self.env._(
                    "More than %s complaints are too many for paper. Choose a shorter period or a team, or export the list "
                    "of the register.",
                    MOST_LINES,
                )
            )
        labels = {
            name: dict(report._fields[name]._description_selection(self.env))
            for name in COLUMNS
            if report._fields[name].type == "selection"
        }
        kinds = dict(self.env["service.remedy"]._fields["kind"]._description_selection(self.env))
        for line in lines:
            line["days"] = f"{line['days_to_close']:.1f}"
            for name, texts in labels.items():
                line[name] = texts.get(line[name], "")
            line["remedies"] = ", ".join(kinds.get(kind, kind) for kind in (line["remedies"] or "").split())
        return lines

    @api.model
    def _totals(self, domain):
        """What stands below the lines. Each share is of those that it can be said of."""
        report = self.env["service.ticket.report"]
        [[number, done, acknowledged, answered, hours, days, kept, reopened, repeated, cost]] = report._read_group(
            domain,
            aggregates=[
                "__count", "is_done:sum", "date_acknowledged:count", "date_first_answer:count",
                "hours_to_answer:avg", "days_to_close:avg", "sla_kept:avg", "reopened:avg", "repeated:avg", "cost:sum",
            ],
        )  # fmt: skip
        safety = report.search_count(Domain(domain) & Domain("safety_concern", "=", True))
        severities = dict(report._fields["severity"]._description_selection(self.env))
        outcomes = dict(report._fields["outcome"]._description_selection(self.env))
        return {
            "number": number,
            "done": done or 0,
            "safety": safety,
            "acknowledged": acknowledged,
            "answered": answered,
            "hours_to_answer": self._figure(hours, 1, self.env._("hours")),
            "days_to_close": self._figure(days, 1, self.env._("days")),
            "sla_kept": self._figure(kept, 0, "%"),
            "reopened": self._figure(reopened, 0, "%"),
            "repeated": self._figure(repeated, 0, "%"),
            "cost": cost or 0,
            "severities": [
                (severities.get(value, self.env._("None")), count)
                for value, count in report._read_group(domain, ["severity"], ["__count"])
            ],
            "outcomes": [
                (outcomes.get(value, self.env._("None")), count)
                for value, count in report._read_group(domain, ["outcome"], ["__count"])
            ],
        }

    @api.model
    def _figure(self, value, digits, unit):
        """A figure with its unit; a dash where nothing is counted."""
        return "–" if value is False else f"{value:.{digits}f} {unit}"

    @api.model
    def _merged(self, wizard):
        """How many complaints of the period go on in another: their numbers are missing above."""
        tickets = self.env["service.ticket"]
        return tickets.search_count(wizard._domain() & Domain("merged_into_id", "!=", False))

    @api.model
    def _deleted(self, wizard):
        """How many tickets were deleted in the period; None for who may not know."""
        traces = self.env["service.ticket.deletion"]
        if not traces.has_access("read"):
            return None
        domain = self._of_companies(wizard.company_id, wizard.team_ids)
        return traces.search_count(domain & self._within("date", wizard.date_from, wizard.date_to))


class IrActionsReport(models.Model):
    """The register is printed as any report; only it is drawn, since it may have thousands of lines."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        report = self._get_report(report_ref)
        if report.report_name != "crm_service_desk.report_complaint_register":
            return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        ids = [res_ids] if isinstance(res_ids, int) else res_ids or []
        return self.env["report.crm_service_desk.report_complaint_register"]._pdf(ids), "pdf"
