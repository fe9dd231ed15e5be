from odoo import fields, models


class ContactHistoryEntry(models.Model):
    _inherit = "contact.history.entry"

    kind = fields.Selection(selection_add=[("membership", "Club")], ondelete={"membership": "cascade"})
