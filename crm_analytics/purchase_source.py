"""What a model declares to have its documents counted as purchases, and the SQL that counts them."""

from collections.abc import Callable
from typing import NamedTuple

from odoo.tools import SQL


class PurchaseSource(NamedTuple):
    """How the documents of a model become purchases. All names are of stored fields of the model itself.

    :param amount: what the customer bought for, without taxes
    :param currency: the currency of the amount; it counts at the rate of the day
    :param rate: for models that store no currency: units of the document's currency per unit of the company's. Where
        neither is given, the amount is in the company's currency already
    :param partner: the contact; the purchase counts for his commercial partner, the *customer*
    :param date: when it was bought: a datetime in UTC, or a date
    :param states: the states in which a document is a purchase
    :param team: the sales team, if the model has one
    :param also_watched: other fields on which it depends whether, or for how much, a document counts
    :param bases: of companies that count by one of these (``res.company.purchase_basis``) it is a purchase
    :param line_model: the model of its lines, with a ``product_id``; by them purchases are told apart by product category
    :param line_parent: the lines' field that names the document
    :param line_amount: what a line was bought for, without taxes, in the document's currency
    """

    amount: str
    line_model: str
    line_parent: str = "order_id"
    line_amount: str = "price_subtotal"
    currency: str = ""
    rate: str = ""
    partner: str = "partner_id"
    company: str = "company_id"
    date: str = "date_order"
    state: str = "state"
    states: tuple = ()
    team: str = ""
    bases: tuple = ("orders",)
    also_watched: tuple = ()

    @property
    def key_fields(self):
        """A change of one of these moves a document to another customer, company or day, or in or out of account."""
        return {self.partner, self.company, self.date, self.state}

    @property
    def watched_fields(self):
        """A change of one of these changes a figure."""
        others = (self.amount, self.rate, self.currency, self.team, *self.also_watched)
        return self.key_fields | {name for name in others if name}


class PurchasePart(NamedTuple):
    """One kind of purchase as pieces of SQL; every count is put together from them, so that all counts agree.

    In all of them ``contact`` is the contact, whose commercial partner is the customer, and ``company`` the company.

    :param tables: what stands after FROM
    :param where: which rows are purchases
    :param day: the day of purchase
    :param between: function of two SQL dates: whether the day lies between the first and the one before the second,
        said in such a way that an index on the documents' date helps
    :param orders: 1 for a purchase, 0 for what only takes money back
    :param amount: in the company's currency
    :param team: id of the sales team
    :param document: id of what counts once, however many lines it has
    :param lines: what is to be joined to ``tables`` to have ``line.product_id``
    :param line_amount: of such a line, in the company's currency
    """

    tables: SQL
    where: SQL
    day: SQL
    between: Callable
    orders: SQL
    amount: SQL
    team: SQL
    document: SQL
    lines: SQL
    line_amount: SQL

    def keys(self, condition):
        """SQL: customers, companies and days of some of the documents."""
        return SQL(
            "SELECT contact.commercial_partner_id AS partner_id, company.id AS company_id, %s AS day"
            " FROM %s WHERE %s AND contact.commercial_partner_id IS NOT NULL AND %s",
            self.day,
            self.tables,
            self.where,
            condition,
        )

    def keys_by_product(self, condition):
        """SQL: the same of documents by their products, ``template`` in the condition."""
        return SQL(
            "SELECT contact.commercial_partner_id AS partner_id, company.id AS company_id, %s AS day"
            " FROM %s %s %s WHERE %s AND contact.commercial_partner_id IS NOT NULL AND %s",
            self.day,
            self.tables,
            self.lines,
            PRODUCT,
            self.where,
            condition,
        )

    def purchases(self, join, condition):
        """SQL: the purchases, one row each.

        :param SQL join: more to join; it may refer to ``contact`` and ``company``
        :param SQL condition: which of them
        """
        return SQL(
            """
            SELECT contact.commercial_partner_id AS partner_id, company.id AS company_id, %s AS day, %s AS team_id,
                   %s AS orders, %s AS amount
              FROM %s %s
             WHERE %s AND contact.commercial_partner_id IS NOT NULL AND %s
            """,
            self.day,
            self.team,
            self.orders,
            self.amount,
            self.tables,
            join,
            self.where,
            condition,
        )

    def purchases_by_category(self, join, condition):
        """SQL: the purchases, one row per document and product category of its lines."""
        return SQL(
            """
            SELECT contact.commercial_partner_id AS partner_id, company.id AS company_id,
                   DATE_TRUNC('month', %(day)s)::date AS month, %(team)s AS team_id, template.categ_id,
                   MAX(%(orders)s) AS orders, SUM(%(amount)s) AS amount
              FROM %(tables)s %(join)s %(lines)s %(product)s
             WHERE %(where)s AND contact.commercial_partner_id IS NOT NULL AND %(condition)s
             GROUP BY contact.commercial_partner_id, company.id, DATE_TRUNC('month', %(day)s)::date, %(team)s,
                      template.categ_id, %(document)s
            """,
            day=self.day,
            team=self.team,
            orders=self.orders,
            amount=self.line_amount,
            tables=self.tables,
            join=join,
            lines=self.lines,
            product=PRODUCT,
            where=self.where,
            condition=condition,
            document=self.document,
        )


# Of a line without a product nothing is known but that it was bought.
PRODUCT = SQL(
    """
    LEFT JOIN product_product variant ON variant.id = line.product_id
    LEFT JOIN product_template template ON template.id = variant.product_tmpl_id
    """
)


def between(date, day, has_time):
    """What ``PurchasePart.between`` says of documents.

    :param date: SQL: when it was bought, a datetime in UTC or a date
    :param day: SQL: the day of it, in the company's time zone
    :param has_time: whether the date is a datetime
    """

    def condition(first, after):
        exact = SQL("%(day)s >= %(first)s AND %(day)s < %(after)s", day=day, first=first, after=after)
        if not has_time:
            return exact
        # A day of any time zone lies within these three of UTC: a range that the index on the date can find.
        return SQL("%s >= %s - interval '1 day' AND %s < %s + interval '1 day' AND %s", date, first, date, after, exact)

    return condition


def rounded(amount):
    """SQL: an amount in the company's currency, rounded to it."""
    return SQL("ROUND(COALESCE(%s, 0)::numeric, currency.decimal_places)", amount)


def at_rate_of_day(amount, currency, day):
    """SQL: an amount of a foreign currency in the company's, at the rate of the day, as core's ``_get_rates`` finds it:
    the last one until the day, else the first ever, else 1; a rate of the company's own before one for all.

    Amounts without a currency are in the company's.
    """

    def rate(of):
        rates = SQL(
            "SELECT NULLIF(rate.rate, 0) FROM res_currency_rate rate WHERE rate.currency_id = %s"
            " AND (rate.company_id IS NULL OR rate.company_id = SPLIT_PART(company.parent_path, '/', 1)::int)",
            of,
        )
        return SQL(
            """COALESCE((%(rates)s AND rate.name <= %(day)s ORDER BY rate.company_id, rate.name DESC LIMIT 1),
                        (%(rates)s ORDER BY rate.company_id, rate.name LIMIT 1), 1)""",
            rates=rates,
            day=day,
        )

    return SQL(
        "CASE WHEN %(currency)s IS NULL OR %(currency)s = company.currency_id THEN %(amount)s"
        " ELSE %(amount)s * %(to)s / %(of)s END",
        currency=currency,
        amount=amount,
        to=rate(SQL("company.currency_id")),
        of=rate(currency),
    )
