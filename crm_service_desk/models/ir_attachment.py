from odoo import api, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _document_kind_labels(self):
        return {**super()._document_kind_labels(), "service.ticket": self.env._("Tickets")}
