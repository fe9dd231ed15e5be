from odoo import api, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ..specs import HistorySpec


class CalendarEvent(models.Model):
    """A meeting is a contact with each of those invited who are not our own people."""

    _name = "calendar.event"
    _inherit = ["calendar.event", "contact.history.mixin"]
    _contact_history_document = "partner_ids"

    @api.model
    def _contact_history_specs(self):
        return [
            HistorySpec(
                "meeting",
                partner="partner_ids",
                date="start",
                channel="meeting",
                direction="out",
                company="",
                domain=(("active", "=", True),),
                outside_only=True,
            )
        ]

    def _contact_history_readable(self):
        """Core lets every employee read a private meeting, as "Busy": that is nothing for the history."""
        readable = super()._contact_history_readable()
        return readable.filtered(lambda event: not event._check_private_event_conditions())

    def _contact_history_render(self):
        return {
            event.id: {
                "title": event.name,
                "text": event.location or html2plaintext(event.description or "").strip()[:200],
                "amount": False,
                "can_read": True,
                "has_time": not event.allday,
            }
            for event in self
        }

    def _contact_history_read(self):
        return {
            "title": self.name,
            # sudo: names of those invited to a meeting that this person may read.
            "author": self.sudo().user_id.name,
            "recipients": self.sudo().partner_ids.mapped("name"),
            "body": self.description,
        }

    @api.model
    def _contact_history_portal_kinds(self):
        # Core's rule for the portal: meetings to which he is invited.
        return {"meeting": "own"}

    @api.model
    def _contact_history_text_domain(self, text):
        return Domain.OR(Domain(name, "ilike", text) for name in ("name", "location", "description"))
