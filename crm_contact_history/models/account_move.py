from odoo import api, models
from odoo.fields import Domain

from ..specs import HistorySpec

KINDS = {"invoice": ("out_invoice", "out_receipt"), "credit_note": ("out_refund",)}


class AccountMove(models.Model):
    """Invoices and credit notes to the customer, from the day they are posted. A cancelled one stays, with its state."""

    _name = "account.move"
    _inherit = ["account.move", "contact.history.mixin"]
    _contact_history_document = "partner_id"

    @api.model
    def _contact_history_specs(self):
        return [
            HistorySpec(
                kind,
                date="invoice_date",
                direction="out",
                user="invoice_user_id",
                domain=(
                    ("move_type", "in", types),
                    "|",
                    ("state", "=", "posted"),
                    "&",
                    ("state", "=", "cancel"),
                    ("posted_before", "=", True),
                ),
            )
            for kind, types in KINDS.items()
        ]

    def _contact_history_render(self):
        return {
            move.id: {
                "title": move.name,
                "text": move.ref or move.invoice_origin or "",
                "amount": move.currency_id.format(move.amount_total),
                "status": move._contact_history_status(),
                "has_time": False,
            }
            for move in self
        }

    def _contact_history_status(self):
        name = "payment_state" if self.state == "posted" and self.payment_state else "state"
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], False)

    @api.model
    def _contact_history_portal_kinds(self):
        # Core's rule for the portal leaves out what is cancelled.
        return dict.fromkeys(KINDS, "family")

    @api.model
    def _contact_history_text_domain(self, text):
        of_move = Domain.OR(Domain(name, "ilike", text) for name in ("name", "ref", "invoice_origin"))
        return of_move | Domain("invoice_line_ids", "any", Domain("name", "ilike", text))
