from datetime import date, datetime, time, timedelta

import pytz
from odoo import models
from odoo.tools import SQL

from . import tier_rules
from .id_array import id_array, number_of

BEGINNING, END = date(1900, 1, 1), date(9999, 1, 1)
FEW = 100  # of so many members an order more or less to look up is nothing, and planning a statement is all


class LoyaltyClub(models.Model):
    """What members have done in the club's metric, all of them by one statement."""

    _inherit = "loyalty.club"

    def _current_values(self, today, ids=None, metric=None, period=None, members=None):
        """What members have done in the current period.

        :param today: the last day that counts
        :param ids: of memberships, as ``id_array`` takes them; None: all members of the club
        :param metric, period: others than the club's, to see what would be
        :param members: SQL of a table in which the statement has these memberships at hand already
        :return: SQL of a query with the columns ``id`` (of the membership) and ``value``; members who have done nothing
            are not in it
        """
        self.ensure_one()
        period = period or self.qualification_period
        until = today + timedelta(days=1)
        if period == "membership_year":
            days = [(joined, tier_rules.period_start(period, joined, today), until) for joined in self._first_days(ids)]
            rows = self._members_by_day("date_start", days, members or self._begun(ids))
            return self._values_of(rows, days, metric, few=ids is not None and number_of(ids) <= FEW)
        since = tier_rules.period_start(period, None, today) or BEGINNING
        rows = self._member_rows(members or self._begun(ids), since, until)
        return self._values_of(rows, [(None, since, until)], metric, few=ids is not None and number_of(ids) <= FEW)

    def _judged_values(self, reviews):
        """What is judged at the reviews of members. Queries: one, however many.

        :param reviews: ``{membership id: (day of the review, first day of the membership)}``
        :return: ``{membership id: value}``
        """
        self.ensure_one()
        if not reviews:
            return {}
        rules = self._tier_rules()
        days = [
            (review, joined, tier_rules.judged_from(rules, review, joined) or BEGINNING, review)
            for review, joined in set(reviews.values())
        ]
        by_day = SQL(
            """
            SELECT member.id, member.partner_id, day.since, day.until
              FROM loyalty_membership member
              JOIN (VALUES %s) day (review, joined, since, until)
                ON day.review = member.review_date AND day.joined = member.date_start
             WHERE member.id = ANY(%s)
            """,
            SQL(", ").join(
                SQL("(%s::date, %s::date, %s::timestamp, %s::timestamp)", review, joined, *self._moments(since, until))
                for review, joined, since, until in days
            ),
            list(reviews),
        )
        values = self._values_of(by_day, [(None, since, until) for _review, _joined, since, until in days], None)
        return dict(self.env.execute_query(values))

    # ------------------------------------------------------------ whose, and when

    def _moments(self, since, until):
        """The first moments of two days where the club is, in UTC."""
        timezone = pytz.timezone(self._main_company().partner_id.tz or "UTC")
        return [
            timezone.localize(datetime.combine(day, time())).astimezone(pytz.utc).replace(tzinfo=None)
            if BEGINNING < day < END
            else datetime.combine(day, time())
            for day in (since, until)
        ]

    def _begun(self, ids=None):
        """SQL of a table: the open memberships of this club that have begun.

        :param ids: only those of these ids; ``place`` is where the row lies, for who writes it in the same statement
        """
        return SQL(
            """(SELECT member.*, member.ctid AS place FROM loyalty_membership member
                 WHERE member.club_id = %s AND member.state NOT IN ('ended', 'future') AND %s)""",
            self.id,
            SQL("member.id = ANY(%s)", id_array(ids)) if ids is not None else SQL("TRUE"),
        )

    def _member_rows(self, members, since, until):
        """Memberships with one period for all."""
        return SQL(
            """
            SELECT member.id, member.partner_id, %s::timestamp AS since, %s::timestamp AS until
              FROM %s member
            """,
            *self._moments(since, until),
            members,
        )

    def _members_by_day(self, field, days, members):
        """Memberships, each with the period that belongs to the day in ``field``."""
        rows = [SQL("(%s::date, %s::timestamp, %s::timestamp)", day, *self._moments(*ends)) for day, *ends in days]
        rows = rows or [SQL("(NULL::date, NULL::timestamp, NULL::timestamp)")]
        return SQL(
            """
            SELECT member.id, member.partner_id, day.since, day.until
              FROM %s member
              JOIN (VALUES %s) day (day, since, until) ON day.day = member.%s
            """,
            members,
            SQL(", ").join(rows),
            SQL.identifier(field),
        )

    def _first_days(self, ids):
        query = SQL("SELECT DISTINCT date_start FROM %s member", self._begun(ids))
        return [day for (day,) in self.env.execute_query(query)]

    # ------------------------------------------------------------ what

    def _values_of(self, members, days, metric, few=False):
        """:param members: SQL of a query with id, partner_id, since and until
        :param days: list of (anything, first day, first day after), of all that ``members`` may say
        :param few: so few members that planning takes longer than looking their orders up
        """
        since = min((day[1] for day in days), default=BEGINNING)
        until = max((day[2] for day in days), default=END)
        since, until = self._moments(since, until)
        metric = metric or self.qualification_metric
        if metric == "points":
            return self._points_earned(members, since, until)
        return self._purchases(members, since, until, metric, few, many_periods=len(days) > 1)

    def _points_earned(self, members, since, until):
        """The points that orders have earned, less what credit notes and cancellations took back, each on its day.

        Gifts, adjustments and opening balances are not earned. Of contacts that were merged, all cards count.
        """
        return SQL(
            """
            SELECT member.id, round(sum(entry.points + entry.pending), 2)::float8 AS value
              FROM (%(members)s) member
              JOIN loyalty_card card ON card.partner_id = member.partner_id AND card.program_id = %(program)s
              JOIN loyalty_ledger_entry entry ON entry.card_id = card.id
             WHERE entry.date >= %(since)s AND entry.date < %(until)s
               AND entry.date >= member.since AND entry.date < member.until
               AND (entry.kind IN ('earn', 'release')
                    OR entry.kind IN ('reverse', 'cancel') AND entry.points + entry.pending < 0)
          GROUP BY member.id
            """,
            members=members,
            program=self.program_id.id,
            since=since,
            until=until,
        )

    def _purchases(self, members, since, until, metric, few, many_periods):
        """Net spend, or the number of purchases. A credit note counts on the day of its order, and at its rate: an
        order that is credited in full is as if it had never been.
        """
        bought = self._bought(members, since, until, many_periods)
        orders, found = SQL("(%s)", bought), SQL()
        if few:
            # Looked up once, and planned once. Of many members that would be a copy of all their orders, made for the sake
            # of the few that were credited.
            orders, found = SQL("bought"), SQL("WITH bought AS MATERIALIZED (%s)", bought)
        amounts = SQL(" UNION ALL ").join(self._order_parts(orders))
        if metric == "orders":
            return SQL(
                """
                %s SELECT id, count(*)::float8 AS value
                  FROM (SELECT id, order_id FROM (%s) part GROUP BY id, order_id
                        HAVING round(sum(amount), 2) > 0) purchase
              GROUP BY id
                """,
                found,
                amounts,
            )
        digits = self.qualification_currency_id.decimal_places
        return SQL(
            "%s SELECT id, round(sum(amount), %s)::float8 AS value FROM (%s) part GROUP BY id", found, digits, amounts
        )

    def _bought(self, members, since, until, many_periods):
        """The orders of members: of a club of companies, those of all contacts.

        :param many_periods: whether each member has a period of his own, ``member.since`` to ``member.until``
        :return: SQL of a query with the columns member_id, order_id, amount, rate (see ``_rate_of_order``), currency_id
            and currency_rate
        """
        companies = self._selling_companies()
        own_period = SQL("AND sale_order.date_order >= customer.since AND sale_order.date_order < customer.until")
        return SQL(
            """
            SELECT customer.member_id, sale_order.id AS order_id, sale_order.amount_untaxed AS amount,
                   %(rate)s AS rate, sale_order.currency_id, sale_order.currency_rate
              FROM (%(customers)s) customer
              JOIN sale_order ON sale_order.partner_id = customer.id
                             AND sale_order.state = 'sale'
                             AND sale_order.date_order >= %(since)s AND sale_order.date_order < %(until)s
                             AND sale_order.company_id IN %(companies)s %(own_period)s
            """,
            rate=self._rate_of_order(companies),
            customers=self._customers_of(members),
            since=since,
            until=until,
            companies=tuple(companies),
            own_period=own_period if many_periods else SQL(),
        )

    def _customers_of(self, members):
        """Whose orders count for members: their own, and in a club of companies those of all their contacts.

        His own count in any case: so do those of a member who has become a contact of another company since he joined.

        :param members: as of ``_values_of``
        :return: SQL of a query with the columns member_id, id (of the contact), since and until
        """
        own = SQL("SELECT id AS member_id, partner_id AS id, since, until FROM (%s) member", members)
        if self.member_level == "person":
            return own
        return SQL(
            """
            %s UNION ALL
            SELECT member.id, contact.id, member.since, member.until
              FROM (%s) member
              JOIN res_partner contact ON contact.commercial_partner_id = member.partner_id
                                      AND contact.commercial_partner_id <> contact.id
            """,
            own,
            members,
        )

    def _order_parts(self, orders):
        """What adds up to the net amounts of orders: the orders, less credit notes of them, less the club's fee.

        Each is a plain join, so that the database begins where there is least: at the members when these are few, at
        the credit notes when these are all.

        :param orders: SQL of a table, as ``_bought`` selects it
        """
        fee = self._fee_product_ids()
        ordered = SQL("SELECT member_id AS id, order_id, amount * rate AS amount FROM %s bought", orders)
        credited = SQL(
            """
            SELECT bought.member_id, bought.order_id,
                   - bought.rate * CASE WHEN credited.currency_id = bought.currency_id THEN credited.price_subtotal
                                        ELSE credited.balance * COALESCE(NULLIF(bought.currency_rate, 0), 1) END
              FROM %s bought
              JOIN sale_order_line line ON line.order_id = bought.order_id AND line.is_downpayment IS NOT TRUE
                                       AND (line.product_id IS NULL OR line.product_id <> ALL(%s))
              JOIN sale_order_line_invoice_rel link ON link.order_line_id = line.id
              JOIN account_move_line credited ON credited.id = link.invoice_line_id
                                             AND credited.display_type = 'product'
              JOIN account_move note ON note.id = credited.move_id
                                    AND note.move_type = 'out_refund' AND note.state = 'posted'
            """,
            orders,
            fee,
        )
        paid_as_fee = SQL(
            """
            SELECT bought.member_id, bought.order_id, - bought.rate * line.price_subtotal
              FROM %s bought
              JOIN sale_order_line line ON line.order_id = bought.order_id AND line.product_id = ANY(%s)
            """,
            orders,
            fee,
        )
        return [ordered, credited, paid_as_fee] if fee else [ordered, credited]

    def _fee_product_ids(self):
        """Products that are the price of being a member: buying them is no purchase."""
        return self.fee_product_id.ids

    def _rate_of_order(self, companies):
        """SQL: what one unit of an order's currency is worth in the club's, on the day of the order.

        :param companies: as of ``_selling_companies``
        """
        currency, company = self.qualification_currency_id, self._main_company().root_id
        own_rate = SQL("1 / COALESCE(NULLIF(sale_order.currency_rate, 0), 1)")
        in_currency = [company_id for company_id, currency_id in companies.items() if currency_id == currency.id]
        if len(in_currency) == len(companies):
            return SQL("CASE WHEN sale_order.currency_id = %s THEN 1 ELSE %s END", currency.id, own_rate)

        def rate(of):
            # As core's res.currency._get_rates: the last one until the day, else the first ever, else 1.
            of_company = SQL(
                "SELECT rate FROM res_currency_rate WHERE currency_id = %s AND (company_id IS NULL OR company_id = %s)",
                of,
                company.id,
            )
            return SQL(
                """COALESCE((%(rates)s AND name <= sale_order.date_order::date ORDER BY company_id, name DESC LIMIT 1),
                            (%(rates)s ORDER BY company_id, name LIMIT 1), 1)""",
                rates=of_company,
            )

        return SQL(
            """CASE WHEN sale_order.currency_id = %(currency)s THEN 1
                    WHEN sale_order.company_id = ANY(%(in_currency)s) THEN %(own_rate)s
                    ELSE %(to)s / %(from)s END""",
            currency=currency.id,
            in_currency=in_currency,
            own_rate=own_rate,
            to=rate(SQL("%s", currency.id)),
            **{"from": rate(SQL("sale_order.currency_id"))},
        )
