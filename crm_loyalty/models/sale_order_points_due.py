import functools
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.tools import SQL, mute_logger
from psycopg2 import errors

from .ledger_booking import Piece

RELEASE_BATCH = 500
DELIVERED = "loyalty_orders_delivered"  # in the transaction's own data: ids of orders to be looked at before its commit


class LoyaltyClub(models.Model):
    """When the points of an order can be spent."""

    _inherit = "loyalty.club"

    points_due = fields.Selection(
        [
            ("confirmed", "As soon as the order is confirmed"),
            ("days", "Some days after the order"),
            ("delivered", "When all is delivered"),
            ("invoiced", "When all is invoiced"),
            ("paid", "When all is paid"),
        ],
        string="Points Are Available",
        required=True,
        default="confirmed",
        tracking=True,
        help="Until then they are pending: the member sees them, and cannot spend them.",
    )
    points_due_days = fields.Integer(string="Days Until Available", default=14)

    _points_due_days_positive = models.Constraint(
        "CHECK (points_due_days >= 0)", "Points are available after 0 days or more."
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _release_points(self):
        """Make what these orders promised available at once, where that is due by now.

        For server code, after a delivery, an invoice or a payment. Nobody's delivery or payment fails for its points: when
        somebody else works on the same card at this moment, the hourly job does it.
        """
        promised = self.env["loyalty.card"]._promised_by(self)
        if not promised:
            return
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                # sudo: what is due follows from delivery, invoice and payment, not from who entered them.
                self.env["loyalty.card"].sudo()._release(promised)
        except (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable):
            self.env.ref("crm_loyalty.ir_cron_points_release").sudo()._trigger()

    @api.model
    def _release_delivered(self):
        """Before the commit of a transaction in which something was delivered."""
        ids = self.env.cr.precommit.data.pop(DELIVERED, ())
        # As superuser: see _release_points; a warehouse clerk need not see orders.
        self.sudo().browse(ids).exists()._release_points()

    def _points_are_due(self, club):
        """Whether what this confirmed order earned can be spent now, as the club says."""
        self.ensure_one()
        if club.points_due == "days":
            return self.date_order + timedelta(days=club.points_due_days) <= fields.Datetime.now()
        if club.points_due == "delivered":
            lines = self.order_line.filtered(lambda line: not line.display_type and not line.reward_id)
            return all(line.qty_delivered >= line.product_uom_qty for line in lines)
        if club.points_due in ("invoiced", "paid") and self.invoice_status not in ("invoiced", "upselling"):
            return False
        if club.points_due == "paid":
            invoices = self.invoice_ids.filtered(lambda move: move.state == "posted")
            return all(move.payment_state in ("paid", "in_payment", "reversed") for move in invoices)
        return True


class LoyaltyCard(models.Model):
    """Points that are promised, and become available later."""

    _inherit = "loyalty.card"

    @api.model
    def _hold_back(self, pieces, clubs):
        """Pieces with what orders earn turned into a promise, where the club gives it later.

        :param pieces: list of (``loyalty.card``, :class:`~.ledger_booking.Piece`)
        :param clubs: ``{loyalty.program: loyalty.club}``
        """
        return [
            (card, piece._replace(points=0.0, pending=piece.points))
            if piece.kind == "earn" and piece.points > 0 and self._earns_later(clubs.get(card.program_id))
            else (card, piece)
            for card, piece in pieces
        ]

    @api.model
    def _earns_later(self, club):
        return bool(club) and club.points_due != "confirmed"

    @api.model
    def _cron_release_pending(self):
        """Make promised points available whose order is now delivered, invoiced, paid or old enough, in batches."""
        after = (0, 0)
        while promised := patiently(self.env, functools.partial(self._release_after, after)):
            after = promised[-1][:2]
            remaining = RELEASE_BATCH if len(promised) == RELEASE_BATCH else 0
            if not self.env["ir.cron"]._commit_progress(len(promised), remaining=remaining):
                return

    @api.model
    def _release_after(self, after):
        promised = self._promised_after(after)
        self._release(promised)
        return promised

    @api.model
    def _promised_after(self, after):
        """:return: list of (card id, order id, points), the next ones by card and order"""
        self.env["loyalty.ledger.entry"].flush_model()
        query = SQL(
            """
            SELECT card_id, res_id, sum(pending)::float8 FROM loyalty_ledger_entry
             WHERE pending <> 0 AND res_model = 'sale.order' AND card_id IS NOT NULL AND (card_id, res_id) > (%s, %s)
          GROUP BY card_id, res_id HAVING sum(pending) > 0 ORDER BY card_id, res_id LIMIT %s
            """,
            *after,
            RELEASE_BATCH,
        )
        return self.env.execute_query(query)

    @api.model
    def _promised_by(self, orders):
        """:return: list of (card id, order id, points): what orders promised and did not make available yet"""
        if not orders:
            return []
        self.env["loyalty.ledger.entry"].flush_model()
        query = SQL(
            """
            SELECT card_id, res_id, sum(pending)::float8 FROM loyalty_ledger_entry
             WHERE res_model = 'sale.order' AND res_id IN %s AND card_id IS NOT NULL
          GROUP BY card_id, res_id HAVING sum(pending) > 0 ORDER BY card_id, res_id
            """,
            tuple(orders.ids),
        )
        return self.env.execute_query(query)

    @api.model
    def _release(self, promised):
        """:param promised: as of :meth:`_promised_after`"""
        cards = self.browse([card_id for card_id, _order_id, _points in promised])
        orders = self.env["sale.order"].browse([order_id for _card_id, order_id, _points in promised])
        clubs = cards.program_id._clubs_by_points_program()
        pieces = []
        for card, order, (_card, _order, points) in zip(cards, orders, promised, strict=True):
            club = clubs.get(card.program_id)
            if not club or order._points_are_due(club):
                piece = Piece(points, "release", -points, order.name, source=("sale.order", order.id), action="release")
                pieces.append((card, piece))
        self._book_many(pieces)


class SaleOrderLine(models.Model):
    """A delivery makes points available, be it entered on the order or, with stock, by a transfer that is done."""

    _inherit = "sale.order.line"

    def _compute_qty_delivered(self):
        result = super()._compute_qty_delivered()
        self._tell_delivered()
        return result

    def write(self, vals):
        result = super().write(vals)
        if vals.get("qty_delivered"):
            self._tell_delivered()
        return result

    def _tell_delivered(self):
        """Look before the commit whether that made points available: when all lines of the order are up to date."""
        orders = self.filtered(lambda line: line.qty_delivered and line.state == "sale").order_id
        orders = orders.filtered("id")  # none that exists on a screen only
        if not orders:
            return
        data = self.env.cr.precommit.data
        if DELIVERED not in data:
            data[DELIVERED] = set()
            self.env.cr.precommit.add(self.env["sale.order"]._release_delivered)
        data[DELIVERED].update(orders.ids)
