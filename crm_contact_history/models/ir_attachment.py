from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# Kinds of records that hold a customer's documents, besides all that take part in the history.
MORE_PATHS = {
    "res.partner": "id",
    "account.move": "partner_id",
    "crm.lead": "partner_id",
    "customer.asset": "partner_id",
}


class IrAttachment(models.Model):
    """The documents of a customer in one place: the attachments of all his records."""

    _inherit = "ir.attachment"

    customer_id = fields.Many2one(
        "res.partner",
        compute="_compute_customer_id",
        search="_search_customer_id",
        groups="base.group_user",
        help="Whose document this is: the contact of the record that it is attached to.",
    )

    @api.model
    def _customer_document_paths(self):
        """Which records are a customer's, and by which field. Extend with ``super()``.

        :return: ``{model name: path to the contact}``: ``id`` of ``res.partner`` itself, else a stored many2one or
            many2many of the model, or a dotted path of them
        """
        paths = dict(MORE_PATHS)
        for name in self.env["contact.history.entry"]._sources():
            for spec in self.env[name]._contact_history_specs():
                field = self.env[name]._fields.get(spec.partner.split(".")[0])
                if field and field.relational and name != "mail.message":
                    paths.setdefault(name, spec.partner)
        return {name: path for name, path in paths.items() if name in self.env}

    @api.depends("res_model", "res_id")
    def _compute_customer_id(self):
        self.customer_id = False
        paths = self._customer_document_paths()
        for name, attachments in self.grouped("res_model").items():
            if name in paths:
                # sudo: who reads an attachment may read its record; only the contact leaves here.
                records = self.env[name].sudo().browse(attachments.mapped("res_id")).exists()
                contacts = {
                    record.id: record if paths[name] == "id" else record.mapped(paths[name])[:1] for record in records
                }
                for attachment in attachments:
                    attachment.customer_id = contacts.get(attachment.res_id)

    @api.model
    def _search_customer_id(self, operator, value):
        # The ORM asks for the right to a field where it is read, not where it is searched by.
        self._check_field_access(self._fields["customer_id"], "read")
        if operator != "in":
            return NotImplemented
        contacts = self.env["res.partner"].search([("id", "in", [contact for contact in value if contact])])
        # A customer has the documents of all his contacts, a person of a company his own.
        customers = contacts.filtered(lambda contact: contact.commercial_partner_id == contact)
        if not contacts:
            return Domain.FALSE
        found = [self._documents_of_messages(customers, contacts - customers)]
        for name, path in self._customer_document_paths().items():
            model = self.env[name].with_context(active_test=False)
            if model.has_access("read"):
                family = "commercial_partner_id" if path == "id" else f"{path}.commercial_partner_id"
                mine = Domain(family, "in", customers.ids) | Domain(path, "in", (contacts - customers).ids)
                # With the reader's own rules: what he may not read is not searched.
                found.append(Domain("res_model", "=", name) & Domain("res_id", "in", model._search(mine)))
        return Domain.OR(found)

    @api.model
    def _documents_of_messages(self, customers, persons):
        """What came or went with a message of his, whatever record that stands on; core checks who may read that."""
        return Domain(
            "id",
            "in",
            SQL(
                """(
                SELECT r.attachment_id
                  FROM contact_history_entry e
                  JOIN message_attachment_rel r ON r.message_id = e.res_id
                 WHERE e.res_model = 'mail.message'
                   AND (e.commercial_partner_id = ANY(%s) OR e.partner_id = ANY(%s))
                )""",
                customers.ids,
                persons.ids,
            ),
        )

    def action_open_record(self):
        """The record that it is attached to."""
        self.ensure_one()
        self.check_access("read")
        if not self.res_id or self.res_model not in self.env:
            raise UserError(self.env._("This document is attached to no record."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [[False, "form"]],
        }
