from datetime import datetime, time, timedelta

import pytz
from odoo import models
from odoo.tools import SQL

from . import greeting_days
from .loyalty_membership import BEGUN_STATES


class LoyaltyOccasion(models.Model):
    """Whose day it is: one statement for each kind of day, by its index, whatever the number of customers."""

    _inherit = "loyalty.occasion"

    def _due_sql(self, moment):
        """Who is to be greeted at a moment and was not yet.

        :param moment: naive datetime in UTC
        :return: SQL of a query: partner_id, ``date`` (the day of the occasion), ``send_on`` (that of the greeting)
        """
        self.ensure_one()
        by_day = greeting_days.last_days(moment, self.hour)
        late = timedelta(days=greeting_days.LATE_DAYS)
        first, last = min(by_day) - late, max(by_day)
        cases = [SQL("WHEN partner.tz = ANY(%s) THEN %s::date", zones, day) for day, zones in by_day.items()]
        here = greeting_days.last_day(moment, self.hour, self._zone())
        return SQL(
            """
            SELECT partner_id, date, send_on
              FROM (SELECT person.*, CASE %(cases)s ELSE %(here)s::date END AS last_day
                      FROM (%(people)s) person JOIN res_partner partner ON partner.id = person.partner_id) due
             WHERE send_on BETWEEN last_day - %(late)s AND last_day AND send_on >= %(started)s
            """,
            cases=SQL(" ").join(cases),
            here=here,
            people=self._people_sql([first + timedelta(days=day) for day in range((last - first).days + 1)]),
            late=greeting_days.LATE_DAYS,
            started=self.started_on or last,
        )

    def _people_sql(self, send_days):
        """Of the audience, who is greeted on which of these days, wherever he lives; not who was greeted before.

        :param send_days: list of dates, not empty
        :return: SQL of a query: partner_id, ``date``, ``send_on``; each person and day once
        """
        self.ensure_one()
        audience = self.env["res.partner"]._search(self._audience_domain())
        return SQL(
            """
            SELECT DISTINCT ON (whose.partner_id, whose.date) whose.partner_id, whose.date, whose.send_on
              FROM (%(whose)s) whose
             WHERE whose.partner_id IN %(audience)s
               AND NOT EXISTS (SELECT FROM loyalty_greeting told
                                WHERE told.occasion_id = %(occasion)s AND told.partner_id = whose.partner_id
                                  AND told.date = whose.date)
            """,
            whose=getattr(self, f"_whose_{self.kind}_sql")(self._days_sql(send_days)),
            audience=audience.subselect(),
            occasion=self.id,
        )

    def _days_sql(self, send_days):
        """The days of the occasion that belong to days of greeting, as rows of a query.

        :return: SQL: ``date``, ``send_on``, ``year_day`` (a row for each day of the year that is kept on it),
            ``begins`` and ``ends`` (of the day of the purchase that it follows, in UTC)
        """
        zone, back = pytz.timezone(self._zone()), timedelta(days=self.absence_days if self.kind == "absence" else 0)
        rows = []
        for send_on in send_days:
            day = send_on - timedelta(days=self._shift())
            begins, ends = (_utc(day - back + timedelta(days=more), zone) for more in (0, 1))
            for year_day in greeting_days.kept_on(day):
                rows.append(
                    SQL("(%s::date, %s::date, %s, %s::timestamp, %s::timestamp)", day, send_on, year_day, begins, ends)
                )
        return SQL("(VALUES %s) days (date, send_on, year_day, begins, ends)", SQL(", ").join(rows))

    def _whose_birthday_sql(self, days):
        """Persons born on a day before."""
        return SQL(
            """
            SELECT born.id AS partner_id, days.date, days.send_on
              FROM %s
              JOIN res_partner born
                ON (EXTRACT(MONTH FROM born.birthday) * 100 + EXTRACT(DAY FROM born.birthday)) = days.year_day
             WHERE born.birthday IS NOT NULL AND born.birthday < days.date AND born.is_company IS NOT TRUE
            """,
            days,
        )

    def _whose_membership_sql(self, days):
        """Members of the clubs of the audience, of any club when there is none, who joined one or more years before."""
        return SQL(
            """
            SELECT member.partner_id, days.date, days.send_on
              FROM %(days)s
              JOIN loyalty_membership member
                ON (EXTRACT(MONTH FROM member.date_start) * 100 + EXTRACT(DAY FROM member.date_start)) = days.year_day
             WHERE member.date_start < days.date AND member.state = ANY(%(begun)s)
               AND (member.counts_until IS NULL OR member.counts_until >= days.date)
               AND (member.company_id IS NULL OR member.company_id = ANY(%(companies)s))
               AND (%(everybody)s OR member.club_id = ANY(%(clubs)s) OR member.tier_id = ANY(%(tiers)s))
            """,
            days=days,
            begun=list(BEGUN_STATES),
            companies=self._companies().ids,
            everybody=not (self.club_ids or self.tier_ids),
            clubs=self.club_ids.ids,
            tiers=self.tier_ids.ids,
        )

    def _whose_first_purchase_sql(self, days):
        """Customers who bought on that day, and never before."""
        return self._buyers_sql(days, SQL("other.date_order < buyer.begins"))

    def _whose_absence_sql(self, days):
        """Customers who bought so many days before that day, and not since."""
        return self._buyers_sql(days, SQL("other.date_order >= buyer.ends"))

    def _buyers_sql(self, days, otherwise):
        """Who bought on the day of the purchase from this company, without an order of his that makes it another case.

        Whatever contact of the customer ordered, and whether by an order or at the till; it is the customer who is greeted.

        :param otherwise: SQL of a condition on ``other``, a purchase of his, and ``buyer``, with the day
        """
        bought = [
            SQL(
                """
                SELECT person.commercial_partner_id AS partner_id, days.*
                  FROM %(days)s
                  JOIN %(documents)s bought ON bought.date_order >= days.begins AND bought.date_order < days.ends
                  JOIN res_partner person ON person.id = bought.partner_id
                 WHERE %(counts)s AND bought.company_id = %(company)s
                """,
                days=days,
                documents=SQL.identifier(self.env[model]._table),
                counts=counts,
                company=self.company_id.id,
            )
            for model, counts in self._purchase_documents(SQL("bought")).items()
        ]
        none_else = [
            SQL(
                """
                NOT EXISTS (SELECT FROM res_partner person JOIN %(documents)s other ON other.partner_id = person.id
                             WHERE person.commercial_partner_id = buyer.partner_id
                               AND %(counts)s AND other.company_id = %(company)s AND %(otherwise)s)
                """,
                documents=SQL.identifier(self.env[model]._table),
                counts=counts,
                company=self.company_id.id,
                otherwise=otherwise,
            )
            for model, counts in self._purchase_documents(SQL("other")).items()
        ]
        return SQL(
            "SELECT buyer.partner_id, buyer.date, buyer.send_on FROM (%s) buyer WHERE %s",
            SQL(" UNION ALL ").join(bought),
            SQL(" AND ").join(none_else),
        )

    def _whose_fixed_sql(self, days):
        """Everybody, on that day of the year."""
        year_day = int(self.fixed_month) * 100 + self.fixed_day
        return SQL(
            "SELECT anybody.id AS partner_id, days.date, days.send_on FROM %s JOIN res_partner anybody ON TRUE"
            " WHERE days.year_day = %s",
            days,
            year_day,
        )


class LoyaltyMembership(models.Model):
    _inherit = "loyalty.membership"

    # Serves the anniversaries of a day, which a running occasion asks for every hour, and a night of tiers by the year of the
    # membership.
    _start_year_day_idx = models.Index("((EXTRACT(MONTH FROM date_start) * 100 + EXTRACT(DAY FROM date_start)))")


def _utc(day, zone):
    """The moment, naive in UTC, at which a day begins in a time zone."""
    return zone.localize(datetime.combine(day, time())).astimezone(pytz.utc).replace(tzinfo=None)
