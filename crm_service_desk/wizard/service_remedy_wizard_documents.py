from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServiceRemedyWizard(models.TransientModel):
    """Credit notes and replacements: which document, which of its lines, how much.

    The drafts are made with the rights of the person: who may not make a credit note by himself may not do it here either.
    """

    _inherit = "service.remedy.wizard"  # pylint: disable=consider-merging-classes-inherited

    invoice_id = fields.Many2one(
        "account.move",
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'), ('company_id', '=', company_id),"
        " ('commercial_partner_id', '=', commercial_partner_id)]",
        compute="_compute_documents",
        store=True,
        readonly=False,
    )
    order_id = fields.Many2one(
        "sale.order",
        domain="[('state', '=', 'sale'), ('company_id', '=', company_id),"
        " ('partner_id', 'child_of', commercial_partner_id)]",
        compute="_compute_documents",
        store=True,
        readonly=False,
    )
    discount = fields.Float(
        string="Discount (%)", default=100.0, help="100: free of charge. 0: the customer pays as before."
    )
    line_ids = fields.One2many(
        "service.remedy.wizard.line", "wizard_id", compute="_compute_line_ids", store=True, readonly=False
    )

    @api.depends("kind", "ticket_id")
    def _compute_documents(self):
        """The documents that the ticket names; of an order without a named invoice, its only posted one."""
        for wizard in self:
            ticket = wizard.ticket_id
            order = ticket.sale_order_id.filtered_domain([("state", "=", "sale")])
            wizard.order_id = order if wizard.kind == "replacement" else False
            wizard.invoice_id = wizard._invoice_concerned() if wizard.kind == "credit_note" else False

    def _invoice_concerned(self):
        """The posted invoice to credit, as far as the person may read invoices."""
        moves = self.env["account.move"]
        if not moves.has_access("read"):
            return moves
        # sudo: which invoices the ticket and its order name; what the person may not read is left out
        ticket = self.ticket_id.sudo()
        named = ticket.invoice_id if "invoice_id" in ticket._fields else moves
        found = (named or ticket.sale_order_id.invoice_ids).sudo(False)._filtered_access("read")
        posted = found.filtered(lambda move: move.move_type == "out_invoice" and move.state == "posted")
        return posted if len(posted) == 1 else moves

    @api.depends("invoice_id", "order_id")
    def _compute_line_ids(self):
        for wizard in self:
            lines = [
                {"invoice_line_id": line.id, "quantity": line.quantity}
                for line in wizard.invoice_id.invoice_line_ids
                if line.display_type == "product"
            ] + [
                {"order_line_id": line.id, "quantity": line.product_uom_qty}
                for line in wizard.order_id.order_line
                if not line.display_type and line.product_uom_qty > 0 and line.price_unit >= 0
            ]
            wizard.line_ids = [Command.clear(), *(Command.create(line) for line in lines)]

    @api.depends("line_ids.quantity", "line_ids.chosen", "discount")
    def _compute_cost(self):
        return super()._compute_cost()

    def _cost(self):
        if self.kind not in ("credit_note", "replacement"):
            return super()._cost()
        document = self.invoice_id or self.order_id
        share = self.discount / 100 if self.kind == "replacement" else 1.0
        given = sum(line._amount() for line in self.line_ids if line.chosen) * share
        today = fields.Date.context_today(self)
        return (
            document.currency_id._convert(given, self.currency_id, self.company_id, today) if document else 0.0
        ), False

    def _documents(self):
        return {"credit_note": self._draft_credit_note, "replacement": self._draft_order}.get(
            self.kind, super()._documents()
        )

    def _chosen_lines(self):
        """The lines chosen, after checking their quantities.

        :raises UserError: when there are none, one is more than there was, or one is of another document
        """
        chosen = self.line_ids.filtered(lambda line: line.chosen and line.quantity)
        # sudo: only to see which documents the lines are of
        lines = chosen.sudo()
        if lines.invoice_line_id.move_id - self.invoice_id or lines.order_line_id.order_id - self.order_id:
            raise UserError(self.env._("Choose lines of this document only. Close the dialog and open it again."))
        if not chosen:
            raise UserError(self.env._("Choose at least one line, with a quantity."))
        for line in chosen:
            if not 0 < line.quantity <= line.quantity_most:
                raise UserError(
                    self.env._(
                        "“%(line)s”: enter a quantity up to %(most)s, as on the document.",
                        line=line.name,
                        most=f"{line.quantity_most:g}",
                    )
                )
        return chosen

    def _draft_credit_note(self, remedy):
        """A draft credit note by core's own dialog, cut down to the lines chosen; the remedy's further values."""
        invoice, chosen = self.invoice_id, self._chosen_lines()
        if (
            not invoice
            or invoice.commercial_partner_id != self.commercial_partner_id
            or invoice.company_id != self.company_id
        ):
            raise UserError(self.env._("Choose an invoice of this customer."))
        self.env["account.move"].check_access("create")
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"reason": remedy.display_name, "journal_id": invoice.journal_id.id})
        )
        reversal.refund_moves()
        note = reversal.new_move_ids
        products = note.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        originals = invoice.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        wanted = {line.invoice_line_id: line.quantity for line in chosen}
        commands = [
            Command.update(copy.id, {"quantity": wanted[original]}) if original in wanted else Command.delete(copy.id)
            for original, copy in zip(originals, products, strict=True)
        ]
        note.write({"invoice_line_ids": commands})
        return {"move_id": note.id, "cost": abs(note.amount_untaxed_signed)}

    def _draft_order(self, remedy):
        """A draft order of the lines chosen, at the discount; the remedy's further values."""
        order, chosen = self.order_id, self._chosen_lines()
        if (
            not order
            or order.partner_id.commercial_partner_id != self.commercial_partner_id
            or order.company_id != self.company_id
        ):
            raise UserError(self.env._("Choose an order of this customer."))
        if not 0 <= self.discount <= 100:
            raise UserError(self.env._("Enter a discount between 0 and 100 %."))
        replacement = order.copy(
            {
                "origin": self.ticket_id.number,
                "client_order_ref": False,
                "order_line": [
                    Command.create(
                        {
                            "product_id": line.order_line_id.product_id.id,
                            "name": line.order_line_id.name,
                            "product_uom_qty": line.quantity,
                            "product_uom_id": line.order_line_id.product_uom_id.id,
                            "price_unit": line.order_line_id.price_unit,
                            "tax_ids": line.order_line_id.tax_ids.ids,
                            "discount": self.discount,
                        }
                    )
                    for line in chosen
                ],
            }
        )
        return {"sale_order_id": replacement.id}


class ServiceRemedyWizardLine(models.TransientModel):
    """A line of the invoice or order that the remedy is about."""

    _name = "service.remedy.wizard.line"
    _description = "Line of a Remedy"

    wizard_id = fields.Many2one("service.remedy.wizard", required=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", compute="_compute_line")
    invoice_line_id = fields.Many2one("account.move.line", readonly=True, ondelete="cascade")
    order_line_id = fields.Many2one("sale.order.line", readonly=True, ondelete="cascade")
    chosen = fields.Boolean(default=True)
    quantity = fields.Float(digits="Product Unit")
    name = fields.Char(string="Description", compute="_compute_line")
    quantity_most = fields.Float(string="Of", compute="_compute_line", digits="Product Unit")
    subtotal = fields.Monetary(string="Without Tax", compute="_compute_line")

    @api.depends("invoice_line_id", "order_line_id")
    def _compute_line(self):
        for line in self:
            source = line.invoice_line_id or line.order_line_id
            line.name = source.product_id.display_name or source.name
            line.quantity_most = source.quantity if line.invoice_line_id else source.product_uom_qty
            line.subtotal = source.price_subtotal
            line.currency_id = source.currency_id

    def _amount(self):
        """What this line's quantity is worth, without tax, in the document's currency."""
        return self.subtotal * self.quantity / self.quantity_most if self.quantity_most else 0.0
