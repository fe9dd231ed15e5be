from odoo import api, models

from ..specs import LookupSpec


class AccountMove(models.Model):
    """A customer is found by the number of an invoice or credit note that was sent to him."""

    _name = "account.move"
    _inherit = ["account.move", "contact.lookup.mixin"]

    @api.model
    def _contact_lookup_specs(self):
        sent = (("move_type", "in", ("out_invoice", "out_refund")), ("state", "!=", "draft"))
        # Index: core's trigram index on the name.
        label = self.env._("Invoice or credit note")
        return [LookupSpec("name", label, match="number", sequence=61, icon="fa-file-text", domain=sent)]
