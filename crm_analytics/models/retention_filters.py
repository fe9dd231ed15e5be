from typing import NamedTuple

from odoo import api, fields, models
from odoo.addons.crm_contact_history.plausible import legible
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..cohorts import add_months, first_of_month
from ..periods import GRAINS, Period

LONGEST_PERIOD = 60  # cells; more columns than that nobody reads
MONTHS_SHOWN = 12
CHOICES = {
    "grain": tuple(GRAINS),
    "cohort_metric": ("customers", "revenue"),
    "cohort_kind": ("exact", "unbounded"),
    "compare": ("previous", "year", "none"),
}
# Filters that are lists of records: of which model.
RECORDS = {
    "company_ids": "res.company",
    "team_ids": "crm.team",
    "grade_ids": "res.partner.grade",
    "country_ids": "res.country",
    "category_ids": "product.category",
}


class Filters(NamedTuple):
    """What the reader of the dashboard chose, checked, the defaults filled in; see ``retention.dashboard.load``."""

    period: Period
    grain: str = "month"
    cohort_metric: str = "customers"
    cohort_kind: str = "exact"
    compare: str = "previous"
    company_ids: tuple = ()
    team_ids: tuple = ()
    grade_ids: tuple = ()
    segments: tuple = ()
    country_ids: tuple = ()
    category_ids: tuple = ()
    # Not the reader's to choose: of these customers only, an SQL query of their ids.
    among: SQL | None = None

    @property
    def of_purchases(self):
        """Some purchases only: those of others are as if they had never been made."""
        return bool(self.team_ids or self.category_ids)

    @property
    def of_customers(self):
        """Some customers only."""
        return bool(self.grade_ids or self.segments or self.country_ids)

    @property
    def compared(self):
        """The period to compare with, or None."""
        return {"previous": self.period.before, "year": self.period.year_before}.get(self.compare, lambda: None)()

    def as_dict(self):
        """:returns: dict that ``load`` takes, and that can be written as JSON"""
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in self._asdict().items()}
        del values["period"], values["among"]
        return {
            "date_from": fields.Date.to_string(self.period.first),
            "date_to": fields.Date.to_string(self.period.end),
            **values,
        }


class RetentionDashboard(models.AbstractModel):
    """What the reader may choose."""

    _inherit = "retention.dashboard"

    @api.model
    def _read_filters(self, filters):
        """Check what the reader chose.

        :param filters: dict, see ``load``; or None
        :returns: (the dashboard with the chosen companies in its environment, Filters)
        :raises UserError: says which value is wrong, and what is allowed
        """
        filters = legible(filters or {})
        if not isinstance(filters, dict):
            raise UserError(self.env._("The filters are to be a dictionary, not “%s”.", filters))
        known = {"date_from", "date_to", "segments", *CHOICES, *RECORDS}
        if unknown := [name for name in filters if name not in known]:
            raise UserError(
                self.env._(
                    "There is no filter “%(name)s”. Choose from: %(names)s.",
                    name=unknown[0],
                    names=", ".join(sorted(known)),
                )
            )
        values = {name: self._check_choice(name, filters.get(name)) for name in CHOICES}
        values |= self._check_records(filters)
        values["segments"] = self._check_segments(filters.get("segments"))
        dashboard = self._of_companies(values["company_ids"])
        period = dashboard._check_period(filters.get("date_from"), filters.get("date_to"), values["grain"])
        return dashboard, Filters(period=period, **values)

    @api.model
    def _of_companies(self, company_ids):
        """:returns: this model for some of the reader's companies; the present one stays so where it is chosen"""
        if not company_ids:
            return self
        first = [self.env.company.id] if self.env.company.id in company_ids else []
        chosen = [*first, *(company_id for company_id in company_ids if company_id not in first)]
        return self.with_context(allowed_company_ids=chosen)

    @api.model
    def _check_choice(self, name, value):
        allowed = CHOICES[name]
        if value is None or value is False:
            return Filters._field_defaults[name]
        if value not in allowed:
            raise UserError(
                self.env._(
                    "“%(value)s” is no value of the filter “%(name)s”. Choose from: %(allowed)s.",
                    value=value,
                    name=name,
                    allowed=", ".join(allowed),
                )
            )
        return value

    @api.model
    def _check_segments(self, value):
        if not value:
            return ()
        keys = [key for key, _label in self.env["customer.metric"]._fields["segment"]._description_selection(self.env)]
        if not isinstance(value, list | tuple) or any(key not in keys for key in value):
            raise UserError(
                self.env._(
                    "“%(value)s” is no list of segments. Choose from: %(allowed)s.",
                    value=value,
                    allowed=", ".join(keys),
                )
            )
        return tuple(sorted(set(value)))

    @api.model
    def _check_records(self, filters):
        """One statement for all of them.

        :returns: {name: the ids, sorted}; an id that does not exist, or that the reader may not see, is refused
        """
        wanted = {name: self._check_ids(name, filters.get(name)) for name in RECORDS}
        found = {"company_ids": set(self.env.companies.ids), **self._readable_ids(wanted)}
        for name, ids in wanted.items():
            if missing := ids - found.get(name, set()):
                raise UserError(
                    self.env._(
                        "The filter “%(name)s” names %(id)s, which does not exist or which you may not see. Choose another one.",
                        name=name,
                        id=min(missing),
                    )
                )
        return {name: tuple(sorted(ids)) for name, ids in wanted.items()}

    @api.model
    def _check_ids(self, name, value):
        value = value or []
        if not isinstance(value, list | tuple) or any(type(id_) is not int for id_ in value):
            raise UserError(
                self.env._(
                    "“%(value)s” is no value of the filter “%(name)s”: give a list of ids.", value=value, name=name
                )
            )
        return set(value)

    @api.model
    def _readable_ids(self, wanted):
        """:param wanted: {name of a filter: ids}
        :returns: {name: those of them that are there and that the reader may see}
        """
        questions = {}
        for name, ids in wanted.items():
            if ids and name != "company_ids":
                query = self.env[RECORDS[name]]._search([("id", "in", list(ids))], active_test=False)
                questions[name] = query.select(SQL("%s AS id", SQL.identifier(query.table, "id")))
        return {name: {row["id"] for row in rows} for name, rows in self._ask(questions).items()}

    @api.model
    def _check_period(self, date_from, date_to, grain):
        """:returns: the Period; where an end is missing, twelve months, ending with the newest purchase"""
        first = self._to_month(date_from) if date_from else None
        last = self._to_month(date_to) if date_to else None
        if not last:
            last = self._newest_month() or self._running_month()
            if first:
                last = max(last, first)
        period = Period(first or add_months(last, 1 - MONTHS_SHOWN), last)
        if period.first > period.last:
            raise UserError(self.env._("The period ends before it begins. Choose a later last month."))
        if period.months > LONGEST_PERIOD * GRAINS[grain]:
            raise UserError(self.env._("Choose a period of at most %s months.", LONGEST_PERIOD * GRAINS[grain]))
        if period.first.year < 1950 or period.last.year > 2200:
            raise UserError(self.env._("Choose a period between 1950 and 2200."))
        return period

    @api.model
    def _to_month(self, value):
        try:
            return first_of_month(fields.Date.to_date(value))
        except (TypeError, ValueError, AttributeError) as error:
            raise UserError(self.env._("“%s” is no date. Write it as 2025-12-31.", value)) from error

    @api.model
    def _running_month(self):
        return first_of_month(self.env.company._purchase_today())

    @api.model
    def _newest_month(self):
        """:returns: first day of the newest month in which anybody bought; None when nobody ever did

        Orders of the future are mistakes, and no reason to show a period in which nothing happened yet.
        """
        newest = self.env["customer.purchase.month"].search_fetch(
            [
                ("company_id", "in", self.env.companies.ids),
                ("month", "<=", self._running_month()),
                ("orders", ">", 0),
            ],
            ["month"],
            order="month DESC",
            limit=1,
        )
        return newest.month or None
