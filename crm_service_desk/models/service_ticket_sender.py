from odoo import api, fields, models
from odoo.tools import email_normalize


class ServiceTicket(models.Model):
    """Who has written: the customer by his e-mail address, without guessing between two customers."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    sender_email = fields.Char(
        string="Written From", readonly=True, copy=False, help="The e-mail address of who filed the ticket."
    )
    sender_is_unclear = fields.Boolean(compute="_compute_sender_is_unclear")

    # How many tickets an address has made lately: loops of mail, and no storm of acknowledgements. Anonymising.
    _sender_idx = models.Index("(sender_email, create_date) WHERE sender_email IS NOT NULL")

    @api.depends("partner_id", "sender_email")
    def _compute_sender_is_unclear(self):
        for ticket in self:
            ticket.sender_is_unclear = bool(ticket.sender_email and not ticket.partner_id)

    @api.model
    def _contacts_with_address(self, address, company):
        """The contacts with exactly this e-mail address, of the company or shared by all.

        :param str address: normalised
        :param company: a ``res.company``; empty for all companies
        """
        # sudo: asked for what an outsider sends, who may read no contact; nothing of them is handed out.
        partners = self.env["res.partner"].sudo()
        if not address:
            return partners
        companies = [False, *company.ids]
        domain = [("email_normalized", "=", address)]
        return partners.search(domain + ([("company_id", "in", companies)] if company else []), order="id")

    @api.model
    def _customer_with_address(self, address, company):
        """The customer who writes from an address.

        Several contacts of one account are one customer: the account's own contact answers to its address, else who has
        a login, else the oldest. Contacts of different accounts are different customers: an agent chooses.

        :return: (contact or empty, whether it is unclear which of several customers it is, or one of our own addresses)
        """
        # sudo: only whether it is an address of ours, which is nobody's
        if address and self.env["mail.alias.domain"].sudo()._find_aliases([address]):
            return self.env["res.partner"], True
        contacts = self._contacts_with_address(address, company)
        if len(contacts.commercial_partner_id) > 1:
            return contacts.browse(), True
        account = contacts & contacts.commercial_partner_id
        with_login = contacts.filtered(lambda partner: partner.user_ids)
        return (account or with_login or contacts)[:1], False

    @api.model
    def _new_customer(self, address, name, company, **values):
        """A contact for somebody who writes for the first time.

        :param values: further values of the contact, such as ``phone`` and ``lang``
        """
        # sudo: who has proved his address by mail or link becomes a contact; called after that only.
        return (
            self.env["res.partner"]
            .sudo()
            .create({"name": name or address, "email": address, "company_id": company.id or False, **values})
        )

    def action_choose_customer(self):
        """The customers who have the address that this was written from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who wrote from %s?", self.sender_email),
            "res_model": "res.partner",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("email_normalized", "=", email_normalize(self.sender_email))],
        }
