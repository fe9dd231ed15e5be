from odoo import api, models

from ..long_number import MANY_DIGITS, digits_index
from ..lookup_index import keep_list_short
from ..specs import LookupSpec


class AccountMove(models.Model):
    """A customer is found by the number of an invoice or credit note that was sent to him."""

    _name = "account.move"
    _inherit = ["account.move", "contact.lookup.mixin"]

    # A telephone number, or one as long, as a part of an invoice's: front_desk_search.
    _long_name_lookup_idx = models.Index(digits_index("name", MANY_DIGITS))

    def init(self):
        result = super().init()
        keep_list_short(self.env.cr, self._table)
        return result

    @api.model
    def _contact_lookup_specs(self):
        sent = (("move_type", "in", ("out_invoice", "out_refund")), ("state", "!=", "draft"))
        # Index: core's trigram index on the name, and the one above.
        label = self.env._("Invoice or credit note")
        return [LookupSpec("name", label, match="number", sequence=61, icon="fa-file-text", domain=sent)]
