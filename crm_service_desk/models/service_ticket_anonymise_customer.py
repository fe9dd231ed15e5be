from odoo import models


class ServiceTicket(models.Model):
    """What was found out, offered and answered names the customer or is in his words: it goes. Marks, costs, causes and days stay."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def _anonymise(self):
        result = super()._anonymise()
        contacts = self.env["res.partner"]
        self.with_context(mail_notrack=True).findings = False
        self.remedy_ids._forget_words()
        contacts._anonymise_texts_of(self.action_ids)
        self.action_ids._forget_text()
        self.feedback_ids._forget_words()
        return result
