from odoo import api, fields, models
from odoo.addons.crm_contact_history.specs import HistorySpec, LookupSpec
from odoo.tools import html2plaintext


class ContactHistoryEntry(models.Model):
    _inherit = "contact.history.entry"

    kind = fields.Selection(selection_add=[("ticket", "Service Ticket")], ondelete={"ticket": "cascade"})

    @api.model
    def _kind_icons(self):
        return {**super()._kind_icons(), "ticket": "fa-ticket"}


class ServiceTicket(models.Model):
    """The ticket's part in the customer's history, and being found by its number.

    What is said on a ticket enters the history as mail, by the source of messages; here is the ticket itself.
    """

    _name = "service.ticket"
    _inherit = ["service.ticket", "contact.history.mixin", "contact.lookup.mixin"]
    _contact_history_document = "partner_id"

    # The look-up by number: T00042, t000…
    _number_lookup_idx = models.Index("(lower(number) text_pattern_ops)")

    @api.model
    def _contact_history_specs(self):
        channels = [code for code, _label in self._fields["channel"].selection]
        return super()._contact_history_specs() + [
            HistorySpec(
                kind="ticket",
                date="date_received",
                channel=channel,
                direction="in",
                domain=(("channel", "=", channel),),
            )
            for channel in channels
        ]

    def _contact_history_render(self):
        types = dict(self._fields["type"]._description_selection(self.env))
        stages = dict(self._fields["stage_category"]._description_selection(self.env))
        return {
            ticket.id: {
                "title": f"{types[ticket.type]} {ticket.display_name}",
                "text": html2plaintext(ticket.description or "").strip(),
                "amount": False,
                "status": stages[ticket.stage_category],
            }
            for ticket in self
        }

    @api.model
    def _contact_lookup_specs(self):
        number = LookupSpec(
            field="number", label=self.env._("Ticket number"), match="prefix", sequence=30, icon="fa-ticket"
        )
        return [*super()._contact_lookup_specs(), number]
