from odoo import api, fields, models


class ContactHistoryEntry(models.Model):
    """The kinds of entries that come from logged contacts and from the service of assets."""

    _inherit = "contact.history.entry"

    kind = fields.Selection(
        selection_add=[("touchpoint", "Contact"), ("service", "Service")],
        ondelete={"touchpoint": "cascade", "service": "cascade"},
    )

    @api.model
    def _kind_icons(self):
        return {**super()._kind_icons(), "touchpoint": "fa-comment-o", "service": "fa-wrench"}
