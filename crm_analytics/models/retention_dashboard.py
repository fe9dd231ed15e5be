from datetime import date, datetime
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL


class RetentionDashboard(models.AbstractModel):
    """The numbers of the retention dashboard; this file says which there are, the files ``retention_*.py`` make them.

    They come from the facts (``customer.purchase`` and what is summed up from it) and from the figures of each customer
    (``customer.metric``). Everything is counted for the companies of the reader's company switcher.
    """

    _name = "retention.dashboard"
    _description = "Retention Dashboard"

    @api.model
    @api.readonly
    def load(self, filters=None):
        """All that the dashboard shows.

        :param filters: dict, all of it optional: ``date_from``, ``date_to`` (any day of the first and the last month;
            by default the twelve months that end with the newest purchase), ``grain`` of the cohorts (month, quarter,
            year), ``cohort_metric`` (customers, revenue), ``cohort_kind`` (exact: bought in the very month; unbounded:
            bought in it or later), ``compare`` (previous, year, none), and lists: ``company_ids``, ``team_ids``,
            ``category_ids`` (with the categories below) say which purchases count; ``grade_ids`` (tiers),
            ``segments`` (keys), ``country_ids`` which customers
        :returns: dict of

            * ``filters``: as given, checked, with the defaults; ``choices``: {companies, teams, grades, segments,
              countries, categories: [{id, name}]}
            * ``period``, ``previous`` (or None): {date_from, date_to, label, incomplete: it is not over yet}
            * ``as_of``: datetime since when the figures hold, ``queued``: changes that wait, ``building``: share of the
              full count that is done, or None, ``stored``: the figures were not made just now but by the scheduled job,
              ``metrics_as_of``: day of the figures of each customer, or None
            * ``currency_id``, ``converted``, ``rates``: [{currency, rate}] where converted, ``companies`` (names)
            * ``empty``: None, "no_purchases" or "no_match"; ``quality``: [{kind, label, count}] of bad data
            * ``tiles``: [{key, label, value, unit, previous, change, better, definition, estimate, low, high, n}]; see
              ``_tiles``. A share is from 0 to 1, its change a difference; any other change is relative to ``previous``
            * ``cohorts``, ``all_cohorts``, ``cohort_period``: see ``_cohorts``
            * ``lifecycle``, ``segments``: [{key, label, customers, revenue, previous_customers}], ``rfm``: [{r, f,
              customers, revenue}]: who they are today; revenue is that of the period. ``migration``: {from_label,
              to_label, cells: [{from (None: no customer yet), to, customers}]}
            * ``value``: {histogram: [{low, high, customers, revenue}], top: [{partner_id, name, value, low, high,
              probability_alive}], model: see ``_fit``}
            * ``risk``: those worth most of the customers at risk (see ``customer.metric._at_risk_domain``): [{id: of his
              figures, partner_id, name, reasons, value, days_since, usual_interval, open_complaints, company: where there
              are several}]; ``at_risk``: how many there are
            * ``satisfaction``: {csat, csat_n, csat_low, csat_high, ces, ces_n, complaints, complaints_per_100_customers,
              groups: [{key (retained, lost), label, customers, csat, csat_n, csat_low, csat_high, complaints,
              complaints_per_100}]}; the groups by what they said in the period and the one before it
            * ``clubs``: [{key (members, others), label, customers, revenue, orders_per_customer, average_order,
              retention_rate}]
        :raises UserError: says which filter is wrong, and what is allowed
        :raises AccessError: to who may not read the figures
        """
        self._check_reader()
        self._read_companies()
        freshness = self._freshness()
        dashboard, filters, summary = self._read_view(filters, freshness)
        dashboard = dashboard._with_rates()
        if summary:
            figures, as_of = summary.figures, min(freshness["as_of"], summary.as_of)
        else:
            figures, as_of = dashboard._counted_now(filters), freshness["as_of"]
        offered = dashboard._offered(figures)
        names = offered.pop("names")
        shown = dashboard._plain({
            **dashboard._head(filters),
            **offered,
            **dashboard._shown(figures, filters, names),
            "as_of": as_of,
            "queued": freshness["queued"],
            "building": freshness["building"],
            "stored": bool(summary),
        })  # fmt: skip
        return {**shown, **dashboard._cohorts(filters)}

    @api.model
    def _counted_now(self, filters):
        """All figures but the triangle, without any text: they are the same for all who see these companies, in every
        language, so they may be stored.

        :returns: dict of what JSON knows
        """
        counters = {
            "groups": self._grouped_figures(filters),
            "past": self._period_figures(filters, filters.compared),
            "customers": self._customer_groups(filters),
            "past_customers": self._past_groups(filters),
            "migration": self._migration_figures(filters),
            "histogram": self._histogram_rows(filters),
            "top": self._top_rows(filters),
            "risk": self._risk_ids(filters),
            "satisfaction": self._satisfaction_figures(filters),
            "fit": self._fit(),
            "countries": self._countries(),
        }
        return self._plain({
            "period": [filters.period.first, filters.period.last],
            **self._ask_together(counters),
        })  # fmt: skip

    @api.model
    def _shown(self, figures, filters, names):
        """The figures in the reader's words.

        :param names: {id of a contact: name} of those whom the reader may see
        """
        everybody, customers, past = (figures[name] for name in ("groups", "customers", "past_customers"))
        everybody = everybody["all"]
        expected = dict(zip(("value", "low", "high", "n"), customers["expected"], strict=True))
        risk = self._readable("customer.metric", [id_ for id_, _partner_id in figures["risk"]])
        return {
            "empty": self._empty(everybody),
            "metrics_as_of": customers["as_of"],
            "tiles": self._tiles(everybody, figures["past"], {**expected, "previous": past.get("expected")}),
            "lifecycle": self._groups_told("lifecycle", customers["lifecycle"], past.get("lifecycle")),
            "segments": self._groups_told("segment", customers["segments"], past.get("segments")),
            "rfm": [dict(zip(("r", "f", "customers", "revenue"), row, strict=True)) for row in customers["rfm"]],
            "migration": self._migration(figures["migration"]),
            "value": {
                "histogram": self._histogram(figures["histogram"]),
                "top": self._top(figures["top"], names),
                "model": self._fit_told(figures["fit"]),
            },
            "risk": self._risk(risk, names),
            "at_risk": customers["at_risk"],
            "satisfaction": self._satisfaction(figures["satisfaction"], everybody["active"], figures["groups"]["stay"]),
            "clubs": self._clubs(figures["groups"]["clubs"]),
        }

    @api.model
    def _readable(self, model, ids):
        """:returns: those of some records that the reader may see, in this order; one query, with all that they have"""
        model = self.env[model].with_context(active_test=False)
        names = [name for name, field in model._fields.items() if field.store and field.column_type]
        found = model.search_fetch([("id", "in", ids)], names, order="id")
        return found.sorted(lambda record: ids.index(record.id))

    @api.model
    def _names(self, partner_ids):
        """One question, see ``_ask_together``.

        :returns: {id: name} of the contacts that the reader may see
        """
        query = self.env["res.partner"]._search([("id", "in", partner_ids)], active_test=False)
        rows = yield query.select(
            SQL("%s AS id", SQL.identifier(query.table, "id")), SQL("%s AS name", SQL.identifier(query.table, "name"))
        )
        return {row["id"]: row["name"] for row in rows}

    @api.model
    def _check_reader(self):
        """:raises AccessError: to who may not read the figures of purchases"""
        self.env["customer.purchase.month"].browse().check_access("read")

    @api.model
    def _head(self, filters):
        """What the figures are about."""
        currency = self.env.company.currency_id
        rates = {
            company.currency_id: rate for company, rate in self._rates().items() if company.currency_id != currency
        }
        return {
            "filters": filters.as_dict(),
            "period": self._told(filters.period),
            "previous": self._told(filters.compared),
            "currency_id": currency.id,
            "converted": bool(rates),
            "rates": [{"currency": other.name, "rate": rate} for other, rate in rates.items()],
            "companies": self.env.companies.mapped("name"),
        }

    @api.model
    def _offered(self, figures):
        """What depends on the reader's rights, asked in one statement.

        :returns: dict of ``choices`` and ``quality``, see ``load``, and ``names``, see ``_names``
        """
        counters = {
            "choices": self._choices(figures["countries"]),
            "quality": self._quality(),
            "names": self._names([row[0] for row in figures["top"]] + [row[1] for row in figures["risk"]]),
        }
        return self._ask_together(counters)

    @api.model
    def _empty(self, figures):
        """:returns: why there is nothing to show, or None"""
        if figures["active"] or figures["base"] or figures["revenue"]:
            return None
        return "no_match" if self._newest_month() else "no_purchases"

    @api.model
    def _told(self, period):
        """:returns: a period as the screen shows it; None of None"""
        if not period:
            return None
        return {
            "date_from": period.first,
            "date_to": period.end,
            "label": self._period_label(period),
            "incomplete": period.last >= self._running_month(),
        }

    @api.model
    def _period_label(self, period):
        if period.first == period.last:
            return self._month_name(period.first)
        return f"{self._month_name(period.first)} – {self._month_name(period.last)}"

    @api.model
    def _freshness(self):
        """How fresh the figures of the reader's companies are; one statement, asked at every opening.

        :returns: dict of ``as_of``, ``queued``, ``building``, see ``load``, and ``changed``: what the stored figures are
            made from has changed since
        """
        companies = self.env.companies.ids
        # The number of changes is no figure about customers; the companies are the reader's own.
        [[queued, oldest, building, changed]] = self.env.execute_query(
            SQL(
                """
                SELECT queue.*,
                       (SELECT CASE WHEN BOOL_OR(state <> 'done')
                               THEN AVG(CASE WHEN state = 'done' THEN 1.0
                                             ELSE LEAST(COALESCE(done::float / NULLIF(total, 0), 0), 0.99) END) END
                          FROM customer_purchase_build WHERE company_id = ANY(%(companies)s)),
                       EXISTS(SELECT FROM retention_change WHERE company_id = ANY(%(companies)s))
                  FROM (SELECT COUNT(*), MIN(queued_at) FROM customer_purchase_queue
                         WHERE company_id = ANY(%(companies)s)) queue
                """,
                companies=companies,
            )
        )
        return {"as_of": oldest or fields.Datetime.now(), "queued": queued, "building": building, "changed": changed}

    @api.model
    def _plain(self, value):
        """:returns: the same, of what JSON knows: dates as text, decimals as floats"""
        match value:
            case dict():
                return {str(key): self._plain(item) for key, item in value.items()}
            case list() | tuple():
                return [self._plain(item) for item in value]
            case datetime():
                return fields.Datetime.to_string(value)
            case date():
                return fields.Date.to_string(value)
            case Decimal():
                return float(value)
            case _:
                return value
