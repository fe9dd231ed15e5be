from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _anonymise_records(self):
        result = super()._anonymise_records()
        # sudo: called after _check_anonymise, by which only administrators come; tickets may be of any team and company.
        tickets = self.env["service.ticket"].sudo().with_context(active_test=False)
        addresses = [address for address in self.mapped("email_normalized") if address]
        # A ticket of nobody yet, written from his address, is his too.
        his = Domain("partner_id", "in", self.ids)
        his |= Domain("partner_id", "=", False) & Domain("sender_email", "in", addresses)
        found = tickets.search(his)
        # sudo: as above; what he typed into the public form
        requests = self.env["service.filing.request"].sudo()
        requests.search(Domain("ticket_id", "in", found.ids) | Domain("email_normalized", "in", addresses)).unlink()
        found._anonymise()
        tickets._forget_addresses(addresses)
        return result
