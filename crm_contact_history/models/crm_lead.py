from odoo import api, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ..specs import HistorySpec


class CrmLead(models.Model):
    """A lead stands once in the history, when it came in: as a lead, and as an opportunity once it is one.

    A lost one stays, with its state.
    """

    _name = "crm.lead"
    _inherit = ["crm.lead", "contact.history.mixin"]
    _contact_history_document = "partner_id"

    @api.model
    def _contact_history_specs(self):
        return [HistorySpec(kind, domain=(("type", "=", kind),)) for kind in ("lead", "opportunity")]

    def _contact_history_render(self):
        return {
            lead.id: {
                "title": lead.name,
                "text": html2plaintext(lead.description or "").strip()[:200],
                "amount": lead.expected_revenue and lead.company_currency.format(lead.expected_revenue),
                "status": lead._contact_history_status(),
                "can_read": bool(lead.description),
            }
            for lead in self
        }

    def _contact_history_status(self):
        if self.won_status == "lost":
            return self.env._("Lost")
        return self.stage_id.name or False

    def _contact_history_read(self):
        return {"title": self.name, "author": self.contact_name or self.email_from, "body": self.description}

    @api.model
    def _contact_history_text_domain(self, text):
        return Domain("name", "ilike", text) | Domain("description", "ilike", text)
