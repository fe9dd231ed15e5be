from odoo import fields, models
from odoo.exceptions import UserError


class ContactAnonymise(models.TransientModel):
    """Asks before contacts are anonymised."""

    _name = "contact.anonymise"
    _description = "Anonymise Contacts"

    partner_ids = fields.Many2many("res.partner", string="Contacts", required=True)
    is_sure = fields.Boolean(string="I know that this cannot be undone")

    def action_anonymise(self):
        """:raises UserError: when he did not say that he is sure, or they are our own people"""
        self.ensure_one()
        self.partner_ids._check_anonymise()
        if not self.partner_ids or not self.is_sure:
            raise UserError(self.env._("Say that you know that this cannot be undone."))
        self.partner_ids._anonymise()
        # The names that the wizard itself would keep showing.
        return {"type": "ir.actions.client", "tag": "soft_reload"}
