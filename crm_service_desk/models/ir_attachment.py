from odoo import models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _check_access(self, operation):
        """Of a ticket's files people outside reach those that were shown to them, not those of internal notes.

        Core opens every file of a record to whoever may read the record.
        """
        result = super()._check_access(operation)
        if self.env.su or not self.env.user.share:
            return result
        forbidden = self._hidden_ticket_files()
        if not forbidden:
            return result
        if result is None:
            return forbidden, lambda: forbidden._no_access_to_file()
        return result[0] | forbidden, result[1]

    def _hidden_ticket_files(self):
        """Those of these files that lie on a ticket but were neither filed with it nor sent in a public message."""
        # sudo: only to decide what stays hidden
        files = self.sudo().filtered(lambda file: file.res_model == "service.ticket" and file.res_id)
        if not files:
            return self.browse()
        tickets = self.env["service.ticket"].sudo().browse(files.mapped("res_id"))
        messages = self.env["mail.message"].sudo().search(
            [
                ("model", "=", "service.ticket"),
                ("res_id", "in", tickets.ids),
                ("attachment_ids", "in", files.ids),
                *self.env["mail.message"]._get_search_domain_share(),
            ]
        )
        return self.browse((files - tickets.exists().attachment_ids - messages.attachment_ids).ids)

    def _no_access_to_file(self):
        return AccessError(self.env._("Sorry, you are not allowed to access this document."))
