from odoo import api, models


class ResPartner(models.Model):
    """The customer's documents from his card and form."""

    _inherit = "res.partner"

    def front_desk_card(self, asset_id=False):
        """Adds ``documents_action``: whether ``action_front_desk_documents`` is for this person."""
        card = super().front_desk_card(asset_id=asset_id)
        if card:
            card["documents_action"] = self.env["ir.attachment"].has_access("read")
        return card

    @api.model
    def _front_desk_buttons(self):
        buttons = super()._front_desk_buttons()
        if self.env["ir.attachment"].has_access("read"):
            label = self.env._("Documents")
            method = "action_front_desk_documents"
            buttons.append({"label": label, "icon": "fa-files-o", "method": method, "is_link": True})
        return buttons

    def action_front_desk_documents(self):
        """All attachments of his records, as far as the reader may see these."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_contact_history.customer_document_action")
        return {
            **action,
            "display_name": self.env._("Documents of %s", self.name or self.display_name),
            "domain": [("customer_id", "=", self.id)],
            "context": {"default_res_model": "res.partner", "default_res_id": self.id},
        }
