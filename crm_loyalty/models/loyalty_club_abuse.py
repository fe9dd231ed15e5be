from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.tools import SQL

# What is suspicious. Of the ledger entries of a club's period (`entry`, see _abuse_query): which count, whose are counted
# together, and from when on (`counted`) somebody should look. The thresholds are fields of the club; 0: do not look.
PATTERNS = {
    "staff_card": {
        "threshold": "abuse_staff_orders",
        "subject": ("card_id",),
        "which": lambda _club: SQL(
            "entry.kind = 'earn' AND entry.owner_id IN (SELECT partner_id FROM res_users WHERE active AND NOT share)"
        ),
        "suspicious": lambda club: SQL("order_count >= %s", club.abuse_staff_orders),
    },
    "many_customers": {
        "threshold": "abuse_card_customers",
        "subject": ("card_id",),
        "which": lambda _club: SQL("entry.kind IN ('earn', 'redeem') AND entry.others IS NOT NULL"),
        "suspicious": lambda club: SQL("customer_count >= %s", club.abuse_card_customers),
    },
    "same_card": {
        "threshold": "abuse_seller_orders",
        "subject": ("card_id", "user_id"),
        "which": lambda _club: SQL("entry.kind = 'earn' AND entry.by_colleague"),
        "suspicious": lambda club: SQL(
            "order_count >= %s AND share >= %s", club.abuse_seller_orders, club.abuse_seller_share
        ),
    },
    "refund_loop": {
        "threshold": "abuse_loops",
        "subject": ("card_id",),
        "which": lambda _club: SQL(
            """entry.kind = 'earn' AND EXISTS (
               SELECT 1 FROM entries back
                WHERE back.res_model = entry.res_model AND back.res_id = entry.res_id AND back.card_id = entry.card_id
                  AND back.id > entry.id AND back.kind IN ('cancel', 'reverse') AND back.points < 0)"""
        ),
        "suspicious": lambda club: SQL("entry_count >= %s", club.abuse_loops),
    },
    "adjustments": {
        "threshold": "abuse_adjustments",
        "subject": ("user_id",),
        "which": lambda _club: SQL("entry.kind IN ('adjust', 'gift') AND entry.by_colleague"),
        "suspicious": lambda club: SQL("entry_count >= %s", club.abuse_adjustments),
    },
    "merge_redeem": {
        "threshold": "abuse_merge_points",
        "subject": ("card_id",),
        "which": lambda club: SQL(
            """entry.kind = 'redeem' AND EXISTS (
               SELECT 1 FROM entries merged
                WHERE merged.card_id = entry.card_id AND merged.kind = 'merge' AND merged.points > 0
                  AND entry.date BETWEEN merged.date AND merged.date + make_interval(days => %s))""",
            club.abuse_merge_days,
        ),
        "suspicious": lambda club: SQL("points <= %s", -club.abuse_merge_points),
    },
}


class LoyaltyClub(models.Model):
    """What is suspicious in this club, and the nightly search for it."""

    _inherit = "loyalty.club"

    abuse_days = fields.Integer(
        string="Look Back (Days)", required=True, default=30, help="The ledger of so many days is searched every night."
    )
    abuse_staff_orders = fields.Integer(
        string="Orders on an Employee's Card",
        default=10,
        help="So many orders that collect points on the card of one of your own people. 0: do not look.",
    )
    abuse_card_customers = fields.Integer(
        string="Customers per Card",
        default=5,
        help="One card on orders for so many other customers: bought, billed or delivered to them. 0: do not look.",
    )
    abuse_seller_orders = fields.Integer(
        string="Orders With the Same Card",
        default=10,
        help="So many orders of one salesperson with the same card, when they are most of his. 0: do not look.",
    )
    abuse_seller_share = fields.Float(string="Most of His Orders (%)", default=80)
    abuse_loops = fields.Integer(
        string="Earned and Taken Back",
        default=3,
        help="So many times points of one card were earned by an order that was then cancelled or credited."
        " 0: do not look.",
    )
    abuse_adjustments = fields.Integer(
        string="Adjustments by One Person",
        default=20,
        help="So many times one person gave or took points by hand. 0: do not look.",
    )
    abuse_merge_points = fields.Float(
        string="Redeemed After a Merge",
        default=100,
        help="So many points redeemed on a card soon after contacts were merged into its owner. 0: do not look.",
    )
    abuse_merge_days = fields.Integer(string="Days After a Merge", default=2)
    abuse_searched_on = fields.Date(readonly=True, copy=False)
    abuse_case_ids = fields.One2many("loyalty.abuse.case", "club_id", string="Review List")

    _abuse_thresholds_positive = models.Constraint(
        """CHECK (abuse_days BETWEEN 1 AND 366 AND abuse_staff_orders >= 0 AND abuse_card_customers >= 0
            AND abuse_seller_orders >= 0 AND abuse_seller_share BETWEEN 0 AND 100 AND abuse_loops >= 0
            AND abuse_adjustments >= 0 AND abuse_merge_points >= 0 AND abuse_merge_days >= 0)""",
        "Look back 1 to 366 days; the other numbers are 0 or more, and a share is at most 100 percent.",
    )

    @api.model
    def _cron_search_abuse(self):
        """Search every club once a day, each committed: a run that is killed is continued by the next."""
        for club in self.with_context(active_test=False).search([("abuse_days", ">", 0)]):
            today = club._today()
            if club.abuse_searched_on == today:
                continue

            def work(club=club, today=today):
                club._search_abuse()
                club.abuse_searched_on = today

            patiently(self.env, work)
            if not self.env["ir.cron"]._commit_progress(1):
                return

    def _search_abuse(self):
        """Put on the review list what is suspicious now. One statement for each pattern; a second search adds nothing.

        :return: the new ``loyalty.abuse.case`` records
        """
        cases = self.env["loyalty.abuse.case"]
        for club in self:
            for kind, pattern in PATTERNS.items():
                if club[pattern["threshold"]]:
                    cases |= cases._put_on_list(club, kind, self.env.execute_query_dict(club._abuse_query(kind)))
        return cases

    def _abuse_query(self, kind):
        """Facts of one pattern, by subject: card, person, or both. What was judged before is no fact any more."""
        self.ensure_one()
        self.env.flush_all()
        pattern = PATTERNS[kind]
        card, user = (
            SQL.identifier("entry", name) if name in pattern["subject"] else SQL("0") for name in ("card_id", "user_id")
        )
        return SQL(
            """
            WITH judged AS (
                SELECT card_key AS card_id, user_key AS user_id, max(last_entry_id) AS last_id
                  FROM loyalty_abuse_case
                 WHERE kind = %(kind)s AND club_id = %(club)s AND state <> 'open' GROUP BY 1, 2
            ), entries AS (
                SELECT entry.id, entry.card_id, entry.date, entry.kind, entry.points + entry.pending AS points,
                       entry.res_model, entry.res_id, card.partner_id AS owner_id,
                       COALESCE(sale.user_id, entry.user_id) AS user_id,
                       NOT colleague.share AND colleague.id <> 1 AS by_colleague, others.ids AS others
                  FROM loyalty_ledger_entry entry
                  JOIN loyalty_card card ON card.id = entry.card_id
             LEFT JOIN res_partner owner ON owner.id = card.partner_id
             LEFT JOIN sale_order sale ON entry.res_model = 'sale.order' AND sale.id = entry.res_id
             LEFT JOIN res_users colleague ON colleague.id = COALESCE(sale.user_id, entry.user_id),
               LATERAL (SELECT string_agg(DISTINCT other.commercial_partner_id::text, ',') AS ids FROM res_partner other
                         WHERE other.id IN (sale.partner_id, sale.partner_invoice_id, sale.partner_shipping_id)
                           AND other.commercial_partner_id <> owner.commercial_partner_id) others
                 WHERE entry.program_id = %(program)s AND entry.date >= %(since)s
            ), found AS (
                SELECT %(card)s AS card_id, %(user)s AS user_id, min(entry.date) AS date_from,
                       max(entry.date) AS date_to, count(*) AS entry_count, count(DISTINCT entry.res_id) AS order_count,
                       sum(entry.points)::float8 AS points, string_agg(entry.others, ',') AS others,
                       max(entry.id) AS last_entry_id
                  FROM entries entry
             LEFT JOIN judged ON judged.card_id = %(card)s AND judged.user_id = %(user)s
                 WHERE entry.id > COALESCE(judged.last_id, 0) AND (%(which)s)
              GROUP BY 1, 2
            ), counted AS (
                SELECT found.*, (SELECT count(DISTINCT one) FROM unnest(string_to_array(others, ',')) one)
                       AS customer_count,
                       100.0 * order_count / NULLIF((
                           SELECT count(DISTINCT entry.res_id) FROM entries entry
                            WHERE entry.kind = 'earn' AND entry.user_id = found.user_id AND found.user_id <> 0
                       ), 0) AS share
                  FROM found
            )
            SELECT NULLIF(card_id, 0) AS card_id, NULLIF(user_id, 0) AS user_id, date_from, date_to, entry_count,
                   order_count, customer_count, points, COALESCE(share, 0)::float8 AS share, last_entry_id
              FROM counted WHERE %(suspicious)s ORDER BY last_entry_id
            """,
            kind=kind,
            club=self.id,
            program=self.program_id.id,
            since=fields.Datetime.now() - timedelta(days=self.abuse_days),
            card=card,
            user=user,
            which=pattern["which"](self),
            suspicious=pattern["suspicious"](self),
        )
