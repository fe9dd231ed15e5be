from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

EVER = date(1, 1, 1)  # the period of what is counted in all
EVERYBODY = 0  # the member of what all members use together


def periods(day):
    """``{span: first day}`` of the periods in which a use on ``day`` counts."""
    return {"day": day, "month": day.replace(day=1), "total": EVER}


class CoMarketingTally(models.Model):
    """How often a benefit was used, by one member and by all, on a day, in a month and in all.

    Kept by ``_count`` and ``_take_back`` in the transaction of the redemption itself, so it is right at each moment; the
    redemptions are the truth, and :meth:`_recount` makes it anew from them. Two who take the last use at the same time
    both write one row here: PostgreSQL lets the second one wait, then refuses it, and Odoo repeats his request, which sees
    that nothing is left. What all members use is only kept where a limit or a budget asks for it: benefits without one
    have no row that all tills write.
    """

    _name = "co.marketing.tally"
    _description = "Uses of Partner Benefits"
    _log_access = False
    _order = "id desc"

    benefit_id = fields.Many2one("co.marketing.benefit", required=True, readonly=True, ondelete="cascade")
    member_key = fields.Integer(
        required=True,
        readonly=True,
        help="Number of the member's contact; below 0: of a card of the partner's customer; 0: all.",
    )
    span = fields.Selection(
        [("day", "Day"), ("month", "Month"), ("total", "In all")], required=True, readonly=True, default="day"
    )
    period = fields.Date(string="First Day", required=True, readonly=True)
    uses = fields.Integer(required=True, readonly=True)
    discount = fields.Float(required=True, readonly=True)

    # Serves the counting (one row for each) and the look at what is left.
    _key_unique = models.UniqueIndex("(benefit_id, member_key, span, period)")
    # Serves the merge of contacts.
    _member_idx = models.Index("(member_key) WHERE member_key <> 0")

    @api.model
    def _used(self, benefits, member_key, day):
        """What was used so far. One query.

        :param benefits: those that are counted (``_counted``)
        :return: ``{(benefit id, is member's own, span): (uses, discount)}``; nothing used: no key
        """
        # Written by SQL only: nothing to flush.
        query = SQL(
            """SELECT benefit_id, member_key <> 0, span, uses, discount FROM co_marketing_tally
                WHERE benefit_id = ANY(%s) AND member_key IN (0, %s) AND (span, period) IN %s""",
            benefits.ids,
            member_key,
            tuple(periods(day).items()),
        )
        return {(row[0], row[1], row[2]): (row[3], row[4]) for row in self.env.execute_query(query)}

    @api.model
    def _count(self, benefit, member_key, day, discount):
        """One more use.

        :param benefit: the benefit that is redeemed
        :return: ``{(is member's own, span): (uses, discount)}`` after it
        """
        members = [member_key, EVERYBODY] if benefit._is_shared_limited() else [member_key]
        rows = [
            SQL("(%s, %s, %s, %s, 1, %s)", benefit._counted().id, member, span, period, discount)
            for member in sorted(members)
            for span, period in periods(day).items()
        ]
        query = SQL(
            """INSERT INTO co_marketing_tally AS tally (benefit_id, member_key, span, period, uses, discount) VALUES %s
               ON CONFLICT (benefit_id, member_key, span, period)
               DO UPDATE SET uses = tally.uses + 1, discount = tally.discount + EXCLUDED.discount
               RETURNING member_key <> 0, span, uses, discount""",
            SQL(", ").join(rows),
        )
        return {(row[0], row[1]): (row[2], row[3]) for row in self.env.execute_query(query)}

    @api.model
    def _take_back(self, benefit, member_key, day, discount):
        """One use less: it was voided."""
        self.env.execute_query(
            SQL(
                """UPDATE co_marketing_tally SET uses = uses - 1, discount = discount - %s
                    WHERE benefit_id = %s AND member_key IN (0, %s) AND (span, period) IN %s AND uses > 0 RETURNING id""",
                discount,
                benefit._counted().id,
                member_key,
                tuple(periods(day).items()),
            )
        )

    @api.model
    def _recount(self, benefits):
        """Make the tally of these benefits anew from their redemptions.

        :param benefits: those that are counted (``_counted``)
        """
        if not benefits:
            return
        self.env["co.marketing.redemption"].flush_model()
        ids = benefits.ids
        self.env.cr.execute(SQL("DELETE FROM co_marketing_tally WHERE benefit_id = ANY(%s)", ids))
        self.env.cr.execute(
            SQL(
                """INSERT INTO co_marketing_tally (benefit_id, member_key, span, period, uses, discount)
                   SELECT counted_benefit_id, who.member_key, spans.span, spans.period, count(*), sum(discount)
                     FROM co_marketing_redemption redemption,
                          LATERAL (VALUES (0), (COALESCE(-customer_card_id, partner_id))) AS who(member_key),
                          LATERAL (VALUES ('day', happened_on), ('month', date_trunc('month', happened_on)::date),
                                          ('total', %s)) AS spans(span, period)
                    WHERE counted_benefit_id = ANY(%s) AND state = 'done' GROUP BY 1, 2, 3, 4""",
                EVER,
                ids,
            )
        )


class CoMarketingBenefit(models.Model):
    _inherit = "co.marketing.benefit"

    def _is_shared_limited(self):
        """Whether what all members use together is limited."""
        self.ensure_one()
        return bool(self.limit_day or self.limit_month or self.limit_total or self.budget)
