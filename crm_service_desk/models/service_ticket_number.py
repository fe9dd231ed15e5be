import uuid

from odoo import api, fields, models


class ServiceTicket(models.Model):
    """The ticket's number, which the customer quotes: given once, unique in its company.

    Numbers come from one ``ir.sequence`` per company (code ``service.ticket``), which an administrator may give
    another prefix. It is a *standard* sequence: two tickets created at the same time get two numbers without
    waiting for each other, and a number drawn by a transaction that fails is lost. A gap therefore means a
    failed attempt, or a deleted ticket, of which ``service.ticket.deletion`` keeps the number; whoever must account for
    each number can set the sequence to *No gap*, at the price of creating tickets one after the other.
    """

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    number = fields.Char(readonly=True, copy=False, index="trigram")

    _number_uidx = models.UniqueIndex("(company_id, number)", "This ticket number is already in use.")

    @api.model
    def _give_numbers(self, vals_list):
        """Add a number to the values of each ticket to be created: one draw per company, however many tickets."""
        wanting = {}
        for vals in vals_list:
            if not vals.get("number"):
                wanting.setdefault(vals["company_id"], []).append(vals)
        for company, waiting in wanting.items():
            numbers = self.env["res.company"].browse(company)._next_ticket_numbers(len(waiting))
            for vals, number in zip(waiting, numbers, strict=True):
                vals["number"] = number

    @api.model
    def _give_access_tokens(self, vals_list):
        """Core writes the portal token when a link is first needed: one UPDATE per ticket. All get theirs here."""
        for vals in vals_list:
            vals.setdefault("access_token", str(uuid.uuid4()))
