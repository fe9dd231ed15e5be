from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.points_revenue import allocate, recognise


class LoyaltyLiabilityWizard(models.TransientModel):
    """What of past sales is revenue only when their points are redeemed (IFRS 15, customer loyalty).

    By program, with its points as one: the price of the orders that gave points is shared between goods and points by
    what both are worth; the share of the points is recognised as points are redeemed, of those expected to be in all.
    """

    _inherit = "loyalty.liability.wizard"

    @api.model
    def _liability(self, programs, day):
        found = super()._liability(programs, day)
        sales = self._sales_with_points(programs.browse([program.id for program in found]), day)
        for program, values in found.items():
            price, points = sales.get(program, (0.0, 0.0))
            values.update(self._deferred_revenue(values, price, points))
        return found

    @api.model
    def _deferred_revenue(self, values, price, points):
        """The share of the points in a price, and how much of it is revenue by now.

        :param values: of ``loyalty.liability.line``
        :param price: of the goods sold, without taxes
        :param points: given with them
        """
        share = 1 - values["expected_breakage"] / 100
        _goods, allocated = allocate(price, points, values["point_value"], share)
        given = values["issued"] - values["reversed"] + values["pending"]
        # No more can be redeemed than was, and is still there: what has expired never will be.
        redeemable = values["redeemed"] + values["available"] + values["pending"]
        recognised, deferred = recognise(allocated, values["redeemed"], min(given * share, redeemable))
        return {"sales": price, "allocated": allocated, "recognised": recognised, "deferred": deferred}

    @api.model
    def _sales_with_points(self, programs, day):
        """What customers have paid on orders that gave them points, until the end of a day, less what was credited.

        :return: ``{loyalty.program: (price without taxes in the program's currency, points given)}``
        """
        found = defaultdict(lambda: (0.0, 0.0))
        if not programs:
            return found
        for model, price in self._documents_with_points().items():
            for program_id, company_id, amount, points in self.env.execute_query(
                self._sales_query(programs, day, model, price)
            ):
                program = programs.browse(program_id)
                # sudo: only the currency of a company whose programs the user may read.
                company = self.env["res.company"].sudo().browse(company_id)
                amount = company.currency_id._convert(amount, program.currency_id, company, day, round=False)
                found[program] = (found[program][0] + amount, found[program][1] + points)
        return found

    @api.model
    def _documents_with_points(self):
        """The kinds of orders that give points.

        :return: ``{model: SQL of the price without taxes of "document", in its own currency}``
        """
        found = {"sale.order": SQL("document.amount_untaxed")}
        if "pos.order" in self.env:  # the point of sale, where it is installed
            found["pos.order"] = SQL("document.amount_total - document.amount_tax")
        return found

    @api.model
    def _sales_query(self, programs, day, model, price):
        """By program and company: the price of the documents, as far as the points given are not taken back, and these.

        A document that was cancelled and confirmed again counts from then on. Rates are those of the document's day.
        """
        return SQL(
            """
            WITH entries AS (
                SELECT program_id, res_id, id, kind, points + pending AS points,
                       max(id) FILTER (WHERE kind = 'cancel') OVER (PARTITION BY program_id, res_id) AS cancelled
                  FROM loyalty_ledger_entry
                 WHERE program_id IN %(programs)s AND date < %(end)s AND res_model = %(model)s
            ), given AS (
                SELECT program_id, res_id, sum(points) FILTER (WHERE kind IN ('earn', 'release')) AS earned,
                       COALESCE(sum(points) FILTER (WHERE kind = 'reverse' AND points < 0), 0) AS taken_back
                  FROM entries WHERE id > COALESCE(cancelled, 0)
              GROUP BY program_id, res_id
            )
            SELECT program_id, document.company_id,
                   sum((%(price)s) / COALESCE(NULLIF(document.currency_rate, 0), 1) * (earned + taken_back) / earned)::float8,
                   sum(earned + taken_back)::float8
              FROM given JOIN %(table)s document ON document.id = given.res_id
             WHERE earned > 0
          GROUP BY program_id, document.company_id
            """,
            programs=tuple(programs.ids),
            end=self._end_of(day),
            model=model,
            price=price,
            table=SQL.identifier(self.env[model]._table),
        )


class LoyaltyLiabilityLine(models.TransientModel):
    _inherit = "loyalty.liability.line"

    sales = fields.Monetary(
        string="Sales With Points", help="What orders that gave points came to, without taxes, less credit notes."
    )
    allocated = fields.Monetary(
        string="Share of the Points",
        help="Of these sales, by what goods and points are worth: revenue only when the points are redeemed.",
    )
    recognised = fields.Monetary(
        string="Of It Recognised", help="In proportion of the points redeemed to those expected to be redeemed in all."
    )
    deferred = fields.Monetary(string="Deferred Revenue", help="What of the share of the points is not revenue yet.")
