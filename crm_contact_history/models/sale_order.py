from odoo import api, models
from odoo.fields import Domain

from ..long_number import MANY_DIGITS, digits_index
from ..lookup_index import keep_list_short
from ..specs import HistorySpec, LookupSpec


class SaleOrder(models.Model):
    """A sales order stands once in the history: as a quotation until it is confirmed, then as an order.

    Its time is ``date_order``, which core moves to the confirmation. A cancelled order counts as a quotation that came
    to nothing, since core keeps no trace of whether it was confirmed before; its status says so.
    """

    _name = "sale.order"
    _inherit = ["sale.order", "contact.history.mixin", "contact.lookup.mixin"]
    _contact_history_document = "partner_id"

    # A telephone number, or one as long, as a part of an order's: front_desk_search.
    _long_name_lookup_idx = models.Index(digits_index("name", MANY_DIGITS))

    def init(self):
        result = super().init()
        keep_list_short(self.env.cr, self._table)
        return result

    @api.model
    def _contact_history_specs(self):
        return [
            HistorySpec("quotation", date="date_order", domain=(("state", "in", ("draft", "sent", "cancel")),)),
            HistorySpec("order", date="date_order", domain=(("state", "=", "sale"),)),
        ]

    def _contact_history_render(self):
        self.fetch(["name", "amount_total", "currency_id", "state"])
        lines = self.env["sale.order.line"].search_fetch(
            [("order_id", "in", self.ids), ("display_type", "=", False)], ["order_id", "name"], order="sequence, id"
        )
        products = {}
        for line in lines:
            # The first line of the text is the product: reading the product would take longer than all the rest.
            names = products.setdefault(line.order_id.id, [])
            names.append((line.name or "").partition("\n")[0])
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            order.id: {
                "title": order.name,
                "text": ", ".join(products.get(order.id, [])[:4]),
                "amount": order.currency_id.format(order.amount_total),
                "status": states[order.state],
            }
            for order in self
        }

    @api.model
    def _contact_history_portal_kinds(self):
        return {"quotation": "family", "order": "family"}

    def _contact_history_portal_filter(self):
        """As core's list at the portal: quotations that were sent, and confirmed orders."""
        return super()._contact_history_portal_filter().filtered(lambda order: order.state in ("sent", "sale"))

    def _contact_history_portal_render(self):
        """To a customer the kind says it all: "Sales Order" and "Quotation Sent" are our words."""
        return {
            order_id: {**card, "status": False} for order_id, card in super()._contact_history_portal_render().items()
        }

    @api.model
    def _contact_history_text_domain(self, text):
        of_order = Domain("name", "ilike", text) | Domain("client_order_ref", "ilike", text)
        return of_order | Domain("order_line", "any", Domain("name", "ilike", text))

    @api.model
    def _contact_lookup_specs(self):
        # Index: core's trigram index on the name, and the one above.
        return [LookupSpec("name", self.env._("Order"), match="number", sequence=60, icon="fa-shopping-cart")]
