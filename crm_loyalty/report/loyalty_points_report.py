from odoo import fields, models
from odoo.tools import SQL


class LoyaltyPointsReport(models.Model):
    """What became of points: issued, redeemed, expired and taken back, by month and club. A line is a ledger entry."""

    _name = "loyalty.points.report"
    _description = "Points Redemption"
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "loyalty.ledger.entry": ["card_id", "partner_id", "program_id", "company_id", "date", "kind", "points"],
        "loyalty.club": ["program_id"],
    }

    date = fields.Datetime(readonly=True)
    kind = fields.Selection(
        lambda self: self.env["loyalty.ledger.entry"]._fields["kind"]._description_selection(self.env), readonly=True
    )
    club_id = fields.Many2one("loyalty.club", readonly=True)
    program_id = fields.Many2one("loyalty.program", readonly=True)
    card_id = fields.Many2one("loyalty.card", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    issued = fields.Float(readonly=True, help="Earned and available, given, or there when the ledger was opened.")
    redeemed = fields.Float(readonly=True, help="Spent, less what was given back.")
    expired = fields.Float(readonly=True)
    taken_back = fields.Float(readonly=True, help="By cancellations, credit notes and adjustments.")
    rate = fields.Float(
        string="Redeemed (%)",
        readonly=True,
        aggregator="avg",
        help="Redeemed in the period of what was issued in the period. Above 100: older points were spent.",
    )

    @property
    def _table_query(self):
        # What counts as issued and redeemed is said here and in the report of the liability, in the same words.
        return SQL(
            """
            SELECT entry.id, entry.date, entry.kind, club.id AS club_id, entry.program_id, entry.card_id, entry.partner_id,
                   entry.company_id,
                   CASE WHEN entry.kind IN ('opening', 'earn', 'release', 'gift')
                          OR entry.kind = 'adjust' AND entry.points > 0 THEN entry.points ELSE 0 END AS issued,
                   CASE WHEN entry.kind = 'redeem' OR entry.kind IN ('reverse', 'cancel') AND entry.points > 0
                        THEN -entry.points ELSE 0 END AS redeemed,
                   CASE WHEN entry.kind = 'expire' THEN -entry.points ELSE 0 END AS expired,
                   CASE WHEN entry.kind IN ('reverse', 'cancel', 'adjust') AND entry.points < 0
                        THEN -entry.points ELSE 0 END AS taken_back,
                   NULL::float8 AS rate
              FROM loyalty_ledger_entry entry
         LEFT JOIN LATERAL (SELECT min(id) AS id FROM loyalty_club WHERE program_id = entry.program_id) club ON true
             WHERE entry.points <> 0 AND entry.kind NOT IN ('merge', 'close')
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        """A rate of sums is no average of rates."""
        if aggregate_spec != "rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "redeemed", query),
            self._field_to_sql(self._table, "issued", query),
        )

    def action_open_entry(self):
        """The ledger entry behind this line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "loyalty.ledger.entry",
            "res_id": self.id,
            "views": [[False, "form"]],
        }
