from odoo import api, fields, models
from odoo.tools import SQL

from .. import rolls


class CustomerPurchaseRoll(models.Model):
    """Who bought in a month, and for how much: of a company, and within it of a sales team, or of a product category through a
    sales team. One row for each span of customers (see ``rolls``), month and of what; rows without category and team are of
    all purchases, those with a category and no team of what was bought of it without one.

    A row tells in some kilobytes what ``customer.purchase.month`` and its like tell in thousands of rows. So the triangle is
    told at once whatever is filtered: rolls of several teams or categories are joined, a segment's or a country's customers
    are picked out.

    Rolls are made by a scheduled job and then grow old: whose purchases have changed since, is in ``customer.purchase.change``,
    and **who reads leaves those out and counts them from the months**. So a change costs a short row and no roll.
    """

    _name = "customer.purchase.roll"
    _description = "Who Bought in a Month"
    _order = "company_id, span, month, id"
    _rec_name = "month"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    span = fields.Integer(
        required=True, readonly=True, help="The customers are those with ids of this span, see rolls.py."
    )
    team_id = fields.Many2one("crm.team", "Sales Team", ondelete="cascade", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Category", ondelete="cascade", readonly=True)
    month = fields.Date(required=True, readonly=True)
    customers = fields.Integer(required=True, readonly=True, aggregator=None, help="How many bought.")
    places = fields.Binary(
        attachment=False,
        required=True,
        readonly=True,
        help="Two bytes a customer: those who bought, then those only given money back.",
    )
    amounts = fields.Binary(
        attachment=False, required=True, readonly=True, help="What they bought for, four or eight bytes each."
    )
    unit = fields.Float(digits=0, required=True, readonly=True, aggregator=None, help="What 1 of the amounts is worth.")

    # Serves the triangle of all purchases, of teams and of categories.
    _company_categ_team_idx = models.Index("(company_id, categ_id, team_id)")
    # Serves making the rolls of a span anew.
    _company_span_idx = models.Index("(company_id, span)")
    # Serves the deletion of a team, whose rolls go with it.
    _team_idx = models.Index("(team_id) WHERE team_id IS NOT NULL")
    # Serves the deletion of a category, likewise.
    _categ_idx = models.Index("(categ_id) WHERE categ_id IS NOT NULL")

    def init(self):
        """Numbers hardly get smaller by PostgreSQL's own compression, but slower to read."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                "ALTER TABLE customer_purchase_roll ALTER places SET STORAGE EXTERNAL, ALTER amounts SET STORAGE EXTERNAL"
            )
        )
        return result

    @api.model
    def _make(self, company_id, span):
        """Make the rolls of one span of a company's customers anew; what of them had changed is thereby done.

        Only for the one who counts, see ``customer.purchase.queue._lock_counting``. Changes that others are just making, and
        that this transaction cannot see, stay noted.
        """
        theirs = SQL(
            "company_id = %s AND partner_id BETWEEN %s AND %s",
            company_id,
            span << rolls.SPAN_BITS,
            ((span + 1) << rolls.SPAN_BITS) - 1,
        )
        self.env.cr.execute(SQL("DELETE FROM customer_purchase_change WHERE %s", theirs))
        self.env.cr.execute(
            SQL("DELETE FROM customer_purchase_roll WHERE company_id = %s AND span = %s", company_id, span)
        )
        found = [
            self._as_row(*of_month) for of_month in self.env.execute_query(self._select_buyers(company_id, theirs))
        ]
        if found:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO customer_purchase_roll
                           (company_id, span, team_id, categ_id, month, unit, customers, places, amounts)
                    SELECT %s, %s, *
                      FROM UNNEST(%s::int4[], %s::int4[], %s::date[], %s::float8[], %s::int4[], %s::bytea[], %s::bytea[])
                    """,
                    company_id,
                    span,
                    *map(list, zip(*found, strict=True)),
                )
            )
        self.invalidate_model()

    @api.model
    def _as_row(self, team, categ, month, unit, buyers, spent, others, given_back):
        """From what ``_select_buyers`` selects: values of the columns from ``team_id`` on."""
        places, amounts = rolls.write(bytes(buyers) + bytes(others), bytes(spent) + bytes(given_back))
        return team, categ, month, unit, len(buyers) // 4, places, amounts

    @api.model
    def _select_buyers(self, company_id, where):
        """:param SQL where: condition on the facts
        :returns: SQL of team_id, categ_id, month, what 1 of the amounts is worth, the ids of those who bought and of those who
            were only given money back, each with their amounts, as ``rolls.write`` takes them
        """
        digits = self.env["res.company"].browse(company_id).currency_id.decimal_places
        amounts = SQL("INT8SEND((amount * %s)::int8)", 10**digits)
        selects = [
            SQL(
                """
                SELECT %(team)s AS team_id, %(categ)s AS categ_id, month, %(unit)s::float8,
                       COALESCE(STRING_AGG(INT4SEND(partner_id), '') FILTER (WHERE orders > 0), ''),
                       COALESCE(STRING_AGG(%(amounts)s, '') FILTER (WHERE orders > 0), ''),
                       COALESCE(STRING_AGG(INT4SEND(partner_id), '') FILTER (WHERE orders <= 0), ''),
                       COALESCE(STRING_AGG(%(amounts)s, '') FILTER (WHERE orders <= 0), '')
                  FROM %(table)s WHERE %(where)s AND %(which)s
                 GROUP BY 1, 2, 3
                """,
                team=team,
                categ=categ,
                unit=10**-digits,
                amounts=amounts,
                table=SQL.identifier(self.env[model]._table),
                where=where,
                which=which,
            )
            for model, team, categ, which in (
                ("customer.purchase.month", SQL("NULL::int4"), SQL("NULL::int4"), SQL("TRUE")),
                ("customer.purchase.team", SQL("team_id"), SQL("NULL::int4"), SQL("TRUE")),
                ("customer.purchase.category", SQL("team_id"), SQL("categ_id"), SQL("categ_id IS NOT NULL")),
            )
        ]
        return SQL(" UNION ALL ").join(selects)

    @api.model
    def _forget(self, company_ids):
        """All purchases of some companies are being counted anew: their rolls are to be made again, from the first on."""
        self.env.cr.execute(SQL("DELETE FROM customer_purchase_roll WHERE company_id = ANY(%s)", company_ids))
        self.env.cr.execute(SQL("DELETE FROM customer_purchase_change WHERE company_id = ANY(%s)", company_ids))
        self.env.cr.execute(
            SQL(
                "UPDATE customer_purchase_build SET rolled = FALSE, next_span = 0 WHERE company_id = ANY(%s)",
                company_ids,
            )
        )
        self.invalidate_model()
        self.env["customer.purchase.build"].invalidate_model(["rolled", "next_span"])
