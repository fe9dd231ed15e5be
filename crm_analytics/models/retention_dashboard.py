from datetime import date, datetime
from decimal import Decimal

from odoo import api, fields, models


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
              full count that is done, or None, ``stored``: the figures were not made just now but by the scheduled job
            * ``currency_id``, ``converted``, ``rates``: [{currency, rate}] where converted, ``companies`` (names)
            * ``empty``: None, "no_purchases" or "no_match"; ``quality``: [{kind, label, count}] of bad data
            * ``tiles``: [{key, label, value, unit, previous, change, better, definition, estimate, low, high, n}]; see
              ``_tiles``. A share is from 0 to 1, its change a difference; any other change is relative to ``previous``
            * ``cohorts``, ``all_cohorts``, ``cohort_period``: see ``_cohorts``
        :raises UserError: says which filter is wrong, and what is allowed
        :raises AccessError: to who may not read the figures
        """
        self._check_reader()
        dashboard, filters = self._read_filters(filters)
        return dashboard._plain(dashboard._payload(filters))

    @api.model
    def _payload(self, filters):
        return {
            **self._head(filters),
            **self._figures(filters),
            **self._cohorts(filters),
        }

    @api.model
    def _check_reader(self):
        """:raises AccessError: to who may not read the figures of purchases"""
        self.env["customer.purchase.month"].browse().check_access("read")

    @api.model
    def _head(self, filters):
        """What the figures are about, and how fresh they are."""
        currency = self.env.company.currency_id
        rates = {
            company.currency_id: rate for company, rate in self._rates().items() if company.currency_id != currency
        }
        return {
            "filters": filters.as_dict(),
            "choices": self._choices(),
            "period": self._told(filters.period),
            "previous": self._told(filters.compared),
            "currency_id": currency.id,
            "converted": bool(rates),
            "rates": [{"currency": other.name, "rate": rate} for other, rate in rates.items()],
            "companies": self.env.companies.mapped("name"),
            "quality": [],
            **self._freshness(),
        }

    @api.model
    def _figures(self, filters):
        """What is counted: the same for every reader of these companies, so it may be stored. Texts come with showing."""
        now = self._tile_figures(filters, filters.period)
        past = self._tile_figures(filters, filters.compared) if filters.compared else None
        return {"tiles": self._tiles(now, past, {}), "empty": self._empty(now)}

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
        """:returns: dict of ``as_of``, ``queued``, ``building``, ``stored``; see ``load``"""
        freshness = self.env["customer.purchase.month"]._freshness()
        return {"as_of": freshness["as_of"], "queued": freshness["queued"], "building": freshness["building"], "stored": False}

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
