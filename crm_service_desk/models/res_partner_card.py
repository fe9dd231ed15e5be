from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _card_of(self, program):
        """The customer's card of a program: his own, else that of his company. Empty when there is none."""
        self.ensure_one()
        # sudo: points are put on the card of a ticket's own customer, which the team may do (service.ticket._check_gift)
        cards = self.env["loyalty.card"].sudo()
        owners = self | self.commercial_partner_id
        found = cards.search([("program_id", "=", program.id), ("partner_id", "in", owners.ids)], order="id")
        return found.filtered(lambda card: card.partner_id == self)[:1] or found[:1]
