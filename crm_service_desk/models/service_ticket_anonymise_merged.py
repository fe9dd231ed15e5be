from odoo import models
from odoo.fields import Domain


class ServiceTicket(models.Model):
    """What an anonymised customer said on a ticket that was merged into another customer's goes too."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def _anonymise(self):
        if survivors := self.merged_into_id - self:
            customers = self.partner_id
            on_survivors = Domain("res_id", "in", survivors.ids)
            said = self.env["mail.message"].search(
                on_survivors & Domain("model", "=", self._name) & Domain("author_id", "in", customers.ids)
            )
            filed = self.env["ir.attachment"].search(
                on_survivors
                & Domain("res_model", "=", self._name)
                & Domain("create_uid", "in", customers.with_context(active_test=False).user_ids.ids)
            )
            (said.attachment_ids + filed).unlink()
            said.unlink()
            survivors.message_unsubscribe(customers.ids)
        return super()._anonymise()
