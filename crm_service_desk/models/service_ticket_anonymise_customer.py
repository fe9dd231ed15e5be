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
        self._anonymise_drafts()
        return result

    def _anonymise_drafts(self):
        """A draft that was made from a ticket holds his question until an editor has looked for it and published."""
        made = self.env["service.article"].search([("ticket_id", "in", self.ids)])
        drafts = made.filtered(lambda article: not (article | article.translation_ids).version_ids)
        drafts.translation_ids.unlink()
        drafts.unlink()
