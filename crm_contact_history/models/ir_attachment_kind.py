from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

OTHER = "other"


class IrAttachment(models.Model):
    """Of what kind of record a customer's document is, in the users' words: "Invoices", not "account.move"."""

    _inherit = "ir.attachment"

    document_kind = fields.Selection(
        selection="_selection_document_kind",
        string="Belongs To",
        compute="_compute_document_kind",
        search="_search_document_kind",
        groups="base.group_user",
    )

    @api.model
    def _document_kind_labels(self):
        """Names of kinds of records where that of the model is not the users' word. Extend with ``super()``.

        :return: ``{model name: label}``
        """
        return {
            "account.move": self.env._("Invoices"),
            "account.payment": self.env._("Payments"),
            "calendar.event": self.env._("Meetings"),
            "crm.lead": self.env._("Leads and opportunities"),
            "crm.touchpoint": self.env._("Logged contacts"),
            "customer.asset": self.env._("Assets"),
            "customer.asset.service": self.env._("Service log"),
            "mail.activity": self.env._("Activities"),
            "res.partner": self.env._("Contacts"),
            "sale.order": self.env._("Quotations and orders"),
        }

    @api.model
    def _selection_document_kind(self):
        labels = self._document_kind_labels()
        # sudo: the names of models only; not everybody may read what a database consists of.
        models_ = self.env["ir.model"].sudo()
        kinds = [(name, labels.get(name) or models_._get(name).name) for name in self._customer_document_paths()]
        return [*sorted(kinds, key=lambda kind: kind[1].casefold()), (OTHER, self.env._("Other records"))]

    @api.depends("res_model")
    def _compute_document_kind(self):
        kinds = self._customer_document_paths()
        for attachment in self:
            attachment.document_kind = attachment.res_model if attachment.res_model in kinds else OTHER

    @api.model
    def _search_document_kind(self, operator, value):
        if operator != "in":
            return NotImplemented
        kinds = list(self._customer_document_paths())
        found = Domain("res_model", "in", [kind for kind in value if kind in kinds])
        if OTHER in value:
            found |= Domain("res_model", "not in", kinds)
        return found

    def _field_to_sql(self, alias, field_expr, query=None):
        """So that documents can be grouped by their kind."""
        if field_expr != "document_kind":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        model = SQL.identifier(alias, "res_model")
        kinds = list(self._customer_document_paths())
        return SQL("(CASE WHEN %s = ANY(%s) THEN %s ELSE %s END)", model, kinds, model, OTHER)
