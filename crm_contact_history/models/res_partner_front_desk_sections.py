from odoo import fields, models
from odoo.tools import format_date

ROWS = 5
DELIVERY_SEVERITY = {"pending": "info", "started": "info", "partial": "warning", "full": "success"}
INVOICE_SEVERITY = {"to invoice": "info", "invoiced": "success", "upselling": "success"}


class ResPartner(models.Model):
    """What is open with a customer: the short lists on his card. Each shows what this person may read."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    def _front_desk_sections(self):
        """Short lists of documents on the card. Extend with ``super()``; sections without rows are left out.

        :return: list of dicts with ``key``, ``title`` and ``rows``: list of dicts with ``title``, ``text``, ``amount``,
            ``date`` (shown), ``states`` (list of ``{"label", "severity"}``), ``model`` and ``id`` of what to open
        """
        self.ensure_one()
        return [
            {"key": "quotations", "title": self.env._("Open quotations"), "rows": self._front_desk_quotations()},
            {"key": "orders", "title": self.env._("Open orders"), "rows": self._front_desk_orders()},
            {"key": "invoices", "title": self.env._("Open invoices"), "rows": self._front_desk_invoices()},
        ]

    def _front_desk_quotations(self):
        """The newest quotations that may still be won."""
        return self._front_desk_sale_rows(fields.Domain("state", "in", ("draft", "sent")))

    def _front_desk_orders(self):
        """The newest orders that are still to be delivered or invoiced."""
        is_open = fields.Domain("invoice_status", "=", "to invoice")
        if "delivery_status" in self.env["sale.order"]:  # comes with sale_stock
            is_open |= fields.Domain("delivery_status", "in", ("pending", "started", "partial"))
        return self._front_desk_sale_rows(fields.Domain("state", "=", "sale") & is_open)

    def _front_desk_sale_rows(self, domain):
        orders = self.env["sale.order"]
        if not orders.has_access("read"):
            return []
        domain &= self._front_desk_family("partner_id")
        orders = orders.search(domain, order="date_order DESC, id DESC", limit=ROWS)
        entries = self.env["contact.history.entry"]
        cards = orders._contact_history_render()
        return [
            {
                "title": cards[order.id]["title"],
                "text": cards[order.id]["text"],
                "amount": cards[order.id]["amount"],
                "date": format_date(self.env, entries._local_day(order.date_order)),
                "states": self._front_desk_sale_states(order),
                "model": "sale.order",
                "id": order.id,
            }
            for order in orders
        ]

    def _front_desk_sale_states(self, order):
        """How far a quotation has come, or how far an order is delivered and invoiced."""
        if order.state != "sale":
            labels = dict(order._fields["state"]._description_selection(self.env))
            return [{"label": labels[order.state], "severity": "secondary"}]
        wanted = [("invoice_status", INVOICE_SEVERITY)]
        if "delivery_status" in order:
            wanted.insert(0, ("delivery_status", DELIVERY_SEVERITY))
        return [
            {
                "label": dict(order._fields[name]._description_selection(self.env))[order[name]],
                "severity": severities[order[name]],
            }
            for name, severities in wanted
            if order[name] in severities
        ]

    def _front_desk_invoices(self):
        """What he still has to pay, the oldest debt first; what is overdue says so."""
        moves = self.env["account.move"]
        if not moves.has_access("read"):
            return []
        domain = self._front_desk_family("partner_id") & fields.Domain(
            [
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )
        moves = moves.search(domain, order="invoice_date_due, id", limit=ROWS)
        today = fields.Date.context_today(self)
        return [
            {
                "title": move.name,
                "text": "",
                "amount": move.currency_id.format(move.amount_residual * move.direction_sign * -1),
                "date": move.invoice_date_due and self.env._("due %s", format_date(self.env, move.invoice_date_due)),
                "states": self._front_desk_invoice_states(move, today),
                "model": "account.move",
                "id": move.id,
            }
            for move in moves
        ]

    def _front_desk_invoice_states(self, move, today):
        if move.move_type == "out_refund":
            return [{"label": self.env._("Credit"), "severity": "info"}]
        if move.invoice_date_due and move.invoice_date_due < today:
            return [{"label": self.env._("Overdue"), "severity": "danger"}]
        return []
