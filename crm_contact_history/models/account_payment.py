from odoo import api, models
from odoo.fields import Domain

from ..specs import HistorySpec

PAID = ("in_process", "paid")


class AccountPayment(models.Model):
    """Payments of the customer, and what was paid back to him, once confirmed."""

    _name = "account.payment"
    _inherit = ["account.payment", "contact.history.mixin"]
    _contact_history_document = "partner_id"

    @api.model
    def _contact_history_specs(self):
        return [
            HistorySpec(
                "payment",
                date="date",
                direction_field="payment_type",
                direction_codes=(("inbound", "in"), ("outbound", "out")),
                user="create_uid",
                domain=(("partner_type", "=", "customer"), ("state", "in", PAID)),
            )
        ]

    def _contact_history_render(self):
        return {
            payment.id: {
                "title": payment.name or self.env._("Payment"),
                # sudo: the name of the way in which a payment was made that this person may read.
                "text": payment.memo or payment.sudo().payment_method_line_id.name or "",
                "amount": payment.currency_id.format(payment.amount),
                "status": payment.payment_type == "outbound" and self.env._("Paid back"),
                "has_time": False,
            }
            for payment in self
        }

    @api.model
    def _contact_history_portal_kinds(self):
        return {"payment": "family"}

    def _contact_history_portal_filter(self):
        """Core gives customers no right to read payments, so theirs are picked here."""
        if self.env.user._is_internal():
            return super()._contact_history_portal_filter()
        customer = self.env.user.partner_id.commercial_partner_id
        # sudo: what is kept is of the customer who is logged in.
        own = self.sudo().exists().filtered(lambda payment: payment.partner_id.commercial_partner_id == customer)
        return self.browse(own.ids)

    @api.model
    def _contact_history_text_domain(self, text):
        return Domain.OR(Domain(name, "ilike", text) for name in ("name", "memo", "payment_reference"))
