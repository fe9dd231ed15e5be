from odoo import api, fields, models


class ContactHistoryEntry(models.Model):
    _inherit = "contact.history.entry"

    kind = fields.Selection(selection_add=[("sms", "SMS")], ondelete={"sms": "cascade"})

    @api.model
    def _kind_icons(self):
        return {**super()._kind_icons(), "sms": "fa-mobile"}
