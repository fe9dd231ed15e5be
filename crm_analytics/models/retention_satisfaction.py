from datetime import datetime, time, timedelta

import pytz
from odoo import api, models
from odoo.addons.crm_service_desk.report.intervals import wilson
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

SATISFIED = 4  # marks of 4 and 5 of 5, as in the service desk's monthly review
GROUPS = {"retained": "kept", "lost": "lost"}


class RetentionDashboard(models.AbstractModel):
    """What customers say, beside whether they stay.

    Shares come with Wilson's score interval of 95 % (E. B. Wilson, JASA 22 (1927) 209-212; see
    ``crm_service_desk/report/intervals.py``), and with the number of answers: who answers is not everybody.

    Figures are told to all who may read the dashboard; the tickets behind them open for those who may read tickets.
    """

    _inherit = "retention.dashboard"

    @api.model
    def _satisfaction_figures(self, filters):
        """One question, see ``_ask_together``.

        :returns: dict of ``csat_n``, ``csat_hits``, ``ces``, ``ces_n``, ``complaints`` of the period
        """
        period = filters.period
        feedback, customer = self._answers(period.first, period.end)
        complaints, complainer = self._complaints(period.first, period.end)
        if filters.of_customers or filters.of_purchases:
            customers = SQL("(%s)", self._customers_where("either", filters))
            feedback.add_where(SQL("%s IN %s", customer, customers))
            complaints.add_where(SQL("%s IN %s", complainer, customers))
        csat, ces = (SQL.identifier(feedback.table, name) for name in ("csat", "ces"))
        [found] = yield SQL(
            "SELECT * FROM (%s) feedback, (%s) complaint",
            feedback.select(
                SQL("COUNT(*) FILTER (WHERE %s > 0) AS csat_n", csat),
                SQL("COUNT(*) FILTER (WHERE %s >= %s) AS csat_hits", csat, SATISFIED),
                SQL("COUNT(*) FILTER (WHERE %s > 0) AS ces_n", ces),
                SQL("AVG(%s) FILTER (WHERE %s > 0)::float AS ces", ces, ces),
            ),
            complaints.select(SQL("COUNT(*) AS complaints")),
        )
        return found

    @api.model
    def _voices(self, period):
        """What each customer said in a period and the one before it.

        :returns: SQL of a relation (partner_id, complaints, csat_n, csat_hits)
        """
        first, last = period.before().first, period.end
        feedback, customer = self._answers(first, last)
        complaints, complainer = self._complaints(first, last)
        csat = SQL.identifier(feedback.table, "csat")
        feedback.add_where(SQL("%s > 0", csat))
        return SQL(
            """
            SELECT partner_id, SUM(complaints) AS complaints, SUM(csat_n) AS csat_n, SUM(csat_hits) AS csat_hits
              FROM (%s UNION ALL %s) voice
             GROUP BY partner_id
            """,
            feedback.select(
                SQL("%s AS partner_id", customer),
                SQL("0 AS complaints"),
                SQL("1 AS csat_n"),
                SQL("(%s >= %s)::int AS csat_hits", csat, SATISFIED),
            ),
            complaints.select(SQL("%s AS partner_id", complainer), SQL("1"), SQL("0"), SQL("0")),
        )

    @api.model
    def _answers(self, first, last):
        """:returns: (Query of the feedback of some days, SQL of its customer)"""
        # sudo: see the class; the companies are the reader's.
        feedback = self.env["service.feedback"].sudo()
        query = feedback._search(self._answers_domain(first, last))
        tickets = feedback.ticket_id
        ticket = query.join(query.table, "ticket_id", tickets._table, "id", "ticket_id")
        return query, tickets._field_to_sql(ticket, "commercial_partner_id", query)

    @api.model
    def _complaints(self, first, last):
        """:returns: (Query of the complaints of some days, SQL of their customer)"""
        # sudo: see the class; the companies are the reader's.
        tickets = self.env["service.ticket"].sudo()
        query = tickets._search(self._complaints_domain(first, last))
        return query, tickets._field_to_sql(query.table, "commercial_partner_id", query)

    @api.model
    def _answers_domain(self, first, last):
        return Domain("company_id", "in", self.env.companies.ids) & self._within("answered_on", first, last)

    @api.model
    def _complaints_domain(self, first, last):
        """Complaints as the register counts them: what was merged into another one is no complaint of its own."""
        return (
            Domain("company_id", "in", self.env.companies.ids)
            & Domain("type", "=", "complaint")
            & Domain("merged_into_id", "=", False)
            & self._within("date_received", first, last)
        )

    @api.model
    def _within(self, name, first, last):
        """:returns: Domain: a moment lies within some days of the present company's time zone"""
        # No check is needed: see res.company._purchase_today.
        zone = pytz.timezone(self.env.company.sudo().partner_id.tz or "UTC")
        begin, end = (
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (first, last + timedelta(days=1))
        )
        return Domain(name, ">=", begin) & Domain(name, "<", end)

    @api.model
    def _satisfaction(self, figures, active, groups):
        """:param figures: ``_satisfaction_figures``
        :param active: number of active customers
        :param groups: {key of ``GROUPS``: sums of its customers}
        :returns: see ``load``
        """
        share, low, high = self._share_told(figures["csat_hits"], figures["csat_n"])
        labels = {"retained": self.env._("Bought again"), "lost": self.env._("Lost")}
        shown = []
        for key, label in labels.items():
            found = groups.get(key)
            if found:
                csat, csat_low, csat_high = self._share_told(found["csat_hits"], found["csat_n"])
                customers = found[GROUPS[key]]
                shown.append({
                    "key": key,
                    "label": label,
                    "customers": customers,
                    "csat": csat,
                    "csat_n": found["csat_n"],
                    "csat_low": csat_low,
                    "csat_high": csat_high,
                    "complaints": found["complaints"],
                    "complaints_per_100": 100 * found["complaints"] / customers if customers else None,
                })  # fmt: skip
        return {
            "csat": share,
            "csat_n": figures["csat_n"],
            "csat_low": low,
            "csat_high": high,
            "ces": figures["ces"],
            "ces_n": figures["ces_n"],
            "complaints": figures["complaints"],
            "complaints_per_100_customers": 100 * figures["complaints"] / active if active else None,
            "groups": shown,
        }

    @api.model
    def _share_told(self, hits, number):
        """:returns: (share, low, high); three times None without any answer"""
        return (hits / number, *wilson(hits, number)) if number else (None, None, None)

    @api.model
    def _open_satisfaction(self, args, filters):
        key, of = args.get("key"), args.get("of")
        names = {
            "csat": self.env._("Answers: satisfied or not"),
            "ces": self.env._("Answers: how easy it was"),
            "complaints": self.env._("Complaints received"),
            "retained": self.env._("Customers who bought again"),
            "lost": self.env._("Lost customers"),
        }
        if key not in names:
            raise UserError(
                self.env._("There is no figure “%(key)s”. Choose from: %(keys)s.", key=key, keys=", ".join(names))
            )
        if key in GROUPS and not of:
            return self._open_customers(names[key], "satisfaction", {"key": key}, filters)
        if key in GROUPS:
            if of not in ("csat", "complaints"):
                raise UserError(self.env._("There is no figure “%s” of these. Choose csat or complaints.", of))
            name = self.env._("%(customers)s: %(what)s", customers=names[key], what=names[of])
            # What they said in the period and the one before, as ``_voices`` counts it.
            first = filters.period.before().first
            return self._open_voices(name, of, first, filters, self._figure("satisfaction", {"key": key}, filters))
        whose = None
        if filters.of_customers or filters.of_purchases:
            whose = self._figure("either", {}, filters)
        return self._open_voices(names[key], key, filters.period.first, filters, whose)

    @api.model
    def _open_voices(self, name, key, first, filters, whose):
        """What customers said until the end of the period.

        :param key: csat, ces or complaints
        :param first: the first day
        :param whose: figure of the customers (see ``_figure``); None: of all
        """
        model = "service.ticket" if key == "complaints" else "service.feedback"
        if not self.env[model].has_access("read"):
            raise UserError(
                self.env._(
                    "You may see how many there are, but not the tickets. Ask an administrator for rights to the service desk."
                )
            )
        if key == "complaints":
            domain = self._complaints_domain(first, filters.period.end)
        else:
            domain = self._answers_domain(first, filters.period.end) & Domain(key, ">", 0)
        if whose:
            customer = "commercial_partner_id" if key == "complaints" else "ticket_id.commercial_partner_id"
            domain &= Domain(f"{customer}.retention_figure", "=", whose)
        return self._window(
            name, model, domain, ("list", "pivot", "graph") if key != "complaints" else ("list", "form")
        )

    @api.model
    def _counted_in_satisfaction(self, args, filters):
        condition = GROUPS.get(args.get("key"))
        if not condition:
            raise UserError(self.env._("There is no figure “%s”. Choose retained or lost.", args.get("key")))
        return self._customers_where(condition, filters)

    @api.model
    def _counted_in_either(self, _args, filters):
        """Whoever bought in the period or the one before it."""
        return self._customers_where("either", filters)
